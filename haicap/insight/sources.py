"""What insight asks the warehouse: raw numerators and denominators, and which reports are owed."""

from collections.abc import Iterable, Mapping, Sequence

from haicap.catalogue.queries import Catalogue, Form, Indicator
from haicap.core import clock
from haicap.core.counts import Adds
from haicap.core.periods import Period
from haicap.insight.readings import NOTHING, Raw
from haicap.reporting.queries import expected
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.units.states import Level
from haicap.warehouse.queries.all_indicators import Asked, all_indicators
from haicap.warehouse.queries.cells import Ratio
from haicap.warehouse.queries.obligations import Owed
from haicap.warehouse.queries.obligations import obligations as owed_reports
from haicap.warehouse.queries.rollup import Total, rollup

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
    for indicator in indicators if parents else ():
        if not _adds_over_units(indicator, catalogue):
            found.update({(parent.id, indicator.code): NOT_ADDITIVE for parent in parents})
            continue
        for total in _rolled_up(indicator, parents, period):
            found[total.parent_id, indicator.code] = _sum(total)
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


def _adds_over_units(indicator: Indicator, catalogue: Catalogue) -> bool:
    """The count grammar: distinct people or index points of communes have no sum."""
    terms = (*indicator.numerator_terms, *(indicator.denominator_terms or ()))
    return all(catalogue.elements_by_id[id].measure.over_units is Adds.SUM for id, _factor in terms)


def _homes(places: Iterable[Place], period: Period) -> dict[int, int]:
    """commune id → id of the place asked that holds it."""
    homes: dict[int, int] = {}
    for place in places:
        if place.level == Level.COMMUNE:
            homes[place.id] = place.id
        else:
            homes.update({commune.id: place.id for commune in units.communes(place.id, period.last_day)})
    return homes


def _rolled_up(indicator: Indicator, parents: Sequence[Place], period: Period) -> list[Total]:
    return rollup(
        indicator.numerator_terms,
        indicator.denominator_terms,
        _homes(parents, period),
        [period.key],
        rule=period.rule,
    )


def _read(row: Ratio) -> Raw:
    return Raw(row.numerator, row.denominator, row.status == "provisional", row.grade or "", row.missing)


def _sum(total: Total) -> Raw:
    return Raw(
        total.numerator,
        total.denominator,
        total.status == "provisional",
        total.grade or "",
        coverage=(total.with_values, total.asked),
    )
