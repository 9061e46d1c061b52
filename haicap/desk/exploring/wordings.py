"""What is refused and why a cell is empty, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.catalogue.queries import Catalogue, Indicator, spoken
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.periods import Period, Rule
from haicap.desk.presenters import words
from haicap.insight.exploring.answers import Figure
from haicap.insight.exploring.question import Item, Objection, Question
from haicap.ui import wording

REFUSED = {
    "nothing:do": gettext_lazy("Chọn ít nhất một chỉ tiêu hoặc phần tử."),
    "nothing:dv": gettext_lazy("Chọn ít nhất một đơn vị."),
    "nothing:ky": gettext_lazy("Chọn ít nhất một kỳ."),
    "unknown_item": gettext_lazy("Không có chỉ tiêu hay phần tử số nào mang mã %(code)s."),
    "unknown_unit": gettext_lazy("Không có đơn vị nào mang mã %(code)s trong phạm vi của bạn."),
    "unknown_split": gettext_lazy("Không có cách chia %(code)s."),
    "no_children": gettext_lazy("%(name)s không có đơn vị cấp dưới."),
    "too_many:do": gettext_lazy("Đang chọn %(n)s số; mỗi lần xem nhiều nhất %(most)s số."),
    "too_many:dv": gettext_lazy("Đang chọn %(n)s đơn vị; mỗi lần xem nhiều nhất %(most)s đơn vị."),
    "too_many:ky": gettext_lazy("Đang chọn %(n)s kỳ; mỗi lần xem nhiều nhất %(most)s kỳ."),
    "too_many_cells": gettext_lazy(
        "Bảng sẽ có %(n)s ô; mỗi lần xem nhiều nhất %(most)s ô. Hãy bớt đơn vị, kỳ hoặc số."
    ),
    "too_many_read": gettext_lazy(
        "Phải đọc %(n)s số của các xã; mỗi lần nhiều nhất %(most)s. Hãy bớt kỳ hoặc chọn ít đơn vị hơn."
    ),
    "overlap": gettext_lazy("Các kỳ đã chọn chồng lên nhau, cộng lại sẽ đếm hai lần. Chọn các kỳ rời nhau."),
    "rules": gettext_lazy(
        "Không đặt chung một bảng: %(decree)s tính kỳ theo Nghị định 09 (từ ngày 15 đến ngày 14), còn "
        "%(calendar)s tính theo lịch. Cùng một mã kỳ nhưng không cùng những ngày. Hãy xem riêng từng nhóm."
    ),
    "time_none": gettext_lazy(
        "%(item)s: không cộng được các kỳ, vì %(parts)s đếm không trùng; cùng một đối tượng có thể được đếm "
        "ở nhiều kỳ."
    ),
    "time_last": gettext_lazy(
        "%(item)s: không cộng được các kỳ, vì %(parts)s là số cuối kỳ (số tồn); số của kỳ cuối thay cho cả "
        "khoảng. Hãy chọn riêng kỳ cuối."
    ),
    "units": gettext_lazy("%(item)s: không cộng được giữa các đơn vị, vì %(parts)s không cộng theo đơn vị."),
    "not_split": gettext_lazy("%(item)s: %(parts)s không có số chia theo cách đã chọn."),
    "split": gettext_lazy(
        "%(item)s: các phần chia của %(parts)s không cộng được. Hãy chọn cách chia đầy đủ, không gộp theo "
        "một chiều."
    ),
    "kind": gettext_lazy("%(item)s: không thu theo kỳ %(periods)s, cũng không ghép được từ kỳ ngắn hơn."),
    "kind_none": gettext_lazy(
        "%(item)s: không thu theo kỳ %(periods)s, và không cộng được từ kỳ ngắn hơn vì đếm không trùng."
    ),
}
REASONS = {
    "forbidden": gettext_lazy("không cộng được"),
    "not_collected": gettext_lazy("không thu kỳ này"),
    "no_unit": gettext_lazy("đơn vị chưa lập hoặc đã hết"),
    "not_reported": gettext_lazy("chưa báo cáo"),
    "lacking": gettext_lazy("thiếu số của một phần kỳ"),
    "no_denominator": gettext_lazy("không có mẫu số"),
}


def objection(one: Objection, asked: Question, catalogue: Catalogue) -> str:
    """One sentence: what is refused and what to do."""
    refusal = one.params.get("refusal")
    if isinstance(refusal, Refusal):
        return wording.refusal(refusal)
    told: dict[str, object] = dict(one.params)
    for name in ("n", "most"):
        if isinstance(told.get(name), int):
            told[name] = words.number(told[name])  # type: ignore[arg-type]
    if one.item:
        told["item"] = one.item
        told["parts"] = _parts(one, asked, catalogue)
        told["periods"] = ", ".join(_names(one, asked))
    if one.code == "rules":
        told["decree"] = _listed(one.params.get(Rule.DECREE09.value))
        told["calendar"] = _listed(one.params.get(Rule.CALENDAR.value))
    text = REFUSED.get(f"{one.code}:{one.place}") or REFUSED[one.code]
    return str(text) % told


def _parts(one: Objection, asked: Question, catalogue: Catalogue) -> str:
    """Which element stands in the way: the item itself, or one of the elements of its formula."""
    codes = one.params.get("elements")
    if not one.params.get("parts") or not isinstance(codes, list):
        return _("số này")
    return ", ".join(f"«{spoken(catalogue.elements[code].labels, words.lang())}»" for code in codes)


def _names(one: Objection, asked: Question) -> Iterable[str]:
    keys = one.params.get("periods")
    wanted = set(keys) if isinstance(keys, list) else set()
    return [words.period_name(period) for period in asked.periods if period.key in wanted]


def _listed(codes: object) -> str:
    return ", ".join(codes) if isinstance(codes, list) else ""


def reason(figure: Figure) -> str:
    """Why a cell has no figure, with the bounds where some are known; "" for a cell that has one."""
    if figure.value is not None:
        return ""
    kind, _colon, given = figure.reason.partition(":")
    if kind == "none":
        return given
    said = str(REASONS[kind])
    if figure.low is None:
        return said
    told = {"why": said, "low": words.number(figure.low), "high": words.number(figure.high)}
    if figure.high is None:
        return _("%(why)s; ít nhất %(low)s") % told
    return _("%(why)s; từ %(low)s đến %(high)s") % told


def coverage(figure: Figure) -> str:
    """ "98/102 đơn vị" where a sum lacks some of its units."""
    if figure.value is None or figure.have >= figure.asked:
        return ""
    told = {"have": words.number(figure.have), "all": words.number(figure.asked)}
    return _("%(have)s/%(all)s đơn vị") % told


def item_name(item: Item) -> str:
    """Code and name."""
    if item.indicator is not None:
        return f"{item.code} {words.indicator_name(item.indicator, short=True)}"
    return f"{item.code} {spoken(item.elements[0].labels, words.lang())}"


def item_unit(item: Item) -> str:
    unit = item.indicator.unit if item.indicator else item.elements[0].measure.unit
    return unit if unit == words.PERCENT else str(wording.unit(unit))


def digits(item: Item) -> int | None:
    """Decimals shown: as on every other page for indicators, all there are for elements."""
    indicator: Indicator | None = item.indicator
    return words.places_of(indicator) if indicator is not None else None


def group_name(asked: Question, code: str, catalogue: Catalogue) -> str:
    """The words of a part: the split's own, or those of the option of one dimension."""
    combination, _dot, dimension = asked.split.partition(".")
    if not dimension:
        return spoken(catalogue.splits[code].labels, words.lang()) or code
    for one in catalogue.combinations[combination].dimensions:
        if one.code == dimension:
            found = next((option for option in one.options if option.code == code), None)
            return (spoken(found.labels, words.lang()) if found else "") or code
    return code


def span(asked: Sequence[Period]) -> str:
    """All periods in one line: the first and the last with their days."""
    ordered = sorted(asked, key=lambda one: (one.start, one.end))
    if len(ordered) == 1:
        return f"{words.period_name(ordered[0])}: {periods.window_label(ordered[0], words.lang())}"
    told = {
        "n": words.number(len(ordered)),
        "first": words.period_name(ordered[0]),
        "last": words.period_name(ordered[-1]),
    }
    return _("%(n)s kỳ, từ %(first)s đến %(last)s") % told
