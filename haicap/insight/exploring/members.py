"""Which units a figure of a place is put together from."""

from __future__ import annotations

from collections.abc import Sequence

from haicap.core.periods import Period
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.units.states import Level


def members(place: Place, period: Period) -> tuple[int, ...]:
    """The communes under a place on the last day of the period; a commune, or what has none, is itself. ()
    where the place did not exist on that day."""
    day = period.last_day
    if not place.holds_on(day):
        return ()
    if place.level >= Level.COMMUNE:
        return (place.id,)
    if place.level == Level.COUNTRY:
        found = [one.id for top in units.children(place.id, day) for one in units.communes(top.id, day)]
    else:
        found = [one.id for one in units.communes(place.id, day)]
    return tuple(found) or (place.id,)


def gathers(place: Place, periods: Sequence[Period]) -> bool:
    """Whether figures of the place are sums over other units."""
    return any(len(members(place, period)) > 1 for period in periods)
