"""Flat rows for the warehouse: the published contract of this room, read by ``warehouse.loaders`` alone.

Column order is that of the fact tables. ``slices=None`` reads everything (``warehouse verify``, first load).
A slice is (room, form, period key, unit); the form "declared" names the declared layer, "derived" the figures
that the system counted itself and the corrections of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Protocol

from django.db.models import QuerySet

from haicap.core.counts import Grade

from .models import DeclaredValue, DerivedValue, Dispute, Report, Value, expected_rows
from .states import CORRECTED, DECLARED, DERIVED, FACTS, DisputeState, State

# SQLite takes 32,766 parameters at most; a bulk month of a country stays well below with this.
UNITS_PER_QUERY = 2_000
ROWS_PER_FETCH = 5_000


class FactRow(NamedTuple):
    unit_id: int
    element_id: int
    split: str
    attribution: str
    period: str
    kind: str
    rule: str
    start: date
    end: date
    scenario: str
    origin: str
    form: str
    number: Decimal | None
    missing: str
    status: str
    grade: str


class ObligationRow(NamedTuple):
    """A report that is owed. Lateness is not here: it is computed with the clock from these columns.

    A row counts as expected once its window has closed (``end`` ≤ today); officers may start earlier.
    """

    unit_id: int
    form: str
    period: str
    kind: str
    rule: str
    start: date
    end: date
    deadline: datetime
    submitted: datetime | None
    state: str


class SliceLike(Protocol):
    @property
    def form(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def unit_id(self) -> int: ...


def value_rows(slices: Iterable[SliceLike] | None = None) -> Iterator[FactRow]:
    """Every current fact of these slices; a cell with neither a number nor a reason is no row at all."""
    values = Value.objects.filter(report__state__in=FACTS).exclude(number=None, no_figure_reason="")
    if slices is None:
        yield from _reported(values)
        yield from _declared(DeclaredValue.objects.all())
        yield from _derived(DerivedValue.objects.all(), Dispute.objects.all())
        return
    for form, period, units in _grouped(slices):
        if form == DECLARED:
            yield from _declared(DeclaredValue.objects.filter(period=period, unit_id__in=units))
        elif form == DERIVED:
            yield from _derived(
                DerivedValue.objects.filter(period=period, unit_id__in=units),
                Dispute.objects.filter(value__period=period, value__unit_id__in=units),
            )
        else:
            yield from _reported(
                values.filter(report__form=form, report__period=period, report__unit_id__in=units)
            )


def obligation_rows(slices: Iterable[SliceLike] | None = None) -> Iterator[ObligationRow]:
    """One row per report owed by a unit that existed at the close of its window."""
    reports = Report.objects.filter(expected_rows())
    if slices is None:
        yield from _obligations(reports)
        return
    for form, period, units in _grouped(slices):
        if form not in (DECLARED, DERIVED):
            yield from _obligations(reports.filter(form=form, period=period, unit_id__in=units))


def _grouped(slices: Iterable[SliceLike]) -> Iterator[tuple[str, str, Sequence[int]]]:
    groups: dict[tuple[str, str], set[int]] = defaultdict(set)
    for piece in slices:
        groups[piece.form, piece.period].add(piece.unit_id)
    for (form, period), units in sorted(groups.items()):
        ordered = sorted(units)
        for first in range(0, len(ordered), UNITS_PER_QUERY):
            yield form, period, ordered[first : first + UNITS_PER_QUERY]


def _reported(values: QuerySet[Value]) -> Iterator[FactRow]:
    rows = values.values_list(
        "report__unit_id",
        "element_id",
        "split",
        "attribution",
        "report__period",
        "report__kind",
        "report__rule",
        "report__start",
        "report__end",
        "scenario",
        "origin",
        "report__form",
        "number",
        "no_figure_reason",
        "report__state",
        "grade",
    ).iterator(chunk_size=ROWS_PER_FETCH)
    for row in rows:
        status = "provisional" if row[14] == State.SUBMITTED else "accepted"
        yield FactRow(*row[:14], status, row[15])


def _declared(values: QuerySet[DeclaredValue]) -> Iterator[FactRow]:
    rows = values.values_list(
        "unit_id",
        "element_id",
        "split",
        "attribution",
        "period",
        "kind",
        "rule",
        "start",
        "end",
        "scenario",
        "number",
        "missing",
        "grade",
    ).iterator(chunk_size=ROWS_PER_FETCH)
    for row in rows:
        yield FactRow(*row[:10], DECLARED, DECLARED, row[10], row[11], "accepted", row[12])


_KEY = ("unit_id", "element_id", "split", "attribution", "period", "kind", "rule", "start", "end")


def _derived(values: QuerySet[DerivedValue], disputes: QuerySet[Dispute]) -> Iterator[FactRow]:
    rows = values.filter(number__isnull=False).values_list(*_KEY, "number")
    for row in rows.iterator(chunk_size=ROWS_PER_FETCH):
        marks = ("official", DERIVED, DERIVED, row[9], "", "accepted", Grade.SYSTEM.value)
        yield FactRow._make((*row[:9], *marks))
    upheld = disputes.filter(state=DisputeState.UPHELD.value)
    for row in upheld.values_list(*(f"value__{name}" for name in _KEY), "corrected", "evidence"):
        grade = Grade.PROVEN if row[10] else Grade.DECLARED
        marks = ("official", CORRECTED, DERIVED, row[9], "", "accepted", grade.value)
        yield FactRow._make((*row[:9], *marks))


def _obligations(reports: QuerySet[Report]) -> Iterator[ObligationRow]:
    rows = reports.values_list(
        "unit_id",
        "form",
        "period",
        "kind",
        "rule",
        "start",
        "end",
        "deadline",
        "first_submitted_at",
        "state",
    ).iterator(chunk_size=ROWS_PER_FETCH)
    for row in rows:
        yield ObligationRow(*row)
