"""Cells that are asked by parts (sex, age …): when the parts make the whole."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from haicap.catalogue.queries import Element
from haicap.core.counts import Adds


def whole(element: Element, numbers: Mapping[str, Decimal | None]) -> Decimal | None:
    """`numbers`: split code → figure. The sum of the parts where they may be added and all are there, else
    what was given for the whole; some of the parts are never the whole."""
    if element.splits and element.measure.over_split is Adds.SUM:
        parts = [number for split in element.splits if (number := numbers.get(split)) is not None]
        if len(parts) == len(element.splits):
            return sum(parts, Decimal(0))
    return numbers.get("")


def is_filled(element: Element, filled: Collection[str]) -> bool:
    """`filled`: the splits that hold something."""
    return "" in filled or (bool(element.splits) and all(split in filled for split in element.splits))
