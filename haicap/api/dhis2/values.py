"""/api/dataValueSets and /api/dataValues: figures in and out."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import get_language

from haicap.accounts.states import Role
from haicap.api import queries
from haicap.api.dhis2 import bodies, importing, jsonbodies, options, selecting, summaries, writing
from haicap.api.dhis2.conflicts import Conflict
from haicap.api.dhis2.doors import Ask
from haicap.api.dhis2.messages import WebMessageError, web_message
from haicap.api.dhis2.naming import Names
from haicap.api.dhis2.options import DELETE, Options
from haicap.api.dhis2.records import CODE, UID, Body, Group, Record, Schemes, clean, truth
from haicap.catalogue import queries as catalogue_queries
from haicap.reporting.queries import stored
from haicap.units import lineage

TYPES = {
    "json": "application/json; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "csv": "application/csv; charset=utf-8",
    "adx": "application/adx+xml; charset=utf-8",
}
LONGEST_KEY = 64
SHORT = {
    "de": "dataElement",
    "pe": "period",
    "ou": "orgUnit",
    "co": "categoryOptionCombo",
    "ao": "attributeOptionCombo",
    "ds": "dataSet",
}


def taken(ask: Ask) -> HttpResponseBase:
    """POST /api/dataValueSets"""
    wanted = options.options_of(ask)
    data = bodies.of(ask.request)
    body = bodies.parse(data, ask.request.content_type or "", wanted.first_row_is_header)
    wanted = options.with_body(wanted, body)
    sent = importing.Sent(_idempotency_key(ask), _digest(data, wanted))
    return summaries.answer(importing.run(ask.caller, body, wanted, _lang(), sent), wanted)


def _idempotency_key(ask: Ask) -> str:
    """WebMessageError 400: a key that was cut could be that of another request."""
    key = ask.request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        raise WebMessageError(400, f"Idempotency-Key must be at most {LONGEST_KEY} printable characters")
    return key


def _digest(data: bytes, wanted: Options) -> str:
    """The options are part of what was sent: another strategy under the same key is another request."""
    digest, meant = hashlib.sha256(data).hexdigest(), replace(wanted, dry_run=False)
    return digest if meant == Options() else hashlib.sha256(f"{digest}\0{meant!r}".encode()).hexdigest()


def listed(ask: Ask) -> HttpResponseBase:
    """GET /api/dataValueSets"""
    kind = _format(ask)
    schemes = options.schemes_of(ask)
    usual = CODE if kind == "adx" else UID
    names = Names(catalogue_queries.current(), Schemes(schemes.general or usual).under(schemes))
    # what is asked for is named by uid, whatever the answer names things by
    selection = selecting.read(ask, Names(names.catalogue, Schemes(_input_scheme(ask))))
    wanted = _wanted(ask, selection)
    found = writing.rows(
        stored.stored_values(wanted, selection.limit), names, queries.followed(wanted.unit_ids)
    )
    head = writing.head_of(selection, names)
    pieces = {
        "json": lambda: writing.as_json(found, head),
        "xml": lambda: writing.as_xml(found, head),
        "csv": lambda: writing.as_csv(found),
        "adx": lambda: writing.as_adx(found, names),
    }[kind]()
    return StreamingHttpResponse(pieces, content_type=TYPES[kind])


def _input_scheme(ask: Ask) -> str:
    return options.scheme_of(ask.text("inputIdScheme")) or UID


def _wanted(ask: Ask, selection: selecting.Selection) -> stored.Wanted:
    elements = selection.elements
    return stored.Wanted(
        unit_ids=selection.unit_ids,
        forms=[form.code for form in selection.forms] or None,
        element_ids=None if elements is None else [one.id for one in elements],
        periods=selection.periods,
        between=selection.between,
        attributions=selection.attributions,
        changed_since=selection.changed_since,
        emptied=selection.emptied,
        sent_only=True,
        drafts=_drafts(ask),
    )


def _drafts(ask: Ask) -> stored.Drafts | None:
    """Drafts belong to those who fill them: the unit's officer, and a system for the forms of its key."""
    key = ask.caller.key
    if key is not None:
        return stored.Drafts(forms=key.forms or None) if key.writes else None
    own = [grant.unit_id for grant in ask.scope.grants if grant.role is Role.COMMUNE_OFFICER]
    owed = [place.id for unit in own for place in lineage.owing_for(unit)]
    return stored.Drafts([unit for unit in own if lineage.heir_of(unit) is None] + owed)


