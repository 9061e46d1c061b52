"""Who owes it, for which windows, until when: the part of a draft that makes obligations."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from haicap.catalogue.definitions import Form
from haicap.catalogue.drafts.content import Content
from haicap.catalogue.drafts.fields import Notes, day, minutes, whole
from haicap.catalogue.packs.regimes import TIME
from haicap.catalogue.states import Nature
from haicap.core import clock, periods
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Period, Rule
from haicap.units import queries as units
from haicap.units.queries import Place
from haicap.units.states import Level

LONGEST_WINDOW = timedelta(days=366)
MOST_UNITS = 4000
_DAY = timedelta(days=1)


def read(content: Content, owner: Place, base: Form | None, notes: Notes) -> dict[str, Any]:
    """The spec without sections, checks and sentences."""
    nature = _choice(content["nature"], Nature, Nature.REGULAR, "nature", notes)
    once = nature is not Nature.REGULAR
    kind = Kind.CAMPAIGN if once else _choice(content["kind"], Kind, Kind.MONTH, "kind", notes)
    rule = _choice(content["rule"], Rule, Rule.DECREE09, "rule", notes)
    if kind is Kind.CAMPAIGN and not once:
        notes.add("kind", _("Khoảng ngày bất kỳ chỉ dùng cho báo cáo đột xuất hoặc chuyên đề."))
        kind = Kind.MONTH
    if base is not None and (base.kind, base.rule) != (kind, rule):
        notes.add("kind", _("Bản mới giữ nguyên loại kỳ và cửa sổ số liệu; đổi thì lập mẫu khác."))
    spec: dict[str, Any] = {"nature": nature.value, "kind": kind.value, "rule": rule.value}
    spec |= _obliged(content, owner, notes)
    spec["deadline"] = _deadline(content, once, notes)
    spec["approval"] = content["approval"]
    spec["first_day"] = None
    if once:
        spec["only_period"] = _window(content, rule, notes)
    else:
        spec["first_day"] = _first_day(content, spec, base, notes)
    if content["asker"].strip():
        spec["asker"] = " ".join(content["asker"].split())[:200]
    else:
        notes.add("asker", _("Ghi cơ quan, phòng ban yêu cầu số liệu."))
    each = minutes(content["minutes"], "minutes", notes)
    if each is not None:
        spec["minutes_per_cell"] = str(each)
    return spec


def _choice(text: str, kinds: Any, usual: Any, place: str, notes: Notes) -> Any:
    try:
        return kinds(text)
    except ValueError:
        notes.add(place, _("Hãy chọn một mục trong danh sách."))
        return usual


def _obliged(content: Content, owner: Place, notes: Notes) -> dict[str, Any]:
    """Kinds, or a list of unit codes that goes before them; from and to with both days in."""
    found: dict[str, Any] = {"obliged": list(content["kinds"])}
    codes = list(dict.fromkeys(re.findall(r"[^\s,;]+", content["units"])))
    listed = _listed(codes[:MOST_UNITS], owner, notes) if codes else []
    if not codes and not content["kinds"]:
        notes.add("kinds", _("Chọn loại đơn vị phải báo cáo, hoặc ghi danh sách mã đơn vị."))
    if codes:
        found["obliged_units"] = listed
    begin = day(content["obliged_from"], "obliged_from", notes)
    end = day(content["obliged_to"], "obliged_to", notes)
    if begin and end and end < begin:
        notes.add("obliged_to", _("Ngày cuối phải sau ngày đầu."))
    if begin:
        found["obliged_from"] = begin.isoformat()
    if end:
        found["obliged_to"] = (end + _DAY).isoformat()
    return found


def _listed(codes: list[str], owner: Place, notes: Notes) -> list[int]:
    """Ids of the codes that are communes under the owner today; the others are named, all at once."""
    today = clock.today()
    below = units.by_ids(units.subtree_ids(owner.id, today)).values()
    known = {one.code: one.id for one in below if one.level >= Level.COMMUNE}
    strange = [code for code in codes if code not in known]
    if strange:
        what = _("Không có đơn vị mang mã: %(codes)s.") % {"codes": ", ".join(strange[:20])}
        notes.add("units", what)
    return [known[code] for code in codes if code in known]


def _deadline(content: Content, once: bool, notes: Notes) -> dict[str, Any]:
    text = content["deadline_time"].strip()
    if not TIME.fullmatch(text):
        notes.add("deadline_time", _("Giờ viết như 17:00."))
        text = "17:00"
    on = day(content["deadline_on"], "deadline_on", notes) if once else None
    if on is not None:
        return {"working_days": 0, "time": text, "on": on.isoformat()}
    days = whole(content["deadline_days"], 0, 250, 5, "deadline_days", notes)
    return {"working_days": days, "time": text}


def _window(content: Content, rule: Rule, notes: Notes) -> str:
    first = day(content["window_from"], "window_from", notes)
    last = day(content["window_to"], "window_to", notes)
    usual = periods.parse(f"{clock.today()}..{clock.today()}", rule).key
    for name, found in (("window_from", first), ("window_to", last)):
        if found is None and not content[name].strip():
            notes.add(name, _("Báo cáo một lần cần ngày đầu và ngày cuối của số liệu."))
    if first is None or last is None:
        return usual
    if last < first:
        notes.add("window_to", _("Ngày cuối phải sau hoặc trùng ngày đầu."))
        return usual
    if last - first > LONGEST_WINDOW:
        notes.add("window_to", _("Khoảng ngày dài nhất là một năm."))
    return periods.parse(f"{first}..{last}", rule).key


def _first_day(content: Content, spec: dict[str, Any], base: Form | None, notes: Notes) -> str:
    found = day(content["first_day"], "first_day", notes)
    if found is None:
        if not content["first_day"].strip():
            notes.add("first_day", _("Ghi ngày chế độ báo cáo bắt đầu."))
        # Judged and shown as if it began today; published it is not.
        return clock.today().isoformat()
    if base is None and found < clock.today():
        notes.add("first_day", _("Chế độ mới không bắt đầu trước hôm nay: không ai bị đòi báo cáo đã qua."))
    changed = base is not None and (
        tuple(spec["obliged"]) != base.obliged_kinds
        or tuple(spec.get("obliged_units", ())) != base.obliged_units
    )
    if changed and found < clock.today():
        notes.add("first_day", _("Đổi đối tượng phải báo cáo thì bản mới bắt đầu từ hôm nay trở đi."))
    return found.isoformat()


def first_window(form: Form, today: date) -> Period:
    """The first window that a regular form would ask for."""
    day = max(form.obligation_begins or today, today)
    try:
        return periods.containing(day, form.kind, form.rule)
    except Refusal:
        return periods.last_closed(form.kind, day, form.rule)
