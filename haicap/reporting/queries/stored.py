"""Stored values as other systems ask for them, whatever state their report is in: streamed, never cut."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery

from haicap.catalogue import queries as catalogue
from haicap.core import periods
from haicap.core.periods import Kind, Rule

from ..models import DerivedValue, Report, Value, ValueChange
from ..states import FACTS, State
from .derived import figures_of

# SQLite takes 32,766 parameters at most
UNITS_PER_QUERY = 2_000
# What the system counted for so many units is held in memory for a while.
COUNTED_TOGETHER = 100
COUNTED_BY = "system:refresh"
ROWS_PER_FETCH = 5_000
# Kinds whose windows the decree moves against the calendar
MONTHLY = (Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.NINE_MONTHS, Kind.YEAR)
EMPTY = Q(number__isnull=True, text="")


class StoredValue(NamedTuple):
    """One cell; `why` is the reason given with its newest change. Neither number nor text: emptied."""

    form: str
    period: str
    unit_id: int
    element_id: int
    split: str
    attribution: str
    number: Decimal | None
    text: str
    changed_at: datetime
    changed_by: str
    why: str


class StoredReport(NamedTuple):
    id: int
    form: str
    period: str
    unit_id: int
    state: State
    submitted_at: datetime | None
    submitted_by: str


@dataclass(frozen=True)
class Drafts:
    """Of which reports the reader sees what is not sent yet; None: all units, all forms."""

    unit_ids: Sequence[int] | None = None
    forms: Sequence[str] | None = None


@dataclass(frozen=True)
class Wanted:
    """Which cells; None: no restriction. `between`: days, both inclusive, in which the period must lie by the
    calendar that it is named after. `sent_only`: no drafts, and nothing that was given back, except those of
    `drafts`."""

    unit_ids: Sequence[int]
    forms: Sequence[str] | None = None
    element_ids: Sequence[int] | None = None
    periods: Sequence[str] | None = None
    between: tuple[date, date] | None = None
    attributions: Sequence[str] | None = None
    splits: Sequence[str] | None = None
    changed_since: datetime | None = None
    emptied: bool = False
    sent_only: bool = False
    drafts: Drafts | None = None


def stored_values(wanted: Wanted, limit: int | None = None) -> Iterator[StoredValue]:
    """By unit, form, period, element; units in the order asked."""
    return islice(_values(wanted), limit)


def _values(wanted: Wanted) -> Iterator[StoredValue]:
    """What was typed or brought, and in the place of it what the system counted where that was sent."""
    if not any(one.derived for one in catalogue.current().elements.values()):
        for units in _pieces(wanted.unit_ids):
            yield from _typed(wanted, units)
        return
    for units in _pieces(wanted.unit_ids, COUNTED_TOGETHER):
        counted = {(*one[:4], "", ""): one for one in _counted(wanted, units)}
        yield from (one for one in _typed(wanted, units) if one[:6] not in counted)
        yield from counted.values()


def _counted(wanted: Wanted, units: Sequence[int]) -> Iterator[StoredValue]:
    """Figures that stand in reports which were sent, as of the sending."""
    if wanted.emptied or any(
        named is not None and "" not in named for named in (wanted.splits, wanted.attributions)
    ):
        return
    rows = DerivedValue.objects.filter(unit_id__in=units, frozen_by__isnull=False)
    for field, listed in (
        ("frozen_by__form__in", wanted.forms),
        ("element_id__in", wanted.element_ids),
        ("period__in", wanted.periods),
    ):
        if listed is not None:
            rows = rows.filter(**{field: list(listed)})
    if wanted.between is not None:
        rows = rows.filter(_within(*wanted.between))
    if wanted.changed_since is not None:
        rows = rows.filter(frozen_at__gte=wanted.changed_since)
    forms = dict(rows.values_list("pk", "frozen_by__form"))
    if not forms:
        return
    for one in figures_of(rows.order_by("unit_id", "period", "element_id")):
        if one.shown is not None and one.frozen_at is not None:
            yield StoredValue(
                forms[one.id], one.period, one.unit_id, one.element_id, "", "", one.shown, "",
                one.frozen_at, COUNTED_BY, "",
            )  # fmt: skip


def _typed(wanted: Wanted, units: Sequence[int]) -> Iterator[StoredValue]:
    newest = ValueChange.objects.filter(value=OuterRef("pk")).order_by("-pk").values("why")[:1]
    rows = (
        _chosen(wanted)
        .filter(report__unit_id__in=units)
        .annotate(newest_why=Subquery(newest))
        .order_by("report__unit_id", "report__form", "report__period", "element_id", "split", "attribution")
        .values_list(
            "report__form",
            "report__period",
            "report__unit_id",
            "element_id",
            "split",
            "attribution",
            "number",
            "text",
            "changed_at",
            "changed_by",
            "newest_why",
        )
    )
    for row in rows.iterator(chunk_size=ROWS_PER_FETCH):
        yield StoredValue(*row[:10], row[10] or "")


def _chosen(wanted: Wanted) -> QuerySet[Value]:
    rows = Value.objects.filter(scenario="official", origin="reported")
    if not wanted.emptied:
        rows = rows.exclude(EMPTY)
    else:
        rows = rows.filter(no_figure_reason="", changes__isnull=False).distinct()
    for field, listed in (
        ("report__form__in", wanted.forms),
        ("element_id__in", wanted.element_ids),
        ("report__period__in", wanted.periods),
        ("attribution__in", wanted.attributions),
        ("split__in", wanted.splits),
    ):
        if listed is not None:
            rows = rows.filter(**{field: list(listed)})
    if wanted.between is not None:
        rows = rows.filter(_within(*wanted.between, "report__"))
    if wanted.sent_only:
        rows = rows.filter(Q(report__state__in=FACTS) | _drafts(wanted.drafts))
    if wanted.changed_since is not None:
        rows = rows.filter(changed_at__gte=wanted.changed_since)
    return rows


def _drafts(own: Drafts | None) -> Q:
    if own is None:
        return Q(pk__in=[])
    found = ~Q(report__state__in=FACTS)
    if own.unit_ids is not None:
        found &= Q(report__unit_id__in=list(own.unit_ids))
    if own.forms is not None:
        found &= Q(report__form__in=list(own.forms))
    return found


def _within(first: date, last: date, prefix: str = "") -> Q:
    """Month 10 of Decree 09 begins in September; by its name it lies in October, as the calendar's does."""

    def windows(start: date, end: date) -> Q:
        return Q(**{f"{prefix}start__gte": start, f"{prefix}end__lte": end})

    months = Q(**{f"{prefix}rule": Rule.DECREE09.value, f"{prefix}kind__in": [k.value for k in MONTHLY]})
    begun = periods.containing(first, Kind.MONTH, Rule.CALENDAR)
    if begun.start < first:
        begun = periods.shift(begun, 1)
    ended = periods.containing(last, Kind.MONTH, Rule.CALENDAR)
    if ended.last_day > last:
        ended = periods.shift(ended, -1)
    named = windows(periods.parse(begun.key).start, periods.parse(ended.key).end)
    return (months & named) | (~months & windows(first, last + timedelta(days=1)))


