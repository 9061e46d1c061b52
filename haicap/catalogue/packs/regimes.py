"""What a form of a pack states of its regime: its sentences, who owes it, until when, for which window."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from haicap.catalogue.packs.content import UnitRef
from haicap.catalogue.packs.fields import Fields
from haicap.catalogue.states import LANGUAGES, REGIME_TEXTS, Nature, Obliged
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Rule

TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
KEYS = {
    "nature", "window", "regime", "asker", "minutes_per_cell", "obliged", "deadline", "lock_after",
    "reminders",
}  # fmt: skip
Texts = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True)
class Stated:
    """`spec`: columns of the form's spec; `units`: the listed units, whose ids are known at publishing."""

    spec: dict[str, Any]
    units: tuple[UnitRef, ...]


def shared(section: Fields) -> dict[str, dict[str, dict[str, str]]]:
    """Sentences that several forms have in common: name → field → language → text."""
    found = {}
    for name, one in section.named():
        one.known(REGIME_TEXTS)
        found[name] = {field: _words(one, field) for field in REGIME_TEXTS if field in one.source}
    return found


def stated(one: Fields, kind: Kind, rule: Rule, common: Texts) -> Stated:
    spec: dict[str, Any] = {"nature": one.choice("nature", Nature, Nature.REGULAR).value}
    units = _obliged(one, spec)
    spec["deadline"] = _deadline(one, kind)
    window = _window(one, kind, rule, spec["nature"])
    if window:
        spec["only_period"] = window
    _around(one, spec)
    if "regime" in one.source:
        spec["regime"] = _texts(one.child("regime"), common)
    asker = one.text("asker", required=False, longest=200)
    if asker:
        spec["asker"] = asker
    minutes = one.number("minutes_per_cell")
    if minutes is not None and minutes <= 0:
        one.problem("minutes_per_cell", _("số phút mỗi ô phải lớn hơn 0"))
    elif minutes is not None:
        spec["minutes_per_cell"] = str(minutes)
    return Stated({name: value for name, value in spec.items() if (name, value) != _USUAL}, units)


MOST_DAYS = 60


def _around(one: Fields, spec: dict[str, Any]) -> None:
    """`lock_after`: working days, or never; `reminders`: working days from the deadline, before it negative.
    What is not stated is as the product thinks best (catalogue.states)."""
    if one.source.get("lock_after") == "never":
        spec["lock_after"] = None
    elif "lock_after" in one.source:
        spec["lock_after"] = one.whole("lock_after", 0, 250, 0)
    if "reminders" not in one.source:
        return
    days = one.entries("reminders")
    fits = all(isinstance(day, int) and not isinstance(day, bool) and abs(day) <= MOST_DAYS for day in days)
    if not fits or len(set(days)) != len(days):
        mend = _("Viết như [-3, -1, 0, 1].")
        one.problem("reminders", _("ngày nhắc phải là các số nguyên khác nhau từ -60 đến 60"), mend)
        return
    spec["reminders"] = sorted(days)


# Left out, so that forms which say nothing keep the version they were published with.
_USUAL = ("nature", Nature.REGULAR.value)


def _words(one: Fields, field: str) -> dict[str, str]:
    part = one.child(field)
    part.known(LANGUAGES)
    return part.words()


def _texts(one: Fields, common: Texts) -> dict[str, Mapping[str, str]]:
    """Every sentence of the regime: its own, else that of the shared text named by `like`."""
    one.known({"like", *REGIME_TEXTS})
    like = one.text("like", required=False, longest=40)
    if like and like not in common:
        mend = _("Dùng được: %(keys)s.") % {"keys": ", ".join(common) or "–"}
        one.problem("like", _("không có chế độ mẫu «%(like)s» trong mục regimes") % {"like": like}, mend)
    found: dict[str, Mapping[str, str]] = dict(common.get(like, {}))
    for field in REGIME_TEXTS:
        if field in one.source:
            found[field] = _words(one, field)
        elif field not in found:
            mend = _("Chế độ báo cáo phải nêu đủ: %(keys)s.") % {"keys": ", ".join(REGIME_TEXTS)}
            one.problem(field, _("thiếu «%(key)s»") % {"key": field}, mend)
    return found


