"""Periods of a question, and which stored windows fill them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from haicap.api.dhis2 import periodids
from haicap.api.dhis2.analytics import relative
from haicap.api.dhis2.analytics.errors import refused
from haicap.catalogue.queries import Catalogue, Element
from haicap.core import periods
from haicap.core.counts import Adds
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Period, Rule
from haicap.warehouse.queries.crosstab import Window

# From long to short: of several kinds that fill a period, a unit's longest one counts.
KINDS = (Kind.YEAR, Kind.NINE_MONTHS, Kind.HALF, Kind.QUARTER, Kind.MONTH, Kind.WEEK, Kind.DAY)
MOST_PERIODS = 1_000
Habit = tuple[Kind, Rule]


def read(given: Iterable[str], today: date) -> tuple[list[Period], dict[str, list[str]]]:
    """Periods in the order asked, each once, and what every relative name stood for (ids)."""
    found: dict[str, Period] = {}
    named = {}
    for text in given:
        several = relative.expand(text.upper(), today)
        if several is None:
            try:
                several = [periods.parse(periodids.key_of(text), Rule.CALENDAR)]
            except Refusal:
                raise refused("E7146", text[:80]) from None
        else:
            named[text] = [periodids.id_of(one) for one in several]
        found |= {one.key: one for one in several}
    if len(found) > MOST_PERIODS:
        raise refused("E7128", MOST_PERIODS)
    return list(found.values()), named


def between(start: str, end: str) -> tuple[date, date]:
    """Both days inclusive."""
    try:
        first, last = date.fromisoformat(start[:10]), date.fromisoformat(end[:10])
    except ValueError:
        raise refused("E7146", f"{start[:40]} … {end[:40]}") from None
    if first > last:
        raise refused("E7106", first, last)
    if first.year < 1900 or last.year >= 2200:
        raise refused("E7146", f"{first} … {last}")
    return first, last


def habits(catalogue: Catalogue) -> dict[str, list[Habit]]:
    """Element code → kinds of periods and window rules in which its forms collect it, longest first."""
    found: dict[str, dict[Habit, None]] = {}
    for form in catalogue.forms.values():
        for code in form.elements:
            found.setdefault(code, {})[form.kind, form.rule] = None
    order = {kind: place for place, kind in enumerate(KINDS)}
    return {code: sorted(kept, key=lambda one: order.get(one[0], 99)) for code, kept in found.items()}


def windows(
    element: Element,
    targets: Mapping[int, Sequence[Period]],
    known: Mapping[str, Sequence[Habit]],
) -> Iterator[Window]:
    """The stored windows that fill each target (number → periods that are taken together).

    A period is filled by figures of its own kind, or by shorter ones that tile it under one window rule. What
    was never asked for in a form (published figures) has calendar windows of its own kind alone.
    """
    last = element.measure.over_time is Adds.LAST
    for target, together in targets.items():
        seen = set()
        for period in together:
            listed = known.get(element.code) or [(period.kind, Rule.CALENDAR)]
            rule = listed[0][1]
            for rank, (kind, own_rule) in enumerate(listed):
                # within one rule alone: windows of two rules do not tile each other
                if own_rule is not rule:
                    continue
                for key in filling(period, kind, rule):
                    if key not in seen:
                        seen.add(key)
                        yield Window(element.id, key, rule, target, rank, last)


def filling(period: Period, kind: Kind, rule: Rule) -> list[str]:
    """Keys of the windows of that kind which together are the period; [] where none tile it."""
    if kind is period.kind:
        return [period.key]
    try:
        return [one.key for one in periods.parts(periods.parse(period.key, rule), kind)]
    except Refusal:
        return []


def named_within(first: date, last: date, kind: Kind) -> list[Period]:
    """The periods of that kind whose calendar window lies in these days, both inclusive."""
    if kind is Kind.CAMPAIGN:
        return []
    try:
        one = periods.containing(first, kind, Rule.CALENDAR)
    except Refusal:
        one = periods.parse(f"{first.year}-9M", Rule.CALENDAR)
    if one.start < first:
        one = periods.shift(one, 1)
    found = []
    while one.end <= last + timedelta(days=1):
        found.append(one)
        one = periods.shift(one, 1)
    return found
