"""categories, categoryOptions, categoryCombos, categoryOptionCombos → combinations with their splits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from haicap.api.dhis2.packs.files import Source, day, labels, link, links, text
from haicap.catalogue.breakdowns import ATTRIBUTION, SPLIT
from haicap.catalogue.packs.content import NewCombination, NewSplit, PackContent

# What can stand in a formula and in the key of a value
PLAIN_CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
LONGEST_FOREIGN = 50


@dataclass
class Divisions:
    """uid → our code: of combinations ("" for the default one) and of splits ("" for the default one)."""

    combinations: dict[str, str] = field(default_factory=dict)
    splits: dict[str, str] = field(default_factory=dict)
    of_split: dict[str, str] = field(default_factory=dict)


def plain(row: Mapping[str, Any], taken: set[str]) -> str:
    """The code where a formula can hold it and nobody else has it, else the uid."""
    code = row.get("code")
    good = isinstance(code, str) and PLAIN_CODE.fullmatch(code) and code not in taken
    chosen = str(code) if good else str(row["id"])
    taken.add(chosen)
    return chosen


def read(source: Source, content: PackContent) -> Divisions:
    found = Divisions()
    options = {row["id"]: row for _place, row in source.things("categoryOptions")}
    dimensions = {row["id"]: row for _place, row in source.things("categories")}
    cells: dict[str, list[dict[str, Any]]] = {}
    for place, row in source.things("categoryOptionCombos"):
        if link(row, "categoryCombo"):
            cells.setdefault(link(row, "categoryCombo"), []).append(row)
        else:
            source.fault(place, row["id"], _("không thuộc tổ hợp phân loại nào"))
    taken: set[str] = set()
    for place, row in source.things("categoryCombos"):
        if _is_default(row):
            found.combinations[row["id"]] = ""
            found.splits |= {cell["id"]: "" for cell in cells.get(row["id"], ())}
            continue
        missing = [uid for uid in links(row, "categories") if uid not in dimensions]
        if missing:
            source.fault(place, text(row, "name"), _("không có phân loại %(uid)s") % {"uid": missing[0]})
            continue
        _combination(row, cells.get(row["id"], []), dimensions, options, found, content, taken)
    return found


def _is_default(row: Mapping[str, Any]) -> bool:
    return "default" in (row.get("code"), row.get("name"))


def _combination(
    row: dict[str, Any],
    cells: list[dict[str, Any]],
    dimensions: Mapping[str, dict[str, Any]],
    options: Mapping[str, dict[str, Any]],
    found: Divisions,
    content: PackContent,
    taken: set[str],
) -> None:
    code = plain(row, taken)
    usage = ATTRIBUTION if row.get("dataDimensionType") == "ATTRIBUTE" else SPLIT
    spec = {
        "usage": usage,
        "code": text(row, "code"),
        "dimensions": [_dimension(dimensions[uid], options, content) for uid in links(row, "categories")],
    }
    splits = []
    for cell in cells:
        own = plain(cell, taken)
        foreign = text(cell, "code", LONGEST_FOREIGN)
        splits.append(
            NewSplit(
                cell["id"], own, tuple(links(cell, "categoryOptions")), "" if foreign == own else foreign
            )
        )
        found.splits[cell["id"]], found.of_split[cell["id"]] = own, code
        _name(content, f"split:{own}", cell)
    found.combinations[row["id"]] = code
    _name(content, f"combination:{code}", row)
    content.combinations[code] = NewCombination(row["id"], code, spec, tuple(splits))


def _dimension(
    row: dict[str, Any], options: Mapping[str, dict[str, Any]], content: PackContent
) -> dict[str, Any]:
    _name(content, f"dimension:{row['id']}", row)
    return {
        "uid": row["id"],
        "code": text(row, "code"),
        "options": [
            _option(options[uid], content) for uid in links(row, "categoryOptions") if uid in options
        ],
    }


def _option(row: dict[str, Any], content: PackContent) -> dict[str, Any]:
    _name(content, f"option:{row['id']}", row)
    made: dict[str, Any] = {"uid": row["id"], "code": text(row, "code")}
    starts, ends = day(row, "startDate"), day(row, "endDate")
    return (
        made
        | ({"starts": starts.isoformat()} if starts else {})
        | ({"ends": ends.isoformat()} if ends else {})
    )


def _name(content: PackContent, subject: str, row: dict[str, Any]) -> None:
    for (role, lang), words in labels(row).items():
        content.labels[subject, role, lang] = words