def _obliged(one: Fields, spec: dict[str, Any]) -> tuple[UnitRef, ...]:
    """`obliged: [xa, …]`, or a mapping with kinds, units (a list that goes before the kinds), from, to."""
    if not isinstance(one.source.get("obliged"), dict):
        spec["obliged"] = _kinds(one, "obliged", required=True)
        return ()
    part = one.child("obliged")
    part.known({"kinds", "units", "level", "from", "to"})
    level = part.whole("level", 0, 9, 2)
    codes = [str(code) for code in part.entries("units")]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        part.problem("units", _("đơn vị có hai lần: %(codes)s") % {"codes": ", ".join(sorted(twice))})
    spec["obliged"] = _kinds(part, "kinds", required=not codes)
    begin, end = part.day("from"), part.day("to")
    if begin and end and end <= begin:
        part.problem("to", _("ngày kết thúc phải sau ngày bắt đầu"))
    for name, day in (("obliged_from", begin), ("obliged_to", end)):
        if day:
            spec[name] = day.isoformat()
    return tuple(UnitRef(code, level) for code in dict.fromkeys(codes))


def _kinds(part: Fields, key: str, required: bool) -> list[str]:
    kinds = [str(one) for one in part.entries(key)]
    wrong = [kind for kind in kinds if kind not in set(Obliged)]
    if wrong or (required and not kinds):
        mend = _("Dùng được: %(keys)s.") % {"keys": ", ".join(Obliged)}
        part.problem(key, _("loại đơn vị phải báo cáo không đúng"), mend)
    return kinds


def _deadline(one: Fields, kind: Kind) -> dict[str, Any]:
    part = one.child("deadline")
    part.known({"working_days", "time", "on"})
    text = part.text("time", longest=8)
    # YAML reads 17:00 without quotes as the number 1020, which is also a time of day: 10:20.
    if not TIME.fullmatch(text):
        part.problem("time", _("giờ không đúng"), _('Viết như "17:00", có dấu nháy.'))
        text = "17:00"
    found: dict[str, Any] = {"working_days": part.whole("working_days", 0, 250, 5), "time": text}
    day = part.day("on")
    if day and kind is not Kind.CAMPAIGN:
        part.problem("on", _("chỉ báo cáo một lần mới có ngày hạn nộp cố định"))
    elif day:
        found["on"] = day.isoformat()
    return found


def _window(one: Fields, kind: Kind, rule: Rule, nature: str) -> str:
    """The key of the one window of a campaign; "" for what is asked period after period."""
    if kind is not Kind.CAMPAIGN:
        if "window" in one.source:
            one.problem("window", _("chỉ kỳ «campaign» mới có hai ngày"))
        if nature != Nature.REGULAR:
            mend = _("Viết kind: campaign và window: {from: …, to: …}.")
            one.problem("nature", _("báo cáo đột xuất, chuyên đề hỏi một lần cho một khoảng ngày"), mend)
        return ""
    if nature == Nature.REGULAR:
        one.problem("kind", _("kỳ «campaign» chỉ dùng cho báo cáo đột xuất hoặc chuyên đề"))
    part = one.child("window")
    part.known({"from", "to"})
    first, last = part.day("from"), part.day("to")
    if first is None or last is None:
        part.problem("from" if first is None else "to", _("thiếu ngày đầu hoặc ngày cuối"))
        return ""
    try:
        return periods.parse(f"{first}..{last}", rule).key
    except Refusal:
        part.problem("to", _("ngày cuối phải sau hoặc trùng ngày đầu"))
        return ""
