"""Saving cells: each on the version it was based on, each with an answer of its own."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.db import transaction
from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Element
from haicap.core import clock
from haicap.core.errors import Refusal

from ..models import Note, Report, Value, ValueChange
from ..policies import cells, checks, workflow
from ..policies.cells import Content
from ..queries.casefile import case_file, form_of
from ..queries.derived import SystemFigure, by_report, standing, system_figures
from ..states import Act, State
from .rows import name_of, period_of, permitted, slice_of

MOST_CELLS = 1_000


class CellStatus(StrEnum):
    SAVED = "saved"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CellChange:
    """What somebody put into a cell: a reason for "no figure", else a number, else text in their language.

    Empty text empties the cell. `base_version` is the version they saw (0: nothing stored yet).
    """

    element: str
    base_version: int
    text: str = ""
    number: Decimal | None = None
    no_figure_reason: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class CellResult:
    """`content` is what is stored now; in a conflict that is the other person's, by `by` at `at`."""

    element: str
    status: CellStatus
    version: int
    content: Content
    message: str = ""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SaveResult:
    report_id: int
    version: int
    state: State
    at: datetime
    cells: tuple[CellResult, ...]


@dataclass
class _Batch:
    """One save in progress: rows to write, filled cell by cell."""

    report: Report
    by: str
    at: datetime
    door: str
    lang: str
    values: dict[int, Value]
    system: dict[int, SystemFigure] = field(default_factory=dict)
    fresh: list[Value] = field(default_factory=list)
    touched: list[Value] = field(default_factory=list)
    changes: list[ValueChange] = field(default_factory=list)

    @property
    def written(self) -> list[Value]:
        return self.fresh + self.touched


def save_cells(
    *,
    by: Actor | str,
    scope: Scope,
    report: int,
    changes: Sequence[CellChange],
    door: str = "web",
    lang: str = "vi",
) -> SaveResult:
    """Save a batch; every cell is judged alone, so that one bad cell never costs the others.

    The same content is a no-op. Another version underneath is a conflict: nothing is overwritten, both
    contents are answered. Refused text is kept as `raw` beside the last good number.
    Refusals of the whole batch: report.unknown, report.not_yours, report.step, save.too_many.
    """
    if len(changes) > MOST_CELLS:
        raise Refusal("save.too_many", gettext_lazy("Quá nhiều ô trong một lần lưu."))
    with transaction.atomic():
        row = permitted(report, scope, Act.FILL)
        step = workflow.check_step(State(row.state), Act.FILL)
        form, book = form_of(row), catalogue.current().elements
        own = {code: book[code] for code in form.elements}
        values = Value.objects.filter(report=row, split="", attribution="", scenario="official")
        batch = _Batch(
            row, ref_of(by), clock.now(), door, lang, {value.element_id: value for value in values}
        )
        if form.counted:
            found = system_figures([row.unit_id], [row.period], {book[code].id for code in form.counted})
            batch.system = standing(by_report(found), row)
        latest = {change.element: change for change in changes}
        results = tuple(_save(batch, own.get(code), change) for code, change in latest.items())
        if batch.written:
            _write(batch, step.target, by)
    return SaveResult(row.pk, row.version, State(row.state), batch.at, results)


def _save(batch: _Batch, element: Element | None, change: CellChange) -> CellResult:
    if element is None:
        return _refused(change.element, 0, Content(), "cell.unknown")
    value = batch.values.get(element.id)
    stored = _content(value)
    version = value.version if value else 0
    try:
        wanted = _wanted(element, change, batch.lang)
    except Refusal as refusal:
        return _refused(change.element, version, stored, refusal.code)
    if (counted := batch.system.get(element.id)) is not None:
        shown = Content(number=counted.shown)
        if _same(shown, wanted):
            return CellResult(change.element, CellStatus.UNCHANGED, version, shown)
        return _refused(change.element, version, shown, "cell.system")
    if _same(stored, wanted):
        if wanted.raw:
            return _refused(change.element, version, stored, wanted.refusal)
        return CellResult(change.element, CellStatus.UNCHANGED, version, stored)
    if value is not None and value.door == "derived":
        return _refused(change.element, version, stored, "cell.system")
    if version != change.base_version:
        by, at = (value.changed_by, value.changed_at) if value else ("", None)
        return CellResult(change.element, CellStatus.CONFLICT, version, stored, by=by, at=at)
    kept = _put(batch, element, value, wanted, change.why)
    if wanted.raw:
        return _refused(change.element, kept.version, _content(kept), wanted.refusal)
    return CellResult(change.element, CellStatus.SAVED, kept.version, _content(kept))


