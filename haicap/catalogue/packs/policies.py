"""Pillars, weights, cuts, and the working days of a pack."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from haicap.catalogue.packs.content import NewYear, PackContent
from haicap.catalogue.packs.fields import Fields
from haicap.catalogue.states import LANGUAGES, Missing
from haicap.core import bands
from haicap.core.errors import Refusal

SATURDAY = 5


def score(section: Fields, pillars: list[Fields], content: PackContent) -> None:
    section.known({"proposal", "cuts", "missing"})
    cuts = section.child("cuts")
    cuts.known({"green", "yellow"})
    green, yellow = (cuts.number(name, Decimal(0)) for name in ("green", "yellow"))
    try:
        bands.check(bands.Threshold(bands.Direction.HIGHER, green, yellow))
    except Refusal:
        cuts.problem("yellow", _("mức vàng phải nhỏ hơn hoặc bằng mức xanh"))
    proposal = section.flag("proposal")
    content.policy = {
        "pillars": [_pillar(one, content) for one in pillars],
        "cuts": {"green": str(green), "yellow": str(yellow), "proposal": proposal},
        "missing": section.choice("missing", Missing).value,
    }
    total = sum((Decimal(one["weight"]) for one in content.policy["pillars"]), Decimal(0))
    if total != 100:
        what = _("trọng số các nhóm cộng lại là %(total)s, phải là 100") % {"total": total}
        section.problem(None, what)


def _pillar(one: Fields, content: PackContent) -> dict[str, str]:
    one.known({*LANGUAGES, "code", "weight"})
    code, weight = one.text("code", longest=40), one.number("weight", Decimal(0))
    if weight is None or weight < 0:
        one.problem("weight", _("trọng số không được âm"))
    for lang, text in one.words(longest=100).items():
        content.labels[f"pillar:{code}", "name", lang] = text
    return {"code": code, "weight": str(weight)}


def calendar(section: Fields, content: PackContent) -> None:
    for name, one in section.named():
        one.known({"provisional", "source", "off", "working"})
        if not name.isdigit() or not 2000 <= int(name) <= 2100:
            one.problem(None, _("năm không đúng"), _("Viết như 2026."))
            continue
        days: dict[date, tuple[bool, str]] = {}
        for key, working in (("off", False), ("working", True)):
            if key in one.source:
                _days(one.child(key), int(name), working, days)
        content.years.append(
            NewYear(
                year=int(name),
                provisional=one.flag("provisional"),
                source=one.text("source"),
                days=tuple((day, *days[day]) for day in sorted(days)),
            )
        )


def _days(part: Fields, year: int, working: bool, days: dict[date, tuple[bool, str]]) -> None:
    for day in part.source:
        if type(day) is not date or day.year != year:
            part.problem(day, _("«%(day)s» không phải ngày của năm %(year)s") % {"day": day, "year": year})
        elif day in days:
            part.problem(day, _("ngày %(day)s vừa nghỉ vừa làm") % {"day": day})
        elif (day.weekday() < SATURDAY) is working:
            mend = _("Chỉ ghi ngày khác với lệ thường.")
            what = _("ngày %(day)s vốn đã làm việc") if working else _("ngày %(day)s vốn đã là cuối tuần")
            part.problem(day, what % {"day": day}, mend)
        else:
            days[day] = (working, part.text(day, longest=120))


def burden(section: Fields, content: PackContent) -> None:
    """How long a cell takes, how much of a week may go into reports, and the shortest decent deadline."""
    section.known({"proposal", "minutes_per_cell", "minutes_per_week", "least_working_days"})
    minutes = section.number("minutes_per_cell", Decimal(0)) or Decimal(0)
    if minutes <= 0:
        section.problem("minutes_per_cell", _("số phút mỗi ô phải lớn hơn 0"))
    content.burden = {
        "minutes_per_cell": str(minutes),
        "minutes_per_week": section.whole("minutes_per_week", 1, 10_080, 240),
        "least_working_days": section.whole("least_working_days", 0, 60, 3),
        "proposal": section.flag("proposal"),
    }


def counting(section: Fields, content: PackContent) -> None:
    """How late records may begin, and after what silence a unit without records is no zero."""
    section.known({"proposal", "first_days", "silent_days"})
    content.counting = {
        "first_days": section.whole("first_days", 1, 31, 7),
        "silent_days": section.whole("silent_days", 1, 366, 92),
        "proposal": section.flag("proposal"),
    }
