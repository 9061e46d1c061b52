"""Excel out: native numbers and dates, a frozen heading, and above it what the figures are."""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Final

import xlsxwriter  # type: ignore[import-untyped]
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.tables.guard import is_dangerous
from haicap.tables.values import Value, as_number, date_text

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_TEXT: Final = 32_767
SHEET_ROWS: Final = 1_048_576
_SAFE_WHOLE = 10**15
_WIDEST = 60


@dataclass(frozen=True)
class About:
    """The rows above the heading; empty ones are left out. `more` adds pairs of label and text."""

    title: str = ""
    period: str = ""
    snapshot: str = ""
    coverage: str = ""
    more: tuple[tuple[str, str], ...] = ()

    def lines(self) -> list[tuple[str, str]]:
        named = [
            (_("Kỳ báo cáo"), self.period),
            (_("Bản dữ liệu"), self.snapshot),
            (_("Độ phủ"), self.coverage),
            *self.more,
        ]
        return [(label, text) for label, text in named if text]


@dataclass(frozen=True)
class Column:
    """A heading; `places` fixes the decimals shown (the cell keeps the whole number)."""

    label: str
    places: int | None = None
    width: float | None = None


def write_xlsx(
    target: IO[bytes],
    rows: Iterable[Sequence[Value]],
    header: Sequence[str | Column],
    *,
    about: About | None = None,
    sheet: str = "",
    sheet_rows: int = SHEET_ROWS,
) -> int:
    """Write one workbook into `target`, row by row in constant memory; returns the number of data rows.

    Rows beyond what a sheet holds go on in a further sheet: nothing is cut. Text is never a formula.
    Refusal "tables.text_long" (place: cell) for text that Excel cannot hold.
    """
    columns = [label if isinstance(label, Column) else Column(label) for label in header]
    with tempfile.TemporaryDirectory() as scratch:
        options = {"constant_memory": True, "tmpdir": scratch, "strings_to_formulas": False,
                   "strings_to_urls": False, "strings_to_numbers": False}  # fmt: skip
        book = xlsxwriter.Workbook(target, options)
        try:
            book.set_properties({"title": about.title if about else "", "created": _wall_time(clock.now())})
            count = _Sheets(book, columns, about or About(), sheet or _("Dữ liệu"), sheet_rows).fill(rows)
        finally:
            # Also after a refusal: the scratch files must be closed before their folder goes.
            book.close()
    return count


