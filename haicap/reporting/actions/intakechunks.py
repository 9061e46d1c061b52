"""Writing a batch part by part: lock the reports, read what stands, judge, write, carry the reports on."""

from collections.abc import Iterable, Iterator, Sequence

from haicap.accounts.scopes import Scope
from haicap.audit import bulk
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.ui import wording

from ..models import Intake, Report, Value, ValueChange
from ..policies import workflow
from ..policies.taken import BLANK
from ..queries.derived import standing
from .intakeends import held, settle, store, tell
from .intakeholding import PER_QUERY, counted_for
from .intakejudging import BY_HAND, CellKey, Group, StoredCell, Tally, Write, group_of, judge, under_system
from .intakepreview import with_issues
from .intakerows import CellPreview, Held, Wish
from .intakerules import ReportKey, Rules
from .intakespool import Row

VALUE_COLUMNS = (
    "id", "report_id", "element_id", "split", "attribution", "scenario", "number", "no_figure_reason", "text",
)  # fmt: skip
CHANGED_COLUMNS = ("number", "no_figure_reason", "text", "version")
TO = ("value_id", "cycle", "why", "to_number", "to_reason", "to_text")
FROM = ("from_number", "from_reason", "from_text")
Numbered = tuple[Group, Write, int]
"""a cell to be written, with its report and its own number"""


class Batch:
    """One batch in progress. `reports`: how many it changed; `tally`: what became of each datum."""

    def __init__(self, row: Intake, by: Actor | str, scope: Scope, wish: Wish) -> None:
        self.row, self.by, self.ref, self.wish = row, by, ref_of(by), wish
        self.at = clock.now()
        self.rules = Rules(scope, self.at)
        self.tally = Tally(wish, row.door)
        self.reports = 0
        self.held: list[Held] = []

    def take(self, rows: Iterable[Row]) -> None:
        """All data of some reports."""
        by_report: dict[ReportKey, list[Row]] = {}
        for row in rows:
            by_report.setdefault(row[2:5], []).append(row)
        groups = self._groups(by_report)
        stored = _stored(groups)
        counted = counted_for(groups)
        for group in groups:
            cells = stored.get(group.report.pk, {})
            if self.row.door in BY_HAND and group.form.counted:
                cells = under_system(cells, standing(counted, group.report))
            judge(group, cells, self.rules, self.tally)
        groups = [group for group in groups if group.writes]
        endings = settle(groups, self.rules, self.ref, self.wish.lang)
        store(endings, self.at, self.ref)
        self._write(groups)
        tell(endings, self.row, self.by)
        self.held += held(endings)
        self.reports += len(endings)

    def _groups(self, by_report: dict[ReportKey, list[Row]]) -> list[Group]:
        self.rules.note_places(key[0] for key in by_report)
        there = _locked(by_report)
        groups = []
        for key, rows in by_report.items():
            try:
                groups.append(group_of(key, there.get(key), rows, self.rules, self.ref))
            except Refusal as refusal:
                words = wording.refusal(refusal)
                for row in rows:
                    self.tally.reject(row, refusal.code, words)
        return groups

    def _write(self, groups: Sequence[Group]) -> None:
        ids = iter(bulk.draw_ids(Value, sum(not write[1] for group in groups for write in group.writes)))
        new: list[Numbered] = []
        changed: list[Numbered] = []
        for group in groups:
            for write in group.writes:
                if write[1]:
                    changed.append((group, write, write[1]))
                else:
                    new.append((group, write, next(ids)))
        self._store(new, changed)

    def _store(self, new: Sequence[Numbered], changed: Sequence[Numbered]) -> None:
        hand = {"door": self.row.door, "changed_at": self.at, "changed_by": self.ref}
        hand |= {"raw": "", "refusal": ""}
        step = {"intake_id": self.row.pk, "at": self.at, "by": self.ref, "door": self.row.door}
        if new:
            first = {"origin": "reported", "grade": "declared", "version": 1, **hand}
            rows = ((number, group.report.pk, *write[0], *write[4]) for group, write, number in new)
            bulk.insert(Value, VALUE_COLUMNS, rows, first)
            nothing = dict(zip(FROM, BLANK, strict=True))
            steps = ((number, group.cycle, _said(w[5]), *w[4]) for group, w, number in new)
            bulk.insert(ValueChange, TO, steps, step | nothing)
        if changed:
            later = ((*write[4], write[2] + 1, number) for _group, write, number in changed)
            bulk.update(Value, CHANGED_COLUMNS, later, hand)
            # Clearing away text that was refused in the grid changes no figure and is no history.
            moved = (
                (number, group.cycle, _said(w[5]), *w[4], *w[3])
                for group, w, number in changed
                if w[3] != w[4]
            )
            bulk.insert(ValueChange, (*TO, *FROM), moved, step)

    def cells(self) -> Iterator[CellPreview]:
        """The previews, with what the checks say of the cells as they would stand."""
        return with_issues(self.tally.cells, self.wish.lang)


def _said(why: str) -> str:
    return " ".join(why.split())[: workflow.LONGEST_REASON] if why else ""


def _stored(groups: Sequence[Group]) -> dict[int, dict[CellKey, StoredCell]]:
    """What stands in the cells that the batch speaks of, by report."""
    reports = [group.report.pk for group in groups if group.report.pk is not None]
    codes = {row[5] for group in groups if group.report.pk is not None for row in group.rows}
    found: dict[int, dict[CellKey, StoredCell]] = {}
    for first in range(0, len(reports), PER_QUERY):
        rows = (
            Value.objects.filter(report_id__in=reports[first : first + PER_QUERY], element__code__in=codes)
            .exclude(origin="declared")
            .values_list(
                "report_id", "element_id", "split", "attribution", "scenario",
                "id", "version", "door", "raw", "number", "no_figure_reason", "text",
            )
        )  # fmt: skip
        for row in rows:
            cells = found.get(row[0])
            if cells is None:
                cells = found[row[0]] = {}
            cells[row[1:5]] = row[5:]
    return found


def _locked(keys: Iterable[ReportKey]) -> dict[ReportKey, Report]:
    """The reports that are there, locked until the end of the transaction, in one order for everybody."""
    by_form: dict[tuple[str, str], list[int]] = {}
    for unit, form, period in keys:
        by_form.setdefault((form, period), []).append(unit)
    found: dict[ReportKey, Report] = {}
    for (form, period), unit_ids in sorted(by_form.items()):
        unit_ids.sort()
        for first in range(0, len(unit_ids), PER_QUERY):
            part = unit_ids[first : first + PER_QUERY]
            rows = Report.objects.select_for_update().filter(form=form, period=period, unit_id__in=part)
            found |= {(row.unit_id, form, period): row for row in rows.order_by("id")}
    return found
