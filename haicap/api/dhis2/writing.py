"""Stored values as JSON, XML, CSV and ADX, one after the other as the database gives them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from haicap.api.dhis2 import periodids
from haicap.api.dhis2.naming import Names
from haicap.api.dhis2.selecting import Selection
from haicap.api.queries import CellName
from haicap.catalogue.queries import Element
from haicap.core import clock, periods
from haicap.reporting.queries.stored import StoredValue
from haicap.tables.csv import write_csv
from haicap.units import queries as units

DXF = "http://dhis2.org/schema/dxf/2.0"
ADX = "urn:ihe:qrph:adx:2015"
COLUMNS = (
    "dataelement",
    "period",
    "orgunit",
    "categoryoptioncombo",
    "attributeoptioncombo",
    "value",
    "storedby",
    "lastupdated",
    "comment",
    "followup",
    "deleted",
)
_XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Row:
    """A stored value in the words of the reader; `value` "" when `deleted`."""

    stored: StoredValue
    data_element: str
    period: str
    org_unit: str
    split: str
    attribution: str
    value: str
    deleted: bool
    follow_up: bool = False

    @property
    def changed(self) -> str:
        return instant(self.stored.changed_at)


def rows(
    found: Iterable[StoredValue], names: Names, followed: frozenset[CellName] = frozenset()
) -> Iterator[Row]:
    by_id = names.catalogue.elements_by_id
    periods_of: dict[str, str] = {}
    places: dict[int, str] = {}
    for one in found:
        if one.period not in periods_of:
            periods_of[one.period] = periodids.id_of_key(one.period)
        if one.unit_id not in places:
            places[one.unit_id] = names.of_unit(units.by_id(one.unit_id))
        element = by_id[one.element_id]
        text = value_text(element, one.number, one.text)
        yield Row(
            one,
            names.of_element(element),
            periods_of[one.period],
            places[one.unit_id],
            names.of_split(one.split),
            names.of_split(one.attribution),
            text or "",
            text is None,
            _cell(one) in followed if followed else False,
        )


def _cell(one: StoredValue) -> CellName:
    return CellName(one.unit_id, one.form, one.period, one.element_id, one.split, one.attribution)


def value_text(element: Element, number: Decimal | None, text: str) -> str | None:
    """None for an emptied cell: nothing is nothing, never 0."""
    if number is None:
        return text or None
    if element.kind == "boolean":
        return "true" if number else "false"
    shown = format(number, "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def instant(moment: datetime) -> str:
    """2026-10-20T08:00:00.000+0700"""
    local = clock.local(moment)
    return f"{local:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}{local:%z}"


def head_of(selection: Selection, names: Names) -> dict[str, str]:
    """What is said once, since every value has it."""
    found = {}
    if selection.single_form is not None:
        found["dataSet"] = names.of_form(selection.single_form)
    if selection.single_period is not None:
        found["period"] = periodids.id_of_key(selection.single_period)
    if selection.single_place is not None:
        found["orgUnit"] = names.of_unit(selection.single_place)
    return found


def as_json(listed: Iterable[Row], head: dict[str, str]) -> Iterator[bytes]:
    return _pieces(_json(listed, head))


def _json(listed: Iterable[Row], head: dict[str, str]) -> Iterator[str]:
    opening = json.dumps(head, ensure_ascii=False)[:-1]
    yield opening + (", " if head else "") + '"dataValues": ['
    first = True
    for row in listed:
        held = (
            _attributes(row, head) | {"followup": row.follow_up} | ({"deleted": True} if row.deleted else {})
        )
        yield ("" if first else ", ") + json.dumps(held, ensure_ascii=False)
        first = False
    yield "]}"


def as_xml(listed: Iterable[Row], head: dict[str, str]) -> Iterator[bytes]:
    return _pieces(_xml(listed, head))


def _xml(listed: Iterable[Row], head: dict[str, str]) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<dataValueSet xmlns={quoteattr(DXF)}{_written(head)}>"
    for row in listed:
        held = (
            _attributes(row, head)
            | {"followUp": "true" if row.follow_up else "false"}
            | ({"deleted": "true"} if row.deleted else {})
        )
        yield f"<dataValue{_written(held)}/>"
    yield "</dataValueSet>"


def as_csv(listed: Iterable[Row]) -> Iterator[bytes]:
    """Texts that a spreadsheet would take for formulas are guarded; our reader takes the guard off again."""
    lines = (
        (
            row.data_element,
            row.period,
            row.org_unit,
            row.split,
            row.attribution,
            row.stored.number if row.stored.number is not None and row.value[:1] not in "tf" else row.value,
            row.stored.changed_by,
            row.changed,
            row.stored.why,
            "true" if row.follow_up else "false",
            "true" if row.deleted else "false",
        )
        for row in listed
    )
    return write_csv(lines, COLUMNS, bom=False)


def as_adx(listed: Iterable[Row], names: Names) -> Iterator[bytes]:
    return _pieces(_adx(listed, names))


def _adx(listed: Iterable[Row], names: Names) -> Iterator[str]:
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield f"<adx xmlns={quoteattr(ADX)} exported={quoteattr(clock.now().strftime('%Y-%m-%dT%H:%M:%SZ'))}>"
    # an emptied cell has no place in ADX
    kept = (row for row in listed if not row.deleted)
    for key, those in groupby(kept, key=_group_of):
        form_code, period, unit, attribution = key
        form = names.catalogue.forms.get(form_code)
        head = {
            "dataSet": names.of_form(form) if form else form_code,
            "period": periodids.adx_of(periods.parse(period)),
            "orgUnit": unit,
        }
        head |= _options(form.combination if form else "", attribution, "attributeOptionCombo", names)
        yield f"<group{_written(head)}>"
        for row in those:
            element = names.catalogue.elements_by_id[row.stored.element_id]
            held = {"dataElement": row.data_element}
            held |= _options(element.combination, row.stored.split, "categoryOptionCombo", names)
            start = f"<dataValue{_written(held | {'value': row.value})}"
            note = row.stored.why
            yield f"{start}><annotation>{escape(note)}</annotation></dataValue>" if note else f"{start}/>"
        yield "</group>"
    yield "</adx>"


def _group_of(row: Row) -> tuple[str, str, str, str]:
    return row.stored.form, row.stored.period, row.org_unit, row.stored.attribution


def _options(combination: str, code: str, fallback: str, names: Names) -> dict[str, str]:
    """Category by category where their names can be attributes, else the combination as one."""
    if not code:
        return {}
    found = names.of_options(combination, code)
    if found and all(_XML_NAME.fullmatch(name) for name in found):
        return found
    return {fallback: names.of_split(code)}


def _attributes(row: Row, head: dict[str, str]) -> dict[str, str]:
    held = {"dataElement": row.data_element}
    if "period" not in head:
        held["period"] = row.period
    if "orgUnit" not in head:
        held["orgUnit"] = row.org_unit
    held |= {
        "categoryOptionCombo": row.split,
        "attributeOptionCombo": row.attribution,
        "value": row.value,
        "storedBy": row.stored.changed_by,
        "lastUpdated": row.changed,
    }
    return held | ({"comment": row.stored.why} if row.stored.why else {})


def _written(attributes: dict[str, str]) -> str:
    return "".join(f" {name}={quoteattr(_lawful(text))}" for name, text in attributes.items())


def _lawful(text: str) -> str:
    """XML 1.0 has no place for control characters."""
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n\r")


def _pieces(texts: Iterable[str]) -> Iterator[bytes]:
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= _CHUNK:
            yield "".join(held).encode()
            held, size = [], 0
    yield "".join(held).encode()
