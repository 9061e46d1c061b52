"""What insight asks the warehouse: raw numerators and denominators, and which reports are owed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from haicap.catalogue.queries import Catalogue, Form, Indicator
from haicap.core import clock
from haicap.core.counts import Adds, Grade
from haicap.core.periods import Period
from haicap.insight.memory import Memory
from haicap.insight.readings import NOTHING, Raw
from haicap.reporting.queries import expected
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.units.states import Level
from haicap.warehouse.queries.all_indicators import Asked, all_indicators
from haicap.warehouse.queries.cells import Ratio
from haicap.warehouse.queries.obligations import Owed
from haicap.warehouse.queries.obligations import obligations as owed_reports

ZERO = Decimal(0)
_homes_kept: Memory[dict[int, int]] = Memory(64)
NOT_ADDITIVE = Raw(None, None, additive=False)
Raws = Mapping[tuple[int, str], Raw]


def raws(
    places: Sequence[Place], period: Period, indicators: Sequence[Indicator], catalogue: Catalogue
) -> Raws:
    """(unit id, indicator code) → Raw for every pair asked. Communes are read, higher units are rolled up."""
    found: dict[tuple[int, str], Raw] = {(p.id, i.code): NOTHING for p in places for i in indicators}
    parents = [place for place in places if place.level != Level.COMMUNE]
    communes = [place.id for place in places if place.level == Level.COMMUNE]
    if communes:
        asked = {one.code: Asked(one.numerator_terms, one.denominator_terms) for one in indicators}
        for code, rows in all_indicators(asked, communes, period.key, rule=period.rule).items():
            for row in rows.values():
                found[row.unit_id, code] = _read(row)
    if parents:
        found |= _rolled_up(parents, period, indicators, catalogue)
    return found


def obligations(places: Sequence[Place], period: Period) -> dict[int, tuple[Owed, ...]]:
    """Reports owed for this period, by unit; for a province those of all its communes."""
    home = _homes(places, period)
    found: dict[int, list[Owed]] = {}
    for row in owed_reports(list(home), [period.key], now=clock.now(), rule=period.rule):
        found.setdefault(home[row.unit_id], []).append(row)
    return {unit: tuple(rows) for unit, rows in found.items()}


def owing(form: Form, places: Sequence[Place], period: Period) -> frozenset[int]:
    """Ids of the places that owe the form for this period, or that hold a commune which does."""
    home = _homes(places, period)
    return frozenset(home[unit.id] for unit in expected(form, period) if unit.id in home)


def adds_over_units(indicator: Indicator, catalogue: Catalogue) -> bool:
    """The count grammar: distinct people or index points of communes have no sum."""
    terms = (*indicator.numerator_terms, *(indicator.denominator_terms or ()))
    return all(catalogue.elements_by_id[id].measure.over_units is Adds.SUM for id, _factor in terms)


def _homes(places: Sequence[Place], period: Period) -> Mapping[int, int]:
    """commune id → id of the place asked that holds it on the last day of the period."""
    key = (units.version(), tuple(place.id for place in places), period.last_day)
    return _homes_kept.get(key, lambda: _homes_of(places, period))


def _homes_of(places: Sequence[Place], period: Period) -> dict[int, int]:
    homes: dict[int, int] = {}
    for place in places:
        if place.level == Level.COMMUNE:
            homes[place.id] = place.id
        else:
            homes.update({commune.id: place.id for commune in units.communes(place.id, period.last_day)})
    return homes


def _rolled_up(
    parents: Sequence[Place], period: Period, indicators: Sequence[Indicator], catalogue: Catalogue
) -> dict[tuple[int, str], Raw]:
    """One question for all indicators of all communes, summed here; `queries.rollup` asks about one."""
    homes = _homes(parents, period)
    asked = Counter(homes.values())
    adding = [one for one in indicators if adds_over_units(one, catalogue)]
    found = {(parent.id, one.code): NOT_ADDITIVE for parent in parents for one in indicators}
    specs = {one.code: Asked(one.numerator_terms, one.denominator_terms) for one in adding}
    answers = all_indicators(specs, list(homes), period.key, rule=period.rule)
    for one in adding:
        groups: dict[int, list[Ratio]] = {parent.id: [] for parent in parents}
        for row in answers[one.code].values():
            # a unit without a complete pair stays out of both sums and shows in the coverage
            if row.numerator is not None and (row.denominator is not None or not one.has_denominator):
                groups[homes[row.unit_id]].append(row)
        found |= {(id, one.code): _sum(rows, asked[id]) for id, rows in groups.items()}
    return found


def _read(row: Ratio) -> Raw:
    return Raw(row.numerator, row.denominator, row.status == "provisional", row.grade or "", row.missing)


def _sum(rows: Sequence[Ratio], asked: int) -> Raw:
    if not rows:
        return Raw(None, None, coverage=(0, asked))
    below = [row.denominator for row in rows if row.denominator is not None]
    grades = list(Grade)
    return Raw(
        numerator=sum((row.numerator for row in rows if row.numerator is not None), ZERO),
        denominator=sum(below, ZERO) if below else None,
        provisional=any(row.status == "provisional" for row in rows),
        # the weakest of the figures used
        grade=max((Grade(row.grade) for row in rows if row.grade), key=grades.index).value,
        coverage=(len(rows), asked),
    )
