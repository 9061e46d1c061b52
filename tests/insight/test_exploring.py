"""Free questions against a slow twin on random facts; splits by their parts and by one dimension."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.catalogue.breakdowns import Combination, Dimension, Option, Split
from haicap.catalogue.queries import Element
from haicap.core import periods
from haicap.core.counts import Adds, Measure
from haicap.core.periods import Kind, Period, Rule
from haicap.insight.exploring.answers import ALL, Answer, Figure, Key, answer
from haicap.insight.exploring.question import Item, Question, groups_of
from haicap.reporting.facts import FactRow
from haicap.units.places import Place
from tests.twins import questions as slow
from tests.twins import worlds
from tests.warehouse.source import fact

MONTHS = ("2025-11", "2025-12", "2026-01")
ONE, MINUS = Decimal(1), Decimal(-1)


def place(id: int) -> Place:
    return Place(id, f"u{id}", str(id), "", "", "", "xa", 2, None, f"/{id}/", date(2020, 1, 1), None,
                 None, None, None, None)  # fmt: skip


def element(id: int, measure: Measure, combination: str = "") -> Element:
    return Element(id, f"e{id}", f"E{id}", measure, {"vi": f"E{id}"}, combination=combination)


def book(elements: list[Element]) -> Any:
    """As much of a catalogue as a question needs: one monthly form asks for everything."""
    form = SimpleNamespace(
        code="F", kind=Kind.MONTH, rule=Rule.DECREE09, elements=tuple(one.code for one in elements)
    )
    return SimpleNamespace(
        forms={"F": form}, indicators={}, elements_by_id={one.id: one for one in elements},
        elements={one.code: one for one in elements}, combinations={}, splits={},
    )  # fmt: skip


measures = st.builds(
    Measure, st.just("x"), st.just("hồ sơ"), st.sampled_from(Adds), st.sampled_from(Adds), st.just(Adds.SUM)
)


@settings(max_examples=20, deadline=None)
@given(
    worlds.facts(),
    st.lists(measures, min_size=4, max_size=4),
    st.lists(st.sampled_from(worlds.UNITS), unique=True, min_size=1, max_size=3),
    st.lists(st.sampled_from(MONTHS), unique=True, min_size=1),
    st.sets(st.sampled_from(["ky", "dv"])),
)
def test_every_cell_is_what_the_facts_say(
    rows: list[FactRow], kinds: list[Measure], unit_ids: list[int], keys: list[str], together: set[str]
) -> None:
    elements = [element(id, one) for id, one in zip(worlds.ELEMENTS, kinds, strict=True)]
    rate: Any = SimpleNamespace(rule=Rule.DECREE09, factor=Decimal(100), unit="%")
    items = (
        Item("E11", ((11, ONE),), None, (elements[0],), element=elements[0]),
        Item("R", ((12, ONE), (13, MINUS)), ((14, ONE),), tuple(elements[1:]), indicator=rate),
    )
    times = tuple(periods.parse(key) for key in keys)
    asked = Question(items, tuple(map(place, unit_ids)), times, together=frozenset(together))
    with worlds.stored(rows):
        found = answer(asked, book(elements))
    assert isinstance(found, Answer)
    spaces = {ALL: unit_ids} if "dv" in together else {i: [id] for i, id in enumerate(unit_ids)}
    stretches = {ALL: times} if "ky" in together else {i: (one,) for i, one in enumerate(times)}
    assert set(found.figures) == {
        Key(i, p, t, 0) for i in range(len(items)) for p in spaces for t in stretches
    }
    for key, figure in found.figures.items():
        compare(figure, items[key.item], spaces[key.place], stretches[key.period], rows)


def compare(figure: Figure, item: Item, units: list[int], times: Any, rows: list[FactRow]) -> None:
    """The same once more, slowly: per unit over time, then over units; what may not be added is not."""
    of = {one.id: one.measure for one in item.elements}
    along = [(len(times), "time"), (len(units), "units")]
    against = [(one, way) for one in of.values() for n, way in along if n > 1 and one.adds(way) != "sum"]  # type: ignore[arg-type]
    values = [[number(rows, id, unit, time) for time in times] for unit in units for id in of]
    if against:
        assert (figure.value, figure.reason) == (None, "forbidden")
        known = [value for row in values for value in row if value is not None]
        if len(of) == 1 and all(one.adds(way) is Adds.NONE for one, way in against):  # type: ignore[arg-type]
            whole = len(known) == sum(map(len, values))
            assert figure.low == (max(known) if known else None)
            assert figure.high == (sum(known, Decimal(0)) if known and whole else None)
        return
    above = below = Decimal(0)
    have = 0
    for unit in units:
        sums = {id: [number(rows, id, unit, time) for time in times] for id in of}
        if any(value is None for row in sums.values() for value in row):
            continue
        have += 1
        whole_sums = {id: sum((v for v in row if v is not None), Decimal(0)) for id, row in sums.items()}
        above += sum((c * whole_sums[id] for id, c in item.numerator), Decimal(0))
        below += sum((c * whole_sums[id] for id, c in item.denominator or ()), Decimal(0))
    if not have:
        assert figure.value is None
        assert figure.reason != "no_denominator"
        return
    assert (figure.have, figure.asked, figure.numerator) == (have, len(units), above)
    if item.denominator is None:
        assert figure.value == above
    elif below <= 0:
        assert (figure.value, figure.reason) == (None, "no_denominator")
    else:
        assert figure.value is not None
        assert abs(figure.value - above * 100 / below) < Decimal("1e-12") * max(ONE, abs(figure.value))


def number(rows: list[FactRow], id: int, unit: int, time: Period) -> Decimal | None:
    return slow.number_of(slow.of(slow.countable(rows, Rule.DECREE09, False), unit, time.key, [id]), id)


SPLITS = ("nam.tre", "nam.gia", "nu.tre")
SEX = Dimension("d1", "gioi", {}, (Option("o1", "nam", {}), Option("o2", "nu", {})))
AGE = Dimension("d2", "tuoi", {}, (Option("o3", "tre", {}), Option("o4", "gia", {})))
OPTIONS = {"nam": "o1", "nu": "o2", "tre": "o3", "gia": "o4"}


def divided(over_split: Adds) -> tuple[Any, Item]:
    one = element(11, Measure("x", "người", Adds.SUM, Adds.SUM, over_split), "C")
    made = book([one])
    made.combinations = {"C": Combination("c", "C", "split", {}, (SEX, AGE), SPLITS)}
    made.splits = {
        code: Split("s", code, {}, "C", tuple(OPTIONS[part] for part in code.split("."))) for code in SPLITS
    }
    return made, Item("E11", ((11, ONE),), None, (one,), element=one)


def split_answer(split: str, over_split: Adds = Adds.SUM) -> Answer:
    catalogue, item = divided(over_split)
    rows = [
        fact(1, 11, Decimal(n), "2025-11", split=code, form="F", status=status)
        for n, code, status in (
            (5, "nam.tre", "accepted"),
            (7, "nam.gia", "provisional"),
            (1, "nu.tre", "accepted"),
        )
    ]
    groups = groups_of(split, catalogue)
    assert groups is not None
    asked = Question((item,), (place(1),), (periods.parse("2025-11"),), split, groups)
    with worlds.stored(rows):
        found = answer(asked, catalogue)
    assert isinstance(found, Answer)
    return found


def test_a_split_shows_its_parts() -> None:
    found = split_answer("C")
    assert [(one.value, one.provisional) for one in found.figures.values()] == [
        (Decimal(5), False),
        (Decimal(7), True),
        (Decimal(1), False),
    ]


def test_one_dimension_adds_the_others_where_parts_add() -> None:
    assert [one.value for one in split_answer("C.gioi").figures.values()] == [Decimal(12), Decimal(1)]


def test_parts_that_do_not_add_are_refused_and_bounded() -> None:
    found = split_answer("C.gioi", Adds.NONE)
    assert [one.code for one in found.objections] == ["split"]
    first = found.figures[Key(0, 0, 0, 0)]
    assert (first.value, first.low, first.high) == (None, Decimal(7), Decimal(12))
    # every part is one stored figure: nothing is added, so nothing is refused
    assert split_answer("C", Adds.NONE).objections == ()
