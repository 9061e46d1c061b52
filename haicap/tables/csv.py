"""CSV out, streamed: as many rows in the file as rows given, whatever their number."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal

from haicap.core.languages import VI
from haicap.tables.guard import guard as neutralised
from haicap.tables.values import Value, as_number, date_text, number_text

BOM = b"\xef\xbb\xbf"
_CHUNK = 64 * 1024


def write_csv(
    rows: Iterable[Sequence[Value]],
    header: Sequence[str],
    guard: bool = True,
    *,
    lang: str | None = None,
    bom: bool = True,
) -> Iterator[bytes]:
    """The file in pieces of about 64 KB, UTF-8; with the BOM without which Excel breaks accents.

    Without `lang` comma and decimal point, for programs; "vi" gives semicolon and decimal comma,
    which is what Excel on a Vietnamese desk opens in columns. None is an empty cell, never 0.
    A row that is not as long as the header is a bug and raises ValueError.
    """
    delimiter, point = (";", ",") if lang == VI else (",", ".")
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    if bom:
        yield BOM
    writer.writerow([_cell(label, guard, point) for label in header])
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"{len(row)} cells under {len(header)} headings")
        writer.writerow([_cell(value, guard, point) for value in row])
        if buffer.tell() >= _CHUNK:
            yield _drained(buffer)
    yield _drained(buffer)


def _drained(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode("utf-8")
    buffer.seek(0)
    buffer.truncate()
    return piece


def _cell(value: Value, guard: bool, point: str) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return neutralised(value) if guard else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Decimal, float)):
        number = as_number(value)
        return "" if number is None else number_text(number, point)
    if isinstance(value, date):
        return date_text(value)
    raise TypeError(f"no cell can hold {type(value).__name__}")
