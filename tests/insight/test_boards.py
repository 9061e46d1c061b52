"""Every cell of every board against a slow twin; roll-up, published figures, own periods."""

import dataclasses
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from haicap.catalogue.queries import Indicator
from haicap.core import periods
from haicap.core.bands import Band
from haicap.core.counts import Adds
from haicap.core.periods import Kind, Rule
from haicap.insight.boards import board, own_period
from haicap.insight.heatmap import heatmap
from haicap.insight.readings import Reading
from haicap.insight.scores import MINIMUM_COVERAGE, OUTSIDE, weighing_of
from tests.insight import twin
from tests.insight.twin import Ledger
from tests.world import Land

pytestmark = pytest.mark.django_db
MONTHS = ("2026-08", "2026-09", "2026-10")


@pytest.mark.parametrize("key", MONTHS)
def test_every_reading_is_what_the_facts_say(rough: Land, key: str) -> None:
    ledger, asked = Ledger(rough), periods.parse(key)
    here = board(rough.place("66"), asked)
    assert {place.code for place in here.places} == {"24505", "22015", "24133"}
    for place in here.places:
        assert set(here.readings[place.id]) == set(rough.catalogue.indicators)
        for code, reading in here.readings[place.id].items():
            indicator = rough.catalogue.indicators[code]
            own = own_period(indicator, asked)
            pair = ledger.sides(place.id, own, indicator)
            rule = rough.catalogue.threshold_for(code, place, own.last_day)
            expected = twin.band(pair, indicator, rule.threshold if rule else None)
            what = f"{place.code} {code} {own.key}"
            assert reading.period == own, what
            assert (reading.numerator, reading.denominator) == pair, what
            assert reading.band is expected, what
            assert same(reading, twin.quotient(pair, indicator)), what
            assert reading.provisional == ledger.provisional(place.id, own, indicator), what


def same(reading: Reading, exact: Fraction | None) -> bool:
    if exact is None or reading.value is None:
        return exact is None and reading.value is None
    return abs(Fraction(reading.value) - exact) <= abs(exact) / 10**30


def test_missing_is_no_zero_and_zero_is_no_gap(rough: Land) -> None:
    """C4, C5, C8."""
    here = board(rough.place("66"), periods.parse("2026-10"))
    home, other = here.readings[rough.world["24505"]], here.readings[rough.world["22015"]]
    silent = here.readings[rough.world["24133"]]
    assert (home["CQ01"].value, home["CQ01"].band) == (None, Band.NOT_REPORTED)
    assert home["CQ01"].reason == "no_figure:Hệ thống một cửa bị lỗi"
    assert (other["CQ02"].numerator, other["CQ02"].denominator) == (0, 0)
    assert (other["CQ02"].value, other["CQ02"].band) == (None, Band.NO_DENOMINATOR)
    assert (other["CQ06"].value, other["CQ06"].band, other["CQ06"].points) == (0, Band.RED, 0)
    assert other["CQ06"].provisional
    assert not home["CQ06"].provisional
    assert (silent["CQ06"].band, silent["CQ06"].reason) == (Band.NOT_REPORTED, "not_reported")


def test_scores_are_weighted_points_of_what_is_there(rough: Land) -> None:
    weighing = weighing_of(rough.catalogue)
    for key in MONTHS:
        here = board(rough.place("66"), periods.parse(key))
        for place in here.places:
            due = covered = Fraction(0)
            pillars: dict[str, list[Fraction]] = {}
            for code, reading in here.readings[place.id].items():
                if code not in weighing.indicators or reading.band in OUTSIDE:
                    continue
                pillar, weight = weighing.indicators[code]
                due += Fraction(weighing.pillars[pillar]) * Fraction(weight)
                if reading.points is not None:
                    covered += Fraction(weighing.pillars[pillar]) * Fraction(weight)
                    sums = pillars.setdefault(pillar, [Fraction(0), Fraction(0)])
                    sums[0] += Fraction(reading.points) * Fraction(weight)
                    sums[1] += Fraction(weight)
            score = here.scores[place.id]
            if not due or covered / due < Fraction(MINIMUM_COVERAGE):
                assert (score.value, score.band) == (None, Band.NOT_REPORTED), place.code
                continue
            known = {p: above / below for p, (above, below) in pillars.items() if below}
            weight_of_all = sum(Fraction(weighing.pillars[p]) for p in known)
            total = sum(Fraction(weighing.pillars[p]) * v for p, v in known.items()) / weight_of_all
            assert score.value is not None
            assert abs(Fraction(score.value) - total) < Fraction(1, 10**18)
            assert abs(sum(loss.lost for loss in score.losses) - (100 - score.value)) < Decimal("1e-18")
            assert score.provisional == (key == "2026-10" and place.code == "22015")


def test_a_silent_commune_has_no_score_and_no_colour(rough: Land) -> None:
    here = board(rough.place("66"), periods.parse("2026-10"))
    assert here.scores[rough.world["24133"]].value is None
    assert here.scores[rough.world["24133"]].band is Band.NOT_REPORTED


