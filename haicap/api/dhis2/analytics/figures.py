"""From a question to numbers: as few questions to the warehouse as possible, their answers put together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from haicap.api.dhis2.analytics import orgunits, rates, times
from haicap.api.dhis2.analytics.asking import ATTRIBUTE, COMBO, PERIOD, UNIT, Question
from haicap.api.dhis2.analytics.errors import refused
from haicap.api.dhis2.analytics.items import ElementItem, IndicatorItem, Item, RateItem
from haicap.catalogue import formulas
from haicap.catalogue.queries import Catalogue, Element
from haicap.core.counts import Adds
from haicap.core.periods import Period
from haicap.warehouse.queries import crosstab

ALL = -1
ONE = Decimal(1)
MOST_CELLS = 500_000


class Cell(NamedTuple):
    """`period`: number of the period in the question, `place`: id of the unit; ALL where they are filters."""

    item: int
    period: int
    place: int
    split: str
    attribution: str
    value: Decimal
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    factor: Decimal = ONE


@dataclass(frozen=True)
class Ground:
    """What all items of one question share: which periods and which units are taken together."""

    catalogue: Catalogue
    targets: dict[int, list[Period]]
    places: dict[int, list[int]]
    habits: Mapping[str, Sequence[times.Habit]]

    def windows(self, elements: Iterable[Element]) -> list[crosstab.Window]:
        return [
            window for element in elements for window in times.windows(element, self.targets, self.habits)
        ]


def cells(question: Question, catalogue: Catalogue) -> Iterator[Cell]:
    """In no order that counts."""
    ground = _ground(question, catalogue)
    size = len(question.items) * len(ground.targets) * len(ground.places)
    if size > MOST_CELLS:
        raise refused("E7128", MOST_CELLS)
    numbered = list(enumerate(question.items))
    yield from _whole(numbered, ground, question)
    yield from _divided(numbered, ground, question)
    yield from _foreign(numbered, ground)
    wanted = [(number, one) for number, one in numbered if isinstance(one, RateItem)]
    for number, target, place, value in rates.rates(wanted, ground.targets, ground.places):
        yield Cell(number, target, place, "", "", value)


def _ground(question: Question, catalogue: Catalogue) -> Ground:
    known = times.habits(catalogue)
    if question.between is not None:
        first, last = question.between
        kinds = {kind for one in known.values() for kind, _rule in one} or set(times.KINDS)
        listed = [one for kind in sorted(kinds) for one in times.named_within(first, last, kind)]
        targets = {ALL: listed}
    else:
        listed = question.periods
        targets = {ALL: listed} if PERIOD in question.filters else {i: [p] for i, p in enumerate(listed)}
    under = orgunits.counted_in(question.places)
    if UNIT in question.filters:
        under = {ALL: sorted({unit for those in under.values() for unit in those})}
    return Ground(catalogue, targets, under, known)


def _whole(numbered: Sequence[tuple[int, Item]], ground: Ground, question: Question) -> Iterator[Cell]:
    """Totals of elements, and our own indicators: Σ numerators ÷ Σ denominators of units that have both."""
    asked, elements = {}, {}
    divided = COMBO in question.columns or ATTRIBUTE in question.columns
    for number, one in numbered:
        if isinstance(one, ElementItem) and one.split is None and one.attribution is None and not divided:
            asked[number] = crosstab.Item(((one.element.id, ONE),))
            elements[one.element.code] = one.element
        elif isinstance(one, IndicatorItem) and not one.foreign:
            indicator = one.indicator
            asked[number] = crosstab.Item(indicator.numerator_terms, indicator.denominator_terms)
            for code in _elements_of(asked[number], ground.catalogue):
                elements[code] = ground.catalogue.elements[code]
    found = crosstab.crosstab(asked, ground.windows(elements.values()), ground.places)
    items = dict(numbered)
    for row in found:
        one = items[row.item]
        if isinstance(one, ElementItem):
            if may_add(one.element, row):
                yield Cell(row.item, row.target, row.place, "", "", row.numerator)
        elif isinstance(one, IndicatorItem) and _terms_may_add(asked[row.item], row, ground.catalogue):
            yield from _ratio(row, one.indicator.factor)


def _ratio(row: crosstab.Cross, factor: Decimal) -> Iterator[Cell]:
    if row.denominator is None:
        yield Cell(
            row.item, row.target, row.place, "", "", row.numerator * factor, row.numerator, None, factor
        )
    elif row.denominator:
        value = formulas.EXACT.divide(row.numerator * factor, row.denominator)
        yield Cell(row.item, row.target, row.place, "", "", value, row.numerator, row.denominator, factor)


def _divided(numbered: Sequence[tuple[int, Item]], ground: Ground, question: Question) -> Iterator[Cell]:
    """By split and by attribution: operands, and the dimensions co and ao."""
    by_co, by_ao = COMBO in question.columns, ATTRIBUTE in question.columns
    groups: dict[tuple[bool, bool], list[tuple[int, ElementItem]]] = {}
    for number, one in numbered:
        if isinstance(one, ElementItem):
            how = (by_co or one.split is not None, by_ao or one.attribution is not None)
            if any(how):
                groups.setdefault(how, []).append((number, one))
    for (by_split, by_attribution), those in groups.items():
        asked = {number: crosstab.Item(((one.element.id, ONE),)) for number, one in those}
        windows = ground.windows({one.element.code: one.element for _number, one in those}.values())
        items = dict(those)
        for row in crosstab.crosstab(
            asked, windows, ground.places, by_split=by_split, by_attribution=by_attribution
        ):
            one = items[row.item]
            if _fits(row, one, question) and may_add(one.element, row):
                split, attribution = row.split if by_co else "", row.attribution if by_ao else ""
                yield Cell(row.item, row.target, row.place, split, attribution, row.numerator)


def _fits(row: crosstab.Cross, one: ElementItem, question: Question) -> bool:
    return (
        (one.split is None or row.split == one.split)
        and (one.attribution is None or row.attribution == one.attribution)
        and (not question.splits or row.split in question.splits)
        and (not question.attributions or row.attribution in question.attributions)
    )


def _foreign(numbered: Sequence[tuple[int, Item]], ground: Ground) -> Iterator[Cell]:
    """Indicators of another system: formulas over the totals of each cell; a missing total, no value."""
    wanted = [
        (number, one.indicator) for number, one in numbered if isinstance(one, IndicatorItem) and one.foreign
    ]
    if not wanted:
        return
    operands = ground.catalogue.operands
    parsed = []
    for number, indicator in wanted:
        above = formulas.parse(indicator.numerator, operands)
        below = formulas.parse(indicator.denominator or "1", operands)
        parsed.append((number, above, below, indicator.factor))
    names = {name for _n, above, below, _f in parsed for name in (*above.elements, *below.elements)}
    totals = _totals(names, ground)
    for (target, place), held in totals.items():
        for number, above, below, factor in parsed:
            top, bottom = above.evaluate(held), below.evaluate(held)
            if top is not None and bottom:
                value = formulas.EXACT.divide(top * factor, bottom)
                yield Cell(number, target, place, "", "", value, top, bottom, factor)


def _totals(names: Iterable[str], ground: Ground) -> dict[tuple[int, int], dict[str, Decimal | None]]:
    """(target, place) → operand → total."""
    operands = ground.catalogue.operands
    found: dict[tuple[int, int], dict[str, Decimal | None]] = {}
    for by_split in (False, True):
        mine = {name for name in names if ("." in name) is by_split}
        elements = {operands[name].id: operands[name] for name in mine}
        asked = {id: crosstab.Item(((id, ONE),)) for id in elements}
        rows = crosstab.crosstab(asked, ground.windows(elements.values()), ground.places, by_split=by_split)
        for row in rows:
            element = elements[row.item]
            name = f"{element.code}.{row.split}" if by_split else element.code
            if name in mine and may_add(element, row):
                found.setdefault((row.target, row.place), {})[name] = row.numerator
    return found


def may_add(element: Element, row: crosstab.Cross) -> bool:
    """The count grammar: what must not be added up has no total, so its cell is missing."""
    measure = element.measure
    return (
        (row.units == 1 or measure.over_units is Adds.SUM)
        and (row.parts == 1 or measure.over_split is Adds.SUM)
        and (row.times == 1 or measure.over_time is not Adds.NONE)
    )


def _terms_may_add(item: crosstab.Item, row: crosstab.Cross, catalogue: Catalogue) -> bool:
    """Over units as on our own map; over time and splits by the grammar of every element."""
    measures = [catalogue.elements[code].measure for code in _elements_of(item, catalogue)]
    return all(
        (row.parts == 1 or one.over_split is Adds.SUM) and (row.times == 1 or one.over_time is not Adds.NONE)
        for one in measures
    )


def _elements_of(item: crosstab.Item, catalogue: Catalogue) -> list[str]:
    terms = (*item.numerator, *(item.denominator or ()))
    return [catalogue.elements_by_id[element].code for element, _coefficient in terms]
