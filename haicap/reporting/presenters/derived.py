"""What the system counted, in words: under a cell, on the page of a cell, in lists."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from django.utils.translation import gettext

from haicap.core import numbers

from ..queries import CellDetail
from ..queries.derived import SystemFigure
from ..states import DisputeState


def records(n: int, lang: str) -> str:
    """ "từ 1.204 hồ sơ"."""
    return gettext("từ %(n)s hồ sơ") % {"n": numbers.format(n, lang)}


def source(one: SystemFigure, lang: str) -> str:
    """Where the figure of a cell comes from; when and what was counted stands on the page of the cell."""
    if one.corrected is not None:
        return gettext("số được tỉnh chấp nhận")
    return records(one.records, lang)


def remarks(cell: CellDetail, one: SystemFigure, lang: str) -> Iterator[str]:
    """What has to be said of a figure beyond the figure itself."""
    told = {
        "number": shown(one.number, lang),
        "records": records(one.records, lang),
        "latest": shown(one.latest, lang),
        "typed": shown(cell.typed, lang),
        "corrected": shown(one.corrected, lang),
    }
    if not cell.counted:
        if one.number is not None and cell.value != one.number:
            yield gettext("Hệ thống đếm được %(number)s (%(records)s).") % told
        return
    if one.corrected is not None:
        yield gettext("Tỉnh chấp nhận %(corrected)s thay cho số hệ thống %(number)s (%(records)s).") % told
    if one.dispute_state == DisputeState.OPEN:
        yield gettext("Xã không đồng ý với số này; tỉnh đang xét.")
    if one.moved:
        yield gettext("Sau khi gửi, hệ thống đếm lại được %(latest)s; số đã gửi giữ nguyên.") % told
    if cell.typed is not None and cell.typed != one.shown:
        yield gettext("Trước đó đã nhập tay %(typed)s; số ấy vẫn được giữ.") % told


def shown(number: Decimal | None, lang: str) -> str:
    return "–" if number is None else numbers.format(number, lang)
