"""LAST_12_MONTHS and its like, counted from today's date in Vietnam, by the names of the calendar."""

from __future__ import annotations

from datetime import date

from haicap.core import periods
from haicap.core.periods import Kind, Period, Rule

_KINDS = {
    "DAY": Kind.DAY,
    "WEEK": Kind.WEEK,
    "MONTH": Kind.MONTH,
    "QUARTER": Kind.QUARTER,
    "SIX_MONTH": Kind.HALF,
    "YEAR": Kind.YEAR,
}
_PLURALS = {
    "DAYS": Kind.DAY,
    "WEEKS": Kind.WEEK,
    "MONTHS": Kind.MONTH,
    "QUARTERS": Kind.QUARTER,
    "SIXMONTHS": Kind.HALF,
    "YEARS": Kind.YEAR,
}
_COUNTS = {
    Kind.DAY: (3, 7, 14, 30, 60, 90, 180),
    Kind.WEEK: (4, 12, 52),
    Kind.MONTH: (3, 6, 12),
    Kind.QUARTER: (4,),
    Kind.HALF: (2,),
    Kind.YEAR: (5, 10),
}
_IN_YEAR = ("WEEKS", "MONTHS", "QUARTERS", "SIXMONTHS")


def _names() -> dict[str, tuple[str, Kind, int]]:
    """name → (how, kind, count)"""
    found = {"TODAY": ("one", Kind.DAY, 0), "YESTERDAY": ("one", Kind.DAY, -1)}
    for word, kind in _KINDS.items():
        if kind is not Kind.DAY:
            found |= {f"THIS_{word}": ("one", kind, 0), f"LAST_{word}": ("one", kind, -1)}
    for word, kind in _PLURALS.items():
        found |= {f"LAST_{count}_{word}": ("last", kind, count) for count in _COUNTS[kind]}
        if word in _IN_YEAR:
            found |= {f"{word}_THIS_YEAR": ("year", kind, 0), f"{word}_LAST_YEAR": ("year", kind, -1)}
    return found


NAMES = _names()


def expand(name: str, today: date) -> list[Period] | None:
    """The periods that the name stands for, oldest first; None for a name that is not known here."""
    found = NAMES.get(name)
    if found is None:
        return None
    how, kind, count = found
    this = periods.containing(today, kind, Rule.CALENDAR)
    if how == "one":
        return [periods.shift(this, count)]
    if how == "last":
        return periods.span(periods.shift(this, -count), periods.shift(this, -1))
    year = periods.shift(periods.containing(today, Kind.YEAR, Rule.CALENDAR), count)
    if kind is not Kind.WEEK:
        return periods.parts(year, kind)
    first = periods.parse(f"{year.year}-W01", Rule.CALENDAR)
    last = periods.parse(f"{year.year}-W{date(year.year, 12, 28).isocalendar().week}", Rule.CALENDAR)
    return periods.span(first, last)
