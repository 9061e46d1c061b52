"""The formula language: exact, checked, and never surprised by what somebody types."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.catalogue import formulas
from haicap.catalogue.grammar import MAX_LENGTH
from haicap.core.counts import Adds, Measure
from haicap.core.errors import Refusal


@dataclass(frozen=True)
class Thing:
    measure: Measure


def thing(unit: str, split: Adds = Adds.SUM) -> Thing:
    return Thing(Measure(unit, unit, Adds.SUM, Adds.SUM, split))


ELEMENTS: Mapping[str, Thing] = {
    "A": thing("hồ sơ"),
    "B": thing("hồ sơ"),
    "C": thing("hồ sơ"),
    "P": thing("người"),
    "R1": thing("người", Adds.NONE),
    "R2": thing("người", Adds.NONE),
}


def value(text: str, **values: Decimal | int | None) -> Decimal | None:
    numbers = {code: None if one is None else Decimal(one) for code, one in values.items()}
    return formulas.parse(text, ELEMENTS).evaluate(numbers)


def refused(text: str, named: Mapping[str, str] | None = None) -> tuple[str, str]:
    with pytest.raises(Refusal) as caught:
        formulas.parse(text, ELEMENTS, named)
    assert str(caught.value)
    return caught.value.code, caught.value.place


def test_multiplication_binds_stronger_and_minus_goes_from_the_left() -> None:
    assert value("A - B - C", A=10, B=3, C=2) == 5
    assert value("A + 2 * B", A=1, B=3) == 7
    assert value("2 * (A + B)", A=1, B=3) == 8
    assert value("A / 2 / 2", A=8) == 2
    assert value("-A + B", A=1, B=3) == 2


def test_missing_is_not_zero() -> None:
    assert value("A + B", A=1, B=None) is None
    assert value("A + B", A=1) is None
    assert value("A + B", A=1, B=0) == 1


def test_division_by_zero_has_no_value() -> None:
    assert value("A / B", A=1, B=0) is None
    assert value("A / B", A=0, B=0) is None


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("A + XYZ", "formula.element", "5"),
        ("A + ", "formula.end", "5"),
        ("", "formula.end", "1"),
        ("(A + B", "formula.bracket", "7"),
        ("A + B)", "formula.unexpected", "6"),
        ("A B", "formula.unexpected", "3"),
        ("A ++ B", "formula.unexpected", "4"),
        ("A + é", "formula.character", "5"),
        ("A; import os", "formula.character", "2"),
        ("A + P", "formula.unit", "3"),
        ("A + 1", "formula.unit", "3"),
        ("A * B", "formula.product", "3"),
        ("R1 + R2", "formula.adds", "4"),
        ("A <= B", "formula.unexpected", "3"),
        ("1" * 19, "formula.number", "1"),
        ("(" * 60 + "A" + ")" * 60, "formula.deep", "52"),
        ("A+" * MAX_LENGTH, "formula.long", str(MAX_LENGTH)),
    ],
)
def test_a_refusal_points_at_the_character(text: str, code: str, place: str) -> None:
    assert refused(text) == (code, place)


def test_ratios_of_counts_are_allowed() -> None:
    assert formulas.parse("A / P", ELEMENTS).unit == "hồ sơ/người"
    assert formulas.parse("A / B", ELEMENTS).unit == ""
    assert formulas.parse("2 * A", ELEMENTS).unit == "hồ sơ"


def test_distinct_people_may_be_subtracted_but_not_added() -> None:
    assert formulas.parse("P - R1", ELEMENTS).unit == "người"
    assert refused("P + R1") == ("formula.adds", "3")


def test_linear_terms() -> None:
    terms = formulas.parse("2 * (A - B) + A / 4", ELEMENTS).terms()
    assert terms == {"A": Decimal("2.25"), "B": Decimal(-2)}
    ratio = formulas.parse("A / B", ELEMENTS)
    assert not ratio.linear
    with pytest.raises(Refusal, match=r"."):
        ratio.terms()


def test_named_formulas_are_put_in() -> None:
    named = {"ALL": "A + B", "TWICE": "2 * ALL"}
    found = formulas.parse("TWICE - C", ELEMENTS, named)
    assert found.elements == ("A", "B", "C")
    assert formulas.write(found.node) == "(2 * (A + B)) - C"


def test_a_cycle_is_named_and_located() -> None:
    with pytest.raises(Refusal) as caught:
        formulas.parse("A + X", ELEMENTS, {"X": "B + Y", "Y": "X"})
    assert (caught.value.code, caught.value.place) == ("formula.cycle", "5")
    assert "X → Y → X" in str(caught.value)


def test_a_mistake_inside_a_named_formula_points_at_its_name() -> None:
    assert refused("A + X", {"X": "B +"}) == ("formula.end", "5")


def test_named_formulas_cannot_explode() -> None:
    named = {f"N{i}": f"N{i + 1} + N{i + 1}" for i in range(40)} | {"N40": "A"}
    assert refused("N0", named)[0] == "formula.long"


def test_a_check_compares_two_sides() -> None:
    check = formulas.parse_check("A + B <= C", ELEMENTS)
    assert check.elements == ("A", "B", "C")
    one, two, three = Decimal(1), Decimal(2), Decimal(3)
    assert check.holds({"A": one, "B": two, "C": three}) is True
    assert check.holds({"A": two, "B": two, "C": three}) is False
    assert check.holds({"A": two, "B": None, "C": three}) is None
    assert formulas.parse_check("A / B <= 2", ELEMENTS).holds({"A": one, "B": Decimal(0)}) is None


@pytest.mark.parametrize(
    ("text", "code", "place"),
    [
        ("A + B", "formula.comparison", "6"),
        ("A <= B <= C", "formula.unexpected", "8"),
        ("A <= P", "formula.unit", "3"),
        ("(A <= B)", "formula.bracket", "4"),
    ],
)
def test_a_check_has_exactly_one_comparison(text: str, code: str, place: str) -> None:
    with pytest.raises(Refusal) as caught:
        formulas.parse_check(text, ELEMENTS)
    assert (caught.value.code, caught.value.place) == (code, place)


# --- against a slow evaluator: Python's own grammar over fractions ---

numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
leaves = st.sampled_from(["A", "B", "C"]) | st.integers(0, 999).map(str)
trees = st.recursive(
    leaves,
    lambda inner: (
        st.builds(lambda a, s, b: f"({a} {s} {b})", inner, st.sampled_from("+-*/"), inner)
        | inner.map(lambda a: f"-{a}")
    ),
    max_leaves=12,
)


class Plain(dict[str, Thing]):
    """Elements without units: here only the arithmetic is on trial."""


PLAIN = Plain({code: thing("") for code in "ABC"})


def slowly(text: str, values: Mapping[str, Decimal]) -> Fraction | None:
    names = {code: Fraction(one) for code, one in values.items()}
    exact = "".join(f"Fraction({one})" if one.isdigit() else one for one in _split(text))
    try:
        return Fraction(eval(exact, {"Fraction": Fraction, **names}))  # noqa: S307 – our own generated text
    except ZeroDivisionError:
        return None


def _split(text: str) -> list[str]:
    parts, digits = [], ""
    for sign in text:
        if sign.isdigit():
            digits += sign
            continue
        parts += [digits, sign] if digits else [sign]
        digits = ""
    return [*parts, digits] if digits else parts


@given(trees, numbers, numbers, numbers)
def test_evaluate_equals_the_slow_evaluator(text: str, a: Decimal, b: Decimal, c: Decimal) -> None:
    values: dict[str, Decimal] = {"A": a, "B": b, "C": c}
    fast = formulas.parse(text, PLAIN).evaluate(values)
    slow = slowly(text, values)
    assert (fast is None) == (slow is None)
    if fast is not None and slow is not None:
        assert abs(Fraction(fast) - slow) <= max(abs(slow), Fraction(1)) / 10**60


@given(trees, numbers, numbers, numbers)
def test_written_and_read_again_is_the_same(text: str, a: Decimal, b: Decimal, c: Decimal) -> None:
    values: dict[str, Decimal] = {"A": a, "B": b, "C": c}
    found = formulas.parse(text, PLAIN)
    again = formulas.parse(formulas.write(found.node), PLAIN)
    assert again.evaluate(values) == found.evaluate(values)


@given(trees, numbers, numbers, numbers)
def test_terms_rebuild_the_value(text: str, a: Decimal, b: Decimal, c: Decimal) -> None:
    values: dict[str, Decimal] = {"A": a, "B": b, "C": c}
    found = formulas.parse(text, PLAIN)
    if not found.linear:
        return
    still = {code: Decimal(0) for code in values}
    plain, fast = found.evaluate(still), found.evaluate(values)
    assert plain is not None
    assert fast is not None
    rebuilt = Fraction(plain) + sum(
        (Fraction(coef) * Fraction(values[code]) for code, coef in found.terms().items()), Fraction(0)
    )
    assert abs(rebuilt - Fraction(fast)) <= max(abs(rebuilt), Fraction(1)) / 10**60


@given(st.text(max_size=80) | st.text(alphabet="ABCPR12+-*/()<>=. \n", max_size=200))
def test_random_text_is_parsed_or_refused(text: str) -> None:
    for read in (formulas.parse, formulas.parse_check):
        place = _place_of_refusal(read, text)
        assert place is None or 1 <= place <= len(text) + 1


def _place_of_refusal(read: Callable[..., object], text: str) -> int | None:
    try:
        read(text, ELEMENTS)
    except Refusal as refusal:
        return int(refusal.place)
    return None
