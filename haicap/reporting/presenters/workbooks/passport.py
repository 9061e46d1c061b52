"""The hidden sheet: which report a workbook was made for, and what its maker saw in each cell.

It says what somebody based their figures on. It grants nothing: who may write what is judged on the way in.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal
from haicap.tables.books import Book, Sheet, label_text
from haicap.tables.fillable import TECHNICAL
from haicap.tables.values import number_text

FORMAT: Final = 1
CELLS: Final = "cells"
FIELDS: Final = ("form", "number", "period", "unit", "version", "lang", "made")


@dataclass(frozen=True, slots=True)
class Seen:
    """One cell when the workbook was made: a number, a reason for "no figure", or refused text."""

    version: int = 0
    number: Decimal | None = None
    reason: str = ""
    raw: str = ""


NOTHING: Final = Seen()
Key = tuple[str, str]


@dataclass(frozen=True)
class Passport:
    """`unit` "" for a workbook of many units; `cells` by (unit, element) code: those that had content."""

    form: str
    number: int
    period: str
    unit: str
    version: int
    lang: str
    made: str
    cells: Mapping[Key, Seen] = field(default_factory=dict)

    def seen(self, unit: str, element: str) -> Seen:
        return self.cells.get((unit, element), NOTHING)


def rows(passport: Passport) -> Iterator[Sequence[str | int | Decimal | None]]:
    """A line per unit, a column per element: 100,000 cells stay 100,000 here too."""
    yield "haicap", FORMAT
    for name in FIELDS:
        yield name, str(getattr(passport, name))
    elements = list(dict.fromkeys(element for _, element in passport.cells))
    yield (CELLS, *elements)
    for unit in dict.fromkeys(unit for unit, _ in passport.cells):
        found = (passport.cells.get((unit, element)) for element in elements)
        yield (unit, *(None if seen is None else _packed(seen) for seen in found))


def _packed(seen: Seen) -> str:
    """ "3;412", "2;;=reason", "1;;?refused text"."""
    number = "" if seen.number is None else number_text(seen.number)
    words = f"={seen.reason}" if seen.reason else f"?{seen.raw}" if seen.raw else ""
    return f"{seen.version};{number};{words}"


def _unpacked(text: str) -> Seen:
    version, number, words = text.split(";", 2)
    return Seen(
        version=int(version),
        number=Decimal(number) if number else None,
        reason=words[1:] if words.startswith("=") else "",
        raw=words[1:] if words.startswith("?") else "",
    )


def passport_of(book: Book) -> Passport | None:
    """What the hidden sheet says; None when no sheet is ours. Refusal "workbook.broken" for a damaged one."""
    sheet = next((one for one in book.sheets if _is_ours(one)), None)
    if sheet is None:
        return None
    about, heading = {}, len(sheet.rows) - 1
    for line, row in enumerate(sheet.rows):
        if row[0] == CELLS:
            heading = line
            break
        about[label_text(row[0])] = label_text(row[1] if len(row) > 1 else None)
    try:
        if about["haicap"] != str(FORMAT):
            raise ValueError(about["haicap"])
        return Passport(
            form=about["form"],
            number=int(about["number"]),
            period=about["period"],
            unit=about.get("unit", ""),
            version=int(about["version"]),
            lang=about["lang"],
            made=about["made"],
            cells=dict(_cells(sheet, heading)),
        )
    except (KeyError, ValueError, ArithmeticError) as error:
        raise Refusal(
            "workbook.broken",
            gettext_lazy(
                "Phần kỹ thuật ẩn của tệp đã bị sửa. Hãy tải lại tệp của báo cáo này rồi chép số sang."
            ),
        ) from error


def _is_ours(sheet: Sheet) -> bool:
    return sheet.name == TECHNICAL or (sheet.cell(0, 0) == "haicap" and not sheet.visible)


def _cells(sheet: Sheet, heading: int) -> Iterator[tuple[Key, Seen]]:
    elements = [label_text(cell) for cell in sheet.rows[heading]]
    for row in sheet.rows[heading + 1 :]:
        unit = label_text(row[0])
        for element, packed in zip(elements[1:], row[1:], strict=False):
            if isinstance(packed, str):
                yield (unit, element), _unpacked(packed)
