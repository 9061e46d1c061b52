"""What is asked freely, and what the grammar says against it before a single figure is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from haicap.catalogue.breakdowns import SPLIT
from haicap.catalogue.queries import Catalogue, Element, Indicator, Terms
from haicap.core.counts import Adds
from haicap.core.periods import Kind, Period, Rule
from haicap.insight.exploring.members import gathers
from haicap.units.places import Place

MOST_ITEMS = 12
MOST_PLACES = 250
MOST_PERIODS = 36
# Cells of the table shown, and figures read from the warehouse to fill them.
MOST_CELLS = 6_000
MOST_READ = 200_000
ONE = Decimal(1)
Habit = tuple[Kind, Rule]


@dataclass(frozen=True)
class Item:
    """One thing to show: an indicator (numerator over denominator) or a bare element."""

    code: str
    numerator: Terms
    denominator: Terms | None
    elements: tuple[Element, ...]
    element: Element | None = None
    indicator: Indicator | None = None

    @property
    def bare(self) -> Element | None:
        """The one element that the item is, where it is nothing else: its bounds can be told."""
        whole = self.denominator is None and self.numerator == ((self.elements[0].id, ONE),)
        return self.elements[0] if whole else None


@dataclass(frozen=True)
class Group:
    """One row of a split: the stored splits that belong to it. "" and () are the whole."""

    code: str = ""
    splits: tuple[str, ...] = ()


WHOLE = Group()


@dataclass(frozen=True)
class Question:
    """`together`: "ky" adds the periods up, "dv" the units; `split` names a combination, or one of its
    dimensions after a dot."""

    items: tuple[Item, ...]
    places: tuple[Place, ...]
    periods: tuple[Period, ...]
    split: str = ""
    groups: tuple[Group, ...] = (WHOLE,)
    together: frozenset[str] = frozenset()

    @property
    def cells(self) -> int:
        units = 1 if "dv" in self.together else len(self.places)
        times = 1 if "ky" in self.together else len(self.periods)
        return len(self.items) * units * times * len(self.groups)


@dataclass(frozen=True)
class Objection:
    """What cannot be had, at which part of the question. An objection about one `item` leaves the others."""

    code: str
    place: str
    item: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


def item_of(code: str, catalogue: Catalogue) -> Item | None:
    """An indicator or an element by its code; None for neither."""
    indicator = catalogue.indicators.get(code)
    if indicator is not None and indicator.numerator_terms:
        terms = (*indicator.numerator_terms, *(indicator.denominator_terms or ()))
        ids = dict.fromkeys(id for id, _coefficient in terms)
        elements = tuple(catalogue.elements_by_id[id] for id in ids)
        return Item(
            code,
            indicator.numerator_terms,
            indicator.denominator_terms if indicator.has_denominator else None,
            elements,
            indicator=indicator,
        )
    element = catalogue.elements.get(code)
    if element is None or element.kind != "number":
        return None
    return Item(code, ((element.id, ONE),), None, (element,), element=element)


def habits(catalogue: Catalogue) -> dict[str, list[Habit]]:
    """Element code → in which kinds of periods, by which window rule, its figures come."""
    found: dict[str, dict[Habit, None]] = {}
    for form in catalogue.forms.values():
        for code in form.elements:
            found.setdefault(code, {})[form.kind, form.rule] = None
    for indicator in catalogue.indicators.values():
        for id, _coefficient in (*indicator.numerator_terms, *(indicator.denominator_terms or ())):
            element = catalogue.elements_by_id[id]
            # what no form asks for is published or counted for the very periods of its indicators
            if element.derived is not None or element.code not in found:
                found.setdefault(element.code, {})[indicator.period_kind, indicator.rule] = None
    return {code: list(kinds) for code, kinds in found.items()}


def rules_of(item: Item, known: Mapping[str, Sequence[Habit]]) -> set[Rule]:
    """The window rules in which the item has figures; what was never asked for is published by calendar."""
    if item.indicator is not None:
        return {item.indicator.rule}
    return {rule for _kind, rule in known.get(item.code, ())} or {Rule.CALENDAR}


def groups_of(split: str, catalogue: Catalogue) -> tuple[Group, ...] | None:
    """The rows of a split by a combination or by one of its dimensions; None where there is no such split."""
    code, _dot, dimension = split.partition(".")
    combination = catalogue.combinations.get(code)
    if combination is None or combination.usage != SPLIT or not combination.splits:
        return None
    if not dimension:
        return tuple(Group(one, (one,)) for one in combination.splits)
    wanted = next((one for one in combination.dimensions if one.code == dimension), None)
    if wanted is None:
        return None
    return tuple(
        Group(
            option.code,
            tuple(one for one in combination.splits if option.uid in catalogue.splits[one].options),
        )
        for option in wanted.options
    )


def objections(asked: Question, catalogue: Catalogue) -> list[Objection]:
    """Everything that stands against the whole question; [] where it can be answered."""
    limits = (
        ("do", len(asked.items), MOST_ITEMS),
        ("dv", len(asked.places), MOST_PLACES),
        ("ky", len(asked.periods), MOST_PERIODS),
    )
    found = [Objection("nothing", place) for place, count, _most in limits if not count]
    found += [
        Objection("too_many", place, params={"n": n, "most": most}) for place, n, most in limits if n > most
    ]
    if not found and asked.cells > MOST_CELLS:
        found.append(Objection("too_many_cells", "do", params={"n": asked.cells, "most": MOST_CELLS}))
    if "ky" in asked.together and _overlap(asked.periods):
        found.append(Objection("overlap", "ky"))
    if not found and asked.items:
        found += _of_rules(asked, catalogue)
    return found


def _overlap(periods: Sequence[Period]) -> bool:
    ordered = sorted(periods, key=lambda one: (one.start, one.end))
    return any(later.start < earlier.end for earlier, later in pairwise(ordered))


def common_rules(items: Sequence[Item], known: Mapping[str, Sequence[Habit]]) -> set[Rule]:
    """The window rules that all items share."""
    rules = [rules_of(one, known) for one in items]
    return set.intersection(*rules) if rules else set()


def _of_rules(asked: Question, catalogue: Catalogue) -> Iterator[Objection]:
    """Figures of two window rules do not stand in one table: the same month is not the same days."""
    known = habits(catalogue)
    if common_rules(asked.items, known):
        return
    by_rule: dict[str, list[str]] = {}
    for one in asked.items:
        by_rule.setdefault(min(rules_of(one, known)).value, []).append(one.code)
    yield Objection("rules", "ky", params=dict(by_rule))


def objections_of_items(asked: Question) -> Iterator[Objection]:
    """What is refused about single items by how their counts add up."""
    for item in asked.items:
        yield from _of_time(item, asked)
        yield from _of_units(item, asked)
        yield from _of_split(item, asked)


def _of_time(item: Item, asked: Question) -> Iterator[Objection]:
    if "ky" not in asked.together or len(asked.periods) < 2:
        return
    for code, adds in (("time_none", Adds.NONE), ("time_last", Adds.LAST)):
        stubborn = [one.code for one in item.elements if one.measure.over_time is adds]
        if stubborn:
            yield Objection(code, "gop", item.code, {"elements": stubborn, "parts": item.bare is None})
            return


def _of_units(item: Item, asked: Question) -> Iterator[Objection]:
    several = "dv" in asked.together and len(asked.places) > 1
    above = [place for place in asked.places if gathers(place, asked.periods)]
    stubborn = [one.code for one in item.elements if one.measure.over_units is not Adds.SUM]
    if stubborn and (several or above):
        place = "gop" if several else "dv"
        yield Objection("units", place, item.code, {"elements": stubborn, "parts": item.bare is None})


def _of_split(item: Item, asked: Question) -> Iterator[Objection]:
    combination = asked.split.partition(".")[0]
    if not combination:
        return
    whole = [one.code for one in item.elements if one.combination != combination]
    if whole:
        yield Objection("not_split", "theo", item.code, {"elements": whole, "parts": item.bare is None})
        return
    stubborn = [one.code for one in item.elements if one.measure.over_split is not Adds.SUM]
    if stubborn and any(len(group.splits) > 1 for group in asked.groups):
        yield Objection("split", "theo", item.code, {"elements": stubborn, "parts": item.bare is None})
