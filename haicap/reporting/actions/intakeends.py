"""What becomes of the reports that a batch has written into: their step, their signature, their event."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import Entry
from haicap.catalogue import formulas
from haicap.catalogue import queries as catalogue
from haicap.catalogue.formulas import Comparison
from haicap.catalogue.queries import Check, Form, spoken

from ..models import Intake, Report, Submission, Value
from ..policies.checks import Weight
from ..states import State
from . import bulk
from .intakerows import Held
from .intakerules import may_fill
from .rows import name_of, slice_of

PER_QUERY = 2_000
REPORT_COLUMNS = (
    "state", "version", "content_version", "cycle", "submitted_at", "submitted_by", "first_submitted_at",
    "accepted_at", "accepted_by", "ever_accepted",
)  # fmt: skip


@dataclass
class Ending:
    """A report that the batch changed: `made` by it, with `cells` written."""

    report: Report
    form: Form
    made: bool = False
    cells: int = 0


def carry_on(endings: Sequence[Ending], row: Intake, by: Actor | str, at: datetime) -> tuple[Held, ...]:
    """Reports with approval stay with the commune. The others are sent and accepted, unless a hard check
    is broken: then they are kept as drafts and named."""
    held: list[Held] = []
    for first in range(0, len(endings), PER_QUERY):
        part = endings[first : first + PER_QUERY]
        broken = _broken([one for one in part if not one.form.approval])
        before = {one.report.pk: State(one.report.state) for one in part}
        for one in part:
            message = broken.get(one.report.pk, "")
            _step(one, by=row.by, at=at, message=message)
            if message:
                held.append(Held(one.report.unit_id, one.report.form, one.report.period, message))
        _store(part, at)
        audit.record_many(by=by, entries=_entries(part, before, row))
    return tuple(held)


def _step(one: Ending, *, by: str, at: datetime, message: str) -> None:
    report = one.report
    report.version += 1
    report.content_version += 1
    if one.form.approval:
        report.state = may_fill(report, one.form).value
    elif message:
        report.state, report.accepted_at, report.accepted_by = State.DRAFT.value, None, ""
    else:
        report.state, report.cycle = State.ACCEPTED.value, report.cycle + 1
        report.submitted_at, report.submitted_by = at, by
        if not report.ever_accepted:
            report.first_submitted_at = at
        report.accepted_at, report.accepted_by, report.ever_accepted = at, f"form:{report.form}", True


def _store(part: Iterable[Ending], at: datetime) -> None:
    rows = [[getattr(one.report, name) for name in REPORT_COLUMNS] + [one.report.pk] for one in part]
    bulk.update(Report, REPORT_COLUMNS, rows)
    sent = [
        one.report for one in part if one.report.state == State.ACCEPTED and one.report.submitted_at == at
    ]
    Submission.objects.bulk_create(
        [
            Submission(
                report=report,
                cycle=report.cycle,
                content_version=report.content_version,
                at=at,
                by=report.submitted_by,
            )
            for report in sent
        ],
        batch_size=500,
    )


def _entries(part: Iterable[Ending], before: dict[int, State], row: Intake) -> Iterator[Entry]:
    for one in part:
        # A draft that stays a draft is no fact; everything else shows somewhere.
        moved = one.made or not one.form.approval or before[one.report.pk] != one.report.state
        yield Entry(
            action="report.taken_in",
            object=name_of(one.report),
            detail={"cells": one.cells, "door": row.door, "intake": row.pk, "to": one.report.state},
            slices=(slice_of(one.report),) if moved else (),
        )


def _broken(endings: Sequence[Ending]) -> dict[int, str]:
    """Report → the first hard check that its figures break, in words."""
    rules = {one.form.code: _hard(one.form) for one in endings}
    asked = [one for one in endings if rules[one.form.code]]
    numbers = _numbers([one.report.pk for one in asked])
    found = {}
    for one in asked:
        own = numbers.get(one.report.pk, {})
        for check, comparison in rules[one.form.code]:
            if comparison.holds({code: own.get(code) for code in comparison.elements}) is False:
                found[one.report.pk] = spoken(check.labels, "vi")
                break
    return found


def _hard(form: Form) -> list[tuple[Check, Comparison]]:
    book = catalogue.current().elements
    return [
        (check, formulas.parse_check(check.expression, book))
        for check in form.checks
        if check.kind == Weight.HARD
    ]


def _numbers(reports: Sequence[int]) -> dict[int, dict[str, Decimal | None]]:
    codes = catalogue.current().elements_by_id
    found: dict[int, dict[str, Decimal | None]] = {}
    rows = Value.objects.filter(report_id__in=reports, split="", attribution="", scenario="official")
    for report, element, number in rows.values_list("report_id", "element_id", "number"):
        found.setdefault(report, {})[codes[element].code] = number
    return found
