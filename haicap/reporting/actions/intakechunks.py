"""Writing a batch chunk by chunk, and carrying its reports on at the end."""

from collections.abc import Iterator, Sequence

from haicap.accounts.scopes import Scope
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.ui import wording

from ..models import Intake, Report, Value, ValueChange
from ..policies import taken
from ..policies.cells import Content
from . import bulk
from .intakeends import Ending, carry_on
from .intakejudging import CellKey, Group, ReportKey, Rules, Stored, Tally, Write, group_of, judge
from .intakepreview import with_issues
from .intakerows import CellPreview, Datum, Held, Wish
from .intakespool import Chunk

UNITS_PER_QUERY = 2_000
VALUE_COLUMNS = (
    "id", "report_id", "element_id", "split", "attribution", "scenario", "origin", "number", "text",
    "no_figure_reason", "raw", "refusal", "grade", "door", "version", "changed_at", "changed_by",
)  # fmt: skip
CHANGED_COLUMNS = (
    "number", "text", "no_figure_reason", "raw", "refusal", "door", "version", "changed_at", "changed_by",
)  # fmt: skip
CHANGE_COLUMNS = (
    "value_id", "intake_id", "at", "by", "door", "cycle", "from_number", "to_number", "from_reason",
    "to_reason", "from_text", "to_text", "why",
)  # fmt: skip


class Batch:
    """One batch in progress. `reports`: how many it changed; `tally`: what became of each datum."""

    def __init__(self, row: Intake, by: Actor | str, scope: Scope, wish: Wish) -> None:
        self.row, self.by, self.ref, self.wish = row, by, ref_of(by), wish
        self.at = clock.now()
        self.rules = Rules(scope, self.at)
        self.tally = Tally()
        self._endings: dict[int, Ending] = {}

    @property
    def reports(self) -> int:
        return len(self._endings)

    def take(self, chunk: Chunk) -> None:
        by_report: dict[ReportKey, list[Datum]] = {}
        for at, datum in enumerate(chunk.data):
            if at in chunk.twins:
                self.tally.reject(datum, "cell.twice", taken.message("cell.twice"), chunk.twins[at])
            else:
                by_report.setdefault((datum.form, datum.period, datum.unit_id), []).append(datum)
        groups = self._groups(by_report)
        stored = self._stored([group.report.pk for group in groups if group.report.pk is not None])
        for group in groups:
            judge(
                group,
                by_report[group.key],
                stored.get(group.report.pk, {}),
                self.rules,
                self.tally,
                strategy=self.wish.strategy,
                lang=self.wish.lang,
                preview=self.wish.preview,
            )
        self._write([group for group in groups if group.writes])

    def _groups(self, by_report: dict[ReportKey, list[Datum]]) -> list[Group]:
        there = _held_reports(by_report)
        groups = []
        for key, data in by_report.items():
            try:
                groups.append(group_of(key, there.get(key), self.rules, self.ref))
            except Refusal as refusal:
                words = wording.refusal(refusal)
                for datum in data:
                    self.tally.reject(datum, refusal.code, words)
        return groups

    def _stored(self, reports: Sequence[int]) -> dict[int, dict[CellKey, Stored]]:
        found: dict[int, dict[CellKey, Stored]] = {}
        for first in range(0, len(reports), UNITS_PER_QUERY):
            rows = Value.objects.filter(report_id__in=reports[first : first + UNITS_PER_QUERY]).exclude(
                origin="declared"
            )
            found_rows = rows.values_list(
                "report_id", "element_id", "split", "attribution", "scenario",
                "id", "version", "door", "number", "no_figure_reason", "raw", "refusal", "text",
            )  # fmt: skip
            for row in found_rows.iterator(chunk_size=5_000):
                number, reason, raw, refusal, text = row[8:]
                cell = Stored(row[5], row[6], Content(number, reason, raw, refusal, text), row[7])
                found.setdefault(row[0], {})[row[1:5]] = cell
        return found

    def _write(self, groups: list[Group]) -> None:
        fresh = [group for group in groups if group.report.pk is None]
        made = {id(group) for group in fresh}
        Report.objects.bulk_create([group.report for group in fresh], batch_size=500)
        new = sum(write.stored.id == 0 for group in groups for write in group.writes)
        ids = iter(bulk.draw_ids(Value, new))
        written = [(group, write, write.stored.id or next(ids)) for group in groups for write in group.writes]
        bulk.insert(
            Value,
            VALUE_COLUMNS,
            (self._value(group, write, id_) for group, write, id_ in written if not write.stored.id),
        )
        bulk.update(
            Value,
            CHANGED_COLUMNS,
            (self._changed(write, id_) for _group, write, id_ in written if write.stored.id),
        )
        bulk.insert(
            ValueChange, CHANGE_COLUMNS, (self._change(group, write, id_) for group, write, id_ in written)
        )
        for group in groups:
            ending = self._endings.setdefault(group.report.pk, Ending(group.report, group.form))
            ending.made = ending.made or id(group) in made
            ending.cells += len(group.writes)

    def _value(self, group: Group, write: Write, id_: int) -> bulk.Row:
        (element, split, attribution, scenario), content = write.key, write.content
        return (
            id_, group.report.pk, element, split, attribution, scenario, "reported", content.number,
            content.text, content.reason, "", "", "declared", self.row.door, 1, self.at, self.ref,
        )  # fmt: skip

    def _changed(self, write: Write, id_: int) -> bulk.Row:
        content = write.content
        return (
            content.number, content.text, content.reason, "", "", self.row.door, write.stored.version + 1,
            self.at, self.ref, id_,
        )  # fmt: skip

    def _change(self, group: Group, write: Write, id_: int) -> bulk.Row:
        before, after = write.stored.content, write.content
        return (
            id_, self.row.pk, self.at, self.ref, self.row.door, group.report.cycle, before.number,
            after.number, before.reason, after.reason, before.text, after.text, write.why[:500],
        )  # fmt: skip

    def finish(self) -> tuple[Held, ...]:
        """Every changed report takes its step, and the log hears of it."""
        return carry_on(list(self._endings.values()), self.row, self.by, self.at)

    def cells(self) -> Iterator[CellPreview]:
        """The previews, with what the checks say of the cells as they would stand."""
        return with_issues(self.tally.cells, self.wish.lang)


def _held_reports(keys: dict[ReportKey, list[Datum]]) -> dict[ReportKey, Report]:
    """The reports that are there, locked until the end of the transaction."""
    by_form: dict[tuple[str, str], list[int]] = {}
    for form, period, unit in keys:
        by_form.setdefault((form, period), []).append(unit)
    found: dict[ReportKey, Report] = {}
    for (form, period), unit_ids in sorted(by_form.items()):
        for first in range(0, len(unit_ids), UNITS_PER_QUERY):
            part = unit_ids[first : first + UNITS_PER_QUERY]
            rows = Report.objects.select_for_update().filter(form=form, period=period, unit_id__in=part)
            found |= {(form, period, row.unit_id): row for row in rows}
    return found
