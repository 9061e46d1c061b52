"""What must be true of a report before a step is taken."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext_lazy

from haicap.catalogue import calendar
from haicap.catalogue.queries import Form
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.units.queries import Place

from ..states import STATE_LABELS, Act, State, after

SHORTEST_REASON = 5
LONGEST_REASON = 500

TOO_LATE = {
    Act.FILL: gettext_lazy(
        "Báo cáo đang ở bước “%(state)s” nên không sửa được số. Số bạn vừa nhập chưa lưu."
    ),
    Act.SAY_READY: gettext_lazy("Báo cáo đang ở bước “%(state)s” nên không chuyển được nữa."),
    Act.HAND_BACK: gettext_lazy("Báo cáo đang ở bước “%(state)s” nên không đưa về bước nhập được."),
    Act.SUBMIT: gettext_lazy("Báo cáo đang ở bước “%(state)s” nên không gửi được."),
    Act.RETURN: gettext_lazy("Báo cáo đang ở bước “%(state)s” nên không trả lại được."),
    Act.ACCEPT: gettext_lazy("Báo cáo đang ở bước “%(state)s” nên không duyệt được."),
    Act.LOCK: gettext_lazy("Báo cáo đang ở bước “%(state)s” nên không khóa được."),
    Act.REOPEN: gettext_lazy("Báo cáo đang ở bước “%(state)s” nên không mở lại được."),
}


class Step(NamedTuple):
    act: Act
    source: State
    target: State


def can_step(state: State, act: Act) -> bool:
    return after(state, act) is not None


def check_step(state: State, act: Act) -> Step:
    """The step, or Refusal report.step that names the state the report is in."""
    target = after(state, act)
    if target is None:
        raise worded("report.step", TOO_LATE[act], state=STATE_LABELS[state])
    return Step(act, state, target)


def worded(code: str, message: object, **params: object) -> Refusal:
    """A refusal whose words are filled now; the parts may be lazy."""
    filled = {name: str(value) for name, value in params.items()}
    return Refusal(code, str(message) % filled, **filled)


def check_fresh(version: int, seen: int | None) -> None:
    """Refusal report.stale when the person decided about an older state than the stored one."""
    if seen is not None and seen != version:
        raise Refusal(
            "report.stale",
            gettext_lazy("Báo cáo đã thay đổi sau khi bạn mở trang. Hãy xem lại rồi làm lại bước này."),
            seen=seen,
            version=version,
        )


def can_accept(ref: str, hands: Collection[str]) -> bool:
    return ref not in hands


def check_acceptor(ref: str, hands: Collection[str]) -> None:
    """`hands` are all who typed a value or submitted; Refusal report.own_work for any of them."""
    if not can_accept(ref, hands):
        raise Refusal(
            "report.own_work",
            gettext_lazy("Người đã nhập hoặc gửi báo cáo không được duyệt chính báo cáo đó."),
        )


def check_reason(text: str, place: str = "reason") -> str:
    """The reason without outer spaces; Refusal reason.missing or reason.long."""
    reason = " ".join(text.split())
    if len(reason) < SHORTEST_REASON:
        raise Refusal("reason.missing", gettext_lazy("Hãy ghi lý do, ít nhất 5 ký tự."), place=place)
    if len(reason) > LONGEST_REASON:
        raise Refusal("reason.long", gettext_lazy("Lý do dài quá 500 ký tự."), place=place)
    return reason


def check_period(form: Form, key: str) -> Period:
    """The period of a key for this form. Refusal period.key, period.kind or period.before_regime."""
    period = periods.parse(key, form.rule)
    if period.kind is not form.kind or (form.only_period and key != form.only_period):
        raise Refusal("period.kind", gettext_lazy("Mẫu này không có kỳ như vậy."), place="period", key=key)
    if form.first_day is not None and period.end <= form.first_day:
        raise Refusal(
            "period.before_regime",
            gettext_lazy("Kỳ này có trước khi chế độ báo cáo bắt đầu."),
            place="period",
        )
    return period


def is_open(form: Form, period: Period, now: datetime) -> bool:
    return calendar.opens(form, period) <= now


def check_open(form: Form, period: Period, now: datetime) -> None:
    """Refusal period.not_open while nobody may start on the period."""
    if not is_open(form, period, now):
        raise Refusal(
            "period.not_open", gettext_lazy("Kỳ báo cáo này chưa mở."), place="period", key=period.key
        )


def is_obliged(form: Form, place: Place, period: Period) -> bool:
    """By kind or by list, on the day the window closed, under the form's owner, and in existence then."""
    return form.owed_by(place, period.last_day)


def check_obliged(form: Form, place: Place, period: Period) -> None:
    """Refusal unit.closed (dissolved or not yet begun) or unit.not_obliged."""
    if not place.holds_on(period.last_day):
        raise Refusal(
            "unit.closed",
            gettext_lazy("Đơn vị này không tồn tại vào ngày cuối của kỳ báo cáo."),
            place="unit",
        )
    if not is_obliged(form, place, period):
        raise Refusal("unit.not_obliged", gettext_lazy("Đơn vị này không phải nộp mẫu này."), place="unit")
