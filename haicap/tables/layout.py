"""A foreign sheet understood: notes and parameters above, heading, columns, rows, and what is doubtful."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from haicap.tables import hints, totals
from haicap.tables.bodies import Labels, Row, RowKind, label_columns, read_rows
from haicap.tables.books import Book, Cell, Sheet, address, label_text
from haicap.tables.columns import Column, Kind, describe, plain
from haicap.tables.headers import Area, find_area, placed
from haicap.tables.hints import Hint
from haicap.tables.totals import Disagreement


@dataclass(frozen=True)
class Layout:
    """`notes` are (address, text) above and below the table. Rows and columns count from 0."""

    sheet: Sheet
    area: Area
    columns: tuple[Column, ...]
    labels: Labels
    rows: tuple[Row, ...]
    notes: tuple[tuple[str, str], ...] = ()
    parameters: Mapping[str, Cell] = field(default_factory=dict)
    hints: tuple[Hint, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    across: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    twins: tuple[tuple[Row, Row], ...] = ()

    @property
    def data(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.kind is RowKind.DATA)

    @property
    def totals(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.kind is RowKind.TOTAL)

    @property
    def sections(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.kind is RowKind.SECTION)

    @property
    def numbers(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.kind is Kind.NUMBER)

    @property
    def hint(self) -> Hint | None:
        return self.hints[0] if self.hints else None

    @property
    def cumulative(self) -> bool:
        return self.hint is not None and self.hint.cumulative

    @property
    def fingerprint(self) -> str:
        """The same for two files with the same heading over the same columns, whatever stands below it."""
        told = "\n".join(f"{c.index}\t{'|'.join(plain(label) for label in c.path)}" for c in self.columns)
        return hashlib.sha256(told.encode()).hexdigest()


def understand(
    book: Book, sheet: Sheet, header: tuple[int, int] | None = None, last: int | None = None
) -> Layout | None:
    """The layout of a sheet; None where it holds no table. `header` (first and last row of the heading) and
    `last` (last row of the body) are what a person says instead of what is found."""
    area = find_area(sheet)
    if header is not None or (area is not None and last is not None):
        area = placed(sheet, area, header, last)
    if area is None:
        return None
    top = min([area.first, *area.header])
    above = range(top)
    found, used = hints.parameters(sheet, above)
    words = [row for row in above if row not in used]
    below = range(area.last + 1, len(sheet.rows))
    told = hints.told(sheet, words, found, (sheet.name, Path(book.name).stem))
    notes = _notes(sheet, [*words, *below])
    columns = describe(sheet, area, [text for _, text in _notes(sheet, words)])
    labels = label_columns(sheet, area, columns)
    rows = read_rows(sheet, area, columns, labels)
    figures = totals.figures_of(sheet, rows, columns)
    rows = totals.settle(rows, figures)
    across = totals.sums_across(rows, columns, figures)
    doubts = totals.disagreements(rows, columns, figures)
    doubts += totals.across_disagreements(rows, columns, figures, across)
    return Layout(
        sheet, area, columns, labels, rows, notes, found, tuple(told), tuple(doubts), across, _twins(rows)
    )


def _notes(sheet: Sheet, rows: list[int]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (address(row, column), label_text(cell))
        for row in rows
        for column, cell in enumerate(sheet.rows[row])
        if cell is not None and label_text(cell)
    )


def _twins(rows: tuple[Row, ...]) -> tuple[tuple[Row, Row], ...]:
    """Data rows of one section that bear the same code or name."""
    seen: dict[tuple[str, str, str], Row] = {}
    found = []
    for row in rows:
        if row.kind is RowKind.DATA and row.key[1]:
            if row.key in seen:
                found.append((seen[row.key], row))
            else:
                seen[row.key] = row
    return tuple(found)