@pytest.mark.parametrize("key", MONTHS)
def test_a_province_is_the_sum_of_its_communes(rough: Land, key: str) -> None:
    """C7: Σ numerators ÷ Σ denominators over the communes that have both, and how many they were."""
    ledger, asked = Ledger(rough), periods.parse(key)
    country = board(rough.place("00"), asked)
    province, communes = rough.world["66"], [rough.world[c] for c in ("24505", "22015", "24133")]
    differs = 0
    for code, reading in country.readings[province].items():
        indicator = rough.catalogue.indicators[code]
        if not adds_up(rough, indicator):
            assert (reading.value, reading.band, reading.reason) == (
                None,
                Band.NOT_APPLICABLE,
                "not_additive",
            )
            continue
        pairs = [ledger.sides(unit, own_period(indicator, asked), indicator) for unit in communes]
        whole = [
            pair
            for pair in pairs
            if pair[0] is not None and (pair[1] is not None or indicator.denominator is None)
        ]
        assert reading.coverage == (len(whole), 3), code
        if not whole:
            assert reading.value is None, code
            continue
        above = sum((pair[0] or Fraction(0) for pair in whole), Fraction(0))
        below = sum((pair[1] or Fraction(0) for pair in whole), Fraction(0))
        assert reading.numerator == above, code
        assert same(reading, twin.quotient((above, below), indicator)), code
        each = [q for pair in whole if (q := twin.quotient(pair, indicator)) is not None]
        if indicator.denominator and each and below:
            differs += sum(each) / len(each) != above * Fraction(indicator.factor) / below
    assert not adds_up(rough, rough.catalogue.indicators["CQ15"])
    assert differs > 10, "sums and averages must be told apart by these figures"


def adds_up(land: Land, indicator: Indicator) -> bool:
    return all(
        land.catalogue.elements[code].measure.over_units is Adds.SUM for code in twin.elements(indicator)
    )


def test_published_figures_of_one_commune(rough: Land) -> None:
    """7,413 and 1,079 of 8,155 in the calendar quarter; the window of the decree knows nothing of them."""
    quarter = periods.parse("2025-Q3", Rule.CALENDAR)
    online, whole = (heatmap(rough.place("01"), quarter, code).rows[0] for code in ("CB01", "CB02"))
    assert online.place.code == "00466"
    assert (online.numerator, online.denominator) == (7413, 8155)
    assert round(online.value or 0, 1) == Decimal("90.9")
    assert (whole.numerator, round(whole.value or 0, 1)) == (1079, Decimal("13.2"))
    assert online.band is Band.NO_THRESHOLD
    reading = board(rough.place("01"), quarter).readings[rough.world["00466"]]["CB01"]
    assert reading.grade == "inferred"
    later = heatmap(rough.place("01"), periods.parse("2026-10"), "CB01")
    assert later.period == periods.parse("2026-Q3", Rule.CALENDAR)
    assert later.rows[0].value is None


def test_nobody_else_has_a_published_figure(rough: Land) -> None:
    found = heatmap(rough.place("66"), periods.parse("2025-Q3", Rule.CALENDAR), "CB01")
    assert [row.reason for row in found.rows] == ["no_figure"] * 3
    assert all(row.value is None and row.rank is None for row in found.rows)
    press = heatmap(rough.place("00"), periods.parse("2025-Q3", Rule.CALENDAR), "CB01")
    assert {row.place.code: row.coverage for row in press.rows} == {"01": (1, 1), "66": (0, 3)}


@pytest.mark.parametrize(
    ("month", "kind", "rule", "expected"),
    [
        ("2026-10", Kind.MONTH, Rule.DECREE09, "2026-10"),
        ("2026-10", Kind.QUARTER, Rule.DECREE09, "2026-Q3"),
        ("2026-09", Kind.QUARTER, Rule.DECREE09, "2026-Q3"),
        ("2026-08", Kind.QUARTER, Rule.DECREE09, "2026-Q2"),
        ("2026-10", Kind.QUARTER, Rule.CALENDAR, "2026-Q3"),
        # the official September closes on the 14th, the calendar quarter only on the 30th
        ("2026-09", Kind.QUARTER, Rule.CALENDAR, "2026-Q2"),
        ("2026-10", Kind.HALF, Rule.DECREE09, "2026-H1"),
        ("2026-12", Kind.HALF, Rule.DECREE09, "2026-H2"),
    ],
)
def test_an_indicator_is_read_in_its_latest_closed_period(
    rough: Land, month: str, kind: Kind, rule: Rule, expected: str
) -> None:
    one = dataclasses.replace(rough.catalogue.indicators["CQ01"], period_kind=kind, rule=rule)
    own = own_period(one, periods.parse(month))
    assert own.key == expected
    assert own.end <= periods.parse(month).end


def test_before_the_communes_began_there_is_nobody(rough: Land) -> None:
    """C21: a map of no units at all."""
    found = heatmap(rough.place("66"), periods.parse("2025-06"))
    assert found.board.places == ()
    assert (found.rows, found.reported, found.expected) == ((), 0, 0)


def test_the_first_month_has_no_month_before(rough: Land) -> None:
    found = heatmap(rough.place("66"), periods.parse("2025-07"))
    assert found.period.start < date(2025, 7, 1)
    assert all(row.change is None and row.band_before is None for row in found.rows)


def test_who_owes_no_form_is_not_judged(rough: Land) -> None:
    here = board(rough.place("01"), periods.parse("2026-10"))
    bands = {code: one.band for code, one in here.readings[rough.world["00466"]].items()}
    assert {bands[one.code] for one in rough.catalogue.scored} == {Band.NOT_APPLICABLE}
    assert here.scores[rough.world["00466"]].band is Band.NOT_APPLICABLE


def test_a_province_has_sent_what_one_commune_has_sent(rough: Land) -> None:
    """The reason of a gap must not hang on which commune comes last in the list."""
    country = board(rough.place("00"), periods.parse("2026-10"))
    reading = country.readings[rough.world["66"]]["CQ01"]
    assert reading.coverage == (1, 3)
    own = [one for one in country.reports[rough.world["66"]] if one.form == "CQS-T"]
    assert sorted(one.reported for one in own) == [False, True, True]
