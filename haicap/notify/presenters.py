"""Notices, deliveries and hooks as lines of a page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext, gettext_lazy

from haicap.core.languages import known
from haicap.tables.sheets import Sheet, listing
from haicap.tables.values import Value
from haicap.units import queries as units

from .kinds import KINDS
from .queries import DeliveryRow, HookRow, InboxRow, LostRow
from .states import TOPIC_NAMES, Channel, Sending, Topic
from .wording import Words, moment, words

CHANNEL_NAMES: dict[str, Any] = {
    Channel.EMAIL.value: gettext_lazy("Thư điện tử"),
    Channel.WEBHOOK.value: gettext_lazy("Gọi hệ thống khác"),
}
STATE_NAMES: dict[str, Any] = {
    Sending.WAITING.value: gettext_lazy("Sẽ thử lại"),
    Sending.DEAD.value: gettext_lazy("Không thử nữa"),
}
# What went wrong, in words; the code stands beside it for whoever mends it.
ERRORS: tuple[tuple[str, Any], ...] = (
    ("mail.unreachable", gettext_lazy("Không nối được máy chủ thư")),
    ("mail.password", gettext_lazy("Máy chủ thư không nhận tên hoặc mật khẩu")),
    ("mail.refused", gettext_lazy("Máy chủ thư từ chối thư này")),
    ("hook.unreachable", gettext_lazy("Không nối được hệ thống nhận")),
    ("hook.unknown_host", gettext_lazy("Không tìm thấy tên máy của hệ thống nhận")),
    ("hook.private", gettext_lazy("Địa chỉ nằm trong mạng nội bộ nên không gọi")),
    ("hook.certificate", gettext_lazy("Chứng thư của hệ thống nhận không đúng")),
    ("hook.status", gettext_lazy("Hệ thống nhận trả lời lỗi")),
)


@dataclass(frozen=True, slots=True)
class Line:
    id: int
    words: Words
    at: str
    link: str
    read: bool = True


@dataclass(frozen=True, slots=True)
class StuckLine:
    id: int
    subject: str
    unit: str
    channel: str
    target: str
    state: str
    dead: bool
    tries: int
    why: str
    code: str
    next_at: str


@dataclass(frozen=True, slots=True)
class HookLine:
    id: int
    label: str
    url: str
    unit: str
    topics: str
    waiting: int
    dead: int


def inbox_lines(rows: Sequence[InboxRow]) -> list[Line]:
    lang = known(get_language())
    return [
        Line(row.id, said, moment(row.at, lang), row.link, row.read)
        for row, said in zip(rows, words(rows), strict=True)
    ]


def lost_lines(rows: Sequence[LostRow]) -> list[Line]:
    lang = known(get_language())
    return [
        Line(row.id, said, moment(row.at, lang), row.link)
        for row, said in zip(rows, words(rows), strict=True)
    ]


def stuck_lines(rows: Sequence[DeliveryRow]) -> list[StuckLine]:
    lang = known(get_language())
    places = units.by_ids({row.unit_id for row in rows if row.unit_id})
    return [
        StuckLine(
            id=row.id,
            subject=str(TOPIC_NAMES[KINDS[row.code].topic]) if row.code in KINDS else row.code,
            unit=places[row.unit_id].full_name if row.unit_id else "",
            channel=str(CHANNEL_NAMES.get(row.channel, row.channel)),
            target=row.target,
            state=str(STATE_NAMES.get(row.state, row.state)),
            dead=row.state == Sending.DEAD.value,
            tries=row.tries,
            why=why(row.error),
            code=row.error,
            next_at="" if row.state == Sending.DEAD.value else moment(row.next_at, lang),
        )
        for row in rows
    ]


def why(error: str) -> str:
    found = next((text for code, text in ERRORS if error.startswith(code)), None)
    return str(found) if found is not None else gettext("Không soạn được tin này")


def hook_lines(rows: Sequence[HookRow]) -> list[HookLine]:
    places = units.by_ids({row.unit_id for row in rows})
    return [
        HookLine(
            row.id,
            row.label,
            row.url,
            places[row.unit_id].full_name,
            "; ".join(str(TOPIC_NAMES[Topic(topic)]) for topic in row.topics if topic in set(Topic)),
            row.waiting,
            row.dead,
        )
        for row in rows
    ]


def lost_sheet(rows: Sequence[LostRow]) -> Sheet:
    """Every message that nobody received."""
    columns: dict[str, Callable[[tuple[LostRow, Line]], Value]] = {
        gettext("Tin"): lambda one: one[1].words.subject,
        gettext("Nội dung"): lambda one: one[1].words.text,
        gettext("Lúc"): lambda one: one[0].at,
    }
    pairs = zip(rows, lost_lines(rows), strict=True)
    return listing("tin-khong-nguoi-nhan", gettext("Tin không có người nhận"), pairs, columns)


def stuck_sheet(rows: Sequence[DeliveryRow]) -> Sheet:
    """Every message that did not go out."""
    columns: dict[str, Callable[[tuple[DeliveryRow, StuckLine]], Value]] = {
        gettext("Loại tin"): lambda one: one[1].subject,
        gettext("Đơn vị"): lambda one: one[1].unit,
        gettext("Bằng cách"): lambda one: ": ".join(filter(None, (one[1].channel, one[1].target))),
        gettext("Vì sao"): lambda one: one[1].why,
        gettext("Mã lỗi"): lambda one: one[0].error,
        gettext("Số lần thử"): lambda one: one[0].tries,
        gettext("Trạng thái"): lambda one: one[1].state,
        gettext("Thử lại lúc"): lambda one: None if one[1].dead else one[0].next_at,
    }
    pairs = zip(rows, stuck_lines(rows), strict=True)
    return listing("tin-chua-gui", gettext("Tin chưa gửi được"), pairs, columns)


def hook_sheet(rows: Sequence[HookRow]) -> Sheet:
    columns: dict[str, Callable[[HookLine], Value]] = {
        gettext("Tên hệ thống nhận"): lambda one: one.label,
        gettext("Địa chỉ gọi"): lambda one: one.url,
        gettext("Đơn vị"): lambda one: one.unit,
        gettext("Loại tin"): lambda one: one.topics,
        gettext("Đang chờ"): lambda one: one.waiting,
        gettext("Không thử nữa"): lambda one: one.dead,
    }
    return listing("goi-he-thong-khac", gettext("Gọi hệ thống khác"), hook_lines(rows), columns)
