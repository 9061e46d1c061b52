"""The answer: every cell by the count grammar, unit by unit first, then over units. Nothing is averaged,
and what is missing stays missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from haicap.catalogue.queries import Catalogue, Element
from haicap.core import bands
from haicap.core.counts import Adds, Along, Count, Grade, add, bounds
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.insight.exploring.members import members
from haicap.insight.exploring.question import (
    MOST_READ,
    Group,
    Item,
    Objection,
    Question,
    habits,
    objections,
    objections_of_items,
)
from haicap.insight.exploring.reading import Facts, Plan, Stored, plan, read
from haicap.units.places import Place
from haicap.warehouse import store

# The numbers of a cell that stands for all chosen units, or all chosen periods.
ALL = -1
ZERO = Decimal(0)
GRADES = tuple(Grade)
REFUSED_ALONG: tuple[tuple[str, Along], ...] = (("units", "units"), ("time_none", "time"), ("split", "split"))


class Key(NamedTuple):
    """Positions in the question; ALL where units or periods are taken together."""

    item: int
    place: int
    period: int
    group: int


@dataclass(frozen=True)
class Figure:
    """`value` None with a reason: forbidden, not_collected, no_unit, not_reported, lacking, no_denominator or
    none:<the reason that was given>. `low` … `high`: what is known where the figure itself may not be had.
    `have` of `asked` units are in it; `parts`: how many periods were added at most."""

    value: Decimal | None
    reason: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    provisional: bool = False
    grade: str = ""
    have: int = 0
    asked: int = 0
    parts: int = 1


@dataclass(frozen=True)
class Answer:
    """`figures` holds every cell of the question."""

    question: Question
    snapshot: store.Snapshot
    figures: Mapping[Key, Figure]
    objections: tuple[Objection, ...]
    plan: Plan

    @property
    def covered(self) -> tuple[int, int]:
        """Cells that have a figure, and all cells."""
        return sum(one.value is not None for one in self.figures.values()), len(self.figures)

    @property
    def provisional(self) -> bool:
        return any(one.provisional for one in self.figures.values())


class Known(NamedTuple):
    """One element of one unit over the periods asked."""

    amount: Count
    provisional: bool = False
    reason: str = ""
    parts: int = 1


def answer(asked: Question, catalogue: Catalogue) -> Answer | list[Objection]:
    """The table, or everything that stands against the question as a whole."""
    found = objections(asked, catalogue)
    if found:
        return found
    chosen = plan(asked, habits(catalogue))
    with store.pinned() as snapshot:
        unit_ids = sorted({id for place in asked.places for period in asked.periods
                           for id in (*members(place, period), place.id)})  # fmt: skip
        size = len(unit_ids) * sum(map(len, chosen.tiles.values()))
        if size > MOST_READ:
            return [Objection("too_many_read", "dv", params={"n": size, "most": MOST_READ})]
        facts = read(asked, chosen, unit_ids)
    against = list(objections_of_items(asked))
    table = _Table(asked, chosen, facts, frozenset((one.item, one.code) for one in against))
    figures = dict(table.figures())
    return Answer(asked, snapshot, figures, (*against, *table.gaps()), chosen)


class _Table:
    """One question being answered."""

    def __init__(
        self, asked: Question, chosen: Plan, facts: Facts, against: frozenset[tuple[str, str]]
    ) -> None:
        self.asked, self.plan, self.facts = asked, chosen, facts
        self.refused = {
            number: {code for item, code in against if item == one.code}
            for number, one in enumerate(asked.items)
        }
        self.unfilled: dict[tuple[int, str], list[Period]] = {}
        self.members = {
            (place.id, period.key): members(place, period)
            for place in asked.places
            for period in asked.periods
        }

    def figures(self) -> Iterator[tuple[Key, Figure]]:
        asked = self.asked
        times = (
            [(ALL, asked.periods)]
            if "ky" in asked.together
            else [(number, (one,)) for number, one in enumerate(asked.periods)]
        )
        spaces = (
            [(ALL, asked.places)]
            if "dv" in asked.together
            else [(number, (one,)) for number, one in enumerate(asked.places)]
        )
        for i, item in enumerate(asked.items):
            for p, places in spaces:
                for t, periods in times:
                    for g, group in enumerate(asked.groups):
                        yield Key(i, p, t, g), self._figure(i, item, places, periods, group)

    def gaps(self) -> Iterator[Objection]:
        """Items that have no figures for a kind of period: said once, not in every cell."""
        for (number, why), periods in self.unfilled.items():
            item = self.asked.items[number]
            keys = [one.key for one in dict.fromkeys(periods)]
            yield Objection(why, "ky", item.code, {"periods": keys, "parts": item.bare is None})

    def _figure(
        self, number: int, item: Item, places: Sequence[Place], periods: Sequence[Period], group: Group
    ) -> Figure:
        unit_ids = tuple(
            dict.fromkeys(
                id for place in places for period in periods for id in self.members[place.id, period.key]
            )
        )
        if not unit_ids:
            return Figure(None, "no_unit")
        if reason := self._unfillable(number, item, periods):
            return Figure(None, reason)
        refused = self.refused[number]
        if refused - {"units"} or ("units" in refused and len(unit_ids) > 1):
            return self._bounds(item, unit_ids, periods, group)
        rows = [(id, self._unit(item, id, periods, group)) for id in unit_ids]
        whole = [row for _id, row in rows if all(one.amount.value is not None for one in row)]
        if not whole and len(unit_ids) > 1 and len(places) == 1:
            # published for the place as a whole, by nobody below it
            own = self._unit(item, places[0].id, periods, group)
            if all(one.amount.value is not None for one in own):
                return _made(item, [own], 1)
        if not whole:
            return Figure(None, _reason([row for _id, row in rows]), asked=len(unit_ids))
        return _made(item, whole, len(unit_ids))

    def _unfillable(self, number: int, item: Item, periods: Sequence[Period]) -> str:
        for period in periods:
            for element in item.elements:
                if not self.plan.ways[element.code, period]:
                    distinct = element.measure.over_time is Adds.NONE
                    why = "kind_none" if distinct else "kind"
                    self.unfilled.setdefault((number, why), []).append(period)
                    return "forbidden" if distinct else "not_collected"
        return ""

    def _unit(self, item: Item, unit: int, periods: Sequence[Period], group: Group) -> tuple[Known, ...]:
        return tuple(self._known(element, unit, periods, group) for element in item.elements)

    def _known(self, element: Element, unit: int, periods: Sequence[Period], group: Group) -> Known:
        rows = [self._in_group(element, unit, period, group) for period in periods]
        return rows[0] if len(rows) == 1 else _added(rows, "time")

    def _in_group(self, element: Element, unit: int, period: Period, group: Group) -> Known:
        rows = [self._in_period(element, unit, period, split) for split in group.splits or ("",)]
        return rows[0] if len(rows) == 1 else _added(rows, "split")

    def _in_period(self, element: Element, unit: int, period: Period, split: str) -> Known:
        """Of several ways the first that is complete; a part that is missing leaves a gap, no smaller sum."""
        first: Known | None = None
        for way in self.plan.ways[element.code, period]:
            rows = [_stored(element, self.facts.get((element.code, unit, tile, split))) for tile in way]
            found = rows[0] if len(rows) == 1 else _added(rows, "time")
            if found.amount.value is not None:
                return found
            first = first or found
        return first or Known(Count(None, element.measure, Grade.DECLARED), reason="not_collected")

    def _bounds(self, item: Item, unit_ids: Sequence[int], periods: Sequence[Period], group: Group) -> Figure:
        """Distinct ones that must not be added: between the largest part and all parts together."""
        element, refused = item.bare, self.refused[self.asked.items.index(item)]
        distinct = element is not None and all(
            element.measure.adds(along) is Adds.NONE for code, along in REFUSED_ALONG if code in refused
        )
        if element is None or not distinct or refused & {"not_split", "time_last"}:
            return Figure(None, "forbidden", asked=len(unit_ids))
        parts = [
            self._in_period(element, unit, period, split).amount
            for unit in unit_ids
            for period in periods
            for split in group.splits or ("",)
        ]
        low, high = bounds(parts)
        have = sum(one.value is not None for one in parts)
        return Figure(None, "forbidden", low=low, high=high, have=have, asked=len(parts))


def _stored(element: Element, one: Stored | None) -> Known:
    if one is None:
        return Known(Count(None, element.measure, Grade.DECLARED), reason="not_reported")
    grade = Grade(one.grade) if one.grade else Grade.DECLARED
    given = f"none:{one.missing}" if one.missing else "not_reported"
    return Known(
        Count(one.number, element.measure, grade), one.provisional, "" if one.number is not None else given
    )


def _added(rows: Sequence[Known], along: Along) -> Known:
    try:
        count = add([one.amount for one in rows], along)
    except Refusal:
        count = Count(None, rows[0].amount.measure, rows[0].amount.grade)
        return Known(count, reason="forbidden", parts=len(rows))
    lacking = [one.reason for one in rows if one.amount.value is None]
    reason = "" if count.value is not None else lacking[0] if len(lacking) == len(rows) else "lacking"
    return Known(count, any(one.provisional for one in rows), reason, sum(one.parts for one in rows))


def _reason(rows: Sequence[Sequence[Known]]) -> str:
    """Why there is no figure; of many units with several reasons the one that says most."""
    found = {one.reason for row in rows for one in row if one.amount.value is None and one.reason}
    if len(found) == 1:
        return found.pop()
    return next((one for one in ("lacking", *sorted(found)) if one in found), "not_reported")


def _made(item: Item, rows: Sequence[Sequence[Known]], asked: int) -> Figure:
    """Σ numerators over Σ denominators of the units that have both."""
    totals = {element.id: ZERO for element in item.elements}
    for row in rows:
        for element, one in zip(item.elements, row, strict=True):
            totals[element.id] += one.amount.value or ZERO
    above = sum((coefficient * totals[id] for id, coefficient in item.numerator), ZERO)
    below = (
        None
        if item.denominator is None
        else sum((coefficient * totals[id] for id, coefficient in item.denominator), ZERO)
    )
    figure = bands.Figure(
        above, below, item.indicator.factor if item.indicator else Decimal(1), item.denominator is not None
    )
    used = [one for row in rows for one in row]
    value = bands.value(figure)
    return Figure(
        value,
        "" if value is not None else "no_denominator",
        above,
        below,
        provisional=any(one.provisional for one in used),
        grade=max((one.amount.grade for one in used), key=GRADES.index).value,
        have=len(rows),
        asked=asked,
        parts=max(one.parts for one in used),
    )
