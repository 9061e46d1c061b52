"""dataValueSet as JSON. Numbers keep the digits that were sent: they never pass through floating point."""

from __future__ import annotations

import json
from typing import Any

from haicap.api.dhis2.messages import WebMessageError
from haicap.api.dhis2.records import Body, Group, Record, Schemes, clean, scheme_of, unreadable

HEAD_SCHEMES = {
    "data_elements": "dataElementIdScheme",
    "org_units": "orgUnitIdScheme",
    "option_combos": "categoryOptionComboIdScheme",
    "data_sets": "dataSetIdScheme",
}


def load(data: bytes) -> Any:
    """JSON with every number as the text it was. WebMessageError 400."""
    try:
        return json.loads(
            data.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=_no_constant
        )
    except json.JSONDecodeError as wrong:
        raise unreadable(f"Invalid JSON at line {wrong.lineno}, column {wrong.colno}") from None
    except UnicodeDecodeError:
        raise unreadable("JSON must be UTF-8") from None
    except RecursionError:
        raise unreadable("JSON is nested too deeply") from None


def parse(data: bytes) -> Body:
    found = load(data)
    if isinstance(found, list):
        # Some clients send the bare list
        found = {"dataValues": found}
    if not isinstance(found, dict):
        raise _shape("the body", "an object with dataValues")
    listed = found.get("dataValues", [])
    if not isinstance(listed, list):
        raise _shape("dataValues", "a list")
    group = Group(
        data_set=text_of(found, "dataSet"),
        data_element=text_of(found, "dataElement"),
        period=text_of(found, "period"),
        org_unit=text_of(found, "orgUnit"),
        attribute_option_combo=text_of(found, "attributeOptionCombo"),
        complete_date=text_of(found, "completeDate"),
    )
    group.records.extend(_record(index, one) for index, one in enumerate(listed))
    special = {name: scheme_of(text_of(found, key)) for name, key in HEAD_SCHEMES.items()}
    return Body(
        [group],
        Schemes(scheme_of(text_of(found, "idScheme")), **special),
        dry_run=flag_of(found, "dryRun"),
        strategy=text_of(found, "importStrategy") or text_of(found, "strategy"),
    )


def _record(index: int, one: Any) -> Record:
    place = f"dataValues[{index}]"
    if not isinstance(one, dict):
        raise _shape(place, "an object")
    return Record(
        index,
        place,
        data_element=text_of(one, "dataElement", place),
        period=text_of(one, "period", place),
        org_unit=text_of(one, "orgUnit", place),
        category_option_combo=text_of(one, "categoryOptionCombo", place),
        attribute_option_combo=text_of(one, "attributeOptionCombo", place),
        value=None if one.get("value") is None else text_of(one, "value", place),
        comment=text_of(one, "comment", place),
        follow_up=flag_of(one, "followUp") or flag_of(one, "followup"),
        deleted=flag_of(one, "deleted"),
    )


def text_of(held: dict[str, Any], key: str, place: str = "") -> str:
    """The text under the key, "" for null; {"id": "…"} is read as its id. WebMessageError 400."""
    found = held.get(key)
    if isinstance(found, dict):
        found = found.get("id")
    if found is None:
        return ""
    if isinstance(found, bool):
        return "true" if found else "false"
    if not isinstance(found, str):
        raise _shape(f"{place}.{key}" if place else key, "a text or a number")
    return clean(found).strip()


def flag_of(held: dict[str, Any], key: str) -> bool:
    found = held.get(key)
    return found is True or (isinstance(found, str) and found.strip().lower() in ("true", "1"))


def _no_constant(name: str) -> str:
    raise unreadable(f"Invalid JSON: {name} is no number")


def _shape(place: str, wanted: str) -> WebMessageError:
    return unreadable(f"Invalid JSON: {place} must be {wanted}")
