"""Reports that are owed: which came, which came on time, which are overdue, as of an instant.

Lateness changes without anyone writing, so it is computed with `now` and never stored. A report counts
as expected once its window has closed; rates count only expected ones, so they lie in 0…100 %.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import ibis.expr.types as ir

from haicap.core import clock
from haicap.core.periods import Rule
from haicap.warehouse.store import ask

from . import cells
from .asking import Question, asked, asked_rows, compiled_once, facts


class Owed(NamedTuple):
    """One report of one unit. Instants are UTC; `on_time` means submitted at or before the deadline."""

    unit_id: int
    form: str
    period: str
    deadline: datetime
    submitted: datetime | None
    state: str
    expected: bool
    reported: bool
    on_time: bool
    overdue: bool


class Rate(NamedTuple):
    """Counts over the units asked; on_time ≤ reported ≤ expected, overdue ≤ expected − reported."""

    form: str
    period: str
    expected: int
    reported: int
    on_time: int
    overdue: int


def _judged(any_form: bool) -> ir.Table:
    o = facts("obligations")
    o = cells.in_periods(o.filter(o.rule == asked("rule", "string")))
    o = o.filter(o.unit_id.isin(asked_rows(unit_id="int32").unit_id))
    if not any_form:
        o = o.filter(o.form.isin(asked_rows(form="string").form))
    now = asked("now", "timestamp")
    came = o.submitted.notnull() & (o.submitted <= now)
    return o.select(
        "unit_id",
        "form",
        "period",
        "deadline",
        submitted=came.ifelse(o.submitted, None),
        state=o.state,
        expected=o.end <= asked("today", "date"),
        reported=came,
        on_time=came & (o.submitted <= o.deadline),
        overdue=~came & (o.deadline < now),
    )


@compiled_once
def question(any_form: bool) -> ir.Table:
    return _judged(any_form).order_by("period", "form", "unit_id")


@compiled_once
def rates_question(any_form: bool) -> ir.Table:
    o = _judged(any_form)
    o = o.filter(o.expected)
    return (
        o.group_by("form", "period")
        .agg(
            expected=o.count(),
            reported=o.reported.sum(),
            on_time=o.on_time.sum(),
            overdue=o.overdue.sum(),
        )
        .order_by("period", "form")
    )


def obligations(
    unit_ids: Sequence[int],
    periods: Sequence[str],
    *,
    now: datetime,
    forms: Sequence[str] | None = None,
    rule: Rule = Rule.DECREE09,
) -> list[Owed]:
    """Every report owed by these units, by period, form, unit. `now` is an aware instant."""
    rows = _ask(question(forms is None), unit_ids, periods, now, forms, rule)
    return [Owed._make((*row[:3], _utc(row[3]), row[4] and _utc(row[4]), *row[5:])) for row in rows]


def reporting_rates(
    unit_ids: Sequence[int],
    periods: Sequence[str],
    *,
    now: datetime,
    forms: Sequence[str] | None = None,
    rule: Rule = Rule.DECREE09,
) -> list[Rate]:
    """Counts per form and period over these units; a form that nobody owes yet has no row."""
    rows = _ask(rates_question(forms is None), unit_ids, periods, now, forms, rule)
    return [Rate(form, period, *map(int, counts)) for form, period, *counts in rows]


def _ask(
    what: Question,
    unit_ids: Sequence[int],
    periods: Sequence[str],
    now: datetime,
    forms: Sequence[str] | None,
    rule: Rule,
) -> list[tuple[Any, ...]]:
    if not periods:
        return []
    named: dict[str, Any] = {
        "unit_id": list(unit_ids),
        "rule": rule.value,
        "now": now.astimezone(UTC).replace(tzinfo=None),
        "today": clock.local(now).date(),
    } | cells.several(periods)
    if forms is not None:
        named["form"] = list(forms)
    return ask(what, named, cells.years(periods, rule))


def _utc(instant: datetime) -> datetime:
    return instant.replace(tzinfo=UTC)
