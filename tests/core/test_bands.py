from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.core import bands
from haicap.core.bands import Band, Direction, Figure, Threshold
from haicap.core.errors import Refusal

D = Decimal

COLOURS = [Band.GREEN, Band.YELLOW, Band.RED]
STORED = st.decimals(D("-99999999999999.9999"), D("99999999999999.9999"), places=4)
POSITIVE = st.decimals(D("0.0001"), D("99999999999999.9999"), places=4)
FACTORS = st.sampled_from([D(1), D(100), D(1000)])
BOUNDS = st.decimals(D(-1000), D(1000), places=4)
ONLY_ONE_WAY = st.sampled_from([Direction.HIGHER, Direction.LOWER])
ANY_NUMBER = st.none() | st.decimals(allow_nan=True, allow_infinity=True)

HIGHER = Threshold(Direction.HIGHER, D(98), D(95))
LOWER = Threshold(Direction.LOWER, D(1), D(3))
RANGE = Threshold(Direction.RANGE, D(40), D(30), D(60), D(80))


def ratio(numerator: str | int | None, denominator: str | int | None) -> Figure:
    return Figure(
        None if numerator is None else D(numerator), None if denominator is None else D(denominator)
    )


def plain(number: str | int) -> Figure:
    return Figure(D(number), None, D(1), has_denominator=False)


@pytest.mark.parametrize(
    ("number", "band"),
    [
        ("100", "green"),
        ("98", "green"),
        ("97.9999", "yellow"),
        ("95", "yellow"),
        ("94.9999", "red"),
        ("0", "red"),
        ("1000", "green"),
        ("-5", "red"),
    ],
)
def test_higher(number: str, band: str) -> None:
    """C6: the last band is closed, 100 and what lies beyond have their colour; decimals are not rounded."""
    assert bands.classify(plain(number), HIGHER) == band


@pytest.mark.parametrize(
    ("number", "band"),
    [
        ("0", "green"),
        ("1", "green"),
        ("1.0001", "yellow"),
        ("3", "yellow"),
        ("3.0001", "red"),
        ("100", "red"),
    ],
)
def test_lower(number: str, band: str) -> None:
    assert bands.classify(plain(number), LOWER) == band


@pytest.mark.parametrize(
    ("number", "band"),
    [
        ("40", "green"),
        ("60", "green"),
        ("39.9999", "yellow"),
        ("30", "yellow"),
        ("29.9999", "red"),
        ("60.0001", "yellow"),
        ("80", "yellow"),
        ("80.0001", "red"),
    ],
)
def test_range_has_two_sides(number: str, band: str) -> None:
    assert bands.classify(plain(number), RANGE) == band


def test_at_most_150_is_not_red_at_119() -> None:
    assert bands.classify(plain(119), Threshold(Direction.LOWER, D(150), D(200))) is Band.GREEN


def test_97_9996_is_not_green_although_it_shows_as_98() -> None:
    assert bands.classify(ratio(489_998, 500_000), HIGHER) is Band.YELLOW


def test_one_third_against_its_own_exact_share() -> None:
    third = Threshold(Direction.HIGHER, D("33.3333"), D("33.3333"))
    assert bands.classify(ratio(1, 3), third) is Band.GREEN
    assert bands.classify(ratio(1, 3), replace(third, green=D("33.3334"), yellow=None)) is Band.RED


def test_products_longer_than_28_digits_are_not_rounded() -> None:
    whole, bound = D("99999999999999.9999"), D("12345678901234.5679")
    product = 999999999999999999 * 123456789012345679
    limit = Threshold(Direction.HIGHER, bound, None)
    on_it, below = (D((0, tuple(map(int, str(n))), -8)) for n in (product, product - 1))
    assert bands.classify(Figure(on_it, whole, D(1)), limit) is Band.GREEN
    assert bands.classify(Figure(below, whole, D(1)), limit) is Band.RED


