"""dataValueSet as XML (dxf 2.0) and ADX, one reader for both: read element by element, never as a whole.

No document type, no entity, no outside reference is accepted: a report needs none.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, iterparse

from haicap.api.dhis2.jsonbodies import HEAD_SCHEMES
from haicap.api.dhis2.records import Body, Group, Record, Schemes, clean, scheme_of, truth, unreadable

GROUP_OWN = frozenset(
    (
        "dataSet",
        "period",
        "orgUnit",
        "attributeOptionCombo",
        "completeDate",
        "dataSetComplete",
        "comment",
        "dataElement",
    )
)
VALUE_OWN = frozenset(
    (
        "dataElement",
        "period",
        "orgUnit",
        "categoryOptionCombo",
        "attributeOptionCombo",
        "value",
        "comment",
        "followUp",
        "followup",
        "deleted",
        "storedBy",
        "timestamp",
        "created",
        "lastUpdated",
    )
)


def events(data: bytes) -> Iterator[tuple[str, str, Any]]:
    """(event, name without namespace, element). WebMessageError 400."""
    try:
        for event, element in iterparse(io.BytesIO(data), events=("start", "end"), forbid_dtd=True):
            yield event, str(element.tag).rpartition("}")[2], element
    except ParseError as wrong:
        line, column = wrong.position
        raise unreadable(f"Invalid XML at line {line}, column {column + 1}") from None
    except DefusedXmlException:
        raise unreadable("XML with a document type or entities is not read") from None
    except (LookupError, ValueError):
        raise unreadable("XML in an encoding that cannot be read") from None


def parse(data: bytes) -> Body:
    reader = _Reader()
    for event, name, element in events(data):
        reader.take(event, name, element)
    if reader.body is None:
        raise unreadable("The root of the XML must be dataValueSet or adx")
    return reader.body


class _Reader:
    def __init__(self) -> None:
        self.body: Body | None = None
        self.adx = False
        self.index = 0
        self.root: Any = None

    def take(self, event: str, name: str, element: Any) -> None:
        if self.root is None:
            self.begin(name, element)
        elif event == "start" and name == "group" and self.adx:
            self.open().groups.append(_group(texts_of(element)))
        elif event == "end" and name == "dataValue":
            self.value(element)
            self.root.clear()
        elif event == "end" and name == "group":
            self.root.clear()

    def open(self) -> Body:
        assert self.body is not None
        return self.body

    def begin(self, name: str, element: Any) -> None:
        self.root = element
        texts = texts_of(element)
        if name == "dataValueSet":
            special = {field: scheme_of(texts.get(key, "")) for field, key in HEAD_SCHEMES.items()}
            self.body = Body(
                [_group(texts, plain=True)],
                Schemes(scheme_of(texts.get("idScheme", "")), **special),
                dry_run=truth(texts.get("dryRun", "")),
                strategy=texts.get("importStrategy", "") or texts.get("strategy", ""),
            )
        elif name == "adx":
            self.adx = True
            self.body = Body([], adx=True)

    def value(self, element: Any) -> None:
        body = self.open() if self.body is not None else None
        if body is None or not body.groups:
            raise unreadable("The XML has a dataValue outside of every group")
        body.groups[-1].records.append(_record(self.index, element, self.adx))
        element.clear()
        self.index += 1


def _group(texts: dict[str, str], plain: bool = False) -> Group:
    return Group(
        data_set=texts.get("dataSet", ""),
        data_element=texts.get("dataElement", ""),
        period=texts.get("period", ""),
        org_unit=texts.get("orgUnit", ""),
        attribute_option_combo=texts.get("attributeOptionCombo", ""),
        complete_date=texts.get("completeDate", ""),
        options=() if plain else _others(texts, GROUP_OWN),
    )


def _record(index: int, element: Any, adx: bool) -> Record:
    texts = texts_of(element)
    comment = texts.get("comment", "")
    for child in element:
        if str(child.tag).rpartition("}")[2] == "annotation":
            comment = clean(child.text or "").strip()
    return Record(
        index,
        f"dataValue[{index}]",
        data_element=texts.get("dataElement", ""),
        period=texts.get("period", ""),
        org_unit=texts.get("orgUnit", ""),
        category_option_combo=texts.get("categoryOptionCombo", ""),
        attribute_option_combo=texts.get("attributeOptionCombo", ""),
        value=texts.get("value"),
        comment=comment,
        follow_up=truth(texts.get("followUp", "") or texts.get("followup", "")),
        deleted=truth(texts.get("deleted", "")),
        options=_others(texts, VALUE_OWN) if adx else (),
    )


def texts_of(element: Any) -> dict[str, str]:
    return {str(key).rpartition("}")[2]: clean(str(text)).strip() for key, text in element.attrib.items()}


def _others(texts: dict[str, str], own: frozenset[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, text in texts.items() if name not in own)
