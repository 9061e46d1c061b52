"""Times, people and doors in words."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import get_language, gettext, gettext_lazy

from haicap.accounts import queries as accounts
from haicap.core import clock
from haicap.core.languages import digits, known

from ..policies.timing import Timeliness, timeliness
from ..states import STATE_LABELS, State

DOORS = {
    "web": gettext_lazy("Nhập tay"),
    "excel": gettext_lazy("Từ tệp Excel"),
    "csv": gettext_lazy("Từ tệp CSV"),
    "api": gettext_lazy("Qua API"),
    "dhis2": gettext_lazy("Qua DHIS2"),
    "import": gettext_lazy("Nhập hàng loạt"),
    "derived": gettext_lazy("Số hệ thống"),
    "merger": gettext_lazy("Cộng khi sáp nhập"),
    "demo": gettext_lazy("Dữ liệu minh họa"),
}
WEEKDAYS = (
    gettext_lazy("thứ Hai"),
    gettext_lazy("thứ Ba"),
    gettext_lazy("thứ Tư"),
    gettext_lazy("thứ Năm"),
    gettext_lazy("thứ Sáu"),
    gettext_lazy("thứ Bảy"),
    gettext_lazy("Chủ nhật"),
)
TIMELINESS = {
    Timeliness.ON_TIME: gettext_lazy("Đúng hạn"),
    Timeliness.LATE: gettext_lazy("Trễ hạn"),
    Timeliness.WAITING: gettext_lazy("Chưa đến hạn"),
    Timeliness.OVERDUE: gettext_lazy("Quá hạn"),
}


def lang() -> str:
    return known(get_language())


def state(of: State, reopened: bool) -> str:
    """A report that was accepted and opened again has done nothing wrong: it is not called returned."""
    return gettext("Được mở lại") if reopened and of is State.RETURNED else str(STATE_LABELS[of])


def clock_time(at: datetime) -> str:
    return digits(f"{clock.local(at):%H:%M:%S}", lang())


def moment(at: datetime | None) -> str:
    """ "16:20, 21/10/2026", or nothing."""
    return digits(f"{clock.local(at):%H:%M, %-d/%-m/%Y}", lang()) if at else ""


def recent(at: datetime) -> str:
    """The time with its seconds today, the time with its date before."""
    return clock_time(at) if clock.local(at).date() == clock.today() else moment(at)


def due(deadline: datetime) -> str:
    """ "Hạn nộp 17:00, thứ Tư 21/10/2026"."""
    local = clock.local(deadline)
    return gettext("Hạn nộp %(time)s, %(weekday)s %(day)s") % {
        "time": digits(f"{local:%H:%M}", lang()),
        "weekday": WEEKDAYS[local.weekday()],
        "day": digits(f"{local:%-d/%-m/%Y}", lang()),
    }


def length(span: timedelta) -> str:
    """The largest unit that fits: minutes below two hours, hours below two days, then days."""
    minutes = max(1, int(span.total_seconds() // 60))
    if minutes < 120:
        return gettext("%(n)s phút") % {"n": digits(str(minutes), lang())}
    if minutes < 2 * 24 * 60:
        return gettext("%(n)s giờ") % {"n": digits(str(minutes // 60), lang())}
    return gettext("%(n)s ngày") % {"n": digits(str(minutes // (24 * 60)), lang())}


def left(deadline: datetime, submitted: datetime | None, now: datetime) -> str:
    """Where the report stands against its deadline: "Còn 39 phút", "Quá hạn 2 ngày", "Đã gửi đúng hạn"."""
    how = timeliness(deadline, submitted, now)
    if how is Timeliness.WAITING:
        return gettext("Còn %(length)s") % {"length": length(deadline - now)}
    if how is Timeliness.OVERDUE:
        return gettext("Quá hạn %(length)s") % {"length": length(now - deadline)}
    if how is Timeliness.LATE and submitted is not None:
        return gettext("Đã gửi, trễ %(length)s") % {"length": length(submitted - deadline)}
    return gettext("Đã gửi đúng hạn")


def door(code: str) -> str:
    return str(DOORS.get(code, ""))


def names(refs: Iterable[str]) -> dict[str, str]:
    """ref → the name to show; routines and rules of a form have no person behind them. One query."""
    wanted = {ref for ref in refs if ref}
    known_names = accounts.names(wanted)
    return {ref: known_names.get(ref) or _nobody(ref) for ref in wanted}


def _nobody(ref: str) -> str:
    if ref.startswith("user:"):
        return gettext("Người dùng đã xóa")
    if ref.startswith("form:"):
        return gettext("Tự động theo mẫu")
    return gettext("Hệ thống")
