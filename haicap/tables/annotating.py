"""What is wrong, written back into a copy of the workbook: a comment and a fill at each cell, and a list.

For .xlsx files that `opening.open_book` has taken; nothing but the marks is changed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from django.utils.translation import gettext as _
from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.comments import Comment  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # type: ignore[import-untyped]

from haicap.tables.books import address
from haicap.tables.fillable import sheet_name
from haicap.tables.guard import guard, is_dangerous
from haicap.ui.palette import colour

AUTHOR: Final = "Haicap"
WIDTH, LINE, LETTERS = 280, 22, 38
WASH = {"error": "error-wash", "doubt": "warning-wash"}
EDGE = {"error": "red", "doubt": "control"}


@dataclass(frozen=True, slots=True)
class Remark:
    """`kind`: "error" or "doubt"; row and column from 0; `subject` names the cell in the list of all."""

    sheet: str
    row: int
    column: int
    text: str
    kind: str = "error"
    subject: str = ""


def annotate(data: bytes, remarks: Sequence[Remark], wash: str = "action-wash") -> bytes:
    """The copy. Marks of an earlier round are taken off first: their cells get the fill `wash` back."""
    book = load_workbook(BytesIO(data))
    listed = sheet_name(_("Cần xem lại"))
    for sheet in book.worksheets:
        _clean(sheet, _solid(wash))
    if listed in book.sheetnames:
        del book[listed]
    told: dict[tuple[str, int, int], list[Remark]] = {}
    for remark in remarks:
        told.setdefault((remark.sheet, remark.row, remark.column), []).append(remark)
    for (name, row, column), found in told.items():
        if name in book.sheetnames:
            _mark(book[name].cell(row + 1, column + 1), found)
    if remarks:
        _list(book.create_sheet(listed), remarks)
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def _clean(sheet: Any, wash: Any) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = wash


def _mark(cell: Any, found: Sequence[Remark]) -> None:
    kind = "error" if any(one.kind == "error" for one in found) else "doubt"
    text = "\n".join(dict.fromkeys(one.text for one in found))
    cell = _first_of_merge(cell)
    height = LINE * (2 + len(text) // LETTERS + text.count("\n"))
    cell.comment = Comment(text, AUTHOR, height=height, width=WIDTH)
    cell.fill = _solid(WASH[kind])
    edge = Side(style="medium", color=_hex(EDGE[kind]))
    cell.border = Border(left=edge, right=edge, top=edge, bottom=edge)


def _first_of_merge(cell: Any) -> Any:
    """Only the first cell of a merge can carry anything."""
    for merge in cell.parent.merged_cells.ranges:
        if cell.coordinate in merge:
            return cell.parent.cell(merge.min_row, merge.min_col)
    return cell


def _list(sheet: Any, remarks: Sequence[Remark]) -> None:
    bold = Font(bold=True)
    for column, (label, width) in enumerate(
        ((_("Ô"), 10), (_("Nội dung"), 44), (_("Cần xem lại"), 90)), start=1
    ):
        sheet.cell(1, column, label).font = bold
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = width
    for line, remark in enumerate(sorted(remarks, key=lambda one: (one.row, one.column)), start=2):
        place = address(remark.row, remark.column)
        for column, text in enumerate((place, remark.subject, remark.text), start=1):
            cell = sheet.cell(line, column)
            cell.value = guard(text) if is_dangerous(text) else text
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _solid(name: str) -> Any:
    return PatternFill("solid", start_color=_hex(name), end_color=_hex(name))


def _hex(name: str) -> str:
    """openpyxl wants the opacity first and no sign."""
    return "FF" + colour(name).removeprefix("#").upper()
