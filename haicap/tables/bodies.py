"""Which rows of a foreign table are data, which name a section, which are totals that must not be added."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from haicap.core.folding import fold
from haicap.tables.books import Sheet
from haicap.tables.cells import code_text
from haicap.tables.columns import Column, Kind
from haicap.tables.headers import Area, looks_numeric

_TOTAL = re.compile(
    r"(?:tong|tong cong|tong so|cong|cong chung|toan (?:quoc|tinh|thanh pho|huyen|xa|nganh)|ca (?:nuoc|tinh)"
    r"|cong (?:muc |phan |i+v?|[a-z]\b).*|tong (?:muc |phan ).*|(?:grand |sub)?total|sub total|sum|all)"
    r"\s*(?:\([^)]*\))?"
)
_TRIM = " .:;-–*"
_COUNTRY = "00"
_ROMAN = re.compile(r"[ivx]+")


class RowKind(StrEnum):
    DATA = "data"
    SECTION = "section"
    TOTAL = "total"
    BLANK = "blank"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Row:
    """`key` tells two rows of one name apart by section and by what further words stand beside it.

    `why` says why a total is one: "word", "code", "sum"."""

    index: int
    kind: RowKind
    section: str = ""
    code: str = ""
    name: str = ""
    ordinal: str = ""
    why: str = ""
    detail: str = ""

    @property
    def label(self) -> str:
        return self.name or self.code

    @property
    def key(self) -> tuple[str, str, str]:
        return fold(self.section), self.code or fold(self.name), fold(self.detail)


@dataclass(frozen=True, slots=True)
class Labels:
    """The columns that say what a row is about; -1 where the table has none."""

    ordinal: int = -1
    code: int = -1
    name: int = -1
    section: int = -1
    details: tuple[int, ...] = ()


def label_columns(sheet: Sheet, area: Area, columns: Sequence[Column]) -> Labels:
    """The key code is the code column with the most different codes; the name is the first of names."""

    def first(kind: Kind) -> int:
        return next((column.index for column in columns if column.kind is kind), -1)

    rows = range(area.first, area.last + 1)
    codes = [column.index for column in columns if column.kind is Kind.CODE]
    different = {c: len({sheet.label(r, c) for r in rows}) for c in codes}
    code = max(codes, key=lambda c: (different[c], -c), default=-1)
    name = first(Kind.NAME)
    numbers = [column.index for column in columns if column.kind is Kind.NUMBER]
    details = tuple(
        column.index
        for column in columns
        if column.kind is Kind.NAME and column.index != name and column.index < min(numbers, default=0)
    )
    return Labels(first(Kind.ORDINAL), code, name, first(Kind.SECTION), details)


def read_rows(sheet: Sheet, area: Area, columns: Sequence[Column], labels: Labels) -> tuple[Row, ...]:
    """Every row of the body, blank ones too."""
    numbers = [column.index for column in columns if column.kind is Kind.NUMBER]
    by_word = _total_words(sheet, area, labels)
    found: list[Row] = []
    section = ""
    for index in range(area.first, area.last + 1):
        if index in area.numbering:
            found.append(Row(index, RowKind.NOTE))
            continue
        row = _read(sheet, index, numbers, labels, section, by_word)
        if row.kind is RowKind.SECTION:
            section = " ".join(filter(None, (row.ordinal and f"{row.ordinal}.", row.label)))
        found.append(row)
    return tuple(found)


def _read(
    sheet: Sheet, index: int, numbers: list[int], labels: Labels, section: str, by_word: dict[int, str]
) -> Row:
    texts = [sheet.label(index, c) if c >= 0 else "" for c in (labels.ordinal, labels.code, labels.name)]
    ordinal, code, name = texts[0], code_text(texts[1]), texts[2]
    figures = any(looks_numeric(sheet.cell(index, c)) for c in numbers)
    if all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in sheet.rows[index]):
        return Row(index, RowKind.BLANK)
    if labels.section >= 0:
        section = sheet.label(index, labels.section)
    if index in by_word:
        return Row(index, RowKind.TOTAL, section, code, name, ordinal, by_word[index])
    if figures or code or ordinal.rstrip(".").isdecimal():
        detail = " · ".join(filter(None, (sheet.label(index, c) for c in labels.details)))
        return Row(index, RowKind.DATA, section, code, name, ordinal, detail=detail)
    words = name or next((sheet.label(index, c) for c in range(sheet.width) if sheet.label(index, c)), "")
    return Row(index, RowKind.SECTION, "", "", "" if words == ordinal else words, ordinal)


def _total_words(sheet: Sheet, area: Area, labels: Labels) -> dict[int, str]:
    """Row → "word" or "code". A word that stands in most rows is no total but a column of its own."""
    spots = [c for c in (labels.name, labels.ordinal, labels.code, labels.section) if c >= 0]
    if not spots:
        spots = list(area.columns[:2])
    found: dict[int, str] = {}
    rows = range(area.first, area.last + 1)
    for column in spots:
        hits = [r for r in rows if is_total_word(sheet.label(r, column))]
        if len(hits) * 2 <= len(rows) or len(rows) <= 2:
            found |= dict.fromkeys(hits, "word")
    if labels.code >= 0:
        for row in rows:
            if row not in found and sheet.label(row, labels.code) == _COUNTRY:
                found[row] = "code"
    return found


def is_total_word(text: str) -> bool:
    return _TOTAL.fullmatch(fold(text).strip(_TRIM)) is not None


def is_roman(ordinal: str) -> bool:
    return _ROMAN.fullmatch(fold(ordinal).strip(_TRIM)) is not None
