"""What each column of a foreign table is: a code, a name, a figure, and whether its figures may be added."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from haicap.core.folding import fold
from haicap.tables.books import Cell, Sheet, label_text
from haicap.tables.headers import Area, looks_numeric, path_of

_ORDINAL = re.compile(r"(?:stt|tt|so tt|so thu tu|no\.?|#|s\.? ?no\.?|sl\.? ?no\.?)")
_CODE_WORD = re.compile(r"(?:ma|ma so)\b|.*\bcode\b|uid|id")
_CODE = re.compile(r"'?[A-Za-z]{0,4}\d+(?:[.\-_]\d+)*[A-Za-z]?")
_NAME = re.compile(
    r"\b(?:ten|don vi|chi tieu|linh vuc|noi dung|dia phuong|xa|phuong|tinh|huyen"
    r"|name|unit|indicator|item|district)\b"
)
_UNIT_OF_MEASURE = re.compile(r"\b(?:don vi tinh|dvt|unit of measure)\b")
_REMARK = re.compile(r"\b(?:ghi chu|giai trinh|remarks?|notes?)\b")
_TRAILING_NUMBER = re.compile(r"\s*\(\d{1,3}[a-z]?\)\s*$")


class Kind(StrEnum):
    ORDINAL = "ordinal"
    CODE = "code"
    NAME = "name"
    SECTION = "section"
    NUMBER = "number"
    TEXT = "text"


class Nature(StrEnum):
    """Why figures of a column may not be added; COUNT says that nothing speaks against it."""

    COUNT = "count"
    RATIO = "ratio"
    AVERAGE = "average"
    GROWTH = "growth"
    RANK = "rank"
    CUMULATIVE = "cumulative"


_NATURES = (
    (Nature.RANK, re.compile(r"\b(?:thu hang|xep hang|rank(?:ing)?)\b|^↑|› ↑")),
    (Nature.GROWTH, re.compile(
        r"\b(?:gia )?tang\b.*%|\btang truong\b|\bgrowth\b|\bso voi\b|% ky truoc|\btang/giam\b|[±+-]/?-? ?%"
    )),
    (Nature.AVERAGE, re.compile(
        r"\b[a-z]{0,2}bq\b|\bbq[a-z]*\b|\bbinh quan\b|\btrung binh\b|\baverage\b|\bavg\b"
    )),
    (Nature.RATIO, re.compile(
        r"%|\btl[_ ]|\bt[yi] ?(?:le|trong|suat)\b|\bthue suat\b|\brat(?:e|io)\b|\bpercent"
    )),
    (Nature.CUMULATIVE, re.compile(r"\bluy ke\b|\bcong don\b|\bcumulative\b")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """`path` are the labels over it, top to bottom."""

    index: int
    path: tuple[str, ...]
    kind: Kind
    nature: Nature
    filled: int

    @property
    def label(self) -> str:
        return " › ".join(self.path)

    @property
    def additive(self) -> bool:
        return self.kind is Kind.NUMBER and self.nature in (Nature.COUNT, Nature.CUMULATIVE)


def plain(label: str) -> str:
    """A label for comparing: folded, without the number of the column behind it."""
    return fold(_TRAILING_NUMBER.sub("", label))


def describe(sheet: Sheet, area: Area, titles: Sequence[str]) -> tuple[Column, ...]:
    """The columns of the table, left to right. `titles` are the notes above it."""
    rows = [r for r in range(area.first, area.last + 1) if r not in area.numbering]
    # The name of a sheet of averages or growth says it for every column.
    named = (nature_of(title) for title in titles)
    whole = next((n for n in named if n in (Nature.AVERAGE, Nature.GROWTH)), Nature.COUNT)
    found = []
    for index in area.columns:
        cells = [cell for r in rows if (cell := _speaking(sheet, r, index)) is not None]
        path = path_of(sheet, area, index)
        kind = _kind(path, cells)
        nature = nature_of(*path) if kind is Kind.NUMBER else Nature.COUNT
        if kind is Kind.NUMBER and nature is Nature.COUNT:
            nature = whole
        found.append(Column(index, path, kind, nature, len(cells)))
    return _with_sections(sheet, rows, found)


def nature_of(*path: str) -> Nature:
    """The label nearest to the figures decides; only where it is silent what stands above it."""
    for label in (path[-1], " › ".join(path)) if path else ():
        folded = fold(label)
        found = next((nature for nature, pattern in _NATURES if pattern.search(folded)), Nature.COUNT)
        if found is not Nature.COUNT:
            return found
    return Nature.COUNT


def _speaking(sheet: Sheet, row: int, column: int) -> Cell:
    cell = sheet.rows[row][column]
    return None if isinstance(cell, str) and not cell.strip() else cell


def _kind(path: tuple[str, ...], cells: Sequence[Cell]) -> Kind:
    folded = fold(path[-1]) if path else ""
    whole = fold(" ".join(path))
    numbers = sum(looks_numeric(cell) for cell in cells)
    if _ORDINAL.fullmatch(folded):
        return Kind.ORDINAL
    if _UNIT_OF_MEASURE.search(whole) or _REMARK.search(whole):
        return Kind.TEXT
    if _CODE_WORD.match(folded) or _is_code_column(cells):
        return Kind.CODE
    if not cells:
        return Kind.NAME if _NAME.search(folded) and "so" not in folded.split() else Kind.NUMBER
    if numbers * 2 > len(cells):
        return Kind.NUMBER
    return Kind.NAME if len({label_text(cell) for cell in cells}) > 1 or len(cells) == 1 else Kind.TEXT


def _is_code_column(cells: Sequence[Cell]) -> bool:
    """Text codes that no heading announces ('17.1): text of one shape, most of them different."""
    texts = [cell for cell in cells if isinstance(cell, str)]
    if len(texts) < 3 or len(texts) < len(cells) * 0.8:
        return False
    fitting = [text for text in texts if _CODE.fullmatch(text.strip()) and not text.strip().isdecimal()]
    return len(fitting) >= len(texts) * 0.8 and len(set(fitting)) >= len(fitting) * 0.5


def _with_sections(sheet: Sheet, rows: list[int], columns: list[Column]) -> tuple[Column, ...]:
    """Of several text columns the one whose words repeat in runs left of a better key names sections."""
    named = [column for column in columns if column.kind is Kind.NAME]
    keys = [column for column in columns if column.kind in (Kind.CODE, Kind.NAME)]
    if len(keys) < 2:
        return tuple(columns)
    result = list(columns)
    for column in named:
        texts = [text for r in rows if (text := sheet.label(r, column.index))]
        runs = sum(a != b for a, b in itertools.pairwise(texts)) + 1
        better = any(other.index > column.index and other.filled >= len(texts) * 0.8 for other in keys)
        if better and len(texts) > 3 and runs * 2 <= len(texts):
            spot = result.index(column)
            result[spot] = Column(column.index, column.path, Kind.SECTION, column.nature, column.filled)
    return tuple(result)
