"""A workbook of one report that came back: its table is found by its headings, each cell by its code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from haicap.core.errors import Refusal
from haicap.tables.books import Book, Sheet, label_text
from haicap.tables.fillable import TECHNICAL
from haicap.tables.marks import Marks, marks
from haicap.ui import wording

from . import columns
from .found import Answer, Fault, Findings, Where, elsewhere, twin_fault, twins
from .passport import Passport, Seen
from .slots import Slot
from .understanding import Said, said_at

SEARCHED_ROWS: Final = 200


@dataclass(frozen=True, slots=True)
class Table:
    """Where the answers stand: the sheet, the first line below the headings, the column of each key; the
    language of the headings, "" where hidden keys stood."""

    sheet: Sheet
    first: int
    columns: Mapping[str, int]
    lang: str = ""


def read(book: Book, data: bytes, passport: Passport, slots: Mapping[str, Slot]) -> Findings:
    """Every cell of the form. Refusals: "workbook.no_table", ".two_tables", ".column_twice"."""
    table = the_table(book, ("code", "value"))
    return _Reading(table, marks(data, table.sheet.name), passport, slots).findings()


def the_table(book: Book, needed: tuple[str, ...]) -> Table:
    found = [table for sheet in book.sheets if sheet.name != TECHNICAL for table in _tables(sheet, needed)]
    if len(found) != 1:
        raise not_one([table.sheet for table in found])
    return found[0]


def not_one(sheets: Sequence[Sheet]) -> Refusal:
    """The refusal of a file in which no table, or more than one, waits for figures."""
    if not sheets:
        message = gettext("Không thấy bảng nhập số trong tệp: thiếu cột mã hoặc cột số. Hãy tải tệp mới.")
        return Refusal("workbook.no_table", message)
    names = ", ".join(f"“{sheet.name}”" for sheet in sheets)
    message = gettext("Tệp có hơn một bảng nhập số: %(names)s. Hãy giữ một bảng, xóa các bảng khác.")
    return Refusal("workbook.two_tables", message % {"names": names})


def column_twice(label: str) -> Refusal:
    message = gettext("Cột “%(label)s” có hai lần trong tệp. Hãy xóa cột thừa.")
    return Refusal("workbook.column_twice", message % {"label": label})


def _tables(sheet: Sheet, needed: tuple[str, ...]) -> list[Table]:
    """At most one: a copy of the headings further down is no second table, its rows are twins and told."""
    for line in range(min(len(sheet.rows), SEARCHED_ROWS)):
        places = columns.found(cell if isinstance(cell, str) else "" for cell in sheet.rows[line])
        if not all(key in places for key in needed):
            continue
        for key in needed:
            if len(places[key]) > 1:
                raise column_twice(columns.label(key))
        lang = columns.language(sheet.cell(line, places[needed[-1]][0]), needed[-1])
        return [Table(sheet, line + 1, {key: each[0] for key, each in places.items()}, lang)]
    return []


class _Reading:
    def __init__(self, table: Table, marks: Marks, passport: Passport, slots: Mapping[str, Slot]) -> None:
        self.table, self.sheet, self.marks = table, table.sheet, marks
        self.passport, self.slots = passport, slots
        self.found = Findings()

    def findings(self) -> Findings:
        lines = [(line, self._code(line)) for line in range(self.table.first, len(self.sheet.rows))]
        known = [
            ((self.passport.unit, code), self._where(line)) for line, code in lines if code in self.slots
        ]
        doubled = twins(known)
        for line, code in lines:
            key, where = (self.passport.unit, code), self._where(line)
            if key in doubled:
                self.found.faults.append(twin_fault(key, where, doubled[key]))
            elif code in self.slots:
                self._cell(line, code, where)
            elif not self._is_heading(code):
                self._stray(line, code, where)
        there = {key for key, _ in known}
        self.found.absent = [
            (self.passport.unit, code) for code in self.slots if (self.passport.unit, code) not in there
        ]
        return self.found

    def _code(self, line: int) -> str:
        return self.sheet.label(line, self.table.columns["code"]).strip()

    def _where(self, line: int) -> Where:
        return Where(self.sheet.name, line, self.table.columns["value"])

    def _is_heading(self, code: str) -> bool:
        return "code" in columns.found([code])

    def _cell(self, line: int, code: str, where: Where) -> None:
        seen = self.passport.seen(self.passport.unit, code)
        try:
            said = said_at(
                self.sheet, line, where.column, self.slots[code].element, self.passport.lang, self.marks
            )
        except Refusal as refusal:
            if seen.raw and self.sheet.cell(line, where.column) == seen.raw:
                self.found.untouched += 1
            else:
                self._fault(where, refusal, code)
            return
        reason = self._reason(line)
        if reason and not said.blank:
            message = gettext("Ô có cả số và lý do không có số. Hãy giữ một trong hai.")
            self.found.faults.append(Fault(where, "workbook.both", message, self.passport.unit, code))
        else:
            note(self.found, where, (self.passport.unit, code), said, reason, seen)

    def _reason(self, line: int) -> str:
        column = self.table.columns.get("reason")
        return "" if column is None else self.sheet.label(line, column)

    def _stray(self, line: int, code: str, where: Where) -> None:
        """A figure that belongs to nothing is told, never dropped in silence."""
        content = self.sheet.cell(line, where.column)
        merge = self.sheet.merge_at(line, where.column)
        if merge is not None and merge.left < where.column:
            return
        if content is None or (not code and isinstance(content, str)):
            return
        if code:
            message = gettext("Mẫu này không có ô mang mã “%(code)s”.") % {"code": code[:60]}
            where = elsewhere(where, self.table.columns["code"])
            self.found.faults.append(Fault(where, "cell.unknown", message, self.passport.unit))
        else:
            message = gettext("Dòng này có số nhưng không có mã ô, nên không rõ số của ô nào.")
            self.found.faults.append(Fault(where, "workbook.no_code", message, self.passport.unit))

    def _fault(self, where: Where, refusal: Refusal, code: str) -> None:
        raw = label_text(self.sheet.cell(where.row, where.column))
        message = wording.refusal(refusal)
        self.found.faults.append(Fault(where, refusal.code, message, self.passport.unit, code, raw))


def note(found: Findings, where: Where, key: tuple[str, str], said: Said, reason: str, seen: Seen) -> None:
    """Compare with what the workbook was made with: only what somebody changed goes on. A cell that was
    emptied is emptied; a cell that was empty says nothing, and nothing is not 0 (C4)."""
    if said.blank and not reason:
        if seen.number is None and not seen.reason and not seen.raw:
            found.untouched += 1
        else:
            found.answers.append(Answer(where, *key, remove=True, base_version=seen.version))
        return
    if _same(said, reason, seen):
        found.untouched += 1
        return
    found.answers.append(
        Answer(
            where,
            *key,
            number=said.number,
            text=said.text,
            reason=reason,
            base_version=seen.version,
            remarks=said.remarks,
        )
    )


def _same(said: Said, reason: str, seen: Seen) -> bool:
    if said.number is not None:
        return said.number == seen.number and not seen.raw
    if said.text:
        return said.text == (seen.raw or label_text(seen.number))
    return reason == seen.reason and seen.number is None and not seen.raw
