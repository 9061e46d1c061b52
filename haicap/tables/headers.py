"""Where the table of a foreign sheet begins, and what its columns are called.

The data are the largest run of rows with figures; the heading is what stands directly above it and names at
least half of its columns. Merged heading cells speak for every column they span; nothing else is filled.
"""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from haicap.core.folding import fold
from haicap.tables.books import Broken, Cell, Sheet, label_text
from haicap.tables.hints import parameters

_NUMBER = re.compile(r"[-+−]?[0-9][0-9.,\u00a0 ]*%?")
_ORDER = re.compile(r"\(?(?:[a-z]|\d{1,3})\)?(?:\s*=.*)?", re.IGNORECASE)
_GAP = 3
_CLIMB = 4


@dataclass(frozen=True, slots=True)
class Area:
    """Rows from 0. `header` rows name the columns; `first` … `last` is the body (last < first: no data)."""

    header: tuple[int, ...]
    first: int
    last: int
    columns: tuple[int, ...]
    numbering: tuple[int, ...]
    carried: bool


def looks_numeric(cell: Cell) -> bool:
    """A number, or text that was meant as one; errors stand where a number should."""
    if isinstance(cell, str):
        return isinstance(cell, Broken) or _NUMBER.fullmatch(cell.strip()) is not None
    return cell is not None and not isinstance(cell, bool)


def is_numbering(row: Sequence[Cell]) -> bool:
    """The row "A B 1 2 3 …" or "(1) (2) (3)=(1)+(2)" that numbers the columns."""
    texts = [label_text(cell) for cell in row if cell is not None]
    if len(texts) < 3 or not all(_ORDER.fullmatch(text) for text in texts):
        return False
    numbers = [int(found[0]) for text in texts if (found := re.search(r"\d+", text))]
    steps = {b - a for a, b in itertools.pairwise(numbers)}
    return len(numbers) >= 2 and steps == {1} and numbers[0] <= 3


def find_area(sheet: Sheet) -> Area | None:
    """The table of the sheet; None where nothing looks like one."""
    _, machine = parameters(sheet, range(len(sheet.rows)))
    numbering = tuple(r for r, row in enumerate(sheet.rows) if is_numbering(row))
    skipped = {*machine, *numbering}
    body = _body(sheet, skipped)
    if body is None:
        return _blank_form(sheet, skipped, numbering)
    first, last = body
    columns = _columns(sheet, range(first, last + 1))
    header = _header_above(sheet, body, columns, skipped)
    if not header:
        # Without a heading the columns have letters only: the person names them.
        return Area((), first, last, columns, numbering, False)
    columns = tuple(sorted({*columns, *_named(sheet, header)}))
    return Area(header, header[-1] + 1, last, columns, numbering, _is_carried(sheet, header))


def placed(sheet: Sheet, found: Area | None, header: tuple[int, int] | None, last: int | None) -> Area | None:
    """The table where a person says it is; a heading that the sheet does not have changes nothing."""
    bottom = len(sheet.rows) - 1
    if header is None or min(header) >= len(sheet.rows):
        rows, numbering = (found.header, found.numbering) if found else ((), ())
    else:
        top = max(0, min(header))
        rows = tuple(range(top, min(max(header), bottom) + 1))
        numbering = tuple(r for r, row in enumerate(sheet.rows) if is_numbering(row))
    if not rows and found is None:
        return None
    first = rows[-1] + 1 if rows else found.first if found else 0
    end = last if last is not None else found.last if found and found.last >= first else bottom
    end = max(first - 1, min(end, bottom))
    columns = tuple(sorted({*_columns(sheet, range(first, end + 1)), *_named(sheet, rows)}))
    return Area(rows, first, end, columns, numbering, _is_carried(sheet, rows))


def _body(sheet: Sheet, skipped: set[int]) -> tuple[int, int] | None:
    """The run of rows with the most figures. It ends after a gap, or where words stand over its figures."""
    best: tuple[int, int, int] | None = None
    run = _Run()
    for index, row in enumerate(sheet.rows):
        numbers = {c for c, cell in enumerate(row) if looks_numeric(cell)}
        filled = {c for c, cell in enumerate(row) if cell is not None}
        heading = not run.score and _headerlike(len(numbers), len(filled))
        if index not in skipped and numbers and len(filled) >= 2 and not heading:
            run.take(index, numbers)
        elif run.score:
            run.gap += 1
            if run.gap > _GAP or len((filled - numbers) & run.columns) >= 2:
                best = max(filter(None, (best, run.found())))
                run = _Run()
    if run.score:
        best = max(filter(None, (best, run.found())))
    return (best[1], best[2]) if best else None


