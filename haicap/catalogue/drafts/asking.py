"""Sections with their cells, and checks in the formula language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from haicap.catalogue import formulas
from haicap.catalogue.definitions import Element
from haicap.catalogue.drafts.content import Content
from haicap.catalogue.drafts.fields import Notes, words
from haicap.catalogue.states import LANGUAGES
from haicap.core.errors import Refusal

Labels = dict[tuple[str, str, str], str]
Known = Mapping[str, Element]
LONGEST_MESSAGE = 500
LONGEST_WHY = 500
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def sections(
    given: list[Content], form: str, known: Known, labels: Labels, notes: Notes
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    places: dict[str, str] = {}
    for index, one in enumerate(given):
        at, code = f"s{index}", one["code"].strip()
        if not code.isalnum() or not code.isascii() or code in {section["code"] for section in found}:
            notes.add(at, _("Mã phần không hợp lệ hoặc có hai lần."))
        for lang, text in words(one["name"], f"{at}.name", notes).items():
            labels[f"section:{form}/{code}", "name", lang] = text
        cells: list[dict[str, Any]] = []
        for row, cell in enumerate(one["cells"]):
            read = _cell(cell, f"{at}.c{row}", f"{code}{len(cells) + 1}", known, places, notes)
            if read is not None:
                cells.append(read)
        found.append({"code": code, "cells": cells})
    if not places:
        notes.add("cells", _("Mẫu chưa có ô nào. Tìm phần tử rồi thêm vào một phần."))
    return found


def _cell(
    cell: Content, at: str, number: str, known: Known, places: dict[str, str], notes: Notes
) -> dict[str, Any] | None:
    element = cell["element"].strip()
    if element not in known:
        notes.add(at, _("Không có phần tử %(code)s trong danh mục.") % {"code": element or "–"})
        return None
    if element in places:
        notes.add(at, _("Ô này hỏi lại phần tử của ô %(number)s.") % {"number": places[element]})
        return None
    places[element] = number
    found = {"element": element, "number": number, "required": cell["required"]}
    why = " ".join(cell["why"].split())
    if len(why) > LONGEST_WHY:
        notes.add(at, _("Lý do dài quá %(most)s chữ.") % {"most": LONGEST_WHY})
    return found | {"why": why} if why else found


def checks(
    given: list[Content],
    form: str,
    parts: list[dict[str, Any]],
    known: Known,
    labels: Labels,
    notes: Notes,
) -> list[dict[str, Any]]:
    numbers = {cell["element"]: cell["number"] for part in parts for cell in part["cells"]}
    found: list[dict[str, Any]] = []
    for index, one in enumerate(given):
        at, code = f"k{index}", one["code"].strip()
        if not code or code in {check["code"] for check in found}:
            notes.add(at, _("Mã kiểm tra thiếu hoặc có hai lần."))
        expression = one["expression"].strip()
        try:
            used = formulas.parse_check(expression, known).elements
        except Refusal as refusal:
            notes.add(f"{at}.expression", f"{refusal}.")
            continue
        foreign = [element for element in used if element not in numbers]
        if foreign:
            what = _("Công thức dùng phần tử không có trong mẫu: %(codes)s.")
            notes.add(f"{at}.expression", what % {"codes": ", ".join(foreign)})
        for lang, text in _message(one, at, expression, numbers, notes).items():
            labels[f"check:{form}/{code}", "message", lang] = text
        found.append({"code": code, "kind": one["kind"], "expression": expression, "elements": list(used)})
    return found


def _message(
    one: Content, at: str, expression: str, numbers: Mapping[str, str], notes: Notes
) -> Mapping[str, str]:
    """What the officer reads when the check fails; without own words it is said from the formula."""
    if any(text.strip() for text in one["message"].values()):
        return words(one["message"], f"{at}.message", notes, LONGEST_MESSAGE)
    shown = NAME.sub(lambda name: numbers.get(name.group(), name.group()), expression)
    found = {}
    for lang in LANGUAGES:
        with translation.override(lang):
            found[lang] = _("Các ô này phải thỏa: %(rule)s.") % {"rule": shown}
    return found
