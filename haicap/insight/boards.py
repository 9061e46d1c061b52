"""A board: every indicator of every unit under one owner for one period, with scores.

The one source of map, table, panel and API. Boards are kept per process, keyed by what was last
changed in their periods, by catalogue and units: a swap costs questions only about the periods it touched.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.queries import Catalogue, Indicator
from haicap.core import clock, periods
from haicap.core.periods import Kind, Period
from haicap.insight import sources
from haicap.insight.memory import Memory
from haicap.insight.readings import NOBODY, OPEN, RETURNED, SENT, Reading, read
from haicap.insight.scores import Score, score, weighing_of
from haicap.reporting.queries import State
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.warehouse import store
from haicap.warehouse.queries.obligations import Owed

SCORE = "SCORE"
PUBLISHED = "published"
_memory: Memory["Board"] = Memory(64)
_own_keys: Memory[frozenset[str]] = Memory(256)


@dataclass(frozen=True)
class Board:
    """`readings[unit id][indicator code]`; `reports[unit id]` are the reports owed for this very period."""

    owner: Place
    period: Period
    catalogue: Catalogue
    snapshot: store.Snapshot
    places: tuple[Place, ...]
    readings: Mapping[int, Mapping[str, Reading]]
    scores: Mapping[int, Score]
    reports: Mapping[int, tuple[Owed, ...]]


def board(owner: Place, period: Period) -> Board:
    """The board of the parts of `owner` (communes of a province, provinces of the country) for one period."""
    with store.pinned() as snapshot:
        catalogue = catalogue_queries.current()
        own = _own_keys.get((catalogue.version, period), lambda: _keys(catalogue, period))
        facts = snapshot.version_of(own)
        key = (facts, snapshot.warning, catalogue.version, units.version(), owner.id, period)
        found = _memory.get(key, lambda: _build(owner, period, catalogue, snapshot))
        return found if found.snapshot.id == snapshot.id else replace(found, snapshot=snapshot)


def glimpse(owner: Place, place: Place, period: Period, indicator: Indicator | None) -> Board:
    """Of the board of `owner` the one row of `place`, with one indicator, or (None) those of the score.

    A long series would push every page's board out of the memory; this one is not kept.
    """
    with store.pinned() as snapshot:
        catalogue = catalogue_queries.current()
        there = (place,) if place.holds_on(period.last_day) else ()
        wanted = catalogue.scored if indicator is None else (indicator,)
        return _filled(Board(owner, period, catalogue, snapshot, there, {}, {}, {}), wanted)


def _keys(catalogue: Catalogue, period: Period) -> frozenset[str]:
    """The keys of all periods that a board of `period` is read from."""
    return frozenset({own_period(one, period).key for one in catalogue.indicators.values()} | {period.key})


def own_period(indicator: Indicator, period: Period) -> Period:
    """The indicator's own period on a board of `period`: the latest one that had closed with it."""
    if indicator.period_kind is period.kind and indicator.rule is period.rule:
        return period
    return periods.last_closed(indicator.period_kind, period.end, indicator.rule)


def form_of(catalogue: Catalogue, indicator: Indicator) -> str | None:
    """The form that asks for the indicator's first element, or None for figures that no form asks for."""
    if not indicator.numerator_terms:
        return None
    element = catalogue.elements_by_id[indicator.numerator_terms[0][0]].code
    for form in catalogue.running(clock.today()):
        if form.kind is indicator.period_kind and element in form.elements:
            return form.code
    return None


def _build(owner: Place, period: Period, catalogue: Catalogue, snapshot: store.Snapshot) -> Board:
    places = units.children(owner.id, period.last_day)
    blank = Board(owner, period, catalogue, snapshot, places, {}, {}, {})
    return _filled(blank, catalogue.indicators.values())


def _filled(blank: Board, wanted: Iterable[Indicator]) -> Board:
    places, period, catalogue = blank.places, blank.period, blank.catalogue
    by_period: dict[Period, list[Indicator]] = {}
    for indicator in wanted:
        by_period.setdefault(own_period(indicator, period), []).append(indicator)
    readings: dict[int, dict[str, Reading]] = {place.id: {} for place in places}
    reports: Mapping[int, tuple[Owed, ...]] = {}
    for own, indicators in by_period.items():
        owed = sources.obligations(places, own)
        if own == period:
            reports = owed
        for reading in _readings(places, own, indicators, catalogue, owed):
            readings[reading.unit_id][reading.indicator] = reading
    weighing = weighing_of(catalogue)
    scores = {
        place.id: score(
            place.id, [r for r in readings[place.id].values() if r.indicator in weighing.indicators], weighing
        )
        for place in places
    }
    return replace(blank, readings=readings, scores=scores, reports=reports)


def _standing(reports: Iterable[Owed]) -> dict[str, str]:
    """form → where its report stands; of a province's many reports the one that came furthest."""
    furthest: dict[str, str] = {}
    for report in reports:
        came = SENT if report.submitted is not None else OPEN
        now = RETURNED if report.state == State.RETURNED else came
        before = furthest.get(report.form, OPEN)
        furthest[report.form] = max(now, before, key=(OPEN, RETURNED, SENT).index)
    return furthest


def _readings(
    places: Sequence[Place],
    period: Period,
    indicators: Sequence[Indicator],
    catalogue: Catalogue,
    owed: Mapping[int, tuple[Owed, ...]],
) -> list[Reading]:
    raws = sources.raws(places, period, indicators, catalogue)
    forms = {one.code: form_of(catalogue, one) for one in indicators}
    # owed by rule, not by an opened report: a month nobody has opened yet is silent, not "not applicable"
    owing = {form: sources.owing(catalogue.forms[form], places, period) for form in forms.values() if form}
    found = []
    for place in places:
        standing = _standing(owed.get(place.id, ()))
        for indicator in indicators:
            form = forms[indicator.code]
            found.append(
                read(
                    unit_id=place.id,
                    indicator=indicator,
                    period=period,
                    raw=raws[place.id, indicator.code],
                    rule=catalogue.threshold_for(indicator.code, place, period.last_day),
                    obliged=form is None or form in standing or place.id in owing[form],
                    report=NOBODY if form is None else standing.get(form, OPEN),
                    cuts=catalogue.cuts,
                )
            )
    return found


def month_of(period: Period) -> bool:
    """Scores exist for months only: other indicators are read at their latest closed period."""
    return period.kind is Kind.MONTH
