"""Every fast question against its slow twin, on random facts."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.core.periods import Rule
from haicap.reporting.facts import FactRow, ObligationRow
from haicap.warehouse.queries.all_indicators import Asked, all_indicators
from haicap.warehouse.queries.cells import Terms
from haicap.warehouse.queries.crosstab import Item, Window, crosstab
from haicap.warehouse.queries.obligations import obligations, reporting_rates
from haicap.warehouse.queries.over_periods import over_periods
from haicap.warehouse.queries.ratio_by_unit import ratio_by_unit
from haicap.warehouse.queries.rollup import rollup
from haicap.warehouse.queries.trend import trend
from tests.twins import questions as slow
from tests.twins import worlds

some = settings(max_examples=25, deadline=None)
denominators = st.none() | worlds.terms()
units = st.lists(st.sampled_from([*worlds.UNITS, 99]), unique=True, min_size=1)
periods = st.lists(st.sampled_from([*worlds.PERIODS, "2024-05"]), unique=True, min_size=1)
one_period = st.sampled_from(worlds.PERIODS)
rules = st.sampled_from(Rule)


@some
@given(worlds.facts(), worlds.terms(), denominators, units, one_period, rules, st.booleans())
def test_ratio_by_unit(
    rows: list[FactRow],
    above: Terms,
    below: Terms | None,
    asked: list[int],
    period: str,
    rule: Rule,
    only: bool,
) -> None:
    with worlds.stored(rows):
        fast = ratio_by_unit(above, below, asked, period, rule=rule, accepted_only=only)
    assert fast == slow.over_periods(rows, above, below, asked, [period], rule, only)


@some
@given(worlds.facts(), worlds.terms(), denominators, units, periods, rules, st.booleans())
def test_over_periods(
    rows: list[FactRow],
    above: Terms,
    below: Terms | None,
    asked: list[int],
    when: list[str],
    rule: Rule,
    only: bool,
) -> None:
    with worlds.stored(rows):
        fast = over_periods(above, below, asked, when, rule=rule, accepted_only=only)
    assert fast == slow.over_periods(rows, above, below, asked, when, rule, only)


@some
@given(worlds.facts(), worlds.terms(), denominators, st.sampled_from(worlds.UNITS), periods, rules)
def test_trend(
    rows: list[FactRow], above: Terms, below: Terms | None, unit: int, when: list[str], rule: Rule
) -> None:
    with worlds.stored(rows):
        fast = trend(above, below, unit, when, rule=rule)
    assert fast == slow.over_periods(rows, above, below, [unit], when, rule, False)


@some
@given(
    worlds.facts(),
    worlds.terms(),
    denominators,
    st.dictionaries(st.sampled_from([*worlds.UNITS, 99]), st.sampled_from([100, 200]), min_size=1),
    periods,
    rules,
    st.booleans(),
)
def test_rollup(
    rows: list[FactRow],
    above: Terms,
    below: Terms | None,
    parents: dict[int, int],
    when: list[str],
    rule: Rule,
    only: bool,
) -> None:
    with worlds.stored(rows):
        fast = rollup(above, below, parents, when, rule=rule, accepted_only=only)
    assert fast == slow.rollup(rows, above, below, parents, when, rule, only)


@some
@given(
    worlds.facts(),
    st.dictionaries(
        st.sampled_from(["CQ01", "CQ02", "KT01", "XH01"]),
        st.builds(Asked, worlds.terms(worlds.coefficients | worlds.fractions), denominators),
        min_size=1,
    ),
    units,
    st.sampled_from(worlds.PERIODS),
    rules,
    st.booleans(),
)
def test_all_indicators(
    rows: list[FactRow],
    indicators: dict[str, Asked],
    asked: list[int],
    period: str,
    rule: Rule,
    only: bool,
) -> None:
    with worlds.stored(rows):
        fast = all_indicators(indicators, asked, period, rule=rule, accepted_only=only)
    assert fast == slow.all_indicators(rows, indicators, asked, period, rule, only)


@some
@given(worlds.obligations(), units, periods, st.sampled_from([-86_400, 0, 1, 30 * 86_400]))
def test_obligations(rows: list[ObligationRow], asked: list[int], when: list[str], offset: int) -> None:
    now = worlds.NOW + timedelta(seconds=offset)
    with worlds.stored(owed=rows):
        fast = obligations(asked, when, now=now)
        rates = reporting_rates(asked, when, now=now)
    assert fast == slow.obligations(rows, asked, when, now)
    assert rates == slow.reporting_rates(fast)
    for rate in rates:
        assert 0 <= rate.on_time <= rate.reported <= rate.expected


months = st.sampled_from(["2025-11", "2025-12", "2026-01"])
windows = st.lists(
    st.builds(Window, st.sampled_from(worlds.ELEMENTS), months, rules, st.sampled_from([0, 1]), st.just(1))
    | st.builds(
        Window,
        st.sampled_from(worlds.ELEMENTS),
        st.just("2026-Q1"),
        rules,
        st.sampled_from([0, 1]),
        st.just(0),
    ),
    unique_by=lambda one: (one.element, one.key, one.target),
    max_size=14,
)


@some
@given(
    worlds.facts(),
    st.dictionaries(st.integers(0, 3), st.builds(Item, worlds.terms(), denominators), min_size=1, max_size=2),
    windows,
    st.sets(st.sampled_from(worlds.ELEMENTS)),
    st.dictionaries(st.sampled_from([100, 200]), units, min_size=1),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
def test_crosstab(
    rows: list[FactRow],
    items: dict[int, Item],
    when: list[Window],
    stocks: set[int],
    places: dict[int, list[int]],
    by_split: bool,
    by_attribution: bool,
    only: bool,
) -> None:
    rows = [row._replace(attribution="vpub") if row.split and row.unit_id % 2 else row for row in rows]
    # one rule for each element, and one habit over time, as in the catalogue
    kept = [one._replace(last=one.element in stocks, rule=when[0].rule) for one in when]
    with worlds.stored(rows):
        fast = crosstab(
            items, kept, places, by_split=by_split, by_attribution=by_attribution, accepted_only=only
        )
    assert fast == slow.crosstab(rows, items, kept, places, by_split, by_attribution, only)
