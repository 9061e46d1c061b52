"""Many reports at once, with their history: for the demo, and for imports through the API.

The same rules as by hand: the unit owes the form, every cell is in the form and passes its checks, what was
handed on is complete and breaks no hard check, the signatures fit the state, nobody accepts own work. Unlike
by hand, instants are given, and soft doubts do not stop it. One call is one transaction: all rows or none. A
report that already holds values or has been submitted is left alone and counted as unchanged, so the same
import can be run again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext_lazy

from haicap.audit import actions as audit
from haicap.audit import bulk
from haicap.audit.actions import Actor
from haicap.audit.slices import Entry
from haicap.catalogue import calendar, formulas
from haicap.catalogue import queries as catalogue
from haicap.catalogue.formulas import Comparison
from haicap.catalogue.queries import Check, Element, Form, spoken
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.units import queries as units
from haicap.units.queries import Place

from ..models import CellReturn, Note, Report, Submission, Value, ValueChange
from ..policies import cells, workflow
from ..policies.checks import Weight
from ..states import FACTS, State
from .importrows import ImportedCell, ImportedReport, ImportedStep, ImportResult
from .opening import blank
from .rows import name_of, slice_of

BATCH = 2_000
DOOR = "import"
VALUE_COLUMNS = (
    "id", "report_id", "element_id", "number", "no_figure_reason", "version", "changed_at", "changed_by",
)  # fmt: skip
PLAIN = {"split": "", "attribution": "", "scenario": "official", "origin": "reported", "grade": "declared"}
PLAIN |= {"text": "", "raw": "", "refusal": ""}
CHANGE_COLUMNS = (
    "value_id", "at", "by", "cycle", "from_number", "to_number", "from_reason", "to_reason", "why",
)  # fmt: skip


class _Rules:
    """Forms, windows and deadlines, each looked up once for thousands of rows."""

    def __init__(self, rows: Sequence[ImportedReport]) -> None:
        self.elements = catalogue.current().elements
        self.places = units.by_ids({row.unit_id for row in rows})
        self.windows: dict[tuple[str, str], tuple[Form, Period, datetime]] = {}
        self.parsed: dict[str, list[tuple[Check, Comparison]]] = {}

    def window(self, code: str, key: str) -> tuple[Form, Period, datetime]:
        found = self.windows.get((code, key))
        if found is None:
            form = catalogue.form(code)
            period = workflow.check_period(form, key)
            found = self.windows[code, key] = (form, period, calendar.deadline(form, period))
        return found

    def hard(self, form: Form) -> list[tuple[Check, Comparison]]:
        """The hard checks of a form, parsed once."""
        if form.code not in self.parsed:
            self.parsed[form.code] = [
                (check, formulas.parse_check(check.expression, self.elements))
                for check in form.checks
                if check.kind == Weight.HARD
            ]
        return self.parsed[form.code]

    def place(self, unit_id: int) -> Place:
        return self.places.get(unit_id) or units.by_id(unit_id)


@dataclass(frozen=True, slots=True)
class _Plan:
    """One row with everything looked up, and the report it becomes."""

    row: ImportedReport
    form: Form
    period: Period
    report: Report


def bulk_import(*, by: Actor | str, rows: Iterable[ImportedReport], door: str = DOOR) -> ImportResult:
    """Write the reports. Refusal of the first bad row, nothing kept; its place is
    "<form>/<period>/<unit id>[/<cell>]"."""
    given = list(rows)
    with transaction.atomic():
        there = _there(given)
        used = set(
            Value.objects.filter(report__in=[r.pk for r in there.values()]).values_list(
                "report_id", flat=True
            )
        )
        rules, plans = _Rules(given), []
        for row in given:
            found = there.get((row.unit_id, row.form, row.period))
            if found is None or (found.state == State.OPEN and found.pk not in used):
                plans.append(_plan(row, found, rules))
        _store_reports(plans)
        values, changes = _store_values(plans, door)
        _store_signatures(plans)
        audit.record_many(by=by, entries=(_entry(plan) for plan in plans))
    return ImportResult(len(plans), len(given) - len(plans), values, changes)


def _there(rows: Sequence[ImportedReport]) -> dict[tuple[int, str, str], Report]:
    found = {}
    for form, period in sorted({(row.form, row.period) for row in rows}):
        for report in Report.objects.select_for_update().filter(form=form, period=period):
            found[report.unit_id, form, period] = report
    return found


def _plan(row: ImportedReport, found: Report | None, rules: _Rules) -> _Plan:
    where = f"{row.form}/{row.period}/{row.unit_id}"
    try:
        form, period, deadline = rules.window(row.form, row.period)
        workflow.check_obliged(form, rules.place(row.unit_id), period)
        _check_life(row)
        _check_cells(row, form, rules.elements)
        if row.state in FACTS or row.state is State.READY:
            _check_whole(row, form, rules)
    except Refusal as refusal:
        place = f"{where}/{refusal.place}" if refusal.place else where
        raise Refusal(refusal.code, refusal.message, place=place, **refusal.params) from refusal
    report = found or blank(form, period, row.unit_id, row.typed.by, row.typed.at, deadline)
    _sign(report, row)
    return _Plan(row, form, period, report)


def _check_cells(row: ImportedReport, form: Form, book: Mapping[str, Element]) -> None:
    own = set(form.elements)
    for cell in row.cells:
        if cell.element not in own:
            raise Refusal("cell.unknown", cells.MESSAGES["cell.unknown"], place=cell.element)
        for step in _steps(row, cell):
            _check_content(book[cell.element], step)
        last = _steps(row, cell)[-1]
        if (last.number, last.no_figure_reason) != (cell.number, cell.no_figure_reason):
            raise Refusal(
                "import.steps", gettext_lazy("Lịch sử của ô không khớp với số hiện tại."), place=cell.element
            )


def _check_content(element: Element, step: ImportedStep) -> None:
    if step.number is not None:
        cells.checked(element, step.number)
        if step.no_figure_reason:
            raise Refusal("import.both", gettext_lazy("Ô có cả số và lý do không có số."), place=element.code)


def _check_whole(row: ImportedReport, form: Form, rules: _Rules) -> None:
    """What would have kept it from being handed on: a blank that must be filled, a hard check."""
    given = {cell.element: cell for cell in row.cells}
    for cell in form.cells:
        content = given.get(cell.element)
        if cell.required and (content is None or (content.number is None and not content.no_figure_reason)):
            raise Refusal("import.empty", gettext_lazy("Ô này còn trống."), place=cell.element)
    numbers = {code: content.number for code, content in given.items()}
    for check, comparison in rules.hard(form):
        if comparison.holds(numbers) is False:
            place = next((code for code in comparison.elements if code in given), "")
            raise Refusal("import.check", spoken(check.labels, "vi"), place=place, check=check.code)


def _check_life(row: ImportedReport) -> None:
    """The signatures that the state needs, in the order of time, and no acceptance of own work."""
    wrong = Refusal("import.state", gettext_lazy("Chữ ký không khớp với trạng thái của báo cáo."))
    if row.state is State.OPEN or (row.state is State.RETURNED) != _ends_returned(row):
        raise wrong
    if (row.state in FACTS and not row.submissions) or (row.state is State.READY and row.ready is None):
        raise wrong
    final = row.state in (State.ACCEPTED, State.LOCKED)
    if final != (row.accepted is not None) or (row.state is State.LOCKED) != (row.locked is not None):
        raise wrong
    instants = [one.at for one in (row.typed, *row.submissions, row.accepted, row.locked) if one is not None]
    if instants != sorted(instants):
        raise Refusal("import.order", gettext_lazy("Các mốc thời gian của báo cáo không theo thứ tự."))
    if row.accepted is not None:
        workflow.check_acceptor(row.accepted.by, _hands(row))


def _ends_returned(row: ImportedReport) -> bool:
    return bool(row.returns) and max(one.cycle for one in row.returns) == len(row.submissions)


def _hands(row: ImportedReport) -> set[str]:
    typed = {step.by for cell in row.cells for step in _steps(row, cell)}
    return typed | {row.typed.by} | {one.by for one in row.submissions}


def _steps(row: ImportedReport, cell: ImportedCell) -> Sequence[ImportedStep]:
    return cell.steps or (ImportedStep(row.typed.at, row.typed.by, cell.number, cell.no_figure_reason),)


def _content_versions(row: ImportedReport) -> list[int]:
    """The content version at each submission: it grows when a cell was changed in between."""
    edits = sorted({step.at for cell in row.cells for step in _steps(row, cell)})
    return [sum(at <= submission.at for at in edits) for submission in row.submissions]


def _sign(report: Report, row: ImportedReport) -> None:
    versions = _content_versions(row)
    report.state = row.state.value
    report.cycle = len(row.submissions)
    report.content_version = max([len({s.at for c in row.cells for s in _steps(row, c)}), *versions])
    report.version = report.content_version + 2 * report.cycle + 1
    ready = row.ready or (row.submissions[-1] if row.state in FACTS else None)
    if ready is not None and row.state is not State.DRAFT:
        report.ready_at, report.ready_by = ready
    if row.submissions:
        report.submitted_at, report.submitted_by = row.submissions[-1]
        report.first_submitted_at = _deciding(row, versions)
    if row.accepted is not None:
        report.accepted_at, report.accepted_by, report.ever_accepted = row.accepted.at, row.accepted.by, True
    if row.locked is not None:
        report.locked_at, report.locked_by = row.locked


def _deciding(row: ImportedReport, versions: list[int]) -> datetime:
    same = (one.at for one, version in zip(row.submissions, versions, strict=True) if version == versions[-1])
    return min(same)


def _store_reports(plans: Sequence[_Plan]) -> None:
    fresh = [plan.report for plan in plans if plan.report.pk is None]
    known = [plan.report for plan in plans if plan.report.pk is not None]
    fields = [f.name for f in Report._meta.concrete_fields if f.name not in ("id", "unit", "form", "period")]
    Report.objects.bulk_create(fresh, batch_size=BATCH)
    Report.objects.bulk_update(known, fields, batch_size=BATCH // 20)


def _store_values(plans: Sequence[_Plan], door: str) -> tuple[int, int]:
    book = catalogue.current().elements
    cells = [(plan, cell, _steps(plan.row, cell)) for plan in plans for cell in plan.row.cells]
    ids = bulk.draw_ids(Value, len(cells))
    values = (
        (
            id_,
            plan.report.pk,
            book[cell.element].id,
            cell.number,
            cell.no_figure_reason,
            len(steps),
            *steps[-1][:2],
        )
        for id_, (plan, cell, steps) in zip(ids, cells, strict=True)
    )
    bulk.insert(Value, VALUE_COLUMNS, values, {**PLAIN, "door": door})
    lives = zip(ids, (steps for _plan, _cell, steps in cells), strict=True)
    changes = (change for id_, steps in lives for change in _changes(id_, steps))
    bulk.insert(ValueChange, CHANGE_COLUMNS, changes, {"from_text": "", "to_text": "", "door": door})
    return len(cells), sum(len(steps) for _plan, _cell, steps in cells)


def _changes(value_id: int, steps: Sequence[ImportedStep]) -> Iterator[bulk.Row]:
    number, reason = None, ""
    for step in steps:
        yield (
            value_id, step.at, step.by, step.cycle, number, step.number, reason, step.no_figure_reason,
            step.why,
        )  # fmt: skip
        number, reason = step.number, step.no_figure_reason


def _store_signatures(plans: Sequence[_Plan]) -> None:
    book = catalogue.current().elements
    submissions, returns, notes = [], [], []
    for plan in plans:
        report, row = plan.report, plan.row
        numbers = {cell.element: cell for cell in row.cells}
        pairs = zip(row.submissions, _content_versions(row), strict=True)
        submissions += [
            Submission(report=report, cycle=cycle, content_version=version, at=signed.at, by=signed.by)
            for cycle, (signed, version) in enumerate(pairs, start=1)
        ]
        returns += [
            CellReturn(
                report=report,
                cycle=one.cycle,
                element_id=book[one.element].id if one.element else None,
                reason=one.reason,
                number=_number_at(row, numbers.get(one.element), one.at),
                at=one.at,
                by=one.by,
            )
            for one in row.returns
        ]
        notes += [
            Note(
                report=report,
                element_id=book[element].id if element else None,
                check_code=check,
                number=numbers[element].number if element else None,
                text=text,
                at=row.typed.at,
                by=row.typed.by,
            )
            for element, check, text in row.notes
        ]
    Submission.objects.bulk_create(submissions, batch_size=BATCH)
    CellReturn.objects.bulk_create(returns, batch_size=BATCH)
    Note.objects.bulk_create(notes, batch_size=BATCH)


def _number_at(row: ImportedReport, cell: ImportedCell | None, at: datetime) -> Decimal | None:
    """The figure that was sent back: a return is open as long as this figure stands."""
    if cell is None:
        return None
    seen = [step.number for step in _steps(row, cell) if step.at <= at]
    return seen[-1] if seen else None


def _entry(plan: _Plan) -> Entry:
    report = plan.report
    return Entry(
        action="report.imported",
        object=name_of(report),
        detail={"state": report.state, "cells": len(plan.row.cells), "cycle": report.cycle},
        slices=(slice_of(report),),
    )
