"""/units: the register as far as the caller may see it."""

from __future__ import annotations

from typing import Any

from haicap.api.access import Access, unknown_unit
from haicap.api.open.v1.parameters import UnitsQuery
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.units.states import COUNTRY_CODE, Level


def province(code: str, access: Access, parameter: str = "province") -> Place:
    """The province of that code today, or the country for 00. Refusal unit.unknown at the parameter."""
    level = Level.COUNTRY if code == COUNTRY_CODE else Level.PROVINCE
    return _listed(code, access, parameter, level)


def any_place(code: str, access: Access, parameter: str = "unit") -> Place:
    return _listed(code, access, parameter, None)


def _listed(code: str, access: Access, parameter: str, level: Level | None) -> Place:
    try:
        place = units.by_code(code, level=level)
    except Refusal as refusal:
        raise unknown_unit(parameter) from refusal
    access.check_unit(place, parameter=parameter)
    return place


def listed(access: Access, query: UnitsQuery) -> dict[str, Any]:
    day = query.on or clock.today()
    if query.province:
        ids = units.subtree_ids(province(query.province, access).id, day)
        candidates = tuple(units.by_ids(ids).values())
    else:
        candidates = units.every(day)
    found = [
        place
        for place in candidates
        if place.holds_on(day) and access.lists(place) and query.level in (None, place.level)
    ]
    found.sort(key=lambda place: (place.level, place.code))
    end = None if query.limit is None else query.offset + query.limit
    return {
        "count": len(found),
        "offset": query.offset,
        "version": units.version(),
        "units": [_unit(place) for place in found[query.offset : end]],
    }


def _unit(place: Place) -> dict[str, Any]:
    parent = units.by_id(place.parent_id) if place.parent_id else None
    return {
        "code": place.code,
        "uid": place.uid,
        "name": place.name,
        "full_name": place.full_name,
        "name_en": place.name_en,
        "kind": place.kind,
        "level": place.level,
        "parent": parent.code if parent else None,
        "valid_from": place.valid_from,
        "valid_to": place.valid_to,
        "lon": place.lon,
        "lat": place.lat,
        "area_km2": place.area_km2,
        "population": place.population,
    }
