"""What a value read at a door would be in a cell, and what becomes of it beside what stands there."""

from decimal import Decimal, InvalidOperation
from enum import StrEnum

from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy

from haicap.catalogue.queries import Element
from haicap.core.errors import Refusal

from . import cells

LONGEST_TEXT = 300
TRUE, FALSE = frozenset({"true", "1", "t"}), frozenset({"false", "0", "f"})
SCENARIOS = frozenset({"official", "estimate", "plan"})

MESSAGES = {
    # The grid keeps what it refuses beside the cell; a batch does not, and so says nothing of keeping.
    "number.text": gettext_lazy("Ô này cần một số."),
    "number.negative": gettext_lazy("Số này không thể âm."),
    "number.integer": gettext_lazy("Ô này cần số nguyên."),
    "number.too_precise": gettext_lazy("Chỉ nhận tối đa 4 chữ số sau dấu phẩy."),
    "number.too_big": gettext_lazy("Số này dài quá 15 chữ số."),
    "cell.twice": gettext_lazy("Một ô có hai số trong cùng một lần gửi; cả hai đều không được nhận."),
    "cell.conflict": gettext_lazy("Ô này vừa được người khác đổi sau khi bạn lấy số về."),
    "split.unknown": gettext_lazy("Phần tử này không có phân tổ như vậy."),
    "attribution.unknown": gettext_lazy("Mẫu này không có thuộc tính như vậy."),
    "scenario.unknown": gettext_lazy("Không có loại số như vậy (official, estimate, plan)."),
    "intake.exists": gettext_lazy("Ô này đã có số, nên không tạo mới."),
    "intake.absent": gettext_lazy("Ô này chưa có số, nên không có gì để sửa."),
    "intake.empty": gettext_lazy("Không có số, không có lý do và không yêu cầu xóa."),
    "value.boolean": gettext_lazy("Ô này cần true hoặc false."),
    "value.option": gettext_lazy("Giá trị này không có trong danh sách cho phép."),
    "value.date": gettext_lazy("Ô này cần ngày, viết như 2026-10-31."),
    "value.long": gettext_lazy("Nội dung dài quá 300 ký tự."),
}


# What stands in a cell, or shall: number, reason for "no figure", text. A bulk month has millions.
Figure = tuple[Decimal | None, str, str]
BLANK: Figure = (None, "", "")


class Fate(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    REMOVED = "removed"


def message(code: str) -> str:
    return str(MESSAGES[code]) if code in MESSAGES else cells.message(code)


def refusal(code: str) -> Refusal:
    return Refusal(code, message(code))


def read(element: Element, number: Decimal | None, text: str, reason: str, lang: str) -> Figure:
    """Refusals of policies.cells, or value.boolean, value.option, value.date, value.long, intake.empty."""
    if reason.strip():
        return (None, cells.no_figure(element, reason).reason, "")
    if element.kind == "number":
        if number is not None:
            return (cells.checked(element, number), "", "")
        content = cells.read(element, text, lang)
        if content.raw:
            raise refusal(content.refusal)
        if content.number is None:
            raise refusal("intake.empty")
        return (content.number, "", "")
    return _other(element, text.strip() if number is None else format(number, "f"))


def _other(element: Element, text: str) -> Figure:
    """Elements that are no numbers; what they hold never becomes a fact, but for yes and no."""
    if not text:
        raise refusal("intake.empty")
    if element.kind == "boolean":
        if text.lower() not in TRUE | FALSE:
            raise refusal("value.boolean")
        return (Decimal(text.lower() in TRUE), "", "")
    if len(text) > LONGEST_TEXT:
        raise refusal("value.long")
    if element.kind == "option" and element.options and text not in element.options:
        raise refusal("value.option")
    if element.kind == "date" and not _is_day(text):
        raise refusal("value.date")
    return (None, "", text)


def _is_day(text: str) -> bool:
    try:
        return parse_date(text) is not None
    except (ValueError, InvalidOperation):
        return False


def fate(stood: Figure, wanted: Figure, raw: str = "") -> Fate:
    """What the wanted figure does to the one that stands; text that was refused in the grid (`raw`) counts as
    nothing."""
    if stood == wanted and not raw:
        return Fate.SAME
    if wanted == BLANK:
        return Fate.REMOVED
    return Fate.NEW if stood == BLANK else Fate.CHANGED
