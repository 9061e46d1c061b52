"""What stands after ou: units, levels, the units of the one who asks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from haicap.api.dhis2.analytics.errors import refused
from haicap.api.dhis2.doors import Ask
from haicap.api.dhis2.naming import Names
from haicap.core import clock
from haicap.units import queries as units
from haicap.units.places import Place

USER = {"USER_ORGUNIT": 0, "USER_ORGUNIT_CHILDREN": 1, "USER_ORGUNIT_GRANDCHILDREN": 2}
LEVEL = "LEVEL-"


def read(given: Sequence[str], names: Names, ask: Ask) -> list[Place]:
    """In the order asked, each once. Units named beside a LEVEL are its bounds and do not appear themselves.

    WebMessageError 409: E7124 unknown, E7120 out of scope, E7143 no such level.
    """
    levels = [_level(text) for text in given if text.startswith(LEVEL)]
    named = [text for text in given if not text.startswith(LEVEL) and text not in USER]
    found = {text: names.unit(text) for text in named}
    unknown = [text for text, place in found.items() if place is None]
    if unknown:
        raise refused("E7124", ", ".join(unknown)[:400])
    places = [place for place in found.values() if place is not None]
    for place in places:
        if not ask.scope.sees(place):
            raise refused("E7120", ask.caller.username, place.uid)
    for text in given:
        if text in USER:
            places += _of_user(ask, USER[text])
    if not levels:
        return list({place.id: place for place in places}.values())
    bounds = places or _roots(ask)
    return list({place.id: place for place in _at_levels(bounds, levels)}.values())


def _level(text: str) -> int:
    number = text.removeprefix(LEVEL)
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:3]) <= 20):
        raise refused("E7143", text[:80])
    # levels of DHIS2 begin at 1
    return int(number[:3]) - 1


def _roots(ask: Ask) -> list[Place]:
    return list(units.by_ids(grant.unit_id for grant in ask.scope.grants).values())


def _of_user(ask: Ask, depth: int) -> list[Place]:
    found = _roots(ask)
    for _step in range(depth):
        found = [child for place in found for child in units.children(place.id)]
    return found


def _at_levels(bounds: Iterable[Place], levels: Sequence[int]) -> Iterator[Place]:
    for level in levels:
        for place in bounds:
            yield from sorted(
                (one for one in below(place, clock.today()) if one.level == level),
                key=lambda one: one.path,
            )


def below(place: Place, on: date) -> list[Place]:
    """The unit and all under it that hold on that day."""
    return list(units.by_ids(units.subtree_ids(place.id, on)).values())


def counted_in(places: Iterable[Place]) -> dict[int, list[int]]:
    """Place → itself and every unit under it, closed ones too: they have figures for the days they lived."""
    answer: dict[int, list[int]] = {place.id: [] for place in places}
    for one in units.every():
        for above in one.path.strip("/").split("/"):
            if int(above) in answer:
                answer[int(above)].append(one.id)
    return answer
