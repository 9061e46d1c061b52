"""What was found in a workbook that came back, cell by cell, before anybody judges it."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.translation import gettext

from haicap.tables.books import address


@dataclass(frozen=True, slots=True)
class Where:
    """Row and column from 0; a CSV has no sheet."""

    sheet: str
    row: int
    column: int
    in_text: bool = False

    @property
    def place(self) -> str:
        """ "E7" in a workbook, "dòng 8" in a text file."""
        if self.in_text:
            return gettext("dòng %(n)s") % {"n": self.row + 1}
        return address(self.row, self.column)


@dataclass(frozen=True, slots=True)
class Answer:
    """One cell that says something else than when the workbook was made. `remarks`: how it was understood."""

    where: Where
    unit: str
    element: str
    number: Decimal | None = None
    text: str = ""
    reason: str = ""
    remove: bool = False
    base_version: int | None = None
    remarks: tuple[str, ...] = ()

    @property
    def place(self) -> str:
        return self.where.place


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell that could not be read; the stored figure stays as it is. `raw`: what the file says there."""

    where: Where
    code: str
    message: str
    unit: str = ""
    element: str = ""
    raw: str = ""

    @property
    def place(self) -> str:
        return self.where.place


@dataclass
class Findings:
    """`untouched`: cells that say what they said when the workbook was made; `absent`: cells of the form that
    the file does not have. They stay as they are."""

    answers: list[Answer] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    untouched: int = 0
    absent: list[tuple[str, str]] = field(default_factory=list)

    @property
    def read(self) -> int:
        return len(self.answers) + len(self.faults) + self.untouched


def twins(places: Iterable[tuple[tuple[str, str], Where]]) -> dict[tuple[str, str], list[Where]]:
    """Cells that stand more than once: (unit, element) → where."""
    found: dict[tuple[str, str], list[Where]] = {}
    for key, where in places:
        found.setdefault(key, []).append(where)
    return {key: each for key, each in found.items() if len(each) > 1}


def twin_fault(key: tuple[str, str], where: Where, all_of_them: list[Where]) -> Fault:
    others = ", ".join(one.place for one in all_of_them if one != where)
    message = gettext("Ô này có hai lần trong tệp: ở đây và ở %(others)s. Hãy giữ một, xóa cái kia.")
    return Fault(where, "cell.twice", message % {"others": others}, *key)


def elsewhere(where: Where, column: int) -> Where:
    return replace(where, column=column)
