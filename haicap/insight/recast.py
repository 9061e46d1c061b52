"""A figure through time under the units of today. What was reported is read, never rewritten.

Before a unit existed its figure is computed from those that it was made of: numerators summed, denominators
summed, both with the shares, and the ratio recomputed (case C7). It is marked as recast. Where a share is not
known, where a part did not report, or where the count grammar forbids the sum, there is no figure, and who is
to blame is named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from enum import StrEnum

from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.queries import Catalogue, Indicator
from haicap.core import bands, counts, periods
from haicap.core.bands import Band, Figure
from haicap.core.counts import Adds, Count, Grade
from haicap.core.periods import Period
from haicap.insight.sources import adds_over_units
from haicap.units import lineage
from haicap.units.lineage import Part, Recast
from haicap.units.places import Place
from haicap.warehouse import store
from haicap.warehouse.queries.cells import Ratio
from haicap.warehouse.queries.over_periods import over_periods

LONGEST = 60
_DIGITS = 80
_BEFORE = {periods.Kind.MONTH: 12, periods.Kind.QUARTER: 4, periods.Kind.HALF: 2}


class Reading(StrEnum):
    """How a point came about."""

    REPORTED = "reported"
    RECAST = "recast"
    UNAVAILABLE = "unavailable"


class Why(StrEnum):
    """Why there is no recast figure."""

    SHARE = "share_unknown"
    NO_PAST = "no_past"
    SILENT = "not_reported"
    NOT_ADDITIVE = "not_additive"


@dataclass(frozen=True)
class Blame:
    unit_id: int
    why: Why


@dataclass(frozen=True)
class Sums:
    """What the parts add up to; `low` … `high` where they must not be added and bounds are known."""

    reading: Reading
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    provisional: bool = False
    grade: str = ""
    blame: tuple[Blame, ...] = ()
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class RecastPoint:
    """One period of one unit of today; `value` is unrounded, None with `sums.blame` or the band as reason."""

    period: Period
    sums: Sums
    parts: tuple[Part, ...]
    value: Decimal | None
    band: Band


@dataclass(frozen=True)
class Story:
    """`points` under the unit of today; `olds`: each older unit with what it reported, period by period."""

    place: Place
    indicator: Indicator
    periods: tuple[Period, ...]
    points: tuple[RecastPoint, ...]
    olds: tuple[tuple[Place, tuple[Ratio, ...]], ...]
    snapshot: store.Snapshot

    @property
    def is_recast(self) -> bool:
        return any(point.sums.reading is Reading.RECAST for point in self.points)


def asked_periods(place: Place, indicator: Indicator, last: Period) -> tuple[Period, ...]:
    """From a year before the oldest known act up to `last`; at most 60."""
    steps = lineage.history(place.id)
    oldest = steps[-1].on if steps else place.valid_from
    first = periods.containing(oldest, indicator.period_kind, indicator.rule)
    first = periods.shift(first, -_BEFORE.get(indicator.period_kind, 1))
    if first.start > last.start:
        return (last,)
    return tuple(periods.span(first, last)[-LONGEST:])


def story(place: Place, indicator: Indicator, asked: Sequence[Period]) -> Story:
    """One question to the facts. Leading periods of which nothing is known at all are left out."""
    book = catalogue_queries.current()
    made = {period: lineage.as_today([place.id], period.last_day)[place.id] for period in asked}
    older = {link.old.id: link.old for step in lineage.history(place.id) for link in step.links}
    parts = {part.unit_id for one in made.values() for part in one.parts or ()}
    ids = [place.id, *sorted({*older, *parts} - {place.id})]
    with store.pinned() as snapshot:
        rows = over_periods(
            indicator.numerator_terms,
            indicator.denominator_terms,
            ids,
            [period.key for period in asked],
            rule=indicator.rule,
        )
    found = {(row.unit_id, row.period): row for row in rows}
    known = [period for period in asked if any(found[id, period.key].status for id in ids)]
    kept = [period for period in asked if known and period.start >= known[0].start]
    points = tuple(_point(place, indicator, period, made[period], found, book) for period in kept)
    told = tuple(
        (old, tuple(found[old.id, period.key] for period in kept))
        for old in sorted(older.values(), key=lambda one: (one.valid_from, one.code))
        if old.id != place.id
    )
    return Story(place, indicator, tuple(kept), points, told, snapshot)


def _point(
    place: Place,
    indicator: Indicator,
    period: Period,
    made: Recast,
    found: Mapping[tuple[int, str], Ratio],
    book: Catalogue,
) -> RecastPoint:
    rows = {part.unit_id: found[part.unit_id, period.key] for part in made.parts or ()}
    sums = combine(made, rows, indicator, adds_over_units(indicator, book))
    if sums.blame and sums.blame[0].why is Why.NOT_ADDITIVE and not indicator.has_denominator:
        sums = _bounded(sums, rows, made, indicator, book)
    figure = Figure(
        numerator=sums.numerator,
        denominator=sums.denominator,
        factor=indicator.factor,
        has_denominator=indicator.has_denominator,
        applicable=sums.reading is not Reading.UNAVAILABLE or sums.numerator is not None,
    )
    rule = book.threshold_for(indicator.code, place, period.last_day)
    band = bands.classify(figure, rule.threshold if rule else None)
    return RecastPoint(period, sums, made.parts or (), bands.value(figure), band)


def combine(made: Recast, rows: Mapping[int, Ratio], indicator: Indicator, additive: bool) -> Sums:
    """Numerators and denominators of the parts, each times its share. A part that stands for itself, or
    that is the only one and went over whole, is read as it is, whatever its measure.
    """
    if made.parts is None:
        unknown = tuple(Blame(id, Why.SHARE) for id in made.unknown)
        silent = tuple(Blame(id, Why.NO_PAST) for id in made.silent)
        return Sums(Reading.UNAVAILABLE, blame=unknown + silent)
    alone = len(made.parts) == 1 and made.parts[0].share == 1
    if not additive and not alone:
        blame = tuple(Blame(part.unit_id, Why.NOT_ADDITIVE) for part in made.parts)
        return Sums(Reading.UNAVAILABLE, blame=blame)
    missing = [part.unit_id for part in made.parts if not _whole(rows[part.unit_id], indicator)]
    if missing and made.is_recast:
        return Sums(Reading.UNAVAILABLE, blame=tuple(Blame(id, Why.SILENT) for id in missing))
    own = [(part.share, rows[part.unit_id]) for part in made.parts]
    return Sums(
        reading=Reading.RECAST if made.is_recast else Reading.REPORTED,
        numerator=_sum([(share, row.numerator) for share, row in own]),
        denominator=_sum([(share, row.denominator) for share, row in own]),
        provisional=any(row.status == "provisional" for _share, row in own),
        grade=_weakest([row.grade for _share, row in own]),
        blame=tuple(Blame(id, Why.SILENT) for id in missing),
    )


def _whole(row: Ratio, indicator: Indicator) -> bool:
    return row.numerator is not None and (row.denominator is not None or not indicator.has_denominator)


def _sum(parts: Sequence[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    with localcontext() as exact:
        exact.prec = _DIGITS
        total = Decimal(0)
        for share, number in parts:
            if number is None:
                return None
            total += share * number
        return total


def _weakest(grades: Sequence[str | None]) -> str:
    order = list(Grade)
    known = [Grade(grade) for grade in grades if grade]
    return max(known, key=order.index).value if known else ""


def _bounded(
    sums: Sums, rows: Mapping[int, Ratio], made: Recast, indicator: Indicator, book: Catalogue
) -> Sums:
    """Distinct people of whole units: at least the largest part, at most all parts together."""
    terms = indicator.numerator_terms
    if len(terms) != 1 or terms[0][1] != 1 or any(part.share != 1 for part in made.parts or ()):
        return sums
    measure = book.elements_by_id[terms[0][0]].measure
    if measure.over_units is not Adds.NONE:
        return sums
    low, high = counts.bounds([Count(row.numerator, measure, Grade.DECLARED) for row in rows.values()])
    return replace(sums, low=low, high=high)
