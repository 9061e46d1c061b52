"""dataElements of aggregate data → elements: kind of value, how it adds up, which splits it may have."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from haicap.api.dhis2.packs.divisions import Divisions, plain
from haicap.api.dhis2.packs.files import Source, labels, link, links, text
from haicap.catalogue.packs.content import NewElement, PackContent
from haicap.core.counts import Adds, Measure

# value type → (kind, whole numbers only, no negative numbers)
VALUE_TYPES = {
    "NUMBER": ("number", False, False),
    "INTEGER": ("number", True, False),
    "INTEGER_POSITIVE": ("number", True, True),
    "INTEGER_ZERO_OR_POSITIVE": ("number", True, True),
    "INTEGER_NEGATIVE": ("number", True, False),
    "PERCENTAGE": ("number", False, True),
    "UNIT_INTERVAL": ("number", False, True),
    "BOOLEAN": ("boolean", True, True),
    "TRUE_ONLY": ("boolean", True, True),
    "DATE": ("date", False, False),
}
TEXTS = ("TEXT", "LONG_TEXT", "LETTER", "PHONE_NUMBER", "EMAIL", "URL", "USERNAME", "DATETIME", "TIME")
VALUE_TYPES |= dict.fromkeys(TEXTS, ("text", False, False))
SUM, LAST, NONE = Adds.SUM, Adds.LAST, Adds.NONE
# aggregation type → over time, over units, over splits; what is not here is never added up
ADDING = {
    "SUM": (SUM, SUM, SUM),
    "AVERAGE_SUM_ORG_UNIT": (NONE, SUM, SUM),
    "LAST": (LAST, SUM, SUM),
    "LAST_IN_PERIOD": (LAST, SUM, SUM),
    "LAST_ORG_UNIT": (LAST, SUM, SUM),
    "LAST_AVERAGE_ORG_UNIT": (LAST, NONE, NONE),
    "LAST_IN_PERIOD_AVERAGE_ORG_UNIT": (LAST, NONE, NONE),
    "FIRST": (NONE, SUM, SUM),
    "COUNT": (SUM, SUM, SUM),
}


def read(source: Source, divisions: Divisions, content: PackContent) -> dict[str, str]:
    """uid → code of the elements taken. Those of trackers belong to persons and are not asked for."""
    found: dict[str, str] = {}
    options = {row["id"]: row for _place, row in source.things("options")}
    sets = {row["id"]: row for _place, row in source.things("optionSets")}
    taken: set[str] = set()
    for place, row in source.things("dataElements"):
        if row.get("domainType", "AGGREGATE") != "AGGREGATE":
            continue
        kind = "option" if link(row, "optionSet") else ""
        value_type = text(row, "valueType")
        why = _why_not(value_type, row, divisions, sets)
        if why:
            source.fault(place, text(row, "name") or row["id"], why)
            continue
        code = plain(row, taken)
        exchange = _exchange(row, code, value_type)
        if kind:
            exchange["options"] = _options(links(sets[link(row, "optionSet")], "options"), options)
            exchange["optionSet"] = link(row, "optionSet")
        content.elements[code] = _element(row, code, kind, divisions, exchange, (source.file, 1))
        found[row["id"]] = code
        for (role, lang), words in labels(row).items():
            content.labels[f"element:{code}", role, lang] = words
    return found


def _why_not(
    value_type: str, row: dict[str, Any], divisions: Divisions, sets: dict[str, dict[str, Any]]
) -> str:
    if value_type not in VALUE_TYPES:
        return _("kiểu giá trị %(type)s không dùng được ở đây") % {"type": value_type or "?"}
    combo = link(row, "categoryCombo")
    if combo and combo not in divisions.combinations:
        return _("không có tổ hợp phân loại %(uid)s") % {"uid": combo}
    if link(row, "optionSet") and link(row, "optionSet") not in sets:
        return _("không có bộ lựa chọn %(uid)s") % {"uid": link(row, "optionSet")}
    return ""


def _element(
    row: dict[str, Any],
    code: str,
    kind: str,
    divisions: Divisions,
    exchange: dict[str, Any],
    place: tuple[str, int],
) -> NewElement:
    usual, integer, non_negative = VALUE_TYPES[exchange["valueType"]]
    over_time, over_units, over_split = ADDING.get(exchange["aggregationType"], (NONE, NONE, NONE))
    return NewElement(
        code=code,
        # what is counted is named by its code; DHIS2 knows no counting units, so all are plain numbers
        measure=Measure(code, "", over_time, over_units, over_split),
        integer=integer,
        non_negative=non_negative,
        place=place,
        uid=row["id"],
        kind=kind or usual,
        combination=divisions.combinations.get(link(row, "categoryCombo"), ""),
        exchange=exchange,
    )


def _exchange(row: dict[str, Any], code: str, value_type: str) -> dict[str, Any]:
    made = {
        "valueType": value_type,
        "aggregationType": text(row, "aggregationType") or "NONE",
        "zeroIsSignificant": row.get("zeroIsSignificant") is True,
    }
    foreign = text(row, "code", 50)
    return made | ({"code": foreign} if foreign != code else {})


def _options(uids: Iterable[str], known: dict[str, dict[str, Any]]) -> list[dict[str, str]]:
    rows = [known[uid] for uid in uids if uid in known]
    return [{"uid": row["id"], "code": text(row, "code"), "name": text(row, "name")} for row in rows]
