"""Why a row is not taken: a code for the program, words for the person who mends the file."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy

WORDS = {
    "row.short": gettext_lazy("Dòng thiếu ô so với tiêu đề: tệp có thể bị cắt."),
    "row.long": gettext_lazy("Dòng có nhiều ô hơn tiêu đề."),
    "row.json": gettext_lazy("Dòng không phải một bản ghi JSON."),
    "row.later": gettext_lazy("Mã hồ sơ này có ở một dòng sau trong cùng tệp; dòng sau được lấy."),
    "code.missing": gettext_lazy("Thiếu mã hồ sơ."),
    "unit.missing": gettext_lazy("Thiếu đơn vị."),
    "unit.unknown": gettext_lazy("Không có đơn vị mang mã hoặc tên này."),
    "unit.ambiguous": gettext_lazy("Nhiều đơn vị cùng tên: hãy dùng mã."),
    "unit.split": gettext_lazy(
        "Đơn vị đã chia cho nhiều đơn vị mới trước ngày tiếp nhận: hãy ghi mã đơn vị mới."
    ),
    "unit.ended": gettext_lazy("Đơn vị đã kết thúc trước ngày tiếp nhận và không rõ đơn vị kế thừa."),
    "unit.elsewhere": gettext_lazy("Đơn vị này không thuộc địa bàn của nguồn."),
    "procedure.missing": gettext_lazy("Thiếu mã thủ tục."),
    "procedure.unknown": gettext_lazy("Không có thủ tục mang mã này trong danh mục."),
    "received.missing": gettext_lazy("Thiếu ngày tiếp nhận."),
    "date.unreadable": gettext_lazy("Không đọc được ngày theo kiểu đã chọn cho tệp."),
    "received.future": gettext_lazy("Ngày tiếp nhận ở tương lai."),
    "due.before": gettext_lazy("Ngày hẹn trả trước ngày tiếp nhận."),
    "finished.before": gettext_lazy("Ngày có kết quả trước ngày tiếp nhận."),
    "finished.future": gettext_lazy("Ngày có kết quả ở tương lai."),
    "value.unknown": gettext_lazy("Giá trị không có trong bảng giá trị của nguồn."),
    "fee.unreadable": gettext_lazy("Không đọc được số tiền."),
    "steps.unreadable": gettext_lazy("Không đọc được các bước xử lý."),
}


@dataclass(frozen=True, slots=True, eq=False)
class Wrong:
    """What is wrong with a cell; `code` is a key of WORDS. Compared by identity, millions of times."""

    code: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """`row` as a spreadsheet numbers it (the heading is row 1); `value` is what stood there, masked, and
    never the code of a dossier."""

    row: int
    code: str
    column: str = ""
    value: str = ""