@pytest.mark.parametrize(
    ("figure", "band"),
    [
        (ratio(None, 10), Band.NOT_REPORTED),
        (ratio(None, None), Band.NOT_REPORTED),
        (ratio(None, 0), Band.NOT_REPORTED),
        (ratio(5, 0), Band.NO_DENOMINATOR),
        (ratio(0, 0), Band.NO_DENOMINATOR),
        (ratio(5, None), Band.NO_DENOMINATOR),
        (ratio(5, -1), Band.NO_DENOMINATOR),
        (replace(ratio(5, 10), applicable=False), Band.NOT_APPLICABLE),
        (replace(ratio(None, 0), applicable=False), Band.NOT_APPLICABLE),
        (Figure(None, None, has_denominator=False), Band.NOT_REPORTED),
        (ratio("NaN", 10), Band.NOT_REPORTED),
        (ratio(1, "NaN"), Band.NO_DENOMINATOR),
        (ratio(1, "Infinity"), Band.NO_DENOMINATOR),
    ],
)
@pytest.mark.parametrize("threshold", [HIGHER, LOWER, RANGE, None])
def test_what_is_missing_has_its_own_class(figure: Figure, band: Band, threshold: Threshold | None) -> None:
    assert bands.classify(figure, threshold) is band
    assert bands.value(figure) is None


def test_zero_is_a_value() -> None:
    assert bands.value(ratio(0, 10)) == 0
    assert bands.classify(ratio(0, 10), HIGHER) is Band.RED
    assert bands.classify(ratio(0, 10), LOWER) is Band.GREEN


@pytest.mark.parametrize(
    "threshold",
    [
        None,
        Threshold(Direction.NEUTRAL, D(98), D(95)),
        Threshold(Direction.HIGHER, None, None),
        Threshold(Direction.HIGHER, None, None, D(1), D(2)),
        Threshold(Direction.RANGE, None, None, None, None),
    ],
)
def test_no_threshold_is_neutral(threshold: Threshold | None) -> None:
    assert bands.classify(ratio(5, 10), threshold) is Band.NO_THRESHOLD


def test_a_band_without_bound_does_not_exist() -> None:
    assert bands.classify(plain(99), Threshold(Direction.HIGHER, D(100), None)) is Band.RED
    assert bands.classify(plain(100), Threshold(Direction.HIGHER, None, D(90))) is Band.YELLOW
    assert bands.classify(plain(1000), Threshold(Direction.RANGE, D(40), D(30), None, None)) is Band.GREEN
    assert bands.classify(plain(35), Threshold(Direction.RANGE, D(40), D(30), None, None)) is Band.YELLOW


def test_the_factor_scales_ratios_only() -> None:
    assert bands.value(Figure(D(30), D(1000), D(1000))) == 30
    assert bands.value(Figure(D(90), None, D(100), has_denominator=False)) == 90
    assert bands.classify(Figure(D("0.9"), None, D(100), has_denominator=False), HIGHER) is Band.RED


def test_the_published_case_of_phuc_thinh() -> None:
    shown = bands.value(ratio(7413, 8155))
    assert shown is not None
    assert round(shown, 1) == D("90.9")


@given(
    ANY_NUMBER,
    ANY_NUMBER,
    FACTORS,
    st.booleans(),
    st.booleans(),
    st.none()
    | st.builds(
        Threshold,
        st.sampled_from(list(Direction)),
        *[st.none() | st.decimals(allow_nan=False, allow_infinity=False)] * 4,
    ),
)
def test_classify_is_total(
    numerator: D | None, denominator: D | None, factor: D, has: bool, applies: bool, t: Threshold | None
) -> None:
    figure = Figure(numerator, denominator, factor, has, applies)
    band = bands.classify(figure, t)
    assert isinstance(band, Band)
    coloured = band in (*COLOURS, Band.NO_THRESHOLD)
    assert coloured == (bands.value(figure) is not None)
    assert bands.missing(figure) == (None if coloured else band)


@given(STORED, POSITIVE, FACTORS, ONLY_ONE_WAY, BOUNDS, BOUNDS)
def test_classify_agrees_with_fractions(
    numerator: D, denominator: D, factor: D, direction: Direction, green: D, yellow: D
) -> None:
    exact = Fraction(numerator) * Fraction(factor) / Fraction(denominator)
    up = direction is Direction.HIGHER

    def reaches(bound: D) -> bool:
        return exact >= Fraction(bound) if up else exact <= Fraction(bound)

    expected = Band.GREEN if reaches(green) else Band.YELLOW if reaches(yellow) else Band.RED
    assert (
        bands.classify(Figure(numerator, denominator, factor), Threshold(direction, green, yellow))
        is expected
    )


