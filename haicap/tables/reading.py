"""CSV in: header and rows as text with their line numbers; the guard of our exports is taken off again."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from haicap.core import numbers
from haicap.core.errors import Refusal
from haicap.tables.encodings import decode
from haicap.tables.guard import unguard

MAX_BYTES = 50 * 1024 * 1024
MAX_COLUMNS = 2_000
_SNIFFED = 64 * 1024
_DELIMITERS = ",;\t|"
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True)
class Row:
    """`line` is the line of the file on which the row ends; `extra` what stands beyond the header."""

    line: int
    cells: tuple[str, ...]
    extra: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]


def read_csv(data: bytes, *, delimiter: str | None = None, max_bytes: int = MAX_BYTES) -> Sheet:
    """The whole file, or one Refusal that says where it breaks: nothing is half-read.

    Empty lines are no rows; short rows are filled with empty cells, which mean "nothing entered".
    Refusals: "tables.too_big", "tables.not_text", "tables.encoding", "tables.empty",
    "tables.broken" (place: line), "tables.header_twice" (place: column), "tables.too_wide".
    """
    if len(data) > max_bytes:
        raise _too_big(max_bytes)
    decoded = decode(data)
    text, skipped = decoded.text, 0
    told = _SEP_LINE.match(text)
    if told:
        text, skipped, delimiter = text[told.end() :], 1, delimiter or told[1]
    delimiter = delimiter or sniffed(text)
    lines = _parsed(text, delimiter, skipped)
    first = next(lines, None)
    if first is None:
        raise Refusal("tables.empty", gettext_lazy("Tệp trống: không có dòng tiêu đề."))
    header = _header(first[1])
    rows = tuple(_row(line, cells, len(header)) for line, cells in lines)
    return Sheet(decoded.encoding, delimiter, header, rows)


@dataclass(frozen=True)
class Grid:
    """All records of a text file; `rows[0]` is what a spreadsheet shows in row 1, empty lines included."""

    encoding: str
    delimiter: str
    rows: tuple[tuple[str, ...], ...]


def read_cells(data: bytes, *, max_bytes: int = MAX_BYTES) -> Grid:
    """A text file without a promise about its heading: every record as it stands, guards taken off.

    Refusals as read_csv, but for those about the heading.
    """
    if len(data) > max_bytes:
        raise _too_big(max_bytes)
    decoded = decode(data)
    text = decoded.text
    told = _SEP_LINE.match(text)
    if told:
        text = text[told.end() :]
    delimiter = told[1] if told else _sniffed_anywhere(text)
    rows = [
        tuple(unguard(cell).strip() for cell in cells)
        for _, cells in _records(text, delimiter, int(bool(told)))
    ]
    while rows and not any(rows[-1]):
        rows.pop()
    if max(map(len, rows), default=0) > MAX_COLUMNS:
        raise _too_wide()
    return Grid(decoded.encoding, delimiter, tuple(rows))


def _sniffed_anywhere(text: str) -> str:
    """The separator under which most of the first records have one number of cells, notes above or not."""

    def score(mark: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:_SNIFFED], newline=""), delimiter=mark)
        widths: dict[int, int] = {}
        try:
            for cells in reader:
                if len(cells) > 1:
                    widths[len(cells)] = widths.get(len(cells), 0) + 1
        except csv.Error:
            return 0, 0
        return max(((count, width) for width, count in widths.items()), default=(0, 0))

    return max(";,\t|", key=score)


def sniffed(text: str) -> str:
    """The separator that cuts the heading into most cells; quoted text is not cut."""
    heading = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    counts = {mark: len(next(csv.reader([heading], delimiter=mark), [])) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: counts[mark])


def _parsed(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    return ((line, cells) for line, cells in _records(text, delimiter, skipped) if cells)


def _records(text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            raise broken(reader.line_num + skipped) from None
        yield reader.line_num + skipped, cells


def broken(line: int) -> Refusal:
    return Refusal(
        "tables.broken",
        format_lazy(gettext_lazy("Dòng {line}: dấu ngoặc kép không khớp hoặc ô quá dài."), line=line),
        place=str(line),
    )


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    return header_of([unguard(cell).strip() for cell in cells])


def header_of(labels: list[str]) -> tuple[str, ...]:
    """Refusals tables.empty, tables.too_wide, tables.header_twice."""
    while labels and not labels[-1]:
        labels.pop()
    if not labels:
        raise Refusal("tables.empty", gettext_lazy("Tệp trống: không có dòng tiêu đề."))
    if len(labels) > MAX_COLUMNS:
        raise _too_wide()
    for index, label in enumerate(labels):
        if label and label in labels[:index]:
            raise Refusal(
                "tables.header_twice",
                format_lazy(
                    gettext_lazy("Cột {column}: tiêu đề «{label}» lặp lại."),
                    column=column_name(index),
                    label=label,
                ),
                place=column_name(index),
                label=label,
            )
    return tuple(labels)


def _row(line: int, cells: Sequence[str], width: int) -> Row:
    plain = [unguard(cell) for cell in cells]
    extra = plain[width:]
    while extra and not extra[-1].strip():
        extra.pop()
    return Row(line, tuple((plain + [""] * width)[:width]), tuple(extra))


def _too_big(max_bytes: int) -> Refusal:
    most = max_bytes // 1024 // 1024
    return Refusal(
        "tables.too_big", format_lazy(gettext_lazy("Tệp lớn hơn {most} MB."), most=most), most=max_bytes
    )


def _too_wide() -> Refusal:
    return Refusal(
        "tables.too_wide",
        format_lazy(gettext_lazy("Tệp có hơn {most} cột."), most=MAX_COLUMNS),
        most=MAX_COLUMNS,
    )


def column_name(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA, as spreadsheets name columns."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def number(row: Row, column: int, lang: str) -> Decimal | None:
    """The number in a cell, None where nothing is entered; refusals of core.numbers get the cell as place."""
    text = row.cells[column]
    if not text.strip():
        return None
    try:
        return numbers.parse(text, lang, strict=True)
    except Refusal as refused:
        refused.place = f"{column_name(column)}{row.line}"
        raise
