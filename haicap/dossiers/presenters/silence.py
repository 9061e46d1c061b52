"""Silent dossiers, and who was told: no alarm without a receiver."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext

from haicap.accounts.queries import Seat
from haicap.accounts.states import ROLE_NAMES
from haicap.catalogue.calendar import Workdays
from haicap.units.queries import Place

from ..queries.queue import Open
from ..queries.silence import Silence
from .tables import Cell, Column, count, day, moment, text


def commune_columns() -> list[Column]:
    return [
        Column(gettext("Xã, phường")),
        Column(gettext("Hồ sơ im lặng"), True),
        Column(gettext("Lần mới nhất")),
        Column(gettext("Người nhận cảnh báo")),
    ]


def communes(
    found: Iterable[Silence], places: Mapping[int, Place], seats: Mapping[int, Seat], link: str
) -> list[list[Cell]]:
    rows = []
    for one in sorted(found, key=lambda one: (-one.n, places[one.unit_id].code)):
        place, seat = places[one.unit_id], seats.get(one.unit_id)
        rows.append(
            [
                Cell(place.full_name, place.full_name, f"{link}?xa={place.code}", foreign=True),
                count(one.n, strong=True),
                day(one.newest),
                receiver(seat),
            ]
        )
    return rows


def receiver(seat: Seat | None) -> Cell:
    """The position, not the person."""
    if seat is None:
        words = gettext("Chưa có ai giữ chức vụ lãnh đạo xã; văn phòng tỉnh thấy tin này")
        return Cell(words, words, sign="warn")
    title = seat.title or str(ROLE_NAMES[seat.role])
    return Cell(title, title, foreign=bool(seat.title))


def line_columns() -> list[Column]:
    return [
        Column(gettext("Thủ tục")),
        Column(gettext("Tham chiếu")),
        Column(gettext("Tiếp nhận")),
        Column(gettext("Im lặng từ ngày")),
        Column(gettext("Số ngày làm việc chưa ai xử lý"), True),
        Column(gettext("Hạn trả")),
    ]


def lines(
    found: Sequence[tuple[Open, date]], names: Mapping[str, str], today: date, days: Workdays
) -> list[list[Cell]]:
    rows = []
    for one, since in found:
        name = names.get(one.procedure, one.procedure)
        received = moment(one.received)
        waited = days.between(one.received.date(), today)
        rows.append(
            [
                Cell(name, name, note=one.procedure),
                text(one.key),
                received,
                day(since),
                count(waited, strong=True),
                moment(one.due),
            ]
        )
    return rows
