"""Synthetic twins of what offices send: the traps of real exports, always there."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from haicap.tables.books import Book, Cell, Merge, Sheet
from haicap.tables.layout import Layout, understand
from haicap.tables.opening import open_book

HEALTH = (
    ["B02. Thống kê (tháng)"],
    ["ma_tinh", "tu_thang", "den_thang", "nam", "cs"],
    [66, 1, 11, 2026, "true"],
    [],
    ["Mã đơn vị", "Tên đơn vị", "Mã vùng", "Số lượt", None, None, "TL_Nội trú", "BQ chung (*)"],
    [None, None, None, "Tổng cộng", "Ngoại trú", "Nội trú", None, None],
)


def rows_of(*rows: Sequence[Any]) -> tuple[tuple[Cell, ...], ...]:
    """Rectangular rows of native cells; plain numbers become the decimals that a workbook gives."""
    book = openpyxl.Workbook()
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            if value is not None:
                book.active.cell(number, column).value = value
    return saved(book).sheets[0].rows


def saved(book: Any, name: str = "tep.xlsx") -> Book:
    target = io.BytesIO()
    book.save(target)
    return open_book(target.getvalue(), name)


def sheet_of(*rows: Sequence[Any], merges: Sequence[tuple[int, int, int, int]] = ()) -> Sheet:
    return Sheet("Trang 1", rows_of(*rows), tuple(Merge(*corners) for corners in merges))


def layout_of(
    *rows: Sequence[Any], merges: Sequence[tuple[int, int, int, int]] = (), name: str = "tep.xlsx"
) -> Layout:
    sheet = sheet_of(*rows, merges=merges)
    found = understand(Book(name, "xlsx", (sheet,)), sheet)
    assert found is not None
    return found


HEALTH_MERGES = (
    (0, 0, 0, 7),
    (4, 0, 5, 0),
    (4, 1, 5, 1),
    (4, 2, 5, 2),
    (4, 3, 4, 5),
    (4, 6, 5, 6),
    (4, 7, 5, 7),
)