class _Sheets:
    """The sheets of one workbook, filled one after the other."""

    def __init__(
        self, book: xlsxwriter.Workbook, columns: list[Column], about: About, name: str, sheet_rows: int
    ) -> None:
        self.book, self.columns, self.about, self.name, self.sheet_rows = (
            book,
            columns,
            about,
            name,
            sheet_rows,
        )
        self.formats: dict[tuple[str, bool], Any] = {}
        self.number = 0
        self.widths: list[int] = []
        self._open()

    def fill(self, rows: Iterable[Sequence[Value]]) -> int:
        count = 0
        for row in rows:
            if len(row) != len(self.columns):
                raise ValueError(f"{len(row)} cells under {len(self.columns)} headings")
            if self.line == self.sheet_rows:
                self._finish()
                self._open()
            for index, value in enumerate(row):
                self._cell(index, value, self.columns[index].places)
            self.line += 1
            count += 1
        self._finish()
        return count

    def _open(self) -> None:
        self.number += 1
        suffix = f" ({self.number})" if self.number > 1 else ""
        self.sheet = self.book.add_worksheet(_sheet_name(self.name, suffix))
        self.widths = [8] * len(self.columns)
        self.line = 0
        if self.about.title:
            self._text(0, self.about.title, "title")
            self.line += 1
        for label, text in self.about.lines():
            self._text(0, label, "label")
            self._text(1, text, "")
            self.line += 1
        self.line += self.line > 0
        self.heading = self.line
        for index, column in enumerate(self.columns):
            self._text(index, column.label, "heading")
            self._widen(index, len(column.label))
        self.line += 1
        self.sheet.freeze_panes(self.line, 0)
        self.sheet.repeat_rows(self.heading)

    def _finish(self) -> None:
        for index, column in enumerate(self.columns):
            self.sheet.set_column(index, index, column.width or self.widths[index] + 2)
        if self.columns and self.line > self.heading + 1:
            self.sheet.autofilter(self.heading, 0, self.line - 1, len(self.columns) - 1)
            # Codes with leading zeros are text on purpose.
            self.sheet.ignore_errors({"number_stored_as_text": f"A1:XFD{self.line}"})

    def _cell(self, index: int, value: Value, places: int | None) -> None:
        if value is None:
            return
        if isinstance(value, str):
            self._text(index, value, "")
            self._widen(index, len(value))
        elif isinstance(value, bool):
            self.sheet.write_boolean(self.line, index, value)
        elif isinstance(value, (int, Decimal, float)):
            self._number(index, value, places)
        elif isinstance(value, date):
            self._date(index, value)
        else:
            raise TypeError(f"no cell can hold {type(value).__name__}")

    def _number(self, index: int, value: int | Decimal | float, places: int | None) -> None:
        number = as_number(value)
        if number is None:
            return
        if isinstance(value, int) and abs(value) > _SAFE_WHOLE:
            self._text(
                index, str(value), ""
            )  # Excel keeps 15 digits: the rest of an identifier would be zeros
            return
        if places is None:
            shape = "#,##0" if number == number.to_integral_value() else "#,##0.0###"
        else:
            shape = "#,##0." + "0" * places if places else "#,##0"
        self.sheet.write_number(self.line, index, float(number), self._format(shape))
        self._widen(index, len(f"{number:.4f}"))

    def _date(self, index: int, day: date) -> None:
        if day.year < 1900:
            self._text(index, date_text(day), "")
        elif isinstance(day, datetime):
            self.sheet.write_datetime(self.line, index, _wall_time(day), self._format("dd/mm/yyyy hh:mm"))
        else:
            self.sheet.write_datetime(self.line, index, day, self._format("dd/mm/yyyy"))
        self._widen(index, 16)

    def _text(self, index: int, text: str, style: str) -> None:
        if len(text) > LONGEST_TEXT:
            place = xlsxwriter.utility.xl_rowcol_to_cell(self.line, index)
            raise Refusal(
                "tables.text_long",
                format_lazy(
                    gettext_lazy("Ô {place}: văn bản dài hơn {most} ký tự của Excel. Hãy xuất CSV."),
                    place=place, most=LONGEST_TEXT,
                ),
                place=place, most=LONGEST_TEXT,
            )  # fmt: skip
        self.sheet.write_string(self.line, index, text, self._format(style, is_dangerous(text)))

    def _format(self, style: str, quoted: bool = False) -> Any:
        """One format per use. A quoted cell stays text in Excel even after somebody edits it."""
        if (style, quoted) not in self.formats:
            named: dict[str, dict[str, Any]] = {
                "": {},
                "title": {"bold": True, "font_size": 14},
                "label": {"italic": True},
                "heading": {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1},
            }
            look = named.get(style, {"num_format": style})
            self.formats[style, quoted] = self.book.add_format({**look, "quote_prefix": quoted})
        return self.formats[style, quoted]

    def _widen(self, index: int, width: int) -> None:
        self.widths[index] = max(self.widths[index], min(width, _WIDEST))


def _wall_time(instant: datetime) -> datetime:
    return clock.local(instant).replace(tzinfo=None)


def _sheet_name(name: str, suffix: str) -> str:
    """Excel allows 31 characters, none of []:*?/\\, and no apostrophe at either end."""
    clean = "".join(" " if mark in "[]:*?/\\" else mark for mark in name)
    return clean[: 31 - len(suffix)].strip("' ") + suffix
