"""What one cell says: a number, words, nothing. Native numbers are taken as they are, never read again."""

from decimal import Decimal
from typing import NamedTuple

from django.utils.translation import gettext

from haicap.catalogue.queries import Element
from haicap.core.errors import Refusal
from haicap.tables.books import Broken, Cell, Sheet, address, label_text
from haicap.tables.cells import as_number
from haicap.tables.marks import Marks

PERCENT = "%"
HUNDRED = Decimal(100)


class Said(NamedTuple):
    """At most one of `number` and `text`; neither is an empty cell. `remarks`: how it was understood."""

    number: Decimal | None = None
    text: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def blank(self) -> bool:
        return self.number is None and not self.text


def said_at(sheet: Sheet, row: int, column: int, element: Element, lang: str, marks: Marks) -> Said:
    """The content of a value cell of a workbook. Refusals with the cell as place: those of
    tables.cells.number_at, "workbook.percent" for a percentage of something that is no percentage."""
    content, place = sheet.cell(row, column), address(row, column)
    if sheet.merge_at(row, column):
        # a merge could mean any of its cells (C14)
        message = gettext("Ô này bị gộp với ô khác nên không rõ số thuộc dòng nào. Hãy tách ô.")
        raise Refusal("tables.value_merged", message, place=place)
    remarks = []
    if (row, column) in marks.formulas and content is not None and not isinstance(content, Broken):
        remarks.append(gettext("Ô là công thức: lấy kết quả đã tính trong tệp."))
    if element.kind != "number":
        return Said(text=_words(content, place), remarks=tuple(remarks))
    if (row, column) in marks.percents and isinstance(content, Decimal):
        content = _percentage(content, element, place)
        remarks.append(gettext("Ô định dạng phần trăm: hiểu là số phần trăm như đang hiện."))
    return Said(number_of(content, element, lang, place), remarks=tuple(remarks))


def _percentage(content: Decimal, element: Element, place: str) -> Decimal:
    if element.measure.unit == PERCENT:
        return content * HUNDRED
    message = gettext(
        "Ô định dạng phần trăm nhưng ô này không tính bằng %%: không rõ là %(shown)s hay %(kept)s. "
        "Hãy đổi định dạng ô thành số rồi nhập lại."
    ) % {"shown": f"{label_text(content * HUNDRED)}%", "kept": label_text(content)}
    raise Refusal("workbook.percent", message, place=place)


def number_of(content: Cell, element: Element, lang: str, place: str) -> Decimal | None:
    """A native number as it is; text strictly as `lang` writes numbers, with a % where the unit is one."""
    if isinstance(content, str) and element.measure.unit == PERCENT and not isinstance(content, Broken):
        content = content.strip().removesuffix(PERCENT)
    return as_number(content, lang, place)


def _words(content: Cell, place: str) -> str:
    if isinstance(content, Broken):
        as_number(content, "vi", place)
    if isinstance(content, bool):
        return "1" if content else "0"
    return label_text(content)
