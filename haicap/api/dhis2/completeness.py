"""/api/completeDataSetRegistrations: a complete data set is a report that was sent in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from haicap.api.dhis2 import bodies, completing, options, periodids, registrations, selecting, summaries
from haicap.api.dhis2.callers import Caller
from haicap.api.dhis2.conflicts import Conflict, conflict
from haicap.api.dhis2.decoding import Completion
from haicap.api.dhis2.doors import Ask
from haicap.api.dhis2.messages import WebMessageError
from haicap.api.dhis2.naming import Names
from haicap.api.dhis2.options import DELETE
from haicap.api.dhis2.records import UID, Schemes
from haicap.api.dhis2.registrations import LIST, ONE, Registration
from haicap.api.dhis2.summaries import Summary
from haicap.api.dhis2.values import TYPES
from haicap.api.dhis2.writing import DXF, instant
from haicap.catalogue import queries as catalogue_queries
from haicap.core.errors import Refusal
from haicap.reporting.queries import stored
from haicap.tables.csv import write_csv
from haicap.units import queries as units

COLUMNS = (
    "dataSet",
    "period",
    "organisationUnit",
    "attributeOptionCombo",
    "date",
    "storedBy",
    "completed",
)
TAKEN_BACK = "completeDataSetRegistrations"


def listed(ask: Ask) -> HttpResponseBase:
    """GET: one row per report that stands as sent in, and per attribution of its form."""
    names = Names(catalogue_queries.current(), _schemes(ask))
    selection = selecting.read(ask, Names(names.catalogue, Schemes(UID)), elements=False)
    found = _rows(selection, names)
    if ask.suffix == "csv":
        lines = ([row[name] for name in COLUMNS] for row in found)
        return StreamingHttpResponse(write_csv(lines, COLUMNS, bom=False), content_type=TYPES["csv"])
    if ask.suffix == "xml":
        return StreamingHttpResponse(_xml(found), content_type=TYPES["xml"])
    return StreamingHttpResponse(_json(found), content_type=TYPES["json"])


def _schemes(ask: Ask) -> Schemes:
    said = options.schemes_of(ask)
    return Schemes(said.general or UID).under(said)


def _rows(selection: selecting.Selection, names: Names) -> Iterator[dict[str, Any]]:
    rows = stored.stored_reports(
        selection.unit_ids,
        [form.code for form in selection.forms],
        selection.periods,
        selection.between,
        selection.changed_since,
    )
    for one in rows:
        form = names.catalogue.forms[one.form]
        place = names.of_unit(units.by_id(one.unit_id))
        for attribution in form.attributions or ("",):
            yield {
                "dataSet": names.of_form(form),
                "period": periodids.id_of_key(one.period),
                "organisationUnit": place,
                "attributeOptionCombo": names.of_split(attribution),
                "date": instant(one.submitted_at) if one.submitted_at else "",
                "storedBy": one.submitted_by,
                "completed": True,
            }


def _json(found: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield f'{{"{LIST}": ['
    for index, row in enumerate(found):
        yield (", " if index else "") + json.dumps(row, ensure_ascii=False)
    yield "]}"


def _xml(found: Iterator[dict[str, Any]]) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{LIST} xmlns={quoteattr(DXF)}>'
    for row in found:
        held = "".join(f" {name}={quoteattr(str(text))}" for name, text in row.items() if name != "completed")
        yield f'<{ONE}{held} completed="true"/>'
    yield f"</{LIST}>"


def taken(ask: Ask) -> HttpResponseBase:
    """POST: each alone; what hinders one is its conflict."""
    wanted = options.options_of(ask)
    sent = registrations.parse(bodies.of(ask.request), ask.request.content_type or "")
    completing.check_number(len(sent.registrations))
    deleting = DELETE in (wanted.strategy, options.strategy_of(sent.strategy))
    wanted = options.with_head(wanted, sent.schemes, sent.dry_run)
    names = Names(catalogue_queries.current(), Schemes(wanted.schemes.general or UID).under(wanted.schemes))
    summary = Summary(read=len(sent.registrations), deleting=deleting)
    try:
        with transaction.atomic():
            for one in sent.registrations:
                _take(ask.caller, one, names, deleting, summary)
            if wanted.dry_run:
                raise _DryRunError
    except _DryRunError:
        pass
    return summaries.answer(summary, wanted)


class _DryRunError(Exception):
    """Takes everything back."""


def _take(caller: Caller, one: Registration, names: Names, deleting: bool, summary: Summary) -> None:
    asked = _completion(caller, one, names)
    if isinstance(asked, Conflict):
        summary.conflicts.append(asked)
        summary.rejected.add(one.index)
        return
    back = deleting or not one.completed
    done = completing.reopen(caller, asked, TAKEN_BACK) if back else completing.complete(caller, asked)
    if done.refusal:
        objects = (("dataSet", one.data_set), ("period", one.period), ("orgUnit", one.org_unit))
        summary.conflicts.append(Conflict("E8033", done.refusal, (one.index,), "dataSet", objects))
        summary.rejected.add(one.index)
    elif done.before:
        summary.unchanged += 1
    else:
        summary.changed += 1


def _completion(caller: Caller, one: Registration, names: Names) -> Completion | Conflict:
    def wrong(code: str, *told: object, part: str, text: str) -> Conflict:
        return conflict(code, *told, indexes=[one.index], part=part, objects=[(part, text)])

    form = names.form(one.data_set)
    if form is None:
        return wrong("E8005", one.data_set, part="dataSet", text=one.data_set)
    if not caller.writes(form.code):
        return wrong("E8010", one.data_set, part="dataSet", text=one.data_set)
    try:
        key = periodids.key_of(one.period)
    except Refusal:
        return wrong("E8100", one.index, one.period, part="period", text=one.period)
    unit = names.unit(one.org_unit)
    if unit is None or not caller.scope.sees(unit):
        return wrong("E8011", one.org_unit, part="orgUnit", text=one.org_unit)
    attribution = names.split(one.attribute_option_combo)
    if attribution is None or (attribution and attribution not in form.attributions):
        text = one.attribute_option_combo
        return wrong("E8023", one.data_set, text, part="attributeOptionCombo", text=text)
    return Completion(form, unit, key, attribution)


def taken_back(ask: Ask) -> HttpResponseBase:
    """DELETE ?ds=…&pe=…&ou=…: 204, or 409 with the reason."""
    one = Registration(0, ask.text("ds"), ask.text("pe"), ask.text("ou"))
    asked = _completion(ask.caller, one, Names(catalogue_queries.current(), Schemes(UID)))
    if isinstance(asked, Conflict):
        raise WebMessageError(409, asked.message, asked.code)
    done = completing.reopen(ask.caller, asked, TAKEN_BACK)
    if done.refusal:
        raise WebMessageError(409, done.refusal, "E8033")
    return HttpResponse(status=204)