class _Run:
    """Rows with figures that follow each other."""

    def __init__(self) -> None:
        self.score = self.gap = 0
        self.first = self.last = -1
        self.columns: set[int] = set()

    def take(self, index: int, numbers: set[int]) -> None:
        self.first = index if self.first < 0 else self.first
        self.last, self.gap = index, 0
        self.score += len(numbers)
        self.columns |= numbers

    def found(self) -> tuple[int, int, int]:
        return self.score, self.first, self.last


def _headerlike(numbers: int, filled: int) -> bool:
    """A heading may carry a year or two among its words."""
    return filled - numbers >= 3 and numbers <= (filled - numbers) // 3


def _columns(sheet: Sheet, rows: range) -> tuple[int, ...]:
    return tuple(c for c in range(sheet.width) if any(sheet.rows[r][c] is not None for r in rows))


def _header_above(
    sheet: Sheet, body: tuple[int, int], columns: tuple[int, ...], skipped: set[int]
) -> tuple[int, ...]:
    """Climbs over section rows to the row that names the columns of figures, then on while it goes on.

    A section row has words where the body has words, a heading has words over figures.
    """
    figures = _figure_columns(sheet, body, columns)
    row = body[0] - 1
    for _ in range(_CLIMB):
        if row < 0 or _names_columns(sheet, row, figures):
            break
        row -= 1
    if row < 0 or not _names_columns(sheet, row, figures) or row in skipped:
        return ()
    found = [row]
    while row > 0 and (row - 1) not in skipped and _labels(sheet, row - 1) >= 2:
        row -= 1
        found.append(row)
    return tuple(reversed(found))


def _figure_columns(sheet: Sheet, body: tuple[int, int], columns: tuple[int, ...]) -> tuple[int, ...]:
    """Columns of figures right of the first column of words; all of them where there are no words."""
    rows = range(body[0], body[1] + 1)
    numeric: list[int] = []
    words: list[int] = []
    for column in columns:
        cells = [cell for r in rows if (cell := sheet.rows[r][column]) is not None]
        (numeric if sum(map(looks_numeric, cells)) * 2 > len(cells) else words).append(column)
    right = [column for column in numeric if words and column > words[0]]
    return tuple(right or numeric)


def _names_columns(sheet: Sheet, row: int, figures: tuple[int, ...]) -> bool:
    texts = [sheet.label(row, column) for column in figures]
    named = sum(bool(text) and not _NUMBER.fullmatch(text) for text in texts)
    return named * 2 >= len(figures) and _labels(sheet, row) >= 2


def _labels(sheet: Sheet, row: int) -> int:
    """How many different labels a row shows; a merge over many columns is one."""
    areas = {sheet.merge_at(row, c) or c for c in range(sheet.width) if sheet.label(row, c)}
    return len(areas)


def _named(sheet: Sheet, header: tuple[int, ...]) -> set[int]:
    return {c for r in header for c in range(sheet.width) if sheet.label(r, c)}


def _blank_form(sheet: Sheet, skipped: set[int], numbering: tuple[int, ...]) -> Area | None:
    """A form without a figure: the heading is the widest row of words with what belongs to it."""
    rows = [r for r in range(len(sheet.rows)) if r not in skipped and sheet.rows[r]]
    best = max(rows, key=lambda r: (_labels(sheet, r), -r), default=None)
    if best is None or _labels(sheet, best) < 3:
        return None
    top = bottom = best
    while top > 0 and top - 1 not in skipped and _labels(sheet, top - 1) >= 2:
        top -= 1
    while bottom + 1 < len(sheet.rows) and bottom + 1 not in skipped and _tied(sheet, bottom):
        bottom += 1
    header = tuple(range(top, bottom + 1))
    last = max([bottom, *(r for r in numbering if r <= bottom + 2)])
    return Area(
        header, last + 1, last, tuple(sorted(_named(sheet, header))), numbering, _is_carried(sheet, header)
    )


def _tied(sheet: Sheet, row: int) -> bool:
    """A merge reaches from this row into the next one."""
    return any(merge.top <= row < merge.bottom for merge in sheet.merges)


def _is_carried(sheet: Sheet, header: tuple[int, ...]) -> bool:
    """A file that cannot merge (CSV) leaves the cells right of a group's name empty."""
    if len(header) < 2 or any(merge.top in header for merge in sheet.merges):
        return False
    return any(not sheet.label(header[0], c) and sheet.label(header[-1], c) for c in range(sheet.width))


def path_of(sheet: Sheet, area: Area, column: int) -> tuple[str, ...]:
    """The labels over a column, top to bottom, each once."""
    labels: list[str] = []
    for row in area.header:
        label = sheet.label(row, column)
        if not label and area.carried and row != area.header[-1] and sheet.label(area.header[-1], column):
            label = next((t for c in range(column, -1, -1) if (t := sheet.label(row, c))), "")
        if label and (not labels or fold(labels[-1]) != fold(label)):
            labels.append(label)
    return tuple(labels)
