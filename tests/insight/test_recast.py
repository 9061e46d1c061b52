"""Figures under the units of today: sums are conserved, ratios recomputed, nothing unknown is guessed."""

from collections import defaultdict
from dataclasses import replace
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.catalogue.queries import Indicator
from haicap.core.bands import Direction
from haicap.core.periods import Kind, Rule
from haicap.insight.recast import Reading, Sums, Why, combine
from haicap.units import lineage
from haicap.units.lineage import Part, Recast
from haicap.warehouse.queries.cells import Ratio

ONE = Decimal(1)
RATIO = Indicator(
    id=1, uid="a" * 11, code="X", number=1, pillar="p", numerator="A", denominator="B", factor=Decimal(100),
    unit="%", direction=Direction.HIGHER, period_kind=Kind.MONTH, rule=Rule.DECREE09, weight=ONE, labels={},
    short_labels={}, source="", basis="", confidence="", data_source="", temporary=False,
    numerator_terms=((1, ONE),), denominator_terms=((2, ONE),),
)  # fmt: skip
COUNT = replace(RATIO, denominator=None, denominator_terms=None)
BEFORE = date(2025, 3, 14)
numbers = st.decimals(min_value=0, max_value=10**9, places=4)


def row(id: int, above: object, below: object = None, status: str = "accepted") -> Ratio:
    def number(x: object) -> Decimal | None:
        return None if x is None else Decimal(str(x))

    return Ratio(id, "2025-03", number(above), number(below), status, "declared", "")


@st.composite
def shares(draw: st.DrawFn, into: int) -> list[Decimal]:
    """Parts of one unit that sum to exactly 1, as the register keeps them: eight digits."""
    weights = draw(st.lists(st.integers(0, 1000), min_size=into, max_size=into).filter(any))
    parts = [(Decimal(w) / sum(weights)).quantize(Decimal("0.00000001")) for w in weights]
    parts[weights.index(max(weights))] += ONE - sum(parts, Decimal(0))
    return parts


@st.composite
def land(draw: st.DrawFn) -> tuple[Any, list[int], list[int]]:
    """Two acts, one after the other: units 1… of the old day, 100… in between, 200… of today."""
    olds = list(range(1, 1 + draw(st.integers(1, 5))))
    middle = list(range(100, 100 + draw(st.integers(1, 4))))
    news = list(range(200, 200 + draw(st.integers(1, 5))))
    into: dict[int, list[Any]] = defaultdict(list)
    _act(draw, into, olds, middle)
    # who got nothing was never there
    _act(draw, into, [id for id in middle if into[id]], news)
    places = {id: SimpleNamespace(holds_on=lambda day, id=id: id < 100) for id in [*olds, *middle, *news]}
    return SimpleNamespace(into=into, by_id=places), olds, news


def _act(draw: st.DrawFn, into: dict[int, list[Any]], olds: list[int], news: list[int]) -> None:
    for old in olds:
        for new, part in zip(news, draw(shares(into=len(news))), strict=True):
            if part > 0:
                into[new].append((old, new, date(2025, 7, 1), part))


@given(land(), st.data())
def test_the_sum_over_a_province_is_conserved(
    made: tuple[Any, list[int], list[int]], data: st.DataObject
) -> None:
    """C9: read under the units of today, the province has exactly what the old units reported."""
    register, olds, news = made
    rows = {old: row(old, data.draw(numbers), data.draw(numbers)) for old in olds}
    above = below = Decimal(0)
    with lineage.localcontext() as exact:
        exact.prec = 80
        for new in (id for id in news if register.into[id]):
            walk = lineage._Walk(register, BEFORE)
            walk.back(new, ONE)
            recast = Recast(new, tuple(Part(id, share) for id, share in walk.shares.items()))
            sums = combine(recast, rows, RATIO, additive=True)
            assert sums.reading is Reading.RECAST
            above, below = above + sums.numerator, below + sums.denominator
    assert above == sum((one.numerator for one in rows.values()), Decimal(0))
    assert below == sum((one.denominator for one in rows.values()), Decimal(0))


def test_c7_the_ratio_is_recomputed_not_averaged() -> None:
    """C7: 10/100 and 900/1000 make 910/1100, not the mean of 10 % and 90 %."""
    made = Recast(9, (Part(1, ONE), Part(2, ONE)))
    sums = combine(made, {1: row(1, 10, 100), 2: row(2, 900, 1000)}, RATIO, additive=True)
    assert (sums.numerator, sums.denominator) == (910, 1100)


def test_a_known_part_counts_with_its_share_above_and_below() -> None:
    made = Recast(9, (Part(1, ONE), Part(2, Decimal("0.25"))))
    sums = combine(made, {1: row(1, 10, 100), 2: row(2, 40, 80)}, RATIO, additive=True)
    assert (sums.numerator, sums.denominator) == (20, 120)


def test_an_unknown_share_is_not_guessed_and_the_unit_is_named() -> None:
    sums = combine(Recast(9, None, unknown=(2,)), {}, RATIO, additive=True)
    assert (sums.reading, sums.numerator) == (Reading.UNAVAILABLE, None)
    assert [(one.unit_id, one.why) for one in sums.blame] == [(2, Why.SHARE)]


def test_a_unit_without_a_known_past_is_named() -> None:
    sums = combine(Recast(9, None, silent=(3,)), {}, RATIO, additive=True)
    assert [(one.unit_id, one.why) for one in sums.blame] == [(3, Why.NO_PAST)]


def test_a_part_that_is_silent_makes_no_figure() -> None:
    """C4: what is missing is not zero, so the sum of the others is not the sum of all."""
    made = Recast(9, (Part(1, ONE), Part(2, ONE)))
    sums = combine(made, {1: row(1, 10, 100), 2: row(2, None, None)}, RATIO, additive=True)
    assert (sums.numerator, sums.reading) == (None, Reading.UNAVAILABLE)
    assert [(one.unit_id, one.why) for one in sums.blame] == [(2, Why.SILENT)]


def test_what_must_not_be_added_over_units_is_not() -> None:
    made = Recast(9, (Part(1, ONE), Part(2, ONE)))
    sums = combine(made, {1: row(1, 10), 2: row(2, 20)}, COUNT, additive=False)
    assert sums.reading is Reading.UNAVAILABLE
    assert {one.why for one in sums.blame} == {Why.NOT_ADDITIVE}


def test_a_unit_that_was_only_renamed_keeps_every_figure() -> None:
    made = Recast(9, (Part(1, ONE),))
    assert combine(made, {1: row(1, 10)}, COUNT, additive=False).numerator == 10


def test_what_the_unit_itself_reported_stays_as_it_is() -> None:
    made = Recast(9, (Part(9, ONE),), is_recast=False)
    sums = combine(made, {9: row(9, 3, 4, "provisional")}, RATIO, additive=True)
    assert sums == Sums(Reading.REPORTED, Decimal(3), Decimal(4), True, "declared")


@pytest.mark.parametrize("statuses", [("accepted", "provisional"), ("provisional", "accepted")])
def test_one_provisional_part_makes_it_provisional(statuses: tuple[str, str]) -> None:
    made = Recast(9, (Part(1, ONE), Part(2, ONE)))
    rows = {id: row(id, 1, 2, status) for id, status in zip((1, 2), statuses, strict=True)}
    assert combine(made, rows, RATIO, additive=True).provisional
