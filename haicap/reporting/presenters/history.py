"""Steps and changes in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, gettext_lazy

from haicap.accounts.states import ROLE_NAMES, Role
from haicap.audit.queries import EventRow
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form, spoken
from haicap.core import numbers

from ..queries import ChangeRow
from . import words

# Each save is in the table of changes, cell by cell.
EVENTS = {
    "report.opened": gettext_lazy("Mở báo cáo"),
    "report.explained": gettext_lazy("Ghi lý do cho số bất thường"),
    "report.ready": gettext_lazy("Chuyển lãnh đạo xã"),
    "report.handed_back": gettext_lazy("Đưa về bước nhập"),
    "report.submitted": gettext_lazy("Gửi lên tỉnh"),
    "report.returned": gettext_lazy("Trả lại"),
    "report.accepted": gettext_lazy("Duyệt"),
    "report.locked": gettext_lazy("Khóa"),
    "report.reopened": gettext_lazy("Mở lại"),
    "report.imported": gettext_lazy("Nhập hàng loạt"),
}


@dataclass(frozen=True, slots=True)
class EventLine:
    at: str
    who: str
    what: str
    reason: str
    position: str = ""


@dataclass(frozen=True, slots=True)
class ChangeLine:
    at: str
    who: str
    door: str
    number: str
    label: str
    before: str
    after: str
    why: str


def event_lines(rows: Sequence[EventRow]) -> list[EventLine]:
    names = words.names(row.by for row in rows)
    return [
        EventLine(
            words.moment(row.at), names[row.by], str(EVENTS[row.action]), row.reason, _position(row.detail)
        )
        for row in rows
        if row.action in EVENTS
    ]


def _position(detail: Mapping[str, Any]) -> str:
    """The position that a step was signed in: "Lãnh đạo tỉnh", "Lãnh đạo xã (được ủy quyền)"."""
    role = detail.get("role")
    if role not in set(Role):
        return ""
    name = str(ROLE_NAMES[Role(role)])
    return gettext("%(position)s (được ủy quyền)") % {"position": name} if detail.get("delegated") else name


def change_lines(rows: Sequence[ChangeRow], form: Form) -> list[ChangeLine]:
    names, lang = words.names(row.by for row in rows), words.lang()
    codes = {one.id: one.code for one in catalogue.current().elements.values()}
    cells = {cell.element: cell for cell in form.cells}
    lines = []
    for row in rows:
        code = codes.get(row.element_id, "")
        cell = cells.get(code)
        lines.append(
            ChangeLine(
                at=words.moment(row.at),
                who=names[row.by],
                door=words.door(row.door),
                number=cell.number if cell else code,
                label=spoken(cell.labels, lang) if cell else "",
                before=_shown(row.before, row.before_reason, lang),
                after=_shown(row.after, row.after_reason, lang),
                why=row.why,
            )
        )
    return lines


def _shown(number: Decimal | None, reason: str, lang: str) -> str:
    if number is not None:
        return numbers.format(number, lang)
    return gettext("không có số: %(reason)s") % {"reason": reason} if reason else gettext("trống")
