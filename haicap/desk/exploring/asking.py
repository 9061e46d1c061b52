"""From the address to a question: what exists, what this reader may see, and what is said about the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from haicap.accounts.scopes import Scope
from haicap.catalogue.breakdowns import SPLIT as DIVIDES
from haicap.catalogue.queries import Catalogue
from haicap.core import clock, periods
from haicap.core.errors import Refusal
from haicap.core.periods import Period, Rule
from haicap.desk.exploring.address import ITEMS, PERIODS, SPLIT, TO, UNDER, UNITS, Address
from haicap.insight.exploring.question import (
    MOST_PERIODS,
    WHOLE,
    Group,
    Item,
    Objection,
    Question,
    common_rules,
    groups_of,
    habits,
    item_of,
)
from haicap.units import queries as units
from haicap.units.places import Place


@dataclass(frozen=True)
class Wish:
    """The question as far as it could be understood, with what is said about the rest. `out_of_reach`: units
    were named and this reader sees none of them."""

    question: Question
    objections: list[Objection] = field(default_factory=list)
    out_of_reach: bool = False
    offered: Mapping[str, Item] = field(default_factory=dict)


def wish(address: Address, scope: Scope, catalogue: Catalogue) -> Wish:
    against: list[Objection] = []
    known = offered(scope, catalogue)
    items = tuple(_items(address, known, against))
    rules = common_rules(items, habits(catalogue))
    rule = Rule.DECREE09 if Rule.DECREE09 in rules or not rules else min(rules)
    times = tuple(_periods(address.periods, rule, against))
    named = tuple(_places(address, scope, times, against))
    groups: tuple[Group, ...] | None = (WHOLE,)
    if address.split:
        groups = groups_of(address.split, catalogue)
        if groups is None:
            against.append(Objection("unknown_split", SPLIT, params={"code": address.split}))
    asked = Question(items, named, times, address.split, groups or (WHOLE,), frozenset(address.together))
    return Wish(asked, against, bool(address.units) and not named, known)


def _items(address: Address, known: Mapping[str, Item], against: list[Objection]) -> Iterator[Item]:
    for code in address.items:
        if code in known:
            yield known[code]
        else:
            against.append(Objection("unknown_item", ITEMS, params={"code": code}))


def offered(scope: Scope, catalogue: Catalogue) -> dict[str, Item]:
    """Code → item, of all that belongs to a unit of the reader's line; national ones belong to everybody."""
    found = {code: item_of(code, catalogue) for code in (*catalogue.indicators, *catalogue.elements)}
    owners = units.by_ids({own for one in found.values() if one and (own := _owner(one)) is not None})
    seen = {
        id
        for id, owner in owners.items()
        if scope.sees(owner) or any(f"/{id}/" in grant.path for grant in scope.grants)
    }
    return {code: one for code, one in found.items() if one and (_owner(one) is None or _owner(one) in seen)}


def _owner(item: Item) -> int | None:
    return item.indicator.owner_unit_id if item.indicator else item.elements[0].owner_unit_id


def _periods(keys: Sequence[str], rule: Rule, against: list[Objection]) -> Iterator[Period]:
    found: dict[str, Period] = {}
    for text in keys:
        first, to, last = text.partition(TO)
        try:
            begin = periods.parse(first, rule)
            end = periods.parse(last, rule) if to else begin
            far = to and begin.kind is end.kind and (end.start - begin.start).days > _longest(begin)
            if far:
                raise Refusal("period.span_long", first=first, last=last, most=MOST_PERIODS)
            found |= {one.key: one for one in (periods.span(begin, end) if to else [begin])}
        except Refusal as refusal:
            against.append(Objection(refusal.code, PERIODS, params={"refusal": refusal}))
    yield from found.values()


def _longest(one: Period) -> int:
    """Days in the longest range of such periods."""
    return MOST_PERIODS * max(1, (one.end - one.start).days)


def _places(
    address: Address, scope: Scope, times: Sequence[Period], against: list[Objection]
) -> Iterator[Place]:
    """Units in the order named, each once. Out of scope is as unknown as what does not exist."""
    day = max((one.last_day for one in times), default=clock.today())
    found: dict[int, Place] = {}
    for text in address.units:
        under = text.startswith(UNDER)
        code = text.removeprefix(UNDER)
        place = _seen(code, scope, day)
        if place is None:
            against.append(Objection("unknown_unit", UNITS, params={"code": code}))
        elif under:
            below = units.children(place.id, day)
            if not below:
                against.append(Objection("no_children", UNITS, params={"name": place.full_name}))
            found |= {one.id: one for one in below}
        else:
            found[place.id] = place
    yield from found.values()


def _seen(code: str, scope: Scope, day: date) -> Place | None:
    """The unit of that code on that day, else today; None where there is none in reach."""
    for on in (day, clock.today()):
        try:
            place = units.by_code(code, on=on)
        except Refusal:
            continue
        return place if scope.sees(place) else None
    return None


def splits_offered(items: Sequence[Item], catalogue: Catalogue) -> list[str]:
    """Codes of the combinations that divide any of the items, with their dimensions after a dot."""
    codes = dict.fromkeys(one.combination for item in items for one in item.elements if one.combination)
    found: list[str] = []
    for code in codes:
        combination = catalogue.combinations.get(code)
        if combination is None or combination.usage != DIVIDES:
            continue
        found.append(code)
        if len(combination.dimensions) > 1:
            found += [f"{code}.{one.code}" for one in combination.dimensions]
    return found
