"""What one cell of a foreign sheet says as a number, a day or a label; every refusal names the cell."""

import re
from datetime import date, datetime
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from haicap.core import numbers
from haicap.core.errors import Refusal
from haicap.tables.books import Broken, Cell, Sheet, address

_DAY_FIRST = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})")
_SHORT_YEAR = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2}")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]00:00(?::00)?)?")
_CODE_GUARD = re.compile(r"'(?=[0-9])")


def number_at(sheet: Sheet, row: int, column: int, lang: str) -> Decimal | None:
    """The number in a cell, None where nothing is entered. A native number is taken as it is, never re-read.

    Text is read strictly in `lang` (refusals of core.numbers, "number.ambiguous" where a comma and a
    point would mean two things). Refusals: "tables.value_merged", "tables.value_broken",
    "tables.value_kind" (a date or true/false where a number belongs). place: the cell.
    """
    content = sheet.cell(row, column)
    place = address(row, column)
    if sheet.merge_at(row, column):
        raise Refusal(
            "tables.value_merged",
            gettext_lazy("Ô số liệu bị gộp: không rõ số thuộc dòng hay cột nào. Hãy tách ô rồi tải lên lại."),
            place=place,
        )
    return as_number(content, lang, place)


def as_number(content: Cell, lang: str, place: str) -> Decimal | None:
    """As number_at, for content that is already out of its sheet."""
    if content is None or isinstance(content, Decimal):
        return content
    if isinstance(content, Broken):
        raise Refusal(
            "tables.value_broken",
            format_lazy(
                gettext_lazy(
                    "Ô có lỗi hoặc công thức chưa được tính ({text}). Hãy sửa trong Excel rồi lưu lại."
                ),
                text=str(content),
            ),
            place=place, text=str(content),
        )  # fmt: skip
    if isinstance(content, str):
        if not content.strip():
            return None
        try:
            return numbers.parse(content, lang, strict=True)
        except Refusal as refused:
            refused.place = place
            raise
    raise Refusal(
        "tables.value_kind",
        gettext_lazy("Ô chứa ngày tháng hoặc giá trị đúng/sai, không phải số."),
        place=place,
    )


def day_at(sheet: Sheet, row: int, column: int) -> date | None:
    """The day in a cell: a real date of the workbook, text dd/mm/yyyy, or ISO yyyy-mm-dd.

    Refusals: "tables.date_year" (two digits), "tables.date_order" (month before day),
    "tables.date_text", "tables.date_number". place: the cell.
    """
    content = sheet.cell(row, column)
    place = address(row, column)
    if isinstance(content, datetime):
        return content.date()
    if content is None or isinstance(content, date):
        return content
    if not isinstance(content, str):
        raise Refusal("tables.date_number", gettext_lazy("Ô chứa số, không phải ngày."), place=place)
    return as_day(content, place)


def as_day(text: str, place: str = "") -> date | None:
    """As day_at, for text."""
    text = text.strip()
    if not text:
        return None
    iso, found = _ISO.fullmatch(text), _DAY_FIRST.fullmatch(text)
    if iso:
        year, month, day = (int(part) for part in iso.groups()[:3])
    elif found:
        day, month, year = int(found[1]), int(found[3]), int(found[4])
        if month > 12 and day <= 12:
            raise Refusal(
                "tables.date_order",
                format_lazy(
                    gettext_lazy("«{text}» ghi tháng trước ngày. Hãy ghi ngày/tháng/năm."), text=text
                ),
                place=place, text=text,
            )  # fmt: skip
    elif _SHORT_YEAR.fullmatch(text):
        raise Refusal(
            "tables.date_year",
            format_lazy(gettext_lazy("«{text}» ghi năm bằng hai chữ số. Hãy ghi đủ bốn chữ số."), text=text),
            place=place, text=text,
        )  # fmt: skip
    else:
        raise _no_day(text, place)
    try:
        return date(year, month, day)
    except ValueError:
        raise _no_day(text, place) from None


def _no_day(text: str, place: str) -> Refusal:
    return Refusal(
        "tables.date_text",
        format_lazy(
            gettext_lazy("«{text}» không phải ngày. Hãy ghi ngày/tháng/năm, ví dụ 05/10/2026."), text=text
        ),
        place=place, text=text,
    )  # fmt: skip


def code_text(label: str) -> str:
    """A code as text: '17.1 and '17.10 are two codes; the apostrophe only kept them text in Excel."""
    return _CODE_GUARD.sub("", label.strip(), count=1)
