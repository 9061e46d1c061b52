"""What there is: /api/resources, /api/schemas, /api/periodTypes, and everything at once: /api/metadata."""

from __future__ import annotations

from typing import Any

from haicap.api.dhis2.doors import Ask
from haicap.api.dhis2.messages import WebMessageError
from haicap.api.dhis2.metadata import fields, filters
from haicap.api.dhis2.metadata.asker import Asker
from haicap.api.dhis2.metadata.elementkinds import PERIOD_TYPES
from haicap.api.dhis2.metadata.kinds import KINDS, Kind, Property
from haicap.api.dhis2.metadata.known import listed_kinds
from haicap.api.dhis2.metadata.listing import json_alone, shown
from haicap.api.dhis2.system import COMPATIBLE
from haicap.core.periods import Kind as PeriodKind

PERIODS = {
    PeriodKind.DAY: ("yyyyMMdd", "P1D", 1),
    PeriodKind.WEEK: ("yyyyWn", "P7D", 7),
    PeriodKind.MONTH: ("yyyyMM", "P1M", 30),
    PeriodKind.QUARTER: ("yyyyQn", "P3M", 90),
    PeriodKind.HALF: ("yyyySn", "P6M", 182),
    PeriodKind.YEAR: ("yyyy", "P1Y", 365),
}
SYSTEM = "haicap"
TYPES = {"TEXT": "java.lang.String", "IDENTIFIER": "java.lang.String", "CONSTANT": "java.lang.String"}


def resources(ask: Ask) -> dict[str, Any]:
    json_alone(ask)
    root = ask.request.build_absolute_uri("/api/")
    return {
        "resources": [
            {
                "displayName": one.plural[0].upper() + one.plural[1:],
                "singular": one.name,
                "plural": one.plural,
                "href": root + one.plural,
            }
            for one in listed_kinds()
        ]
    }


def period_types(ask: Ask) -> dict[str, Any]:
    json_alone(ask)
    return {
        "periodTypes": [
            {"name": PERIOD_TYPES[one], "isoFormat": iso, "isoDuration": length, "frequencyOrder": days}
            for one, (iso, length, days) in PERIODS.items()
        ]
    }


def schemas(ask: Ask) -> dict[str, Any]:
    json_alone(ask)
    return {"schemas": [_schema(one, ask) for one in listed_kinds()]}


def schema(ask: Ask, name: str) -> dict[str, Any]:
    json_alone(ask)
    found = next((one for one in listed_kinds() if name in (one.name, one.plural)), None)
    if found is None:
        raise WebMessageError(404, f"Type {name[:80]} does not exist.", "E1005")
    return _schema(found, ask)


def _schema(one: Kind, ask: Ask) -> dict[str, Any]:
    return {
        "name": one.name,
        "singular": one.name,
        "plural": one.plural,
        "displayName": one.title,
        "relativeApiEndpoint": f"/{one.plural}",
        "apiEndpoint": ask.request.build_absolute_uri(f"/api/{one.plural}"),
        "metadata": True,
        "identifiableObject": True,
        "shareable": False,
        "persisted": True,
        "properties": [_property(name, each) for name, each in one.properties.items()],
    }


def _property(name: str, one: Property) -> dict[str, Any]:
    made: dict[str, Any] = {
        "name": KINDS[one.of].name if one.many and one.of else name,
        "fieldName": name,
        "propertyType": one.type,
        "klass": TYPES.get(one.type, "java.util.List" if one.many else "java.lang.Object"),
        "simple": one.simple,
        "collection": one.many,
        "persisted": True,
        "readable": True,
        "writable": False,
        "unique": name == "id",
        "required": name in ("id", "name"),
    }
    if one.many:
        made["collectionName"] = name
        made["itemPropertyType"] = "REFERENCE"
    if one.of:
        made["relativeApiEndpoint"] = f"/{KINDS[one.of].plural}"
    return made


def everything(ask: Ask) -> dict[str, Any]:
    """`dataElements=true&dataElements:fields=id,name&dataElements:filter=…`; without a choice all kinds."""
    json_alone(ask)
    chosen = [one for one in listed_kinds() if ask.text(one.plural).lower() == "true"]
    kinds = chosen or [one for one in listed_kinds() if ask.text(one.plural).lower() != "false"]
    found: dict[str, Any] = {"system": {"id": SYSTEM, "version": COMPATIBLE}}
    for one in kinds:
        asker = Asker(ask, one)
        tests = filters.read([*ask.query.getlist("filter"), *ask.query.getlist(f"{one.plural}:filter")], one)
        things = filters.chosen(one.every(asker), tests, False, asker)
        own = ask.query.getlist(f"{one.plural}:fields")
        if own:
            wanted = fields.read(own, "*")
            rows = [fields.show(thing, one, wanted, asker) for thing in things]
        else:
            rows = shown(asker, one, things, "*")
        if rows:
            found[one.plural] = rows
    return found
