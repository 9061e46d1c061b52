"""The whole question stands in the address; here it is read and written.

do=CQ01&do=HS_NHAN    indicators and elements, by code
dv=24505&dv=con.66    units by code; "con.66" is every unit directly under 66
ky=2026-10&ky=2026-08~2026-10&den=…   periods by key, ranges; with `den` the first key begins a range
theo=COMB, theo=COMB.DIM   split by a combination or by one of its dimensions
gop=ky&gop=dv         add the periods up, add the units up
dang=table|chart|map · xoay=do|dv|ky|theo   what stands in the columns (several)
ve=item.period        what the map draws · tai=csv|xlsx
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

TABLE, CHART, MAP = "table", "chart", "map"
VIEWS = (TABLE, CHART, MAP)
ITEMS, UNITS, PERIODS, SPLIT = "do", "dv", "ky", "theo"
AXES = (UNITS, PERIODS, ITEMS, SPLIT)
TOGETHER = (PERIODS, UNITS)
UNDER, TO = "con.", "~"
# Longer than any question that the limits allow, shorter than what a server takes for an attack.
LONGEST = 6_000
MOST_CODES = 400
_APART = re.compile(r"[\s,;]+")


@dataclass(frozen=True)
class Address:
    """Codes as they were written; nothing here says that they exist."""

    items: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    split: str = ""
    together: tuple[str, ...] = ()
    view: str = TABLE
    across: tuple[str, ...] = ()
    drawn: str = ""

    def query(self, **changes: object) -> str:
        """Without the question mark; defaults are left out, so equal questions have equal addresses."""
        one = replace(self, **changes)  # type: ignore[arg-type]
        parts: list[tuple[str, str]] = [
            *((ITEMS, code) for code in one.items),
            *((UNITS, code) for code in one.units),
            *((PERIODS, key) for key in one.periods),
            *((SPLIT, code) for code in [one.split] if code),
            *(("gop", axis) for axis in one.together),
            *(("dang", view) for view in [one.view] if view != TABLE),
            *(("xoay", axis) for axis in one.across),
            *(("ve", drawn) for drawn in [one.drawn] if drawn),
        ]
        return urlencode(parts, safe="~")

    @property
    def blank(self) -> bool:
        return not (self.items or self.units or self.periods)

    @property
    def span(self) -> tuple[str, str]:
        """The first period or range as two keys, for the two pickers."""
        first, _to, last = (self.periods[0] if self.periods else "").partition(TO)
        return first, last

    @property
    def more_periods(self) -> str:
        return ", ".join(self.periods[1:])


def read(query: QueryDict) -> Address:
    """Total: whatever is written gives an address."""
    periods = _codes(query.getlist(PERIODS))
    last = query.get("den", "").strip()[:40]
    if last and periods and TO not in periods[0]:
        periods = (periods[0] if last == periods[0] else f"{periods[0]}{TO}{last}", *periods[1:])
    view = query.get("dang", TABLE)
    return Address(
        items=_codes(query.getlist(ITEMS)),
        units=_codes(query.getlist(UNITS)),
        periods=tuple(dict.fromkeys(periods)),
        split=query.get(SPLIT, "").strip()[:80],
        together=tuple(axis for axis in TOGETHER if axis in query.getlist("gop")),
        view=view if view in VIEWS else TABLE,
        across=tuple(axis for axis in AXES if axis in query.getlist("xoay")),
        drawn=query.get("ve", "")[:120],
    )


def _codes(written: Iterable[str]) -> tuple[str, ...]:
    """Several values, each with one or several codes apart by commas or spaces."""
    codes = (code[:80] for text in written for code in _APART.split(text.strip()) if code)
    return tuple(dict.fromkeys(codes))[:MOST_CODES]
