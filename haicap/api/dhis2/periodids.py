"""Periods as DHIS2 writes them: 202610, 2026Q4, 2026S2, 2026, 2026W7, 20261015; ADX: 2026-10-01/P1M.

An id names a period by its label. Under the window rule of Decree 09 month 202610 runs from 15 September to
14 October, so ADX's start date is the first day of the month that gives the period its name, whatever
the rule of the form. Nine months and campaigns, which DHIS2 does not know, keep our own keys.
"""

import re
from datetime import date

from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Period, Rule

_IDS = (
    (re.compile(r"([0-9]{4})(0[1-9]|1[0-2])"), "{}-{}"),
    (re.compile(r"([0-9]{4})Q([1-4])"), "{}-Q{}"),
    (re.compile(r"([0-9]{4})S([12])"), "{}-H{}"),
    (re.compile(r"([0-9]{4})"), "{}"),
    (re.compile(r"([0-9]{4})W([1-9]|[0-4][0-9]|5[0-3])"), "{}-W{:0>2}"),
    (re.compile(r"([0-9]{4})(0[1-9]|1[0-2])([0-3][0-9])"), "{}-{}-{}"),
)
# Some clients write months and days with dashes; dhis2-core reads both.
_DASHED = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])(-[0-3][0-9])?|[0-9]{4}-9M|[0-9-]{10}\.\.[0-9-]{10}")
_ADX = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})/P(1D|7D|1W|1M|3M|6M|9M|12M|1Y)")
LENGTHS = {
    Kind.DAY: "P1D",
    Kind.WEEK: "P7D",
    Kind.MONTH: "P1M",
    Kind.QUARTER: "P3M",
    Kind.HALF: "P6M",
    Kind.NINE_MONTHS: "P9M",
    Kind.YEAR: "P1Y",
}
_KINDS = {
    "1D": Kind.DAY,
    "7D": Kind.WEEK,
    "1W": Kind.WEEK,
    "1M": Kind.MONTH,
    "3M": Kind.QUARTER,
    "6M": Kind.HALF,
    "9M": Kind.NINE_MONTHS,
    "12M": Kind.YEAR,
    "1Y": Kind.YEAR,
}


def key_of(text: str) -> str:
    """Our key for an id of DHIS2 or ADX. Refusal "period.key" for anything that names no period."""
    text = text.strip()
    adx = _ADX.fullmatch(text)
    if adx:
        return _adx_key(adx, text)
    for pattern, key in _IDS:
        found = pattern.fullmatch(text)
        if found:
            return periods.parse(key.format(*found.groups())).key
    if _DASHED.fullmatch(text):
        return periods.parse(text).key
    raise Refusal("period.key", key=text[:40])


def id_of(period: Period) -> str:
    """How DHIS2 writes this period."""
    key = period.key
    if period.kind in (Kind.MONTH, Kind.DAY):
        return key.replace("-", "")
    if period.kind is Kind.QUARTER:
        return key.replace("-", "")
    if period.kind is Kind.HALF:
        return f"{period.year}S{period.number}"
    if period.kind is Kind.WEEK:
        return f"{period.year}W{period.number}"
    return key


def id_of_key(key: str) -> str:
    return id_of(periods.parse(key))


def adx_of(period: Period) -> str:
    """Start and length as ADX wants them; a campaign keeps its key, for ADX has no word for it."""
    if period.kind is Kind.CAMPAIGN:
        return period.key
    named = periods.parse(period.key, Rule.CALENDAR)
    return f"{named.start.isoformat()}/{LENGTHS[period.kind]}"


def _adx_key(found: re.Match[str], text: str) -> str:
    try:
        start = date(int(found[1]), int(found[2]), int(found[3]))
        period = periods.containing(start, _KINDS[found[4]], Rule.CALENDAR)
    except ValueError:
        raise Refusal("period.key", key=text[:40]) from None
    if period.start != start:
        raise Refusal("period.key", key=text[:40])
    return period.key
