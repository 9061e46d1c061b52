"""Marks a copy of one workbook in a process of its own, so that no file can take more than it gets.

Run by path (see `annotating`), never imported: a marshalled order on standard input, the workbook on standard
output. Nothing of Haicap and nothing of Django is imported: words and colours come with the order.
"""

import io
import marshal
import resource
import sys
from typing import Any

from openpyxl import load_workbook  # type: ignore[import-untyped]
from openpyxl.cell.cell import MergedCell  # type: ignore[import-untyped]
from openpyxl.comments import Comment  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side  # type: ignore[import-untyped]

WIDTH, LINE, LETTERS = 280, 22, 38
COLUMNS = (10, 44, 90)
Order = dict[str, Any]


def main() -> None:
    memory, seconds = (int(text) for text in sys.argv[1:3])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = marked(marshal.loads(sys.stdin.buffer.read()))  # noqa: S302 – written by our own process
    sys.stdout.buffer.write(content)


def marked(order: Order) -> bytes:
    book = load_workbook(io.BytesIO(order["data"]))
    for sheet in book.worksheets:
        _clean(sheet, order["author"], _solid(order["wash"]))
    if order["list"] in book.sheetnames:
        del book[order["list"]]
    told: dict[tuple[str, int, int], list[tuple[str, str]]] = {}
    for name, row, column, kind, text in order["remarks"]:
        told.setdefault((name, row, column), []).append((kind, text))
    for (name, row, column), found in told.items():
        if name in book.sheetnames:
            _mark(book[name].cell(row + 1, column + 1), found, order)
    if order["lines"]:
        _list(book.create_sheet(order["list"]), order)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _clean(sheet: Any, author: str, wash: Any) -> None:
    # the cells that there are: between A1 and a far one lie more than anybody can walk
    for cell in list(sheet._cells.values()):
        if cell.comment is not None and cell.comment.author == author:
            cell.comment = None
            cell.fill = wash


def _mark(cell: Any, found: list[tuple[str, str]], order: Order) -> None:
    kind = "error" if any(kind == "error" for kind, _text in found) else "doubt"
    text = "\n".join(dict.fromkeys(text for _kind, text in found))
    cell = _first_of_merge(cell)
    height = LINE * (2 + len(text) // LETTERS + text.count("\n"))
    cell.comment = Comment(text, order["author"], height=height, width=WIDTH)
    cell.fill = _solid(order["fills"][kind])
    edge = Side(style="medium", color=order["edges"][kind])
    cell.border = Border(left=edge, right=edge, top=edge, bottom=edge)


def _first_of_merge(cell: Any) -> Any:
    """Only the first cell of a merge can carry anything."""
    if isinstance(cell, MergedCell):
        for merge in cell.parent.merged_cells.ranges:
            if cell.coordinate in merge:
                return cell.parent.cell(merge.min_row, merge.min_col)
    return cell


def _list(sheet: Any, order: Order) -> None:
    bold = Font(bold=True)
    for column, (label, width) in enumerate(zip(order["heads"], COLUMNS, strict=True), start=1):
        sheet.cell(1, column, label).font = bold
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = width
    for line, texts in enumerate(order["lines"], start=2):
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(line, column)
            cell.value = text
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"


def _solid(name: str) -> Any:
    return PatternFill("solid", start_color=name, end_color=name)


if __name__ == "__main__":
    main()
