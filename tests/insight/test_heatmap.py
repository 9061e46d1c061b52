"""Ranks, changes, counts, the headline and series: what the map and the table say beyond single figures."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.catalogue.queries import Indicator
from haicap.core import periods
from haicap.core.bands import Band, Direction
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Rule
from haicap.insight.headline import headline
from haicap.insight.heatmap import Row, _ranked, heatmap
from haicap.insight.series import series, window
from haicap.units.places import Place
from tests.world import Land

in_the_land = pytest.mark.django_db
values = st.none() | st.integers(-3, 3).map(Decimal) | st.decimals(0, 100, places=2)


def place(number: int) -> Place:
    return Place(
        id=number, uid=f"u{number}", code=f"{number:05}", name=f"N{number}", full_name=f"Xã N{number}",
        name_en="", kind="xa", level=2, parent_id=1, path=f"/1/{number}/", valid_from=None,  # type: ignore[arg-type]
        valid_to=None, area_km2=None, population=None, lon=None, lat=None,
    )  # fmt: skip


def row(number: int, value: Decimal | None) -> Row:
    return Row(place(number), value, None, None, Band.GREEN, "", False, None, None, None, None)


def indicator(direction: Direction) -> Indicator:
    one = object.__new__(Indicator)
    object.__setattr__(one, "direction", direction)
    return one


@given(st.lists(values, max_size=12), st.sampled_from([None, *Direction]))
def test_ranks(found: list[Decimal | None], direction: Direction | None) -> None:
    of = None if direction is None else indicator(direction)
    rows = _ranked([row(number, value) for number, value in enumerate(found)], of, True)
    assert sorted(r.place.id for r in rows) == list(range(len(found)))
    with_value = [r for r in rows if r.value is not None]
    assert [r.value is None for r in rows] == sorted(r.value is None for r in rows), "gaps come last"
    if direction in (Direction.NEUTRAL, Direction.RANGE):
        assert all(r.rank is None for r in rows)
        return
    numbers = [r.value for r in with_value if r.value is not None]
    lower = direction is Direction.LOWER
    assert numbers == sorted(numbers, reverse=lower), "worst first"
    for one in rows:
        if one.value is None:
            assert one.rank is None
        else:
            better = [n for n in numbers if (n < one.value if lower else n > one.value)]
            assert one.rank == len(better) + 1


def test_ties_share_a_rank_and_the_next_one_is_skipped() -> None:
    rows = _ranked([row(n, Decimal(v)) for n, v in enumerate([10, 30, 20, 20])], None, True)
    assert [(r.place.id, r.rank) for r in rows] == [(0, 4), (2, 2), (3, 2), (1, 1)]


def test_one_equal_and_none() -> None:
    """C21: one unit, all equal, all missing, nobody."""
    assert [r.rank for r in _ranked([row(1, Decimal(5))], None, True)] == [1]
    assert [r.rank for r in _ranked([row(n, Decimal(5)) for n in range(4)], None, True)] == [1] * 4
    assert [r.rank for r in _ranked([row(n, None) for n in range(4)], None, True)] == [None] * 4
    assert _ranked([], None, True) == ()


@in_the_land
def test_change_is_the_difference_of_two_values(rough: Land) -> None:
    for code in ("SCORE", "CQ06", "CQ02", "CQ07"):
        now = heatmap(rough.place("66"), periods.parse("2026-10"), code)
        then = {r.place.id: r for r in heatmap(rough.place("66"), periods.parse("2026-09"), code).rows}
        for one in now.rows:
            before = then[one.place.id].value
            if one.value is None or before is None:
                assert one.change is None
            else:
                assert one.change == one.value - before
            assert one.band_before is then[one.place.id].band


@in_the_land
def test_counts_and_coverage_are_about_every_unit(rough: Land) -> None:
    """C1, C20."""
    for code in ("SCORE", *rough.catalogue.indicators):
        for key in ("2026-08", "2026-10"):
            found = heatmap(rough.place("66"), periods.parse(key), code)
            assert sum(found.counts.values()) == len(found.rows) == 3
            assert found.counts == Counter(r.band for r in found.rows)
            assert 0 <= found.reported <= found.expected <= 3


@in_the_land
def test_an_indicator_of_a_longer_period_says_which(rough: Land) -> None:
    quarterly = next(
        i for i in rough.catalogue.scored if i.period_kind is Kind.QUARTER and i.rule is Rule.DECREE09
    )
    found = heatmap(rough.place("66"), periods.parse("2026-10"), quarterly.code)
    assert found.period.key == "2026-Q3"
    assert found.before.period.key == "2026-Q2"


@in_the_land
def test_what_does_not_exist_is_refused(rough: Land) -> None:
    for key, code, refusal in (
        ("2026-10", "CQ99", "indicator.unknown"),
        ("2026-Q3", "SCORE", "period.not_month"),
        ("1900-01", "SCORE", "period.range"),
    ):
        with pytest.raises(Refusal) as caught:
            heatmap(rough.place("66"), periods.parse(key), code)
        assert caught.value.code == refusal


@in_the_land
def test_the_headline_counts_what_the_map_shows(rough: Land) -> None:
    now = heatmap(rough.place("66"), periods.parse("2026-10"))
    then = heatmap(rough.place("66"), periods.parse("2026-09"))
    said = headline(now)
    red = sum(r.band is Band.RED for r in now.rows)
    assert (said.red, said.total, said.silent) == (red, 3, sum(r.band is Band.NOT_REPORTED for r in now.rows))
    assert said.more == red - sum(r.band is Band.RED for r in then.rows)
    lost: Counter[str] = Counter()
    for score in now.board.scores.values():
        for loss in score.losses:
            lost[loss.reading.indicator] += loss.lost  # type: ignore[assignment]
    assert list(said.costliest) == sorted(lost, key=lambda code: (-lost[code], code))[:2]
    assert said.silent >= 1


@in_the_land
def test_nothing_is_compared_with_a_period_without_figures(rough: Land) -> None:
    first = headline(heatmap(rough.place("66"), periods.parse("2026-08")))
    assert first.more is None
    empty = headline(heatmap(rough.place("66"), periods.parse("2026-07")))
    assert (empty.more, empty.costliest, empty.total, empty.silent) == (None, (), 3, 3)


@in_the_land
@pytest.mark.parametrize("key", ["2026-07", "2026-11", "2031-01"])
def test_a_month_that_nobody_opened_is_silent_though_quarters_have_figures(rough: Land, key: str) -> None:
    found = heatmap(rough.place("66"), periods.parse(key))
    assert [(r.value, r.band) for r in found.rows] == [(None, Band.NOT_REPORTED)] * 3
    country = heatmap(rough.place("00"), periods.parse(key))
    assert {r.place.code: r.band for r in country.rows} == {
        "66": Band.NOT_REPORTED,
        "01": Band.NOT_APPLICABLE,
    }


@in_the_land
def test_a_gap_in_a_series_stays_a_gap(rough: Land) -> None:
    """C4: the months before the first report and the silent one have no value, not zero."""
    silent, province = rough.world["24133"], rough.place("66")
    months = window(periods.parse("2026-10"), 12, rough.catalogue)
    assert [p.key for p in months[-3:]] == ["2026-08", "2026-09", "2026-10"]
    assert len(months) == 12
    points = series(province, [silent], rough.catalogue.indicators["CQ06"], months)[silent]
    assert [p.period for p in points] == months
    assert [p.value is None for p in points] == [True] * 9 + [False, False, True]
    assert points[-1].band is Band.NOT_REPORTED


@in_the_land
def test_a_window_does_not_begin_before_anybody_had_to_report(rough: Land) -> None:
    months = window(periods.parse("2025-09"), 12, rough.catalogue)
    assert months[-1].key == "2025-09"
    assert months[0].end > min(form.first_day for form in rough.catalogue.forms.values() if form.first_day)
    assert len(window(periods.parse("2025-03"), 12, rough.catalogue)) == 1
