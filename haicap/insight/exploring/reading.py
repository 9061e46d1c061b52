"""What the warehouse holds for a free question: one figure per element, unit, stored period and split."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from haicap.catalogue import gate
from haicap.catalogue.queries import Element
from haicap.core.periods import Kind, Period, Rule
from haicap.insight.exploring.question import ONE, Habit, Question
from haicap.warehouse.queries.all_indicators import Asked, all_indicators
from haicap.warehouse.queries.crosstab import Item as Sum
from haicap.warehouse.queries.crosstab import Window, crosstab

Tiles = tuple[Period, ...]


class Stored(NamedTuple):
    """A figure as it stands in the warehouse; `number` None with the reason given, if any."""

    number: Decimal | None
    provisional: bool = False
    grade: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Plan:
    """Element code and period asked → the ways to fill it, best first: each a run of stored periods."""

    ways: Mapping[tuple[str, Period], tuple[Tiles, ...]]

    @property
    def tiles(self) -> dict[Period, set[str]]:
        """Stored period → codes of the elements that are read there."""
        found: dict[Period, set[str]] = {}
        for (code, _period), ways in self.ways.items():
            for tile in (tile for way in ways for tile in way):
                found.setdefault(tile, set()).add(code)
        return found


def plan(asked: Question, known: Mapping[str, Sequence[Habit]]) -> Plan:
    elements = {one.code: one for item in asked.items for one in item.elements}
    return Plan(
        {
            (element.code, period): _ways(element, period, known.get(element.code, ()))
            for element in elements.values()
            for period in asked.periods
        }
    )


def _ways(element: Element, period: Period, kinds: Iterable[Habit]) -> tuple[Tiles, ...]:
    """A figure of the very period goes before a sum of shorter ones."""
    kinds = list(kinds)
    if not kinds:
        return ((period,),) if period.rule is Rule.CALENDAR else ()
    found: list[Tiles] = []
    for kind, rule in kinds:
        if rule is not period.rule:
            continue
        if kind is period.kind:
            found.append((period,))
        elif Kind.CAMPAIGN not in (kind, period.kind):
            tiles = gate.tiles_of(period.start, period.end, kind, rule, element.measure.over_time)
            found += [tuple(tiles)] if tiles else []
    return tuple(sorted(dict.fromkeys(found), key=len))


Facts = dict[tuple[str, int, Period, str], Stored]


def read(asked: Question, chosen: Plan, unit_ids: Sequence[int]) -> Facts:
    """(element code, unit, stored period, split) → what is stored. One question per stored period, or two
    for a split."""
    elements = {one.code: one for item in asked.items for one in item.elements}
    if asked.split:
        return _by_split(chosen, elements, unit_ids)
    found: Facts = {}
    for tile, codes in chosen.tiles.items():
        terms = {code: Asked(((elements[code].id, ONE),), None) for code in sorted(codes)}
        for code, rows in all_indicators(terms, unit_ids, tile.key, rule=tile.rule).items():
            for unit, row in rows.items():
                provisional = row.status == "provisional"
                found[code, unit, tile, ""] = Stored(row.numerator, provisional, row.grade or "", row.missing)
    return found


def _by_split(chosen: Plan, elements: Mapping[str, Element], unit_ids: Sequence[int]) -> Facts:
    """What changes when accepted figures alone are asked for is provisional."""
    tiles = list(chosen.tiles)
    numbered = list(elements.values())
    sums = {number: Sum(((one.id, ONE),)) for number, one in enumerate(numbered)}
    windows = [
        Window(elements[code].id, tile.key, tile.rule, target)
        for target, tile in enumerate(tiles)
        for code in sorted(chosen.tiles[tile])
    ]
    places = {unit: [unit] for unit in unit_ids}
    every = crosstab(sums, windows, places, by_split=True)
    accepted = {
        (row.item, row.target, row.place, row.split): row.numerator
        for row in crosstab(sums, windows, places, by_split=True, accepted_only=True)
    }
    return {
        (numbered[row.item].code, row.place, tiles[row.target], row.split): Stored(
            row.numerator,
            accepted.get((row.item, row.target, row.place, row.split)) != row.numerator,
        )
        for row in every
        if row.split
    }
