"""Counting units, measures and elements of a pack."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from haicap.catalogue.packs import derived
from haicap.catalogue.packs.content import NewElement, PackContent
from haicap.catalogue.packs.fields import Fields
from haicap.catalogue.states import LANGUAGES
from haicap.core.counts import Adds, Measure

CODE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
KEYS = {*LANGUAGES, "unit", "adds", "counts", "integer", "non_negative", "hint", "derived"}
Adding = tuple[Adds, Adds, Adds]


def units(section: Fields, content: PackContent) -> None:
    for unit, one in section.named():
        one.known(LANGUAGES)
        for lang, text in one.words(longest=60).items():
            content.labels[f"unit:{unit}", "name", lang] = text


def measures(section: Fields) -> dict[str, Adding]:
    """Named ways of adding up: name → (over time, over units, over splits)."""
    found = {}
    for name, one in section.named():
        one.known({"time", "units", "split"})
        found[name] = (one.choice("time", Adds), one.choice("units", Adds), one.choice("split", Adds))
    return found


def elements(section: Fields, known: Mapping[str, Adding], content: PackContent) -> None:
    for code, one in section.named():
        one.known(KEYS)
        if not CODE.fullmatch(code):
            mend = _("Dùng chữ không dấu, số và dấu gạch dưới, bắt đầu bằng chữ, tối đa 40 ký tự.")
            one.problem(None, _("mã phần tử không hợp lệ"), mend)
        if code in content.elements:
            first = content.elements[code].place
            mend = _("Lần đầu ở %(file)s, dòng %(line)s.") % {"file": first[0], "line": first[1]}
            one.problem(None, _("mã phần tử có hai lần"), mend)
            continue
        content.elements[code] = _element(code, one, known, content)


def _element(code: str, one: Fields, known: Mapping[str, Adding], content: PackContent) -> NewElement:
    names = one.words(longest=200)
    for lang, text in names.items():
        content.labels[f"element:{code}", "name", lang] = text
    if "hint" in one.source:
        hint = one.child("hint")
        hint.known(LANGUAGES)
        for lang, text in hint.words().items():
            content.labels[f"element:{code}", "hint", lang] = text
    unit = one.text("unit", longest=40)
    if unit and (f"unit:{unit}", "name", "vi") not in content.labels:
        mend = _("Thêm đơn vị này vào mục counting_units.")
        one.problem("unit", _("không có đơn vị «%(unit)s»") % {"unit": unit}, mend)
    adds = one.text("adds", longest=40)
    if adds and adds not in known:
        mend = _("Dùng được: %(keys)s.") % {"keys": ", ".join(known)}
        one.problem("adds", _("không có cách cộng «%(adds)s»") % {"adds": adds}, mend)
    time, places, split = known.get(adds, (Adds.NONE, Adds.NONE, Adds.NONE))
    # What is counted is a code, not a sentence: mending a label must not change the measure.
    counts = one.text("counts", required=False, longest=80) or code
    measure, integer = Measure(counts, unit, time, places, split), one.flag("integer", True)
    return NewElement(
        code=code,
        measure=measure,
        integer=integer,
        non_negative=one.flag("non_negative", True),
        place=one.at(),
        derived=derived.derivation(one, measure, integer),
    )
