"""What a regime states, in the reader's language: the eleven fields, in the order of the law."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from haicap.catalogue.definitions import Form, Labels, spoken
from haicap.core import numbers, periods
from haicap.core.languages import known
from haicap.core.periods import Kind, Rule
from haicap.units import queries as units

KINDS = {
    Kind.DAY: gettext_lazy("hằng ngày"),
    Kind.WEEK: gettext_lazy("hằng tuần"),
    Kind.MONTH: gettext_lazy("hằng tháng"),
    Kind.QUARTER: gettext_lazy("hằng quý"),
    Kind.HALF: gettext_lazy("sáu tháng một lần"),
    Kind.NINE_MONTHS: gettext_lazy("chín tháng đầu năm"),
    Kind.YEAR: gettext_lazy("hằng năm"),
    Kind.CAMPAIGN: gettext_lazy("một lần"),
}
UNIT_KINDS = {
    "xa": gettext_lazy("xã"),
    "phuong": gettext_lazy("phường"),
    "dac_khu": gettext_lazy("đặc khu"),
}
NATURES = {
    "regular": gettext_lazy("Định kỳ"),
    "adhoc": gettext_lazy("Đột xuất"),
    "thematic": gettext_lazy("Chuyên đề"),
}
RULES = {
    Rule.DECREE09: gettext_lazy("Theo Nghị định 09/2019/NĐ-CP (tháng từ ngày 15 đến ngày 14)"),
    Rule.CALENDAR: gettext_lazy("Theo tháng dương lịch"),
}
TEXTS = {
    "content": gettext_lazy("Nội dung yêu cầu báo cáo"),
    "recipient": gettext_lazy("Cơ quan nhận báo cáo"),
    "method": gettext_lazy("Phương thức gửi, nhận"),
    "outline": gettext_lazy("Đề cương"),
    "instructions": gettext_lazy("Hướng dẫn thực hiện"),
}


class Stated(NamedTuple):
    """One of the eleven fields; `lang`: the language of the text when it is not the reader's."""

    code: str
    label: str
    text: str
    lang: str = ""


def lang() -> str:
    return known(get_language())


def number(value: int) -> str:
    return numbers.format(value, lang())


def name(form: Form) -> str:
    return spoken(form.labels, lang()) or form.code


def kind(value: Kind) -> str:
    return str(KINDS[value])


def fields(form: Form) -> list[Stated]:
    """All eleven; one that is not stated says so."""
    found = [
        Stated("name", _("Tên báo cáo"), name(form)),
        _said("content", form.content),
        Stated("who", _("Đối tượng thực hiện"), who(form)),
        _said("recipient", form.recipient),
        _said("method", form.method),
        Stated("deadline", _("Thời hạn gửi"), deadline(form)),
        Stated("frequency", _("Tần suất"), kind(form.kind).capitalize()),
        Stated("window", _("Thời gian chốt số liệu"), window(form)),
        _said("outline", form.outline),
        Stated("forms", _("Biểu mẫu số liệu"), sheet(form)),
        _said("instructions", form.instructions),
    ]
    return [one if one.text else one._replace(text=_("Chưa nêu")) for one in found]


def _said(code: str, labels: Labels) -> Stated:
    own = labels.get(lang(), "")
    return Stated(code, str(TEXTS[code]), own or spoken(labels, lang()), "" if own else "vi")


def who(form: Form) -> str:
    """The list or the kinds, with the dates of the obligation."""
    if form.obliged_units:
        listed = sorted(units.by_ids(form.obliged_units).values(), key=lambda one: one.code)
        named = ", ".join(f"{one.full_name} ({one.code})" for one in listed)
        text = _("%(n)s đơn vị theo danh sách: %(names)s") % {"n": number(len(listed)), "names": named}
    else:
        text = _("Mọi %(kinds)s") % {"kinds": ", ".join(str(UNIT_KINDS[one]) for one in form.obliged_kinds)}
        if form.owner_unit_id is not None:
            owner = units.by_id(form.owner_unit_id)
            text = _("%(who)s của %(owner)s") % {"who": text, "owner": owner.full_name}
    begins = form.obligation_begins
    if begins is not None and form.window is None:
        text = _("%(who)s, từ ngày %(day)s") % {"who": text, "day": day(begins)}
    if form.obliged_to is not None:
        last = form.obliged_to.fromordinal(form.obliged_to.toordinal() - 1)
        text = _("%(who)s, đến hết ngày %(day)s") % {"who": text, "day": day(last)}
    return text


def deadline(form: Form) -> str:
    clock = form.deadline_time.strftime("%H:%M")
    if form.deadline_on is not None:
        return _("Trước %(time)s ngày %(day)s") % {"time": clock, "day": day(form.deadline_on)}
    told = {"time": clock, "n": number(form.deadline_working_days)}
    return _("Trước %(time)s của ngày làm việc thứ %(n)s sau khi chốt số liệu") % told


def window(form: Form) -> str:
    if form.window is not None:
        return periods.window_label(form.window, lang())
    return str(RULES[form.rule])


def sheet(form: Form) -> str:
    told = {"code": form.code, "number": number(form.number), "n": number(len(form.cells))}
    return _("Mẫu %(code)s, bản %(number)s, %(n)s ô") % told


def day(found: object) -> str:
    return periods.window_label(periods.parse(str(found)), lang())
