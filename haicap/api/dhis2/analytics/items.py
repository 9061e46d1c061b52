"""What stands after dx: elements, one split of one, indicators, reporting rates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from haicap.api.dhis2.analytics.errors import refused
from haicap.api.dhis2.naming import Names
from haicap.catalogue.queries import Element, Form, Indicator

METRICS = (
    "REPORTING_RATE",
    "REPORTING_RATE_ON_TIME",
    "ACTUAL_REPORTS",
    "ACTUAL_REPORTS_ON_TIME",
    "EXPECTED_REPORTS",
)
ANY = "*"
ADDABLE = ("number", "boolean")


@dataclass(frozen=True)
class ElementItem:
    """`split`, `attribution`: one of them alone; None for all together."""

    name: str
    element: Element
    split: str | None = None
    attribution: str | None = None

    @property
    def addable(self) -> bool:
        return self.element.kind in ADDABLE


@dataclass(frozen=True)
class IndicatorItem:
    """`foreign`: its formulas are those of another system and are computed over totals, as that one does."""

    name: str
    indicator: Indicator
    foreign: bool = False


@dataclass(frozen=True)
class RateItem:
    name: str
    form: Form
    metric: str


Item = ElementItem | IndicatorItem | RateItem


def read(given: Iterable[str], names: Names) -> list[Item]:
    """WebMessageError 409 E7124 that names every item which does not exist."""
    found, unknown = [], []
    for text in dict.fromkeys(given):
        item = _item(text, names)
        if item is None:
            unknown.append(text)
        else:
            found.append(item)
    if unknown:
        raise refused("E7124", ", ".join(unknown)[:400])
    return found


def _item(text: str, names: Names) -> Item | None:
    head, _dot, rest = text.partition(".")
    form = names.form(head)
    if form is not None and rest in METRICS:
        return RateItem(text, form, rest)
    element = names.element(head)
    if element is not None:
        return _operand(text, element, rest, names)
    if rest:
        return None
    indicator = names.indicator(head)
    return IndicatorItem(text, *indicator) if indicator else None


def _operand(text: str, element: Element, rest: str, names: Names) -> ElementItem | None:
    if not rest:
        return ElementItem(text, element)
    parts = rest.split(".")
    codes = [None if part == ANY else names.split(part) for part in parts]
    if len(parts) > 2 or any(code is None and part != ANY for code, part in zip(codes, parts, strict=True)):
        return None
    return ElementItem(text, element, *codes)