def stored_reports(
    unit_ids: Iterable[int],
    forms: Sequence[str],
    periods: Sequence[str] | None = None,
    between: tuple[date, date] | None = None,
    changed_since: datetime | None = None,
) -> Iterator[StoredReport]:
    """Reports that were sent in (and not given back since), by unit, form, period."""
    for units in _pieces(list(unit_ids)):
        rows = Report.objects.filter(unit_id__in=units, form__in=list(forms), state__in=FACTS)
        if periods is not None:
            rows = rows.filter(period__in=list(periods))
        if between is not None:
            rows = rows.filter(_within(*between))
        if changed_since is not None:
            rows = rows.filter(submitted_at__gte=changed_since)
        for row in rows.order_by("unit_id", "form", "period").iterator(chunk_size=ROWS_PER_FETCH):
            yield StoredReport(
                row.pk,
                row.form,
                row.period,
                row.unit_id,
                State(row.state),
                row.submitted_at,
                row.submitted_by,
            )


def state_of(report: int) -> State | None:
    """None for a report that does not exist."""
    found = Report.objects.filter(pk=report).values_list("state", flat=True).first()
    return State(found) if found else None


def report_id(unit_id: int, form: str, period: str) -> int | None:
    found: int | None = (
        Report.objects.filter(unit_id=unit_id, form=form, period=period).values_list("pk", flat=True).first()
    )
    return found


def _pieces(units: Sequence[int], size: int = UNITS_PER_QUERY) -> Iterator[Sequence[int]]:
    for first in range(0, len(units), size):
        yield units[first : first + size]
