"""/api/openapi.json: the addresses that can be read, for programs that make a client out of a description."""

from __future__ import annotations

from typing import Any

from haicap import __version__
from haicap.api.dhis2.doors import Ask
from haicap.api.dhis2.metadata.known import listed_kinds

TEXT, NUMBER, FLAG = {"type": "string"}, {"type": "integer", "minimum": 1}, {"type": "boolean"}
MANY = {"type": "array", "items": TEXT}
LIST: dict[str, Any] = {
    "fields": TEXT, "filter": MANY, "rootJunction": {"type": "string", "enum": ["AND", "OR"]},
    "order": TEXT, "query": TEXT, "paging": FLAG, "page": NUMBER, "pageSize": NUMBER, "locale": TEXT,
}  # fmt: skip
UNITS: dict[str, Any] = {
    **LIST, "level": {"type": "array", "items": NUMBER}, "maxLevel": NUMBER, "parent": TEXT,
    "userOnly": FLAG, "includeDescendants": FLAG, "includeClosed": FLAG,
}  # fmt: skip
UNIT: dict[str, Any] = {
    "fields": TEXT, "includeChildren": FLAG, "includeDescendants": FLAG, "includeAncestors": FLAG,
    "level": NUMBER,
}  # fmt: skip
OTHERS: dict[str, dict[str, Any]] = {
    "/system/info": {},
    "/system/id": {"limit": NUMBER},
    "/me": {"fields": TEXT},
    "/metadata": {"fields": TEXT, "filter": MANY, "dataElements": FLAG, "organisationUnits": FLAG},
    "/resources": {},
    "/schemas": {},
    "/periodTypes": {},
    "/organisationUnits.geojson": {"level": {"type": "array", "items": NUMBER}, "parent": TEXT},
    "/dataValueSets": {
        "dataSet": MANY, "dataElement": MANY, "period": MANY, "startDate": TEXT, "endDate": TEXT,
        "orgUnit": MANY, "children": FLAG, "idScheme": TEXT, "orgUnitIdScheme": TEXT, "limit": NUMBER,
        "lastUpdated": TEXT,
    },
    "/dataValues": {"de": TEXT, "pe": TEXT, "ou": TEXT, "co": TEXT},
    "/completeDataSetRegistrations": {
        "dataSet": MANY, "period": MANY, "orgUnit": MANY, "startDate": TEXT, "endDate": TEXT,
        "children": FLAG,
    },
    "/analytics": {
        "dimension": MANY, "filter": MANY, "displayProperty": TEXT, "skipMeta": FLAG, "skipData": FLAG,
        "hierarchyMeta": FLAG, "outputIdScheme": TEXT, "includeNumDen": FLAG, "startDate": TEXT,
        "endDate": TEXT,
    },
}  # fmt: skip


def document() -> dict[str, Any]:
    """OpenAPI 3.0, without the number of a version in the addresses: every number is answered alike."""
    paths = {f"/api{path}": _get(path, query) for path, query in OTHERS.items()}
    for kind in listed_kinds():
        listing, single = (UNITS, UNIT) if kind.name == "organisationUnit" else (LIST, {"fields": TEXT})
        paths[f"/api/{kind.plural}"] = _get(f"/{kind.plural}", listing)
        paths[f"/api/{kind.plural}/{{uid}}"] = _get(f"/{kind.plural}/uid", single, uid=True)
    return {
        "openapi": "3.0.3",
        "info": {"title": "Haicap, as DHIS2 clients read it", "version": __version__},
        "paths": paths,
        "components": {
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "token": {"type": "apiKey", "in": "header", "name": "Authorization"},
            },
            "schemas": {"WebMessage": _message()},
        },
        "security": [{"basic": []}, {"token": []}],
    }


def _get(path: str, query: dict[str, Any], uid: bool = False) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "query", "required": False, "schema": schema} for name, schema in query.items()
    ]
    if uid:
        shape = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9]{10}$"}
        parameters.append({"name": "uid", "in": "path", "required": True, "schema": shape})
    wrong = {
        "description": "DHIS2's envelope",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/WebMessage"}}},
    }
    fine = {"description": "The answer", "content": {"application/json": {"schema": {"type": "object"}}}}
    answers = {str(status): wrong for status in (400, 401, 403, 404, 409, 429)}
    return {
        "get": {
            "operationId": "get" + path.replace("/", "_").replace(".", "_"),
            "parameters": parameters,
            "responses": {"200": fine, **answers},
        }
    }


def _message() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["httpStatus", "httpStatusCode", "status"],
        "properties": {
            "httpStatus": TEXT,
            "httpStatusCode": {"type": "integer"},
            "status": {"type": "string", "enum": ["OK", "WARNING", "ERROR"]},
            "message": TEXT,
            "errorCode": TEXT,
        },
    }


def openapi(ask: Ask) -> dict[str, Any]:
    return document()
