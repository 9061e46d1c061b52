"""How an element is counted, in words that an officer can check."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.catalogue.derivations import Condition, Count, Derivation, Sign, Window

WINDOWS = {
    Window.RECEIVED: gettext_lazy("tiếp nhận trong kỳ"),
    Window.FINISHED: gettext_lazy("giải quyết xong trong kỳ"),
    Window.DUE: gettext_lazy("đến hạn trong kỳ"),
    Window.OPEN_AT_END: gettext_lazy("đang xử lý vào cuối kỳ"),
    Window.OVERDUE_AT_END: gettext_lazy("đang xử lý và đã quá hạn vào cuối kỳ"),
    Window.FINISHED_OR_OVERDUE: gettext_lazy(
        "giải quyết xong trong kỳ, hoặc còn dở và đã quá hạn vào cuối kỳ"
    ),
}
COLUMNS = {
    "procedure": gettext_lazy("thủ tục"),
    "channel": gettext_lazy("kênh tiếp nhận"),
    "level": gettext_lazy("mức độ dịch vụ"),
    "submitter": gettext_lazy("người nộp"),
    "late": gettext_lazy("trễ hạn"),
    "blame": gettext_lazy("chậm do"),
    "status": gettext_lazy("trạng thái"),
    "fee": gettext_lazy("phí, lệ phí"),
    "paid_online": gettext_lazy("thanh toán trực tuyến"),
    "digitised_components": gettext_lazy("thành phần đã số hóa"),
    "digitised_result": gettext_lazy("kết quả bản điện tử"),
    "satisfaction": gettext_lazy("điểm hài lòng"),
}
VALUES = {
    ("channel", "1"): gettext_lazy("trực tiếp"),
    ("channel", "2"): gettext_lazy("trực tuyến"),
    ("channel", "3"): gettext_lazy("bưu chính"),
    ("level", "full"): gettext_lazy("toàn trình"),
    ("level", "part"): gettext_lazy("một phần"),
    ("level", "info"): gettext_lazy("chỉ cung cấp thông tin"),
    ("submitter", "self"): gettext_lazy("tự nộp"),
    ("submitter", "helped"): gettext_lazy("được hướng dẫn"),
    ("submitter", "behalf"): gettext_lazy("nộp thay"),
    ("blame", "unit"): gettext_lazy("chính đơn vị"),
    ("blame", "other"): gettext_lazy("cơ quan khác"),
    ("blame", "citizen"): gettext_lazy("người nộp"),
    ("blame", "sync"): gettext_lazy("đồng bộ dữ liệu"),
}
YES_NO = {"1": gettext_lazy("có"), "0": gettext_lazy("không")}
FLAGS = frozenset({"late", "paid_online", "digitised_result"})
SIGNS = {
    Sign.MORE_THAN: gettext_lazy("lớn hơn %(value)s"),
    Sign.AT_LEAST: gettext_lazy("từ %(value)s trở lên"),
    Sign.AT_MOST: gettext_lazy("đến %(value)s"),
}


def sentence(one: Derivation) -> str:
    """ "Số hồ sơ tiếp nhận trong kỳ; kênh tiếp nhận: trực tuyến"."""
    told = {"window": WINDOWS[one.window], "column": COLUMNS.get(one.of, one.of)}
    heads = {
        Count.ROWS: _("Số hồ sơ %(window)s"),
        Count.SUM: _("Tổng “%(column)s” của hồ sơ %(window)s"),
        Count.DISTINCT: _("Số %(column)s khác nhau trong hồ sơ %(window)s"),
    }
    return "; ".join([heads[one.count] % told, *_conditions(one)])


def _conditions(one: Derivation) -> Iterator[str]:
    for condition in one.where:
        yield f"{COLUMNS.get(condition.column, condition.column)}: {_values(condition)}"


def _values(one: Condition) -> str:
    if one.sign is not Sign.AMONG:
        return str(SIGNS[one.sign]) % {"value": one.values[0]}
    return ", ".join(str(_value(one.column, value)) for value in one.values)


def _value(column: str, value: str) -> object:
    return YES_NO.get(value, value) if column in FLAGS else VALUES.get((column, value), value)
