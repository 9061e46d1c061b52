"""Decimals as JSON numbers.

Whole numbers are exact. Others carry at most 15 significant digits: that many come back unchanged from the
double that every JSON reader makes of them, so what is written is what is read. Nothing is rounded further.
"""

from decimal import Context, Decimal
from typing import Annotated

from pydantic import WithJsonSchema

DIGITS = 15
_PRECISE = Context(prec=DIGITS)
Number = Annotated[int | float, WithJsonSchema({"type": "number"})]


def number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    if value == value.to_integral_value():
        return int(value)
    return float(_PRECISE.plus(value))
