"""Points and colours must never disagree."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.catalogue.queries import Cuts
from haicap.core.bands import Band, Direction, Figure, Threshold, classify
from haicap.insight.points import points

CUTS = Cuts(green=Decimal(80), yellow=Decimal(65))
HIGHER = Threshold(Direction.HIGHER, Decimal(98), Decimal(95))
LOWER = Threshold(Direction.LOWER, Decimal(1), Decimal(3))
HUNDRED = Decimal(100)

numbers = st.decimals(min_value=0, max_value=100, places=4)


@pytest.mark.parametrize(
    ("value", "threshold", "best", "expected"),
    [
        ("100", HIGHER, HUNDRED, 100),
        ("98", HIGHER, HUNDRED, 80),
        ("95", HIGHER, HUNDRED, 65),
        ("0", HIGHER, HUNDRED, 0),
        ("0", LOWER, None, 100),
        ("1", LOWER, None, 80),
        ("3", LOWER, None, 65),
        ("6", LOWER, None, Decimal("32.5")),
        ("3", Threshold(Direction.HIGHER, Decimal(3), Decimal(1)), None, 100),
    ],
)
def test_worst_value_of_a_band_is_worth_its_cut(
    value: str, threshold: Threshold, best: Decimal | None, expected: int
) -> None:
    assert points(Decimal(value), threshold, CUTS, best) == expected


@given(numbers, numbers, numbers, st.sampled_from([Direction.HIGHER, Direction.LOWER]))
def test_points_and_colour_agree(value: Decimal, a: Decimal, b: Decimal, direction: Direction) -> None:
    low, high = sorted((a, b))
    green, yellow = (high, low) if direction is Direction.HIGHER else (low, high)
    threshold = Threshold(direction, green, yellow)
    worth = points(value, threshold, CUTS, HUNDRED)
    assert worth is not None
    assert 0 <= worth <= 100
    band = classify(Figure(value, None, has_denominator=False), threshold)
    if band is Band.GREEN:
        assert worth >= CUTS.green
    elif band is Band.YELLOW:
        assert CUTS.yellow <= worth <= CUTS.green
    else:
        assert worth < CUTS.yellow or yellow == 0


@given(numbers, numbers, st.sampled_from([HIGHER, LOWER]))
def test_a_better_value_never_has_fewer_points(a: Decimal, b: Decimal, threshold: Threshold) -> None:
    low, high = sorted((a, b))
    worse, better = (low, high) if threshold.direction is Direction.HIGHER else (high, low)
    first, second = points(worse, threshold, CUTS, HUNDRED), points(better, threshold, CUTS, HUNDRED)
    assert first is not None
    assert second is not None
    assert first <= second


def test_a_watched_indicator_has_no_points() -> None:
    assert points(Decimal(4), Threshold(Direction.NEUTRAL, None, None), CUTS) is None
