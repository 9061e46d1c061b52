"""Habits of a whole form: copied, rounded, filled in a breath. Questions, never accusations."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from haicap.reporting.policies.plausible import looks_copied, looks_rounded, typed_in_a_breath


def test_a_copied_month() -> None:
    before = {code: Decimal(n) for n, code in enumerate("abcdef", start=1)}
    assert looks_copied(dict(before), before)
    assert looks_copied({**before, "f": Decimal(99)}, before)
    assert not looks_copied({**before, "e": Decimal(98), "f": Decimal(99)}, before)
    zeros = dict.fromkeys("abcdef", Decimal(0))
    assert not looks_copied(zeros, zeros)


def test_a_form_of_round_figures() -> None:
    assert looks_rounded([Decimal(n) for n in (20, 35, 100, 250, 45, 60, 75, 1000)])
    assert not looks_rounded([Decimal(n) for n in (20, 35, 100, 251, 45, 62, 78, 1003)])
    assert not looks_rounded([Decimal(n) for n in (0, 5, 10, 15, 5, 10, 0, 5, 10)]), "small figures"
    assert not looks_rounded([Decimal(20)] * 7), "too few"


def test_chance_alone_is_not_rounded() -> None:
    chance = random.Random(5)
    forms = [[Decimal(chance.randrange(20, 5000)) for _ in range(30)] for _ in range(2000)]
    assert not any(map(looks_rounded, forms))


def test_typed_in_a_breath() -> None:
    start = datetime(2026, 10, 20, 9, tzinfo=UTC)
    quick = [start + timedelta(seconds=5 * n) for n in range(10)]
    assert typed_in_a_breath(quick)
    assert not typed_in_a_breath(quick[:9])
    assert not typed_in_a_breath([*quick, start + timedelta(seconds=60)])
