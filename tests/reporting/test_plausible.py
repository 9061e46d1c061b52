"""Slips of the finger: found where one explains the figure, silent everywhere else."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.reporting.policies.plausible import FAR, looks_copied, suspect

HISTORY = [Decimal(n) for n in (124, 151, 86, 98)]


@pytest.mark.parametrize(
    ("number", "kind", "instead"),
    [
        (1240, "extra_digit", 124),
        (1224, "extra_digit", 124),
        (12, "missing_digit", 120),
        (901, "swapped", 91),
    ],
)
def test_one_slip_explains_it(number: int, kind: str, instead: int) -> None:
    found = suspect(Decimal(number), HISTORY)
    assert found is not None
    assert (found.low, found.high) == (86, 151)
    if kind != "swapped":
        assert (found.kind, found.instead) == (kind, instead)


@pytest.mark.parametrize("number", [0, 40, 124, 300, 700, 90_000])
def test_a_real_month_is_left_alone(number: int) -> None:
    assert suspect(Decimal(number), HISTORY) is None


def test_little_history_proves_nothing() -> None:
    assert suspect(Decimal(1240), HISTORY[:2]) is None
    assert suspect(Decimal(19), [Decimal(n) for n in (1, 2, 3)]) is None


counts = st.integers(0, 10**9).map(Decimal)


@given(counts, st.lists(counts, max_size=12))
def test_never_suspects_a_figure_near_its_history(number: Decimal, history: list[Decimal]) -> None:
    found = suspect(number, history)
    if found is not None:
        known = [past for past in history if past > 0]
        assert number <= min(known) / FAR or number >= max(known) * FAR
        assert found.instead != number


def test_a_copied_month() -> None:
    before = {code: Decimal(n) for n, code in enumerate("abcdef", start=1)}
    assert looks_copied(dict(before), before)
    assert looks_copied({**before, "f": Decimal(99)}, before)
    assert not looks_copied({**before, "e": Decimal(98), "f": Decimal(99)}, before)
    zeros = dict.fromkeys("abcdef", Decimal(0))
    assert not looks_copied(zeros, zeros)
