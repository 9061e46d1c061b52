"""A list of things of one kind, one of them, or one property of one: the frame of every metadata address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from haicap.api.dhis2.doors import Ask, Handler
from haicap.api.dhis2.messages import WebMessageError, not_found
from haicap.api.dhis2.metadata import fields, filters
from haicap.api.dhis2.metadata.asker import Asker
from haicap.api.dhis2.metadata.kinds import LISTED, Kind
from haicap.units.places import Place

PAGE = 50
Narrow = Callable[[Asker, Sequence[Any]], Sequence[Any]]


def json_alone(ask: Ask) -> None:
    if ask.suffix not in ("", "json"):
        raise WebMessageError(406, f"This resource is not available as {ask.suffix}")


def listed(kind: Kind, narrow: Narrow | None = None) -> Handler:
    """GET /api/<plural>; `narrow` knows the parameters that this kind alone has."""

    def handler(ask: Ask) -> dict[str, Any]:
        json_alone(ask)
        asker = Asker(ask, kind)
        found = selected(asker, kind, narrow)
        page, pager = paged(ask, found)
        return pager | {kind.plural: shown(asker, kind, page, LISTED)}

    return handler


def selected(asker: Asker, kind: Kind, narrow: Narrow | None = None) -> list[Any]:
    """Everything that fits the query, filters and order of the request."""
    ask = asker.ask
    junction = ask.text("rootJunction", "AND").upper()
    if junction not in ("AND", "OR"):
        raise WebMessageError(
            400, f"Value {junction[:40]} is not a valid rootJunction. Valid values are: [AND, OR]"
        )
    tests = filters.read(ask.query.getlist("filter"), kind)
    things: Sequence[Any] = kind.every(asker)
    if narrow is not None:
        things = narrow(asker, things)
    if ask.text("query"):
        things = filters.matching(things, ask.text("query"), kind, asker)
    found = filters.chosen(things, tests, junction == "OR", asker)
    return filters.ordered(found, ask.query.getlist("order"), kind, asker)


def shown(asker: Asker, kind: Kind, things: Sequence[Any], usual: str) -> list[dict[str, Any]]:
    wanted = fields.read(asker.ask.query.getlist("fields"), usual)
    asker.note(thing for thing in things if isinstance(thing, Place))
    return [fields.show(thing, kind, wanted, asker) for thing in things]


def paged(ask: Ask, found: list[Any]) -> tuple[list[Any], dict[str, Any]]:
    """(things of this page, {"pager": …}); without paging all of them and {}. Past the end: the last page."""
    if not ask.flag("paging", True) or ask.flag("skipPaging", False):
        return found, {}
    size = ask.whole("pageSize", PAGE, least=1)
    count = max(1, -(-len(found) // size))
    page = min(ask.whole("page", 1, least=1), count)
    pager: dict[str, Any] = {"page": page, "total": len(found), "pageSize": size, "pageCount": count}
    if page < count:
        pager["nextPage"] = _at(ask, page + 1)
    if page > 1:
        pager["prevPage"] = _at(ask, page - 1)
    return found[(page - 1) * size : page * size], {"pager": pager}


def _at(ask: Ask, page: int) -> str:
    query = [(name, value) for name, value in ask.query.items() if name != "page"]
    many = [(name, each) for name, _value in query for each in ask.query.getlist(name)]
    return ask.request.build_absolute_uri(f"{ask.request.path}?{urlencode([*many, ('page', page)])}")


def one(kind: Kind) -> Handler:
    """GET /api/<plural>/{uid}."""

    def handler(ask: Ask, uid: str) -> dict[str, Any]:
        json_alone(ask)
        asker = Asker(ask, kind)
        return shown(asker, kind, [thing_of(asker, kind, uid)], "*")[0]

    return handler


def part(kind: Kind) -> Handler:
    """GET /api/<plural>/{uid}/{property}: {property: …}."""

    def handler(ask: Ask, uid: str, name: str) -> dict[str, Any]:
        json_alone(ask)
        asker = Asker(ask, kind)
        thing = thing_of(asker, kind, uid)
        if name not in kind.properties:
            raise WebMessageError(404, f"Property {name[:80]} does not exist on {kind.title}")
        inner = fields.read(
            ask.query.getlist("fields"), "id,displayName" if kind.properties[name].of else "*"
        )
        asked = fields.Field(name, inner if kind.properties[name].of else None)
        return fields.show(thing, kind, fields.Fields(given={name: asked}), asker)

    return handler


def thing_of(asker: Asker, kind: Kind, uid: str) -> Any:
    """WebMessageError 404 E1005 for what does not exist or is out of scope, which look the same."""
    found = next((thing for thing in kind.every(asker) if kind.uid(thing) == uid), None)
    if found is None:
        raise not_found(kind.title, uid[:40])
    return found
