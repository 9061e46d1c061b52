"""dataSets → forms: kind of period, sections, who must report; no approval, calendar windows."""

from __future__ import annotations

from collections.abc import Mapping
from string import ascii_uppercase
from typing import Any

from django.utils.translation import gettext as _

from haicap.api.dhis2.packs.divisions import Divisions, plain
from haicap.api.dhis2.packs.files import Source, labels, link, links, text
from haicap.catalogue.packs.content import NewForm, PackContent, UnitRef
from haicap.core.periods import Kind, Rule

PERIOD_TYPES = {
    "Daily": Kind.DAY,
    "Weekly": Kind.WEEK,
    "Monthly": Kind.MONTH,
    "Quarterly": Kind.QUARTER,
    "SixMonthly": Kind.HALF,
    "Yearly": Kind.YEAR,
}
LONGEST_WAIT = 250


def read(
    source: Source,
    divisions: Divisions,
    elements: Mapping[str, str],
    units: Mapping[str, int],
    content: PackContent,
) -> None:
    """`elements`: uid → code; `units`: uid → level, of the units that are there."""
    sections: dict[str, list[dict[str, Any]]] = {}
    for _place, row in source.things("sections"):
        sections.setdefault(link(row, "dataSet"), []).append(row)
    taken: set[str] = set()
    for place, row in source.things("dataSets"):
        kind = PERIOD_TYPES.get(text(row, "periodType"))
        combo = link(row, "categoryCombo")
        if kind is None:
            why = _("loại kỳ %(type)s không dùng được ở đây") % {"type": text(row, "periodType") or "?"}
            source.fault(place, text(row, "name"), why)
        elif combo and combo not in divisions.combinations:
            source.fault(place, text(row, "name"), _("không có tổ hợp phân loại %(uid)s") % {"uid": combo})
        else:
            code = plain(row, taken)
            asked = _asked(source, place, row, elements)
            parts = _sections(code, row, sections.get(row["id"], []), asked, elements, content)
            spec = _spec(row, code, kind, divisions, parts)
            owed = _owed(source, place, row, units)
            content.forms[code] = NewForm(code, spec, owed, (source.file, 1), row["id"])
            for (role, lang), words in labels(row).items():
                content.labels[f"form:{code}", role, lang] = words


def _asked(source: Source, place: str, row: dict[str, Any], elements: Mapping[str, str]) -> list[str]:
    """uids of the elements, each once, in their order."""
    given = row.get("dataSetElements")
    uids = (
        [link(one, "dataElement") for one in given if isinstance(one, dict)]
        if isinstance(given, list)
        else []
    )
    for uid in dict.fromkeys(uids):
        if uid not in elements:
            source.fault(place, uid, _("phần tử dữ liệu này không có hoặc không dùng được"))
    return [uid for uid in dict.fromkeys(uids) if uid in elements]


def _sections(
    form: str,
    row: dict[str, Any],
    given: list[dict[str, Any]],
    asked: list[str],
    elements: Mapping[str, str],
    content: PackContent,
) -> list[dict[str, Any]]:
    """As DHIS2 shows them; what stands in no section comes last."""
    made: list[dict[str, Any]] = []
    left = dict.fromkeys(asked)
    ordered = sorted(given, key=lambda one: _whole(one, "sortOrder"))
    for one in [*ordered, row]:
        inside = [
            uid for uid in (links(one, "dataElements") if one is not row else list(left)) if uid in left
        ]
        if not inside:
            continue
        code = ascii_uppercase[len(made) % 26] * (len(made) // 26 + 1)
        for uid in inside:
            del left[uid]
        for (role, lang), words in labels(one, 200).items():
            if role == "name":
                content.labels[f"section:{form}/{code}", role, lang] = words
        cells = [
            {"element": elements[uid], "number": f"{code}{number}", "required": False}
            for number, uid in enumerate(inside, start=1)
        ]
        made.append({"code": code, "cells": cells})
    return made


def _spec(
    row: dict[str, Any], code: str, kind: Kind, divisions: Divisions, sections: list[dict[str, Any]]
) -> dict[str, Any]:
    exchange: dict[str, Any] = {
        "periodType": text(row, "periodType"),
        "openFuturePeriods": _whole(row, "openFuturePeriods"),
        "expiryDays": _whole(row, "expiryDays"),
        "timelyDays": _whole(row, "timelyDays"),
        "indicators": links(row, "indicators"),
    }
    foreign = text(row, "code", 50)
    if foreign != code:
        exchange["code"] = foreign
    return {
        "kind": kind.value,
        "rule": Rule.CALENDAR.value,
        "obliged": [],
        "deadline": {"working_days": min(_whole(row, "timelyDays"), LONGEST_WAIT), "time": "23:59"},
        "approval": False,
        "first_day": None,
        "sections": sections,
        "checks": [],
        "combination": divisions.combinations.get(link(row, "categoryCombo"), ""),
        "exchange": exchange,
    }


def _whole(row: dict[str, Any], name: str) -> int:
    value = row.get(name)
    return int(value) if isinstance(value, int | float) and 0 <= value < 100_000 else 0


def _owed(source: Source, place: str, row: dict[str, Any], units: Mapping[str, int]) -> tuple[UnitRef, ...]:
    found = []
    for uid in dict.fromkeys(links(row, "organisationUnits")):
        if uid in units:
            found.append(UnitRef("", units[uid], uid))
        else:
            source.fault(place, uid, _("không có đơn vị mang định danh này"))
    return tuple(found)