def _format(ask: Ask) -> str:
    if ask.suffix:
        return {"adx+xml": "adx", "xml": "xml", "csv": "csv"}.get(ask.suffix, "json")
    accepted = ask.request.headers.get("Accept", "")
    for part, kind in (("adx", "adx"), ("json", "json"), ("csv", "csv"), ("xml", "xml")):
        # browsers name xml among everything; they are given JSON as DHIS2 gives it
        if part in accepted and "html" not in accepted:
            return kind
    return "json"


def read_one(ask: Ask) -> list[Any]:
    """GET /api/dataValues?de=…&pe=…&ou=…&co=…&ao=…: the value alone in a list."""
    record = _record(ask, {})
    names = Names(catalogue_queries.current(), Schemes(UID))
    element, unit = names.element(record.data_element), names.unit(record.org_unit)
    split, attribution = names.split(record.category_option_combo), names.split(record.attribute_option_combo)
    if element is None or unit is None or split is None or attribution is None:
        raise WebMessageError(409, "Data element, organisation unit or option combo does not exist", "E1005")
    if not ask.scope.sees(unit):
        raise selecting.refused("E2012", unit.uid)
    wanted = stored.Wanted(
        [unit.id],
        element_ids=[element.id],
        periods=[selecting.key_of(record.period)],
        splits=[split],
        attributions=[attribution],
        sent_only=True,
        drafts=_drafts(ask),
    )
    for one in stored.stored_values(wanted, 1):
        return [writing.value_text(element, one.number, one.text)]
    raise WebMessageError(409, "Data value does not exist", "E2032")


def write_one(ask: Ask) -> HttpResponseBase:
    """POST /api/dataValues, by query or as JSON; an empty value takes the value away, as DHIS2 does."""
    told: dict[str, Any] = {}
    if "json" in (ask.request.content_type or "") and ask.request.body.strip():
        told = jsonbodies.load(ask.request.body)
        if not isinstance(told, dict):
            raise WebMessageError(400, "Invalid JSON: the body must be an object")
    record = _record(ask, told)
    return _one(
        ask, record, _said(ask, told, "dataSet"), "" if record.value or record.deleted else DELETE, 201
    )


def delete_one(ask: Ask) -> HttpResponseBase:
    """DELETE /api/dataValues"""
    return _one(ask, _record(ask, {}), _said(ask, {}, "dataSet"), DELETE, 204)


def _one(ask: Ask, record: Record, data_set: str, strategy: str, status: int) -> HttpResponseBase:
    wanted = Options(strategy=strategy) if strategy else Options()
    body = Body([Group(data_set=data_set, records=[record])], Schemes(UID))
    summary = importing.run(ask.caller, body, wanted, _lang())
    if summary.conflicts:
        first: Conflict = summary.conflicts[0]
        raise WebMessageError(409, first.message, first.code, response=summary.as_json(wanted))
    return HttpResponse(status=204) if status == 204 else web_message(status)


def _record(ask: Ask, told: dict[str, Any]) -> Record:
    texts = {name: _said(ask, told, name) for name in SHORT.values()}
    return Record(
        0,
        "dataValue",
        data_element=texts["dataElement"],
        period=texts["period"],
        org_unit=texts["orgUnit"],
        category_option_combo=texts["categoryOptionCombo"],
        attribute_option_combo=texts["attributeOptionCombo"],
        value=_said(ask, told, "value"),
        comment=_said(ask, told, "comment"),
        follow_up=truth(_said(ask, told, "followUp")),
        deleted=_said(ask, told, "deleted").lower() == "true",
    )


def _said(ask: Ask, told: dict[str, Any], name: str) -> str:
    """From the JSON body, the form or the address, by its long or its short name."""
    short = next((short for short, long in SHORT.items() if long == name), name)
    if name in told:
        return jsonbodies.text_of(told, name)
    posted = ask.request.POST if ask.request.method == "POST" else {}
    for held in (posted, ask.query):
        for key in (name, short):
            if key in held:
                return clean(str(held[key])).strip()
    return ""


def _lang() -> str:
    return get_language() or "vi"
