"""Reporting periods: text keys and half-open windows of local dates.

Decree 09/2019/NĐ-CP counts a month from the 15th of the month before to the 14th; quarters, halves,
nine months and years follow from it. Calendar windows exist too: the rule belongs to the form.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from haicap.core import period_names as names
from haicap.core.errors import Refusal


class Rule(StrEnum):
    DECREE09 = "nd09"
    CALENDAR = "calendar"


class Kind(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    NINE_MONTHS = "nine_months"
    YEAR = "year"
    CAMPAIGN = "campaign"


_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_LONGEST_SPAN = 10_000
_ONE_DAY = timedelta(days=1)
_MONTHS_IN = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF: 6, Kind.NINE_MONTHS: 9, Kind.YEAR: 12}
_DATE = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_KEYS = {
    Kind.YEAR: re.compile(r"([0-9]{4})"),
    Kind.MONTH: re.compile(r"([0-9]{4})-([0-9]{2})"),
    Kind.QUARTER: re.compile(r"([0-9]{4})-Q([1-4])"),
    Kind.HALF: re.compile(r"([0-9]{4})-H([12])"),
    Kind.NINE_MONTHS: re.compile(r"([0-9]{4})-9M"),
    Kind.WEEK: re.compile(r"([0-9]{4})-W([0-9]{2})"),
    Kind.DAY: re.compile(f"({_DATE})"),
    Kind.CAMPAIGN: re.compile(rf"({_DATE})\.\.({_DATE})"),
}


@dataclass(frozen=True, order=True)
class Period:
    """A window of local dates, half-open: `start` is in it, `end` is not."""

    key: str
    kind: Kind
    rule: Rule
    start: date
    end: date

    @property
    def last_day(self) -> date:
        return self.end - _ONE_DAY

    @property
    def year(self) -> int:
        """The year in the key, which is not always the year of the first day."""
        return int(self.key[:4])

    @property
    def number(self) -> int:
        """Which month, quarter, half or ISO week of the year; 1 where there is no such number."""
        return int(self.key[-2:].lstrip("QHW")) if self.kind in _NUMBERED else 1

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


_NUMBERED = frozenset({Kind.MONTH, Kind.QUARTER, Kind.HALF, Kind.WEEK})


def parse(key: str, rule: Rule = Rule.DECREE09) -> Period:
    """The period that a key names. Refusal "period.key" for anything that is not exactly a key."""
    for kind, pattern in _KEYS.items():
        found = pattern.fullmatch(key)
        if found:
            try:
                return _from_parts(kind, found.groups(), rule)
            except ValueError:
                break
    raise Refusal("period.key", key=key[:40])


def _from_parts(kind: Kind, groups: tuple[str, ...], rule: Rule) -> Period:
    if kind is Kind.DAY:
        return _day(date.fromisoformat(groups[0]), rule)
    if kind is Kind.CAMPAIGN:
        return _campaign(date.fromisoformat(groups[0]), date.fromisoformat(groups[1]), rule)
    year, number = int(groups[0]), int(groups[1]) if len(groups) > 1 else 1
    return _week(year, number, rule) if kind is Kind.WEEK else _months(kind, year, number, rule)


def _check_year(year: int) -> None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError("year out of range")


def _day(day: date, rule: Rule) -> Period:
    _check_year(day.year)
    return Period(day.isoformat(), Kind.DAY, rule, day, day + _ONE_DAY)


def _week(year: int, week: int, rule: Rule) -> Period:
    _check_year(year)
    start = date.fromisocalendar(year, week, 1)
    return Period(f"{year}-W{week:02}", Kind.WEEK, rule, start, start + 7 * _ONE_DAY)


def _campaign(first: date, last: date, rule: Rule) -> Period:
    _check_year(first.year)
    _check_year(last.year)
    if last < first:
        raise ValueError("a campaign ends before it starts")
    return Period(f"{first}..{last}", Kind.CAMPAIGN, rule, first, last + _ONE_DAY)


def _months(kind: Kind, year: int, number: int, rule: Rule) -> Period:
    _check_year(year)
    size = _MONTHS_IN[kind]
    if not 1 <= number <= 12 // size:
        raise ValueError("no such part of the year")
    first = 12 * year + size * (number - 1)
    key = {
        Kind.MONTH: f"{year}-{number:02}",
        Kind.QUARTER: f"{year}-Q{number}",
        Kind.HALF: f"{year}-H{number}",
        Kind.NINE_MONTHS: f"{year}-9M",
        Kind.YEAR: f"{year}",
    }[kind]
    return Period(key, kind, rule, _month_start(first, rule), _month_start(first + size, rule))


def _month_start(index: int, rule: Rule) -> date:
    """First day of the window of month `index` (12 × year + month − 1)."""
    if rule is Rule.DECREE09:
        return date((index - 1) // 12, (index - 1) % 12 + 1, 15)
    return date(index // 12, index % 12 + 1, 1)


def containing(day: date, kind: Kind, rule: Rule = Rule.DECREE09) -> Period:
    """The period of that kind in which `day` lies.

    Refusal "period.none" where there is none (campaigns; nine months in the last quarter) and
    "period.range" outside 1900–2199.
    """
    try:
        if kind is Kind.DAY:
            return _day(day, rule)
        if kind is Kind.WEEK:
            return _week(*day.isocalendar()[:2], rule)
        if kind is Kind.CAMPAIGN:
            raise Refusal("period.none", day=day, kind=kind)
        index = 12 * day.year + day.month - 1 + (rule is Rule.DECREE09 and day.day >= 15)
        size = _MONTHS_IN[kind]
        year, month = divmod(index, 12)
        found = _months(kind, year, month // size + 1 if kind in _NUMBERED else 1, rule)
    except ValueError:
        raise Refusal("period.range", day=day) from None
    if day not in found:
        raise Refusal("period.none", day=day, kind=kind)
    return found


def shift(p: Period, n: int) -> Period:
    """`n` periods later (earlier when negative). Nine months move by years, campaigns by their length."""
    try:
        if p.kind is Kind.DAY:
            return _day(p.start + n * _ONE_DAY, p.rule)
        if p.kind is Kind.WEEK:
            return containing(p.start + 7 * n * _ONE_DAY, Kind.WEEK, p.rule)
        if p.kind is Kind.CAMPAIGN:
            move = n * (p.end - p.start)
            return _campaign(p.start + move, p.last_day + move, p.rule)
        per_year = 12 // _MONTHS_IN[p.kind]
        year, before = divmod(per_year * p.year + p.number - 1 + n, per_year)
        return _months(p.kind, year, before + 1, p.rule)
    except (ValueError, OverflowError):
        raise Refusal("period.range", key=p.key, shift=n) from None


def same_last_year(p: Period) -> Period:
    """The counterpart a year before; 29 February answers with the 28th, ISO week 53 with week 52."""
    try:
        if p.kind is Kind.DAY:
            return _day(_year_before(p.start), p.rule)
        if p.kind is Kind.CAMPAIGN:
            return _campaign(_year_before(p.start), _year_before(p.last_day), p.rule)
        if p.kind is Kind.WEEK:
            last_week = date(p.year - 1, 12, 28).isocalendar().week
            return _week(p.year - 1, min(p.number, last_week), p.rule)
        return _months(p.kind, p.year - 1, p.number, p.rule)
    except ValueError:
        raise Refusal("period.range", key=p.key) from None


def _year_before(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def parts(p: Period, kind: Kind) -> list[Period]:
    """The periods of `kind` that tile `p` without gap or overlap; Refusal "period.parts" if none do."""
    if kind is p.kind:
        return [p]
    try:
        part = containing(p.start, kind, p.rule)
        found = [part]
        while part.end < p.end:
            part = shift(part, 1)
            found.append(part)
    except Refusal:
        raise Refusal("period.parts", key=p.key, kind=kind) from None
    meets = all(a.end == b.start for a, b in pairwise(found))
    if not (meets and found[0].start == p.start and found[-1].end == p.end):
        raise Refusal("period.parts", key=p.key, kind=kind)
    return found


def year_to_date(p: Period) -> list[Period]:
    """Months, quarters or halves from the start of the year of `p` up to `p`, which is in it."""
    if p.kind not in (Kind.MONTH, Kind.QUARTER, Kind.HALF):
        raise Refusal("period.parts", key=p.key, kind=p.kind)
    return span(shift(p, 1 - p.number), p)


def span(first: Period, last: Period) -> list[Period]:
    """Every period from `first` to `last`, both in it; same kind and rule, else Refusal "period.span"."""
    fits = (first.kind, first.rule) == (last.kind, last.rule) and first.start <= last.start
    if not fits or first.kind is Kind.CAMPAIGN:
        raise Refusal("period.span", first=first.key, last=last.key)
    found = [first]
    while found[-1].start < last.start:
        if len(found) == _LONGEST_SPAN:
            raise Refusal("period.span_long", first=first.key, last=last.key, most=_LONGEST_SPAN)
        found.append(shift(found[-1], 1))
    return found


def last_closed(kind: Kind, today: date, rule: Rule = Rule.DECREE09) -> Period:
    """The latest period of that kind whose window is over on the morning of `today`."""
    # looked at from yesterday, so that the end of the last year that can be counted is no exception
    yesterday = today - _ONE_DAY
    if rule is Rule.DECREE09 and kind in _MONTHS_IN:
        # what follows 14 December belongs to a year that is not counted any more
        yesterday = min(yesterday, date(_LAST_YEAR, 12, 14))
    if kind is Kind.NINE_MONTHS:
        this = parse(f"{containing(yesterday, Kind.YEAR, rule).year}-9M", rule)
    else:
        this = containing(yesterday, kind, rule)
    return this if this.end <= today else shift(this, -1)


def label(p: Period, lang: str) -> str:
    """The name of the period: "Tháng 10/2026", "October 2026"."""
    if p.kind is Kind.DAY:
        return names.day_name(p.start, lang)
    if p.kind is Kind.CAMPAIGN:
        return f"{names.day_name(p.start, lang)} – {names.day_name(p.last_day, lang)}"
    if p.kind is Kind.YEAR:
        return names.year_name(p.year, lang)
    if p.kind is Kind.NINE_MONTHS:
        return names.nine_months_name(p.year, lang)
    named = {
        Kind.MONTH: names.month_name,
        Kind.QUARTER: names.quarter_name,
        Kind.HALF: names.half_name,
        Kind.WEEK: names.week_name,
    }[p.kind]
    return named(p.year, p.number, lang)


def window_label(p: Period, lang: str) -> str:
    """The window with its last day in it: "15/9/2026 – 14/10/2026"."""
    first, last = names.short_day_name(p.start, lang), names.short_day_name(p.last_day, lang)
    return first if first == last else f"{first} – {last}"
