"""What may stand in a cell, and how each kind is written as text."""

from datetime import date, datetime
from decimal import Decimal

from haicap.core import clock

Value = str | int | Decimal | float | bool | date | datetime | None


def as_number(value: int | Decimal | float) -> Decimal | None:
    """The number exactly; None for NaN, which is how numeric libraries say "missing"."""
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if number.is_nan():
        return None
    if not number.is_finite():
        raise ValueError("an infinite number cannot be exported")
    return number


def number_text(number: Decimal, point: str = ".") -> str:
    """Plain digits without groups. Never two-way: 1.234 is written 1.2340, so that no reader can
    take it for one thousand two hundred and thirty-four."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    whole, _, part = text.partition(".")
    if len(part) == 3 and len(whole.lstrip("-")) <= 3:
        part += "0"
    shown = f"{whole}{point}{part}" if part else whole
    return "0" if shown == "-0" else shown


def date_text(day: date) -> str:
    """ISO dates: every spreadsheet reads them and none mistakes the month. Instants as local wall time."""
    if isinstance(day, datetime):
        return clock.local(day).strftime("%Y-%m-%d %H:%M:%S")
    return day.isoformat()
