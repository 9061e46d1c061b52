"""What the records say for every element that the system counts: unit by unit, window by window.

A figure is given where the records reach over the whole window, and nowhere else: missing is never zero. What
"reach" means is decided here, from the days that the records themselves know of (docs/adr/0027).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from itertools import chain

from haicap.catalogue import calendar
from haicap.catalogue.derivations import Derivation
from haicap.catalogue.facttables import TABLES
from haicap.catalogue.queries import Catalogue, Counting, Element
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Period, Rule
from haicap.dossiers.queries import origins
from haicap.reporting.actions import DerivedFigure
from haicap.units import queries as units
from haicap.units.queries import Place
from haicap.warehouse.queries.derived import Reach, derived, reach, source_files

# Units together in one question and one transaction: a province, or a thirteenth of the country.
UNITS_TOGETHER = 250
MOST_WINDOWS = 400
# By table: units of whose records only a part is held.
PARTIAL = {"dossiers": origins.partial_units}
# By table: what must be counted anew when it changes, beside the records themselves.
REACHED_BY = {"dossiers": origins.partial_codes}
_DAY = timedelta(days=1)
Wanted = dict[tuple[Kind, Rule], list[Element]]
# (key, rule) of a window
Named = tuple[str, str]


@dataclass(frozen=True)
class Coverage:
    """`units`: stretches of days that the records of each unit know of; `until`: the last day that the
    records of a whole province know of, by the unit above."""

    units: Mapping[int, tuple[Reach, ...]]
    places: Mapping[int, Place]
    until: Mapping[int | None, date]
    rule: Counting = field(default_factory=Counting)

    def holds(self, unit_id: int, window: Period, last_working: date) -> bool:
        """Do the records of this unit reach over the window? `last_working`: its last working day."""
        place = self.places.get(unit_id)
        if place is None or not place.holds_on(window.last_day):
            return False
        if self.until.get(place.parent_id, date.min) < last_working:
            return False
        return any(
            one.first < window.start + self.rule.first_days * _DAY
            and one.last >= window.end - self.rule.silent_days * _DAY
            for one in self.units.get(unit_id, ())
        )

    def near(self, unit_id: int, starts: Sequence[date]) -> set[int]:
        """Places of the windows that may hold, and one or two more: `starts` are their first days, in order.
        One dossier with a wrong year costs the windows around its day, not all those since."""
        return {
            place
            for one in self.units.get(unit_id, ())
            for place in range(
                bisect_right(starts, one.first - self.rule.first_days * _DAY),
                bisect_right(starts, one.last + self.rule.silent_days * _DAY),
            )
        }


def mark(book: Catalogue, today: date) -> str:
    """Changes when any figure may: with the records, what their sources are said to hold, the definitions and
    forms, and the day, which closes windows. One query where anything is counted."""
    tables = sorted({one.derived.over for one in book.elements.values() if one.derived})
    files = [name for table in tables for name in source_files(table)]
    partial = [f"{table} {one}" for table in tables for one in REACHED_BY[table]()]
    return sha256("\n".join([book.version, today.isoformat(), *files, *partial]).encode()).hexdigest()


def wanted(book: Catalogue) -> Wanted:
    """For which kinds of period each counted element is needed: by a form that holds it, or an indicator."""
    found: dict[tuple[Kind, Rule], dict[str, Element]] = defaultdict(dict)
    for form in book.forms.values():
        for code in form.counted:
            found[form.kind, form.rule][code] = book.elements[code]
    for indicator in book.indicators.values():
        sides = (*indicator.numerator_terms, *(indicator.denominator_terms or ()))
        for element_id, _coefficient in sides:
            element = book.elements_by_id[element_id]
            if element.derived is not None:
                found[indicator.period_kind, indicator.rule][element.code] = element
    return {key: list(elements.values()) for key, elements in found.items()}


def coverage(table: str, today: date, rule: Counting) -> Coverage:
    """Days in the future are mistakes of the records and reach nowhere; what a partial source knows is not
    all there is."""
    if not source_files(table):
        return Coverage({}, {}, {})
    partial = PARTIAL[table]()
    known = reach(TABLES[table], rule.silent_days * _DAY)
    found = {unit: spells for unit, spells in known.items() if unit not in partial}
    places = units.by_ids(found)
    until: dict[int | None, date] = {}
    for unit, spells in found.items():
        if unit in places:
            above, last = places[unit].parent_id, min(spells[-1].last, today)
            until[above] = max(until.get(above, last), last)
    return Coverage(found, places, until, rule)


def figures(
    book: Catalogue, today: date, known: Collection[tuple[int, str, str]] = ()
) -> Iterator[list[DerivedFigure]]:
    """Everything that can be counted, in parts of some units. `known`: (unit, period key, window rule) of
    what has figures already; where the records went it loses them."""
    by_table: dict[str, Wanted] = defaultdict(lambda: defaultdict(list))
    for key, elements in wanted(book).items():
        for element in elements:
            if element.derived is not None:
                by_table[element.derived.over][key].append(element)
    held: dict[int, set[Named]] = defaultdict(set)
    for unit, name, rule in known:
        held[unit].add((name, rule))
    oldest = min((_start(one) for one in set().union(*held.values())), default=date.max)
    for table, asked in by_table.items():
        cover = coverage(table, today, book.counting)
        first = min([oldest, *(spells[0].first for spells in cover.units.values())])
        windows = {key: _windows(book, key, elements, first, today) for key, elements in asked.items()}
        everybody = sorted({*cover.units, *held})
        for start in range(0, len(everybody), UNITS_TOGETHER):
            some = everybody[start : start + UNITS_TOGETHER]
            found: list[DerivedFigure] = []
            for key, elements in asked.items():
                found += _of(elements, _looked_at(windows[key], some, cover, held), cover)
            yield found


def _start(name: Named) -> date:
    return periods.parse(name[0], Rule(name[1])).start


def _looked_at(
    windows: Sequence[Period], unit_ids: Sequence[int], cover: Coverage, held: Mapping[int, set[Named]]
) -> dict[int, list[Period]]:
    """Of each unit the windows near its records, and those that it has figures of."""
    starts = [one.start for one in windows]
    places = {(one.key, one.rule.value): place for place, one in enumerate(windows)}
    return {
        unit: [
            windows[place]
            for place in sorted(
                cover.near(unit, starts) | {places[one] for one in held.get(unit, ()) if one in places}
            )
        ]
        for unit in unit_ids
    }


def _of(
    elements: Sequence[Element], looked_at: Mapping[int, Sequence[Period]], cover: Coverage
) -> Iterator[DerivedFigure]:
    windows = list(dict.fromkeys(chain.from_iterable(looked_at.values())))
    if not windows:
        return
    definitions = [one.derived for one in elements if one.derived is not None]
    found = _counted(definitions, windows, list(looked_at))
    last_working = {window: _last_working(window) for window in windows}
    nothing, zero = (None, 0), (Decimal(0), 0)
    for unit, some in looked_at.items():
        for window in some:
            whole = cover.holds(unit, window, last_working[window])
            for place, element in enumerate(elements):
                number, records = found.get((unit, window.key, place), zero) if whole else nothing
                yield DerivedFigure(unit, element.id, window, number, records, definitions[place].number)


def _counted(
    definitions: Sequence[Derivation], windows: Sequence[Period], unit_ids: Sequence[int]
) -> dict[tuple[int, str, int], tuple[Decimal | None, int]]:
    return {
        (one.unit_id, one.window.key, one.asked): (one.number, one.records if one.number is not None else 0)
        for one in derived(definitions, windows, unit_ids)
    }


def _windows(
    book: Catalogue, key: tuple[Kind, Rule], elements: Sequence[Element], first: date, today: date
) -> list[Period]:
    """The closed windows of this kind since the first record, in order; of campaigns those that a form asks
    for."""
    kind, rule = key
    if kind is Kind.CAMPAIGN:
        codes = {one.code for one in elements}
        asked = [form.window for form in book.forms.values() if codes & set(form.counted)]
        due = {one for one in asked if one is not None and one.rule is rule and one.end <= today}
        return sorted(due, key=lambda one: (one.start, one.key))
    try:
        last = periods.last_closed(kind, today, rule)
        oldest = periods.shift(last, 1 - MOST_WINDOWS)
        begin = oldest if first < oldest.start else periods.containing(first, kind, rule)
        return periods.span(begin, last)
    except Refusal:
        return []


def _last_working(window: Period) -> date:
    """The last working day in the window; its last day where it has none."""
    day = window.last_day
    while day > window.start and not calendar.is_working(day):
        day -= _DAY
    return day if calendar.is_working(day) else window.last_day
