"""The refusals of a workbook, each with the words that say what to do instead."""

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal


def empty() -> Refusal:
    return Refusal(
        "tables.empty_file", gettext_lazy("Tệp trống (0 byte hoặc không có trang tính nào có dữ liệu).")
    )


def corrupt() -> Refusal:
    return Refusal(
        "tables.corrupt",
        gettext_lazy("Tệp bị hỏng hoặc không đầy đủ. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi tải lên lại."),
    )


def encrypted() -> Refusal:
    return Refusal(
        "tables.encrypted", gettext_lazy("Tệp có mật khẩu. Hãy bỏ mật khẩu trong Excel rồi tải lên lại.")
    )


def macros() -> Refusal:
    return Refusal(
        "tables.macros", gettext_lazy("Tệp có macro. Hãy lưu lại dạng .xlsx không có macro rồi tải lên lại.")
    )


def refuse_bomb() -> Refusal:
    return Refusal(
        "tables.bomb",
        gettext_lazy("Tệp nén bất thường: bung ra quá lớn so với kích thước tệp. Tệp không được mở."),
    )


def too_big(most_bytes: int) -> Refusal:
    most = most_bytes // 1024 // 1024
    return Refusal(
        "tables.too_big", format_lazy(gettext_lazy("Tệp lớn hơn {most} MB."), most=most), most=most
    )


def too_many_cells(most: int) -> Refusal:
    return Refusal(
        "tables.too_many_cells",
        format_lazy(
            gettext_lazy("Vùng dữ liệu của tệp lớn hơn {most} ô. Hãy xóa các ô thừa hoặc chia tệp."),
            most=most,
        ),
        most=most,
    )


def too_many_faults(most: int) -> Refusal:
    return Refusal(
        "tables.too_many_faults",
        format_lazy(
            gettext_lazy(
                "Tệp có hơn {most} ô lỗi hoặc công thức chưa tính. "
                "Hãy mở bằng Excel, tính lại (F9), lưu rồi tải lên lại."
            ),
            most=most,
        ),
        most=most,
    )


def too_slow(seconds: int) -> Refusal:
    return Refusal(
        "tables.too_slow",
        format_lazy(
            gettext_lazy("Đọc tệp quá {seconds} giây nên đã dừng. Hãy chia tệp nhỏ hơn."), seconds=seconds
        ),
        seconds=seconds,
    )


def wrong_type(kind: object) -> Refusal:
    return Refusal(
        "tables.wrong_type",
        format_lazy(
            gettext_lazy("Đây là tệp {kind}, không phải sổ tính Excel (.xlsx, .xls) hoặc CSV."), kind=kind
        ),
        kind=kind,
    )


def too_heavy() -> Refusal:
    return Refusal(
        "tables.too_heavy",
        gettext_lazy("Tệp cần quá nhiều bộ nhớ để đọc nên đã dừng. Hãy chia tệp nhỏ hơn."),
    )


def cannot_mark() -> Refusal:
    return Refusal(
        "tables.cannot_mark",
        gettext_lazy(
            "Tệp quá lớn hoặc quá phức tạp nên không ghi lỗi vào bản sao được. "
            "Các lỗi được liệt kê trong tệp CSV vừa tải và ở trang xem trước."
        ),
    )
