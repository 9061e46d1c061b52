"""A workbook for people to fill in: everything is locked but the cells that wait for an answer.

The caller lays out the cells; this module knows how Excel is told about them. The protection has no
password: it keeps slips away, and nothing of what comes back is believed because of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import IO, Any, Final

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.utility import xl_rowcol_to_cell  # type: ignore[import-untyped]

from haicap.core import clock
from haicap.core.languages import BN, EN, VI, known
from haicap.tables.guard import is_dangerous
from haicap.ui.palette import colour

# Excel takes the separators from the desk it runs on; other programs take them from here.
LOCALES: Final = {VI: "[$-42A]", EN: "[$-409]", BN: "[$-845]"}
MOST: Final = Decimal(10) ** 14
TECHNICAL: Final = "haicap"
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
Content = Decimal | str | None


@dataclass(frozen=True, slots=True)
class Rule:
    """What a cell accepts. `most` is a number, or the place (row, column) of the cell that holds it; a choice
    has `options` alone, a text `longest`. `firm`: Excel refuses anything else; otherwise it asks."""

    whole: bool = False
    least: Decimal | None = None
    most: Decimal | tuple[int, int] | None = None
    options: tuple[str, ...] = ()
    longest: int = 0
    hint: str = ""
    hint_title: str = ""
    error: str = ""
    error_title: str = ""
    firm: bool = True


class FillableSheet:
    """One visible sheet of a workbook; `technical` adds the hidden one, `close` writes the file."""

    def __init__(self, target: IO[bytes], title: str, name: str, lang: str) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
                   "in_memory": True}  # fmt: skip
        self.book = xlsxwriter.Workbook(target, options)
        self.book.set_properties({"title": title, "created": clock.local(clock.now()).replace(tzinfo=None)})
        self.sheet = self._worksheet(name)
        self.locale = LOCALES[known(lang)]
        self._formats: dict[tuple[object, ...], Any] = {}

    def _worksheet(self, name: str) -> Any:
        sheet = self.book.add_worksheet(sheet_name(name))
        sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.hide_gridlines(2)
        return sheet

    def text(self, row: int, column: int, text: str, style: str = "") -> None:
        self.sheet.write_string(row, column, text, self._style(style, is_dangerous(text)))

    def number(self, row: int, column: int, number: Decimal | None, whole: bool) -> None:
        """A figure for reading."""
        self._content(row, column, number, self._figure(whole, open_=False, style="shown"))

    def entry(self, row: int, column: int, content: Content, *, open_: bool, whole: bool = True) -> None:
        """A cell for a figure; shut, it looks like a figure for reading."""
        self._content(row, column, content, self._figure(whole, open_, "entry" if open_ else "shown"))

    def remark(self, row: int, column: int, text: str, *, open_: bool) -> None:
        """A cell for words."""
        self._content(row, column, text or None, self._style("words" if open_ else "", is_dangerous(text)))

    def rule(self, row: int, column: int, rule: Rule, last_row: int | None = None) -> None:
        """The validation of a cell, or of a column of cells down to `last_row`; a place in `most` is then
        that of the first cell and moves along."""
        about = _validation(rule)
        self.sheet.data_validation(row, column, row if last_row is None else last_row, column, about)

    def style_of(self, style: str) -> Any:
        return self._style(style)

    def layout(self, widths: Sequence[float], frozen: tuple[int, int], repeat: int) -> None:
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.freeze_panes(*frozen)
        self.sheet.repeat_rows(repeat)

    def hide_row(self, row: int) -> None:
        self.sheet.set_row(row, None, None, {"hidden": True})

    def another(self, name: str) -> None:
        """The calls that follow are about a further sheet."""
        self.sheet = self._worksheet(name)

    def technical(self, rows: Sequence[Sequence[str | int | Decimal | None]]) -> None:
        sheet = self.book.add_worksheet(TECHNICAL)
        sheet.very_hidden()
        sheet.protect()
        for line, row in enumerate(rows):
            for column, part in enumerate(row):
                if isinstance(part, str):
                    sheet.write_string(line, column, part)
                elif part is not None:
                    sheet.write_number(line, column, part)

    def close(self) -> None:
        self.book.close()

    def _content(self, row: int, column: int, content: Content, look: Any) -> None:
        if content is None:
            self.sheet.write_blank(row, column, None, look)
        elif isinstance(content, Decimal):
            self.sheet.write_number(row, column, content, look)
        else:
            self.sheet.write_string(row, column, content, look)

    def _figure(self, whole: bool, open_: bool, style: str) -> Any:
        key = ("figure", whole, open_, style)
        if key not in self._formats:
            shape = "#,##0" if whole else "#,##0.0###"
            look = {"num_format": self.locale + shape, "align": "right", "valign": "top", "locked": not open_}
            self._formats[key] = self.book.add_format(look | _looks()[style])
        return self._formats[key]

    def _style(self, style: str, quoted: bool = False) -> Any:
        """A quoted cell stays text in Excel even after somebody edits it."""
        key = ("style", style, quoted)
        if key not in self._formats:
            look = {"locked": style != "words", "valign": "top", "quote_prefix": quoted}
            self._formats[key] = self.book.add_format(look | _looks()[style])
        return self._formats[key]


def _looks() -> dict[str, dict[str, object]]:
    box = {"border": 1, "border_color": colour("line")}
    waiting = {"border": 1, "border_color": colour("control"), "bg_color": colour("action-wash")}
    return {
        "": {"text_wrap": True, **box},
        "plain": {},
        "wide": {"text_wrap": True},
        "title": {"bold": True, "font_size": 14},
        "label": {"font_color": colour("ink2")},
        "strong": {"bold": True},
        "heading": {"bold": True, "text_wrap": True, "bg_color": colour("ground"), **box},
        "key": {"font_color": colour("ink3"), "font_size": 8, **box},
        "section": {"bold": True, "bg_color": colour("ground"), **box},
        "shown": box,
        "entry": waiting,
        "words": {"text_wrap": True, **waiting},
    }


def _validation(rule: Rule) -> dict[str, object]:
    about: dict[str, object] = {
        "ignore_blank": True,
        "error_type": "stop" if rule.firm else "warning",
        "error_title": rule.error_title[:LONGEST_TITLE],
        "error_message": rule.error[:LONGEST_MESSAGE],
        "input_title": rule.hint_title[:LONGEST_TITLE],
        "input_message": rule.hint[:LONGEST_MESSAGE],
    }
    if rule.longest:
        return about | {"validate": "length", "criteria": "<=", "value": rule.longest}
    if rule.options:
        return about | {"validate": "list", "source": list(rule.options)}
    about["validate"] = "integer" if rule.whole else "decimal"
    least = -MOST if rule.least is None else rule.least
    if isinstance(rule.most, tuple):
        most: object = "=" + xl_rowcol_to_cell(*rule.most)
    else:
        most = float(MOST if rule.most is None else rule.most)
    return about | {"criteria": "between", "minimum": float(least), "maximum": most}


def sheet_name(name: str) -> str:
    """Excel allows 31 characters, none of []:*?/\\, and no apostrophe at either end."""
    clean = "".join(" " if mark in "[]:*?/\\" else mark for mark in name)
    return clean[:31].strip("' ") or "1"
