"""The tables of the pages about a foreign file as files: every line, whatever the page shows."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from haicap.tables.sheets import Sheet, listing
from haicap.tables.values import Value

from ..queries.foreign import Kept, Waiting
from .mapping import Doubt
from .mappingjoin import BadLine, CellLine
from .workbooks.preview import Line


def waiting(files: Iterable[Waiting]) -> Sheet:
    columns: dict[str, Callable[[Waiting], Value]] = {
        _("Tệp"): lambda one: one.name,
        _("Tải lên lúc"): lambda one: one.at,
        _("Tình trạng"): lambda one: _("Đã ghi") if one.applied else _("Chưa ghi"),
    }
    return listing("tep-da-tai-len", _("Tệp bạn đã tải lên trong 24 giờ"), files, columns)


def kept(sources: Iterable[Kept]) -> Sheet:
    columns: dict[str, Callable[[Kept], Value]] = {
        _("Nguồn"): lambda one: one.source,
        _("Mẫu"): lambda one: one.form,
        _("Số lần dùng"): lambda one: one.used,
        _("Lần cuối"): lambda one: one.used_at,
    }
    return listing("nguon-da-biet", _("Nguồn đã biết cách đọc"), sources, columns)


def doubts(name: str, lines: Iterable[Doubt]) -> Sheet:
    columns: dict[str, Callable[[Doubt], Value]] = {
        _("Ô"): lambda one: one.place,
        _("Dòng"): lambda one: one.label,
        _("Cột"): lambda one: one.column,
        _("Tệp in"): lambda one: one.printed,
        _("Cộng lại"): lambda one: one.summed,
    }
    title = f"{_('Số tổng in trong tệp không khớp')} · {name}"
    return listing("tong-khong-khop", title, lines, columns)


def bad(name: str, period: str, lines: Iterable[BadLine]) -> Sheet:
    columns: dict[str, Callable[[BadLine], Value]] = {
        _("Ô"): lambda one: one.place,
        _("Là"): lambda one: one.where,
        _("Vì sao"): lambda one: one.message,
    }
    return listing("o-bi-tu-choi", f"{_('Ô bị từ chối')} · {name}", lines, columns, period=period)


def changed(name: str, period: str, lines: Iterable[CellLine]) -> Sheet:
    columns: dict[str, Callable[[CellLine], Value]] = {
        _("Ô"): lambda one: one.place,
        _("Đơn vị"): lambda one: one.unit,
        _("Chỉ tiêu"): lambda one: one.element,
        _("Đang có"): lambda one: one.before,
        _("Sẽ ghi"): lambda one: one.after,
        _("Lưu ý"): lambda one: "; ".join(one.issues),
    }
    return listing("o-se-ghi", f"{_('Ô sẽ ghi')} · {name}", lines, columns, period=period)


def previewed(name: str, period: str, lines: Iterable[Line]) -> Sheet:
    """Every cell that a workbook would change, the errors first."""
    results: dict[str, str] = {
        "error": _("Lỗi, không ghi"),
        "conflict": _("Người khác vừa đổi ô này"),
        "doubt": _("Ghi, cần xem lại"),
        "removed": _("Xóa trống"),
        "changed": _("Đổi"),
    }
    columns: dict[str, Callable[[Line], Value]] = {
        _("Ô"): lambda one: one.place,
        _("Đơn vị"): lambda one: one.unit,
        _("Nội dung"): lambda one: one.label,
        _("Đang lưu"): lambda one: one.before,
        _("Trong tệp"): lambda one: one.after,
        _("Kết quả"): lambda one: results.get(one.kind, _("Mới")),
        _("Lưu ý"): lambda one: "; ".join(one.messages),
    }
    return listing("xem-truoc", f"{_('Các ô thay đổi')} · {name}", lines, columns, period=period)
