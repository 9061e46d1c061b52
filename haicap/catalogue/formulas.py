"""Formulas over element codes: parsed, checked against the count grammar, evaluated exactly.

Missing is not zero: a formula with a missing element, or a division by zero, has no value (None).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Protocol

from django.utils.translation import gettext as _

from haicap.catalogue.grammar import COMPARISONS, Name, Negative, Node, Number, Operation, refuse, tree
from haicap.core.counts import Adds, Measure
from haicap.core.errors import Refusal

# Sums of DECIMAL(18,4) products need more than Python's 28 digits to stay exact.
EXACT = Context(prec=120, rounding=ROUND_HALF_EVEN, Emin=MIN_EMIN, Emax=MAX_EMAX, traps=[])
ARITHMETIC: dict[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
COMPARE: dict[str, Callable[[Fraction, Fraction], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
PLAIN = ""
# Trees are walked by recursion; this keeps the deepest one far from the end of the stack.
MAX_NODES = 400


class Measured(Protocol):
    @property
    def measure(self) -> Measure: ...


Elements = Mapping[str, Measured]


@dataclass(frozen=True)
class Formula:
    """`elements` in order of appearance; `unit` is "" for a plain number or a share."""

    text: str
    node: Node
    elements: tuple[str, ...]
    unit: str

    def evaluate(self, values: Mapping[str, Decimal | None]) -> Decimal | None:
        """Exact where a decimal can be, else to 120 digits."""
        found = _evaluate(self.node, values)
        return None if found is None else EXACT.divide(Decimal(found.numerator), Decimal(found.denominator))

    def terms(self) -> dict[str, Decimal]:
        """Coefficient per element. Refusal "formula.nonlinear" when it is not a weighted sum."""
        return {code: coef for code, coef in _terms(self.node).items() if code != PLAIN}

    @property
    def linear(self) -> bool:
        try:
            _terms(self.node)
        except Refusal:
            return False
        return True


@dataclass(frozen=True)
class Comparison:
    text: str
    sign: str
    left: Formula
    right: Formula

    @property
    def elements(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.left.elements + self.right.elements))

    def holds(self, values: Mapping[str, Decimal | None]) -> bool | None:
        """None when a side has no value: what is missing breaks no rule."""
        left, right = _evaluate(self.left.node, values), _evaluate(self.right.node, values)
        if left is None or right is None:
            return None
        return COMPARE[self.sign](left, right)


def parse(text: str, elements: Elements, named: Mapping[str, str] | None = None) -> Formula:
    """Formula over `elements`; a name in `named` stands for its own formula (cycles are refused)."""
    node = _Expander(elements, named or {}).expand(tree(text, comparison=False))
    return _formula(text, node, elements)


def parse_check(text: str, elements: Elements, named: Mapping[str, str] | None = None) -> Comparison:
    """One comparison, such as `CQ03_TT <= HS_NHAN`; a count may be compared with a plain number."""
    node = _Expander(elements, named or {}).expand(tree(text, comparison=True))
    if not isinstance(node, Operation):  # tree(comparison=True) gives nothing else
        raise refuse("comparison", _("Ký tự %(at)s: thiếu phép so sánh"), 1)
    left, right = (_formula(write(side), side, elements) for side in (node.left, node.right))
    if PLAIN not in (left.unit, right.unit) and left.unit != right.unit:
        raise _units(node.at, left.unit, right.unit)
    return Comparison(text, node.sign, left, right)


def write(node: Node) -> str:
    """The tree as text again, names expanded."""
    if isinstance(node, Number):
        return format(node.value, "f")
    if isinstance(node, Name):
        return node.code
    if isinstance(node, Negative):
        return f"-{_bracketed(node.operand)}"
    return f"{_bracketed(node.left)} {node.sign} {_bracketed(node.right)}"


def _bracketed(node: Node) -> str:
    return f"({write(node)})" if isinstance(node, Operation | Negative) else write(node)


def _formula(text: str, node: Node, elements: Elements) -> Formula:
    return Formula(text, node, tuple(dict.fromkeys(_names(node))), _unit(node, elements))


def _names(node: Node) -> list[str]:
    if isinstance(node, Name):
        return [node.code]
    if isinstance(node, Negative):
        return _names(node.operand)
    return _names(node.left) + _names(node.right) if isinstance(node, Operation) else []


class _Expander:
    """Puts named formulas in place of their names, and ends before they can explode."""

    def __init__(self, elements: Elements, named: Mapping[str, str]) -> None:
        self.elements, self.named, self.left = elements, named, MAX_NODES

    def expand(self, node: Node, path: tuple[str, ...] = ()) -> Node:
        self.left -= 1
        if self.left < 0:
            raise refuse("long", _("Ký tự %(at)s: công thức có quá nhiều phần"), node.at)
        if isinstance(node, Negative):
            return Negative(self.expand(node.operand, path), node.at)
        if isinstance(node, Operation):
            return Operation(node.sign, self.expand(node.left, path), self.expand(node.right, path), node.at)
        if isinstance(node, Number) or node.code in self.elements:
            return node
        return self.replace(node, path)

    def replace(self, node: Name, path: tuple[str, ...]) -> Node:
        if node.code in path:
            circle = " → ".join((*path[path.index(node.code) :], node.code))
            raise refuse("cycle", _("Ký tự %(at)s: công thức gọi vòng %(circle)s"), node.at, circle=circle)
        if node.code not in self.named:
            raise refuse("element", _("Ký tự %(at)s: không có phần tử «%(name)s»"), node.at, name=node.code)
        try:
            return self.expand(tree(self.named[node.code], comparison=False), (*path, node.code))
        except Refusal as refusal:
            # The character that counts is the one in the text that the author is looking at.
            message = _("Ký tự %(at)s, trong «%(name)s»: %(inner)s")
            code = refusal.code.removeprefix("formula.")
            raise refuse(code, message, node.at, name=node.code, inner=str(refusal)) from refusal


def _unit(node: Node, elements: Elements) -> str:
    """What the node counts; refuses what the count grammar forbids."""
    if isinstance(node, Number):
        return PLAIN
    if isinstance(node, Name):
        return elements[node.code].measure.unit
    if isinstance(node, Negative):
        return _unit(node.operand, elements)
    left, right = _unit(node.left, elements), _unit(node.right, elements)
    if node.sign == "*":
        if PLAIN not in (left, right):
            message = _("Ký tự %(at)s: không nhân hai số đếm (%(left)s × %(right)s)")
            raise refuse("product", message, node.at, left=left, right=right)
        return left or right
    if node.sign == "/":
        if left == right:
            return PLAIN
        return f"{left or '1'}/{right}" if right else left
    if node.sign not in COMPARISONS and left != right:
        raise _units(node.at, left, right)
    if node.sign == "+":
        _check_addable(node, elements)
    return left


def _check_addable(node: Operation, elements: Elements) -> None:
    for code in _names(node):
        if elements[code].measure.over_split == Adds.NONE:
            message = _("Ký tự %(at)s: không cộng được «%(name)s» (có thể đếm trùng)")
            raise refuse("adds", message, node.at, name=code)


def _units(at: int, left: str, right: str) -> Refusal:
    message = _("Ký tự %(at)s: khác đơn vị (%(left)s và %(right)s)")
    return refuse("unit", message, at, left=left or _("số"), right=right or _("số"))


def _evaluate(node: Node, values: Mapping[str, Decimal | None]) -> Fraction | None:
    """Fractions, because a rounded third would turn a zero denominator into a tiny one."""
    if isinstance(node, Number):
        return Fraction(node.value)
    if isinstance(node, Name):
        value = values.get(node.code)
        return None if value is None else Fraction(value)
    if isinstance(node, Negative):
        inner = _evaluate(node.operand, values)
        return None if inner is None else -inner
    left, right = _evaluate(node.left, values), _evaluate(node.right, values)
    if left is None or right is None or (node.sign == "/" and not right):
        return None
    return ARITHMETIC[node.sign](left, right)


def _terms(node: Node) -> dict[str, Decimal]:
    """Coefficients; the plain part under the name ""."""
    if isinstance(node, Number):
        return {PLAIN: node.value}
    if isinstance(node, Name):
        return {node.code: Decimal(1)}
    if isinstance(node, Negative):
        return _scaled(_terms(node.operand), Decimal(-1))
    left, right = _terms(node.left), _terms(node.right)
    if node.sign in ("+", "-"):
        signed = right if node.sign == "+" else _scaled(right, Decimal(-1))
        keys = dict.fromkeys((*left, *signed))
        return {key: EXACT.add(left.get(key, Decimal(0)), signed.get(key, Decimal(0))) for key in keys}
    if set(right) == {PLAIN} and (node.sign == "*" or right[PLAIN]):
        factor = right[PLAIN] if node.sign == "*" else EXACT.divide(Decimal(1), right[PLAIN])
        return _scaled(left, factor)
    if node.sign == "*" and set(left) == {PLAIN}:
        return _scaled(right, left[PLAIN])
    raise refuse("nonlinear", _("Ký tự %(at)s: chỉ cho phép cộng, trừ và nhân với số"), node.at)


def _scaled(terms: dict[str, Decimal], factor: Decimal) -> dict[str, Decimal]:
    return {code: EXACT.multiply(coef, factor) for code, coef in terms.items()}
