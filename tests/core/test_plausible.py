"""What was expected, and which slip explains the figure: found where one does, silent everywhere else."""

from decimal import Decimal
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.core.plausible import UNKNOWN, Expectation, expectation, judge, pooled_spread
from haicap.core.slips import slips

HISTORY = [Decimal(n) for n in (1240, 1510, 1380, 980, 1105, 1299, 1420, 1187, 1230, 1333, 1012, 1262, 1298)]


@pytest.mark.parametrize(
    ("number", "kind", "instead"),
    [
        (12_980, "extra_digit", 1298),
        (14_110, "extra_digit", 1411),
        (129, "missing_digit", 1290),
        (131_200, "hundredfold", 1312),
        (1_312_000, "thousandfold", 1312),
        (3_112, "swapped", 1312),
        (9_298, "wrong_digit", 1298),
    ],
)
def test_one_slip_explains_it(number: int, kind: str, instead: int) -> None:
    found = judge(Decimal(number), HISTORY, pooled=0.1)
    assert found is not None
    assert (found.low, found.high) == (980, 1510)
    assert found.kind == kind
    assert found.instead == instead or kind == "wrong_digit"
    # a slip of scale is sure enough to be asked about; a swap only where nothing else explains it
    assert found.stop or kind in ("swapped", "wrong_digit")


def test_a_tenfold_figure_among_small_ones_is_asked_about() -> None:
    """Three months and nothing known of the element elsewhere: 800 among 81 to 89."""
    found = judge(Decimal(800), [Decimal(n) for n in (81, 89, 84)])
    assert found is not None
    assert (found.kind, found.instead, found.stop) == ("extra_digit", 80, True)


def test_what_is_far_itself_is_not_offered() -> None:
    found = judge(Decimal(9000), [Decimal(n) for n in (339, 383, 351, 362, 344, 371, 355, 368)], pooled=0.1)
    assert found is not None
    assert (found.kind, found.instead) == ("far", None)


@pytest.mark.parametrize("number", [0, 900, 1250, 1700, 2000])
def test_a_real_month_is_left_alone(number: int) -> None:
    assert judge(Decimal(number), HISTORY) is None


def test_little_history_proves_nothing() -> None:
    assert judge(Decimal(12_400), [Decimal(1240), None, Decimal(1510)]) is None
    assert judge(Decimal(19), [Decimal(n) for n in (1, 2, 3)]) is None


def test_the_same_figure_again_is_only_pointed_at() -> None:
    found = judge(Decimal(1298), HISTORY)
    assert found is not None
    assert (found.kind, found.instead, found.stop) == ("copied", None, False)
    assert judge(Decimal(1298), HISTORY, flow=False) is None
    assert judge(Decimal(1298), [*HISTORY[:3], HISTORY[2], *HISTORY[3:]]) is None, "it repeats itself"


def test_a_season_is_no_error() -> None:
    """Every December is ten times the other months; the third one is expected, a tenfold June is not."""
    months = [Decimal(1000 if n % 12 == 11 else 100 + n) for n in range(35)]
    assert judge(Decimal(1010), months) is None
    assert judge(Decimal(1010), months[:29]) is not None


def test_what_others_show_widens_or_narrows() -> None:
    own = Expectation(0.0, 0.1, 6)
    assert own.shrunk(0.1) == pytest.approx(0.1)
    assert own.shrunk(1.0) == pytest.approx(((0.01 + 1.0) / 2) ** 0.5)
    assert Expectation(0.0, None, 0).shrunk(None) == UNKNOWN


def test_gaps_keep_their_place_in_the_season() -> None:
    whole = [Decimal(1000 if n % 12 == 11 else 100) for n in range(35)]
    gappy = [None if n in (5, 17, 29) else one for n, one in enumerate(whole)]
    found = expectation(gappy, 12)
    assert found is not None
    assert exp(found.centre) == pytest.approx(1000, rel=0.05)


def test_a_share_below_one_is_judged_on_its_own_scale() -> None:
    shares = [Decimal(n) / 1000 for n in (412, 398, 405, 420, 391, 407, 399, 411)]
    found = judge(Decimal("4.05"), shares, integer=False)
    assert found is not None
    assert found.instead == Decimal("0.405")
    assert judge(Decimal("0.402"), shares, integer=False) is None


def test_the_pool_is_the_middle_of_three_or_more() -> None:
    some = [Expectation(0.0, spread, 9) for spread in (0.1, 0.2, 0.9)]
    assert pooled_spread(some) == 0.2
    assert pooled_spread(some[:2]) is None
    assert pooled_spread([*some[:2], Expectation(0.0, 0.5, 2), None]) is None


counts = st.integers(0, 10**9).map(Decimal)


@given(counts, st.lists(st.one_of(st.none(), counts), max_size=40), st.sampled_from([1, 4, 12]))
def test_it_answers_for_every_history(number: Decimal, history: list[Decimal | None], season: int) -> None:
    found = judge(number, history, season=season)
    if found is not None:
        known = [one for one in history if one is not None]
        assert len(known) >= 3
        assert found.low <= found.high
        assert found.instead != number


@given(st.integers(100, 10**6), st.floats(0.01, 0.2))
def test_near_the_middle_nothing_is_suspected(level: int, wobble: float) -> None:
    history = [Decimal(round(level * exp(wobble * sign))) for sign in (1, -1) * 8]
    near = Decimal(round(exp((log(history[-1]) + log(history[-2])) / 2)))
    found = judge(near, history)
    assert found is None or found.kind == "copied"


@given(st.integers(1, 10**9))
def test_every_slip_is_another_figure(number: int) -> None:
    for kind, instead, prior in slips(Decimal(number)):
        assert instead != number, kind
        assert 0 < prior < 0.01
