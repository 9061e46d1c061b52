"""Registrations of complete data sets as they are sent: JSON, XML or CSV become the same records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from haicap.api.dhis2 import bodies, csvbodies, jsonbodies, xmlbodies
from haicap.api.dhis2.records import Schemes, scheme_of, unreadable

LIST, ONE = "completeDataSetRegistrations", "completeDataSetRegistration"


@dataclass(frozen=True, slots=True)
class Registration:
    """`completed` False takes a completion back."""

    index: int
    data_set: str
    period: str
    org_unit: str
    attribute_option_combo: str = ""
    completed: bool = True
    date: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    registrations: tuple[Registration, ...]
    schemes: Schemes
    dry_run: bool = False
    strategy: str = ""


def parse(data: bytes, content_type: str) -> Sent:
    """WebMessageError 400, 409, 413 or 415."""
    data = bodies.unpacked(data)
    if not data.strip():
        raise unreadable("The request has no body")
    kind = bodies.format_of(content_type, data)
    if kind == bodies.JSON:
        return _json(data)
    if kind == bodies.CSV:
        return _csv(data)
    return _xml(data)


def _json(data: bytes) -> Sent:
    found = jsonbodies.load(data)
    listed = found.get(LIST) if isinstance(found, dict) else None
    if not isinstance(listed, list):
        raise unreadable(f"Invalid JSON: the body must be an object with a list {LIST}")
    return _sent(_texts_of(listed), found)


def _texts_of(listed: list[Any]) -> Iterator[dict[str, str]]:
    for index, one in enumerate(listed):
        place = f"{LIST}[{index}]"
        if not isinstance(one, dict):
            raise unreadable(f"Invalid JSON: {place} must be an object")
        yield {name.lower(): jsonbodies.text_of(one, name, place) for name in one if isinstance(name, str)}


def _csv(data: bytes) -> Sent:
    rows = csvbodies.rows_of(data)
    header = csvbodies.header_of(rows[0]) if rows else []
    missing = [name for name in ("dataset", "period") if name not in header]
    if missing or not {"orgunit", "organisationunit"} & set(header):
        raise unreadable("The header row of the CSV must name dataSet, period and orgUnit", 409)
    return _sent((dict(zip(header, row, strict=False)) for row in rows[1:]), {})


def _xml(data: bytes) -> Sent:
    root: dict[str, str] | None = None
    found = []
    for event, name, element in xmlbodies.events(data):
        if root is None:
            if name != LIST:
                raise unreadable(f"The root of the XML must be {LIST}")
            root = xmlbodies.texts_of(element)
        elif event == "end" and name == ONE:
            found.append({key.lower(): text for key, text in xmlbodies.texts_of(element).items()})
            element.clear()
    return _sent(iter(found), root or {})


def _sent(listed: Iterator[dict[str, str]], head: Mapping[str, Any]) -> Sent:
    texts = {name: str(head.get(name) or "") for name in ("idScheme", "orgUnitIdScheme", "dataSetIdScheme")}
    schemes = Schemes(
        scheme_of(texts["idScheme"]),
        org_units=scheme_of(texts["orgUnitIdScheme"]),
        data_sets=scheme_of(texts["dataSetIdScheme"]),
    )
    return Sent(
        tuple(_registration(index, one) for index, one in enumerate(listed)),
        schemes,
        dry_run=str(head.get("dryRun", "")).lower() == "true",
        strategy=str(head.get("importStrategy") or ""),
    )


def _registration(index: int, one: Mapping[str, str]) -> Registration:
    return Registration(
        index,
        data_set=one.get("dataset", "").strip(),
        period=one.get("period", "").strip(),
        org_unit=(one.get("organisationunit") or one.get("orgunit") or "").strip(),
        attribute_option_combo=(one.get("attributeoptioncombo") or "").strip(),
        completed=(one.get("completed") or "true").strip().lower() != "false",
        date=(one.get("date") or "").strip(),
    )
