"""Forms of a pack: sections with cells, checks with messages in every language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from haicap.catalogue import formulas
from haicap.catalogue.packs import regimes
from haicap.catalogue.packs.content import NewForm, PackContent
from haicap.catalogue.packs.fields import Fields
from haicap.catalogue.states import LANGUAGES, Hardness
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Rule

KEYS = {*regimes.KEYS, *LANGUAGES, "kind", "rule", "approval", "first_day", "sections", "checks"}
CHECK_KEYS = {*LANGUAGES, "code", "kind", "expression", "part", "whole", "element", "most"}
PHRASES = ("within", "most")
Phrases = Mapping[str, Mapping[str, str]]


def phrases(section: Fields) -> dict[str, dict[str, str]]:
    section.known(PHRASES)
    found = {}
    for name, one in section.named():
        one.known(LANGUAGES)
        found[name] = one.words()
    return found


def forms(
    section: Fields,
    elements: formulas.Elements,
    words: Phrases,
    common: regimes.Texts,
    content: PackContent,
) -> None:
    for code, one in section.named():
        one.known(KEYS)
        if code in content.forms:
            one.problem(None, _("mã mẫu có hai lần"))
            continue
        content.forms[code] = _Reader(code, one, elements, words, common, content).form()


class _Reader:
    def __init__(
        self,
        code: str,
        one: Fields,
        elements: formulas.Elements,
        words: Phrases,
        common: regimes.Texts,
        content: PackContent,
    ) -> None:
        self.code, self.one, self.elements, self.words, self.content = code, one, elements, words, content
        self.common = common
        self.numbers: dict[str, str] = {}

    def label(self, subject: str, role: str, found: Mapping[str, str]) -> None:
        for lang, text in found.items():
            self.content.labels[subject, role, lang] = text

    def form(self) -> NewForm:
        one = self.one
        self.label(f"form:{self.code}", "name", one.words(longest=200))
        first_day = one.day("first_day")
        kind, rule = one.choice("kind", Kind), one.choice("rule", Rule)
        stated = regimes.stated(one, kind, rule, self.common)
        spec: dict[str, Any] = {
            "kind": kind.value,
            "rule": rule.value,
            **stated.spec,
            "approval": one.flag("approval", True),
            "first_day": first_day.isoformat() if first_day else None,
            "sections": [self.section(code, part) for code, part in one.child("sections").named()],
        }
        if not self.numbers:
            one.problem("sections", _("mẫu không có ô nào"))
        spec["checks"] = self.checks()
        return NewForm(self.code, spec, stated.units, one.at())

    def section(self, code: str, part: Fields) -> dict[str, Any]:
        part.known({*LANGUAGES, "cells"})
        self.label(f"section:{self.code}/{code}", "name", part.words(longest=200))
        cells = []
        for index, given in enumerate(part.entries("cells"), start=1):
            required, why = True, ""
            element = given
            if isinstance(given, dict):
                entry = Fields(given, part.name, part.problems, part.at("cells"))
                entry.known({"element", "required", "why"})
                element, required = entry.text("element"), entry.flag("required", True)
                why = entry.text("why", required=False, longest=500)
            cells.append(self.cell(part, str(element), f"{code}{index}", required, why))
        return {"code": code, "cells": cells}

    def cell(self, part: Fields, element: str, number: str, required: bool, why: str) -> dict[str, Any]:
        first = self.numbers.get(element)
        if element not in self.elements:
            what = _("ô %(number)s: không có phần tử «%(element)s»")
            part.problem("cells", what % {"number": number, "element": element})
        elif first is not None:
            what = _("ô %(number)s hỏi lại phần tử «%(element)s» của ô %(first)s")
            part.problem("cells", what % {"number": number, "element": element, "first": first})
        self.numbers.setdefault(element, number)
        found = {"element": element, "number": number, "required": required}
        return found | {"why": why} if why else found

    def checks(self) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for one in self.one.children("checks"):
            one.known(CHECK_KEYS)
            check = self.check(one)
            if check["code"] in found:
                one.problem("code", _("mã kiểm tra «%(code)s» có hai lần") % {"code": check["code"]})
            found[check["code"]] = check
        return list(found.values())

    def check(self, one: Fields) -> dict[str, Any]:
        if "part" in one.source:
            code, expression, message = self.within(one)
        elif "most" in one.source:
            code, expression, message = self.ceiling(one)
        else:
            code, expression = one.text("code", longest=60), one.text("expression")
            message = one.words()
        self.label(f"check:{self.code}/{code}", "message", message)
        kind = one.choice("kind", Hardness, Hardness.HARD).value
        return {"code": code, "kind": kind, "expression": expression, "elements": self.used(one, expression)}

    def used(self, one: Fields, expression: str) -> list[str]:
        try:
            elements = formulas.parse_check(expression, self.elements).elements
        except Refusal as refusal:
            one.problem("expression", str(refusal), _("Công thức: %(text)s") % {"text": expression})
            return []
        for element in elements:
            if element not in self.numbers:
                one.problem("expression", _("phần tử «%(code)s» không có trong mẫu") % {"code": element})
        return list(elements)

    def within(self, one: Fields) -> tuple[str, str, dict[str, str]]:
        part, whole = one.text("part"), one.text("whole")
        message = {
            lang: phrase.replace("{part_cell}", self.numbers.get(part, ""))
            .replace("{whole_cell}", self.numbers.get(whole, ""))
            .replace("{part}", self.name(part, lang))
            .replace("{whole}", self.name(whole, lang))
            for lang, phrase in self.phrase("within", one).items()
        }
        return f"{part}_IN_{whole}", f"{part} <= {whole}", message

    def ceiling(self, one: Fields) -> tuple[str, str, dict[str, str]]:
        element, most = one.text("element"), one.number("most")
        message = {
            lang: phrase.replace("{cell}", self.numbers.get(element, ""))
            .replace("{most}", str(most))
            .replace("{name}", self.name(element, lang))
            for lang, phrase in self.phrase("most", one).items()
        }
        return f"{element}_MOST", f"{element} <= {most}", message

    def phrase(self, name: str, one: Fields) -> Mapping[str, str]:
        if name not in self.words:
            one.problem(None, _("thiếu câu mẫu «%(name)s» trong mục phrases") % {"name": name})
        return self.words.get(name, {})

    def name(self, element: str, lang: str) -> str:
        return self.content.labels.get((f"element:{element}", "name", lang), element)
