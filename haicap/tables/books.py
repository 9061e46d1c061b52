"""A workbook that has been read: sheets of native cells, whatever file they came from."""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property

from haicap.tables.reading import column_name

Cell = Decimal | datetime | date | str | bool | None


class Broken(str):
    """Text that stands where the file has no value: an error ("#DIV/0!") or a formula never calculated.

    It is text, so nobody takes it for a number and nobody takes it for "nothing entered".
    """

    __slots__ = ()


UNCALCULATED = Broken("#?")


@dataclass(frozen=True, slots=True)
class Merge:
    """Rows and columns from 0, all inclusive. Only the first cell has content."""

    top: int
    left: int
    bottom: int
    right: int

    def holds(self, row: int, column: int) -> bool:
        return self.top <= row <= self.bottom and self.left <= column <= self.right


@dataclass(frozen=True)
class Sheet:
    """`rows` begins at A1 and is rectangular; None is an empty cell, which is not zero."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    merges: tuple[Merge, ...] = ()
    visible: bool = True

    @property
    def width(self) -> int:
        return len(self.rows[0]) if self.rows else 0

    def cell(self, row: int, column: int) -> Cell:
        """The content, None also outside of the sheet. Merged cells but the first are empty."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    def merge_at(self, row: int, column: int) -> Merge | None:
        for merge in self._by_row.get(row, ()):
            if merge.left <= column <= merge.right:
                return merge
        top = bisect_right(self._tall_tops, row)
        return next((m for m in self._tall[:top] if m.holds(row, column)), None)

    def label(self, row: int, column: int) -> str:
        """The text of a cell as a label: the first cell of a merge speaks for all. Never for numbers."""
        merge = self.merge_at(row, column)
        content = self.cell(merge.top, merge.left) if merge else self.cell(row, column)
        return label_text(content)

    @cached_property
    def _by_row(self) -> dict[int, list[Merge]]:
        found: dict[int, list[Merge]] = {}
        for merge in self.merges:
            for row in range(merge.top, min(merge.bottom, merge.top + _TALL) + 1):
                found.setdefault(row, []).append(merge)
        return found

    @cached_property
    def _tall(self) -> list[Merge]:
        return sorted((m for m in self.merges if m.bottom - m.top > _TALL), key=lambda m: m.top)

    @cached_property
    def _tall_tops(self) -> list[int]:
        return [merge.top for merge in self._tall]


@dataclass(frozen=True)
class Book:
    """`kind` is "xlsx", "xls" or "csv"; cells of a CSV are text or None."""

    name: str
    kind: str
    sheets: tuple[Sheet, ...] = field(default=())

    def sheet(self, name: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


_TALL = 50


def address(row: int, column: int) -> str:
    """(6, 1) → "B7", as spreadsheets name cells."""
    return f"{column_name(column)}{row + 1}"


def label_text(content: Cell) -> str:
    """Content as words: one line, whole numbers without decimals, dates as people here write them."""
    if content is None:
        return ""
    if isinstance(content, bool):
        return "true" if content else "false"
    if isinstance(content, Decimal):
        return f"{content.normalize():f}"
    if isinstance(content, datetime):
        return content.strftime("%d/%m/%Y %H:%M")
    if isinstance(content, date):
        return content.strftime("%d/%m/%Y")
    return " ".join(content.split())
