"""Opening a workbook that somebody else made: .xlsx, .xls or .csv as one Book of native cells.

Nothing is opened before its size, kind and promises are judged, and the reader itself runs in a process
of its own with bounded memory and time: whatever a file does, it does it there.
"""

import marshal
import signal
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal
from haicap.core.folding import nfc
from haicap.tables import oldbooks, packages
from haicap.tables.books import UNCALCULATED, Book, Broken, Cell, Merge, Sheet
from haicap.tables.reading import MAX_BYTES, read_cells
from haicap.tables.refusing import (
    corrupt,
    empty,
    encrypted,
    macros,
    refuse_bomb,
    too_big,
    too_heavy,
    too_many_cells,
    too_many_faults,
    too_slow,
    wrong_type,
)

MAX_CELLS: Final = 2_000_000
MAX_TEXT: Final = 100_000_000
MEMORY: Final = 1024 * 1024 * 1024
SECONDS: Final = 60
_APART = Path(__file__).with_name("apart.py")
_SAMPLE = 4096
_SHORT = 12
_BINARY = (
    (b"%PDF", "PDF"), (b"\x89PNG", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF8", "GIF"), (b"BM", "BMP"),
    (b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"\x1f\x8b", "GZIP"), (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7-Zip"),
    (b"{\\rtf", "RTF"), (b"MZ", "EXE"), (b"\x7fELF", "ELF"),
)  # fmt: skip
_SPREADSHEET_NAMES = (".xls", ".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xla", ".xlam")


def open_book(data: bytes, name: str, *, max_bytes: int = MAX_BYTES, max_cells: int = MAX_CELLS) -> Book:
    """The whole workbook. `name` is the file's name; what the file is its bytes say.

    Cells: Decimal, date (a day), datetime (with a time of day), str, bool, None for empty. A number is
    the number that the file holds; text is never made a number here. Errors and
    formulas that nobody calculated are `Broken` text. Merged cells keep their content in the first one.
    Refusals: "tables.empty_file", "tables.too_big", "tables.wrong_type", "tables.corrupt",
    "tables.encrypted", "tables.macros", "tables.bomb", "tables.too_many_cells", "tables.too_heavy",
    "tables.too_many_faults", "tables.too_slow", and those of `read_csv` for text.
    """
    if not data:
        raise empty()
    if len(data) > max_bytes:
        raise too_big(max_bytes)
    lowered = name.lower()
    if lowered.endswith((".xlsm", ".xltm", ".xlam", ".xla")):
        raise macros()
    if data.startswith(oldbooks.SIGNATURE):
        faults = oldbooks.inspect(data, max_cells)
        sheets = _read(data, max_cells, faults)
        kind = "xls"
    elif data.startswith(b"PK"):
        sheets = _read(data, max_cells, [])
        kind = "xlsx"
    else:
        _judge_text(data, lowered)
        sheets = [_text_sheet(data, name, max_bytes, max_cells)]
        kind = "csv"
    if not any(sheet.rows for sheet in sheets):
        raise empty()
    return Book(name, kind, tuple(sheets))


def _judge_text(data: bytes, lowered: str) -> None:
    for start, kind in _BINARY:
        if data.startswith(start) and (len(start) > 2 or b"\0" in data[:_SAMPLE]):
            raise wrong_type(kind)
    if data[:4] == b"RIFF":
        raise wrong_type("RIFF")
    head = data[:_SAMPLE].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<?xml", b"<workbook")):
        raise wrong_type("Excel XML 2003" if b"office:spreadsheet" in head else "XML")
    if head.startswith((b"<!doctype", b"<html", b"<table", b"<head", b"<meta", b"<style", b"<div")):
        raise wrong_type("HTML")
    if head.startswith((b"mime-version", b"from: <saved by")):
        raise wrong_type("MHTML")
    if lowered.endswith(_SPREADSHEET_NAMES):
        # Text under the name of a workbook: Excel opens it, but which of its columns are what nobody said.
        raise corrupt() if b"\0" in data[:_SAMPLE] else wrong_type(gettext_lazy("văn bản (.txt/.csv)"))


def _text_sheet(data: bytes, name: str, max_bytes: int, max_cells: int) -> Sheet:
    grid = read_cells(data, max_bytes=max_bytes)
    width = max((len(row) for row in grid.rows), default=0)
    if width * len(grid.rows) > max_cells:
        raise too_many_cells(max_cells)
    rows = tuple(tuple(cell or None for cell in (*row, *[""] * (width - len(row)))) for row in grid.rows)
    return Sheet(Path(name).stem or "CSV", rows)


def _read(data: bytes, max_cells: int, in_order: list[packages.Faults]) -> list[Sheet]:
    answer = _apart(data, max_cells)
    by_name: dict[str, packages.Faults] = answer["faults"]
    sheets = []
    for index, (name, visible, merges, rows) in enumerate(answer["sheets"]):
        faults = by_name.get(name) or (in_order[index] if index < len(in_order) else {})
        cells = [tuple(map(_native, row)) for row in rows]
        sheets.append(Sheet(nfc(name), _with_faults(cells, faults), _merges(merges), visible))
    return sheets


def _merges(ranges: list[tuple[int, ...]]) -> tuple[Merge, ...]:
    """Some programs "merge" a single cell: that is no merge."""
    found = [Merge(*corners) for corners in sorted(ranges) if len(corners) == 4]
    return tuple(merge for merge in found if (merge.top, merge.left) != (merge.bottom, merge.right))


def _apart(data: bytes, max_cells: int) -> dict[str, Any]:
    command = [sys.executable, "-I", str(_APART), *map(str, (MEMORY, SECONDS, max_cells, MAX_TEXT))]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise too_slow(SECONDS) from None
    if done.returncode == -signal.SIGXCPU:
        raise too_slow(SECONDS)
    if done.returncode:
        raise too_heavy() if done.returncode in (-signal.SIGABRT, -signal.SIGKILL) else corrupt()
    answer: dict[str, Any] = marshal.loads(done.stdout)  # noqa: S302 – written by our own process a moment ago
    if "refused" in answer:
        raise _refusal(answer["refused"], answer.get("kind", ""), max_cells)
    return answer


def _refusal(code: str, kind: str, max_cells: int) -> Refusal:
    if code == "wrong_type":
        return wrong_type(kind)
    if code == "too_many_cells":
        return too_many_cells(max_cells)
    if code == "too_many_faults":
        return too_many_faults(packages.MOST_FAULTS)
    plain = {"encrypted": encrypted, "too_heavy": too_heavy, "macros": macros, "bomb": refuse_bomb}
    return plain.get(code, corrupt)()


def _native(cell: object) -> Cell:
    if cell is None or isinstance(cell, bool):
        return cell
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, str):
        return nfc(cell)
    if isinstance(cell, int):
        return Decimal(cell)
    if isinstance(cell, tuple):
        return date(*cell) if len(cell) == 3 else datetime(*cell)  # noqa: DTZ001 – wall time, as Excel has it
    raise TypeError(type(cell).__name__)


def _number(number: float) -> Decimal:
    """The number that was meant: where 15 digits say it short (0.3), the rest of the double is noise."""
    if number.is_integer() and abs(number) < 1e15:
        return Decimal(int(number))
    exact = Decimal(repr(number))
    if len(exact.as_tuple().digits) <= _SHORT:
        return exact
    rounded = Decimal(f"{number:.15g}")
    return rounded if len(rounded.normalize().as_tuple().digits) <= _SHORT else exact


def _with_faults(rows: list[tuple[Cell, ...]], faults: packages.Faults) -> tuple[tuple[Cell, ...], ...]:
    if not faults:
        return tuple(rows)
    width = max([len(rows[0]) if rows else 0, *(column + 1 for _, column in faults)])
    height = max([len(rows), *(row + 1 for row, _ in faults)])
    grid: list[list[Cell]] = [[*row, *[None] * (width - len(row))] for row in rows]
    grid += [[None] * width for _ in range(height - len(grid))]
    for (row, column), text in faults.items():
        if grid[row][column] is None:
            grid[row][column] = UNCALCULATED if text == UNCALCULATED else Broken(text)
    return tuple(map(tuple, grid))