def _wanted(element: Element, change: CellChange, lang: str) -> Content:
    if change.no_figure_reason.strip():
        return cells.no_figure(element, change.no_figure_reason)
    if change.number is not None:
        return Content(number=cells.checked(element, change.number))
    return cells.read(element, change.text, lang)


def _content(value: Value | None) -> Content:
    if value is None:
        return Content()
    return Content(value.number, value.no_figure_reason, value.raw, value.refusal)


def _same(stored: Content, wanted: Content) -> bool:
    if wanted.raw or stored.raw:
        return stored.raw == wanted.raw
    return (stored.number, stored.reason) == (wanted.number, wanted.reason)


def _refused(element: str, version: int, content: Content, code: str) -> CellResult:
    return CellResult(element, CellStatus.REFUSED, version, content, cells.message(code))


def _put(batch: _Batch, element: Element, value: Value | None, wanted: Content, why: str) -> Value:
    if value is None:
        value = Value(report=batch.report, element_id=element.id, version=0)
        batch.values[element.id] = value
        batch.fresh.append(value)
    else:
        batch.touched.append(value)
    before = _content(value)
    value.raw, value.refusal = wanted.raw, wanted.refusal
    if not wanted.raw:
        value.number, value.no_figure_reason = wanted.number, wanted.reason
        if (before.number, before.reason) != (wanted.number, wanted.reason):
            batch.changes.append(_change(batch, value, before, why))
    value.version += 1
    value.door, value.changed_at, value.changed_by = batch.door, batch.at, batch.by
    return value


def _change(batch: _Batch, value: Value, before: Content, why: str) -> ValueChange:
    return ValueChange(
        value=value,
        at=batch.at,
        by=batch.by,
        door=batch.door,
        cycle=batch.report.cycle,
        from_number=before.number,
        to_number=value.number,
        from_reason=before.reason,
        to_reason=value.no_figure_reason,
        why=" ".join(why.split())[: workflow.LONGEST_REASON],
    )


STORED = ("number", "no_figure_reason", "raw", "refusal", "door", "version", "changed_at", "changed_by")


def _write(batch: _Batch, target: State, by: Actor | str) -> None:
    report, codes = batch.report, catalogue.current().elements_by_id
    Value.objects.bulk_create(batch.fresh)
    Value.objects.bulk_update(batch.touched, STORED)
    for change in batch.changes:
        change.value_id = change.value.pk
    ValueChange.objects.bulk_create(batch.changes)
    moved = report.state != target
    report.state, report.version = target.value, report.version + 1
    report.content_version += bool(batch.changes)
    report.save(update_fields=["state", "version", "content_version"])
    audit.record(
        by=by,
        action="report.saved",
        object=name_of(report),
        detail={"cells": [codes[value.element_id].code for value in batch.written], "door": batch.door},
        slices=[slice_of(report)] if moved else [],
    )


def explain(*, by: Actor | str, scope: Scope, report: int, check: str, text: str, element: str = "") -> None:
    """Keep an unusual figure and say why. The reason holds for this figure only.

    Refusals: report.unknown, report.not_yours, report.step, reason.missing, reason.long, note.nothing
    (no such doubt about the stored figure).
    """
    with transaction.atomic():
        row = permitted(report, scope, Act.FILL)
        workflow.check_step(State(row.state), Act.FILL)
        reason = workflow.check_reason(text, place=element or check)
        case = case_file(row, row.unit_id, form_of(row), period_of(row), "vi").case
        doubts = [one for one in checks.issues(case) if one.weight is checks.Weight.SOFT]
        if not any((one.element, one.check) == (element, check) for one in doubts):
            raise Refusal("note.nothing", gettext_lazy("Ô này không còn gì cần xác nhận."), place=element)
        Note.objects.create(
            report=row,
            element_id=case.elements[element].id if element else None,
            check_code=check,
            number=case.number(element) if element else None,
            text=reason,
            at=clock.now(),
            by=ref_of(by),
        )
        Report.objects.filter(pk=row.pk).update(version=row.version + 1)
        audit.record(
            by=by,
            action="report.explained",
            object=name_of(row),
            reason=reason,
            detail={"cell": element, "check": check},
        )
