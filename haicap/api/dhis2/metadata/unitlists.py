"""Lists and maps of organisation units: by level, by parent, one with what stands above or below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from haicap.api.dhis2.doors import Ask
from haicap.api.dhis2.messages import WebMessageError, bad_parameter, not_found
from haicap.api.dhis2.metadata import fields
from haicap.api.dhis2.metadata.asker import Asker
from haicap.api.dhis2.metadata.kinds import LISTED
from haicap.api.dhis2.metadata.listing import json_alone, paged, selected, shown
from haicap.api.dhis2.metadata.unitkinds import UNITS, path
from haicap.units import queries as units
from haicap.units.places import Place

AROUND = ("includeChildren", "includeDescendants", "includeAncestors", "level")


def listed(ask: Ask) -> dict[str, Any]:
    asker = Asker(ask, UNITS)
    if ask.suffix == "geojson":
        return collection(asker, selected(asker, UNITS, narrowed))
    json_alone(ask)
    page, pager = paged(ask, selected(asker, UNITS, narrowed))
    return pager | {UNITS.plural: shown(asker, UNITS, page, LISTED)}


def narrowed(asker: Asker, places: Sequence[Place]) -> Sequence[Place]:
    """`level` (repeatable), `maxLevel`, `parent` (repeatable; with a level all below it), `userOnly`."""
    ask = asker.ask
    if ask.flag("userOnly", False) or ask.flag("userDataViewOnly", False):
        places = asker.roots
    levels = {level_of(text) for text in ask.each("level")}
    if ask.text("maxLevel"):
        levels |= set(range(1, level_of(ask.text("maxLevel")) + 1))
    parents = [parent_of(asker, uid) for uid in ask.each("parent")]
    if parents and (levels or ask.flag("includeDescendants", False)):
        places = [one for one in places if any(one.path.startswith(above.path) for above in parents)]
    elif parents:
        direct = {above.id for above in parents}
        places = [one for one in places if one.parent_id in direct]
    if levels:
        places = [one for one in places if one.level + 1 in levels]
    return places


def level_of(text: str) -> int:
    if not (text.isascii() and text.isdigit()) or len(text) > 3:
        raise bad_parameter("level", text, "a level")
    return int(text)


def parent_of(asker: Asker, uid: str) -> Place:
    place = units.by_uids([uid]).get(uid)
    if place is None or not asker.sees(place):
        raise WebMessageError(409, f"Organisation unit not found or not accessible: `{uid[:40]}`", "E1102")
    return place


def one(ask: Ask, uid: str) -> dict[str, Any]:
    """One unit; with includeChildren, includeDescendants, includeAncestors or a level below it: a list."""
    asker = Asker(ask, UNITS)
    place = unit_of(asker, uid)
    if ask.suffix == "geojson":
        return feature(place, asker, asker.shape(place))
    json_alone(ask)
    if any(ask.query.get(name) for name in AROUND):
        page, pager = paged(ask, around(asker, place))
        return pager | {UNITS.plural: shown(asker, UNITS, page, LISTED)}
    return shown(asker, UNITS, [place], "*")[0]


def around(asker: Asker, place: Place) -> list[Place]:
    ask = asker.ask
    if ask.flag("includeAncestors", False):
        return asker.line(place)[::-1]
    if ask.flag("includeChildren", False):
        return [place, *asker.children(place)]
    below = [one for one in asker.places if one.path.startswith(place.path)]
    if ask.text("level"):
        wanted = place.level + level_of(ask.text("level"))
        return [one for one in below if one.level == wanted]
    return below


def unit_of(asker: Asker, uid: str) -> Place:
    """Closed ones too. WebMessageError 404 for what does not exist or is out of scope."""
    place = units.by_uids([uid]).get(uid)
    if place is None or not asker.sees(place):
        raise not_found(UNITS.title, uid[:40])
    return place


def part(ask: Ask, uid: str, name: str) -> dict[str, Any]:
    """/organisationUnits/{uid}/children, /descendants, /ancestors and every property."""
    json_alone(ask)
    asker = Asker(ask, UNITS)
    place = unit_of(asker, uid)
    if name == "descendants":
        found = [one for one in asker.places if one.path.startswith(place.path) and one.id != place.id]
        return {UNITS.plural: shown(asker, UNITS, found, LISTED)}
    if name in ("children", "ancestors"):
        places = asker.children(place) if name == "children" else asker.line(place)[:-1]
        return {UNITS.plural: shown(asker, UNITS, places, LISTED)}
    if name not in UNITS.properties:
        raise WebMessageError(404, f"Property {name[:80]} does not exist on {UNITS.title}")
    found_one = UNITS.properties[name]
    inner = fields.read(ask.query.getlist("fields"), LISTED) if found_one.of else None
    return fields.show(place, UNITS, fields.Fields(given={name: fields.Field(name, inner)}), asker)


def collection(asker: Asker, places: Sequence[Place]) -> dict[str, Any]:
    """Only what has a shape, as DHIS2 does. Paging does not apply to maps."""
    asker.note(places)
    shapes = [(place, asker.shape(place)) for place in places]
    return {
        "type": "FeatureCollection",
        "features": [feature(place, asker, shape) for place, shape in shapes if shape is not None],
    }


def feature(place: Place, asker: Asker, shape: dict[str, Any] | None) -> dict[str, Any]:
    parent = asker.parent(place)
    return {
        "type": "Feature",
        "id": place.uid,
        "geometry": shape,
        "properties": {
            "code": place.code,
            "name": UNITS.properties["displayName"].get(place, asker),
            "level": str(place.level + 1),
            "parent": parent.uid if parent else None,
            "parentGraph": path(parent, asker) if parent else "",
            "groups": [],
        },
    }
