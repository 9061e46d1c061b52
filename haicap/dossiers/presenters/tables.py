"""A table as the page and the file share it: the same rows, a cell with its words and its plain value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language

from haicap.core import clock, numbers
from haicap.core.languages import digits, known
from haicap.tables.values import Value

NOTHING = "–"
#: below this a rate is read with care
FEW = 30


@dataclass(frozen=True, slots=True)
class Column:
    """`sort`: the word of the address that sorts by it; "" for none. `number`: figures stand to the right."""

    label: str
    number: bool = False
    sort: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """`text` for the page, `value` for the file; `note`: a second, smaller line; `sign`: an icon before it;
    `band`: a chip before it; `id`: a box to tick."""

    text: str
    value: Value = None
    href: str = ""
    note: str = ""
    sign: str = ""
    band: str = ""
    strong: bool = False
    foreign: bool = False
    # so few that the note, its n, warns
    few: bool = False
    id: int = 0


@dataclass(frozen=True)
class Table:
    """`rows`: the first cell names the row; a file of many is made row by row. `foot`: sums."""

    code: str
    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Cell]]
    foot: Sequence[Cell] = ()
    lead: str = ""
    notes: Sequence[str] = ()
    period: str = ""
    coverage: str = ""
    more: Sequence[tuple[str, str]] = field(default_factory=tuple)

    def header(self) -> list[str]:
        return [one.label for one in self.columns]

    def values(self) -> Iterator[list[Value]]:
        for row in self.rows:
            yield [cell.value if cell.value is not None else "" for cell in row]


@dataclass(frozen=True)
class Head:
    """A heading with the address that sorts by it ("" for none); `order`: aria-sort of the chosen one."""

    label: str
    number: bool
    href: str = ""
    order: str = ""


@dataclass(frozen=True)
class Shown:
    """A table ready for the template: each cell with whether it stands to the right."""

    table: Table
    heads: Sequence[Head]
    lines: Sequence[Sequence[tuple[Cell, bool]]]
    foot: Sequence[tuple[Cell, bool]]


ASCENDING = frozenset({"ten", "han", "chinh-thuc", "don-vi"})


def shown(table: Table, sort: str, address: Callable[[str], str]) -> Shown:
    """`address`: from the word of a column to the address that sorts by it."""
    heads = [
        Head(
            one.label,
            one.number,
            address(one.sort) if one.sort else "",
            ("ascending" if one.sort in ASCENDING else "descending") if sort and one.sort == sort else "",
        )
        for one in table.columns
    ]
    sides = [one.number for one in table.columns]
    lines = [list(zip(row, sides, strict=True)) for row in table.rows]
    return Shown(table, heads, lines, list(zip(table.foot, sides, strict=False)))


def lang() -> str:
    return known(get_language())


def text(words: object, href: str = "", **more: object) -> Cell:
    said = str(words)
    return Cell(said or NOTHING, said, href, **more)  # type: ignore[arg-type]


def count(n: int | None, **more: object) -> Cell:
    return Cell(numbers.format(n, lang()) if n is not None else NOTHING, n, **more)  # type: ignore[arg-type]


def rate(share: Decimal | None, n: int, **more: object) -> Cell:
    """A share in % with its n; the file gets the exact number."""
    if share is None:
        return Cell(NOTHING, None, note=of_n(n), **more)  # type: ignore[arg-type]
    return Cell(percent(share), share, note=of_n(n), few=n < FEW, **more)  # type: ignore[arg-type]


def percent(share: Decimal) -> str:
    return f"{numbers.format(share, lang(), 1)} %"


def of_n(n: int) -> str:
    return f"n = {numbers.format(n, lang())}"


def day(on: date | None) -> Cell:
    return Cell(day_words(on), on)


def day_words(on: date | None) -> str:
    return digits(f"{on:%-d/%-m/%Y}", lang()) if on else NOTHING


def moment(at: datetime | None, **more: object) -> Cell:
    return Cell(moment_words(at), at, **more)  # type: ignore[arg-type]


def moment_words(at: datetime | None) -> str:
    return digits(f"{clock.local(at):%H:%M, %-d/%-m/%Y}", lang()) if at else NOTHING