@given(POSITIVE, BOUNDS, FACTORS, ONLY_ONE_WAY)
def test_a_value_on_the_boundary_is_in_the_better_band(
    denominator: D, bound: D, factor: D, direction: Direction
) -> None:
    exact = Fraction(bound) * Fraction(denominator) / Fraction(factor)
    on_it = D(exact.numerator) / D(exact.denominator)
    if Fraction(on_it) != exact:
        return
    assert bands.classify(Figure(on_it, denominator, factor), Threshold(direction, bound, None)) is Band.GREEN
    step = D("0.0001") if direction is Direction.LOWER else D("-0.0001")
    worse = Fraction(on_it) + Fraction(step)
    exact_worse = D(worse.numerator) / D(worse.denominator)
    if Fraction(exact_worse) == worse:
        figure = Figure(exact_worse, denominator, factor)
        assert bands.classify(figure, Threshold(direction, bound, None)) is Band.RED


@given(STORED, STORED, POSITIVE, ONLY_ONE_WAY, BOUNDS, BOUNDS)
def test_a_worse_value_never_has_a_better_colour(
    a: D, b: D, whole: D, direction: Direction, green: D, yellow: D
) -> None:
    worse, better = sorted((a, b)) if direction is Direction.HIGHER else sorted((a, b), reverse=True)
    t = Threshold(direction, green, yellow)
    rank_worse, rank_better = (COLOURS.index(bands.classify(Figure(x, whole), t)) for x in (worse, better))
    assert rank_worse >= rank_better


@given(st.lists(BOUNDS, min_size=4, max_size=4), BOUNDS, BOUNDS)
def test_leaving_a_range_never_brings_a_better_colour(edges: list[D], a: D, b: D) -> None:
    yellow, green, green_to, yellow_to = sorted(edges)
    t = Threshold(Direction.RANGE, green, yellow, green_to, yellow_to)
    bands.check(t)
    near, far = sorted((abs(a), abs(b)))
    for side, edge in ((1, green_to), (-1, green)):
        ranks = [COLOURS.index(bands.classify(plain(str(edge + side * away)), t)) for away in (near, far)]
        assert ranks[0] <= ranks[1]


@given(STORED, POSITIVE, ONLY_ONE_WAY, BOUNDS, BOUNDS, st.integers(1, 1000))
def test_scaling_both_sides_changes_no_colour(
    numerator: D, denominator: D, direction: Direction, green: D, yellow: D, times: int
) -> None:
    t = Threshold(direction, green, yellow)
    scaled = Figure(numerator * times, denominator * times)
    assert bands.classify(Figure(numerator, denominator), t) is bands.classify(scaled, t)


@pytest.mark.parametrize(
    "t",
    [
        Threshold(Direction.HIGHER, D(95), D(98)),
        Threshold(Direction.LOWER, D(3), D(1)),
        Threshold(Direction.RANGE, D(60), D(30), D(40), D(80)),
        Threshold(Direction.RANGE, D(40), D(50), D(60), D(80)),
        Threshold(Direction.RANGE, D(40), D(30), D(60), D(55)),
        Threshold(Direction.RANGE, None, D(30), D(60), D(80)),
        Threshold(Direction.RANGE, D(40), D(30), None, D(80)),
    ],
)
def test_thresholds_in_the_wrong_order_are_refused(t: Threshold) -> None:
    with pytest.raises(Refusal, match=r"bands\.order"):
        bands.check(t)


@pytest.mark.parametrize(
    "t",
    [
        HIGHER,
        LOWER,
        RANGE,
        Threshold(Direction.HIGHER, D(98), D(98)),
        Threshold(Direction.NEUTRAL, D(1), D(9)),
        Threshold(Direction.HIGHER, D(98), None),
        Threshold(Direction.RANGE, D(40), None, D(60), None),
        Threshold(Direction.RANGE, D(40), D(30), None, None),
    ],
)
def test_sound_thresholds_pass(t: Threshold) -> None:
    bands.check(t)
