"""The same as CSV: one line per cell, the report named on each line. One reader for one unit and for many."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext

from haicap.catalogue.queries import Element, Form
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.languages import LANGUAGES
from haicap.core.periods import Period
from haicap.tables.annotating import Remark
from haicap.tables.books import Book
from haicap.tables.cells import code_text
from haicap.tables.reading import read_cells
from haicap.tables.values import Value
from haicap.ui import wording

from . import columns
from .found import Answer, Fault, Findings, Where, twin_fault, twins
from .reading import Table, the_table
from .slots import Slot
from .understanding import number_of
from .writing import Copy, shown_of

KEYS: Final = (
    "form", "version", "period", "unit", "place", "code", "number", "what", "measure", "before", "value",
    "reason", "seen", "base",
)  # fmt: skip
NEEDED: Final = ("form", "period", "unit", "code", "value")


def header() -> list[str]:
    return [columns.label(key) for key in KEYS]


def rows(copies: Iterable[Copy]) -> Iterator[Sequence[Value]]:
    for copy in copies:
        for slot in copy.slots.values():
            yield _row(copy, slot)


def _row(copy: Copy, slot: Slot) -> Sequence[Value]:
    sheet, stored = copy.sheet, copy.sheet.at(slot.code)
    content, now = stored.content, shown_of(stored)
    return (
        sheet.form.code,
        sheet.form.number,
        periods.label(copy.period, copy.lang),
        sheet.place.code,
        sheet.place.full_name,
        slot.code,
        slot.cell.number,
        slot.label,
        str(wording.unit(slot.element.measure.unit)),
        sheet.previous.get(slot.code),
        now,
        content.reason,
        content.reason if now is None else now,
        stored.version,
    )


def read(
    book: Book, lang: str, form: Form, period: Period, units: Sequence[str], slots: Mapping[str, Slot]
) -> Findings:
    """Every line. `units`: codes that the page is about; a line of another form, version, period or unit is
    a fault of its own. Refusals "workbook.no_table", ".column_twice"."""
    table = the_table(book, NEEDED)
    return _Lines(table, table.lang or lang, form, period, units, slots).findings()


class _Lines:
    def __init__(
        self,
        table: Table,
        lang: str,
        form: Form,
        period: Period,
        units: Sequence[str],
        slots: Mapping[str, Slot],
    ) -> None:
        self.sheet, self.first, self.places = table.sheet, table.first, table.columns
        self.lang, self.form, self.period, self.slots = lang, form, period, slots
        self.units = {unit.lstrip("0"): unit for unit in units}
        self.windows = {period.key, *(periods.label(period, each) for each in LANGUAGES)}
        self.found = Findings()

    def findings(self) -> Findings:
        lines = [line for line in range(self.first, len(self.sheet.rows)) if any(self.sheet.rows[line])]
        keys = {line: (self._unit(line), self._text(line, "code")) for line in lines}
        doubled = twins((key, self._where(line)) for line, key in keys.items() if all(key))
        for line, key in keys.items():
            where = self._where(line)
            fault = self._misplaced(line, key, where)
            if fault is None and key in doubled:
                fault = twin_fault(key, where, doubled[key])
            if fault is None:
                fault = self._cell(line, key, where)
            if fault is not None:
                self.found.faults.append(fault)
        there = set(keys.values())
        present = {unit for unit, _ in there} & set(self.units.values())
        self.found.absent = [
            (unit, code) for unit in sorted(present) for code in self.slots if (unit, code) not in there
        ]
        return self.found

    def _text(self, line: int, key: str) -> str:
        column = self.places.get(key)
        content = None if column is None else self.sheet.cell(line, column)
        return code_text(content) if isinstance(content, str) else ""

    def _unit(self, line: int) -> str:
        """Spreadsheets take the zeros off the front of a code."""
        text = self._text(line, "unit")
        return self.units.get(text.lstrip("0"), text)

    def _where(self, line: int) -> Where:
        return Where("", line, self.places["value"], in_text=True)

    def _misplaced(self, line: int, key: tuple[str, str], where: Where) -> Fault | None:
        """Why the line does not belong to this page, if it does not."""
        unit, code = key
        window, version = self._text(line, "period"), self._text(line, "version")
        for what, theirs, ours in (
            ("form", self._text(line, "form"), self.form.code),
            ("period", "" if window in self.windows else window, ""),
            ("version", version, str(self.form.number) if version else ""),
        ):
            if theirs != ours:
                ours = ours or periods.label(self.period, self.lang)
                message = gettext("Dòng ghi %(label)s “%(theirs)s”, còn đây là “%(ours)s”.")
                said = {"label": columns.label(what), "theirs": theirs[:60], "ours": ours}
                return Fault(where, f"workbook.{what}", message % said, *key)
        if unit not in self.units.values():
            message = gettext("Đơn vị “%(unit)s” không thuộc trang này, hoặc không nộp mẫu này.")
            return Fault(where, "workbook.unit", message % {"unit": unit[:40]}, *key)
        if code not in self.slots:
            message = gettext("Mẫu này không có ô mang mã “%(code)s”.")
            return Fault(where, "cell.unknown", message % {"code": code[:60]}, *key)
        return None

    def _cell(self, line: int, key: tuple[str, str], where: Where) -> Fault | None:
        written, reason = self._text(line, "value"), self._text(line, "reason")
        version = self._version(line)
        if written and reason:
            message = gettext("Ô có cả số và lý do không có số. Hãy giữ một trong hai.")
            return Fault(where, "workbook.both", message, *key)
        said, before = written or reason, self._text(line, "seen")
        # without our column of versions an empty cell says nothing at all (C4)
        if said == before if version is not None else not said:
            self.found.untouched += 1
            return None
        try:
            number, words = self._said(written, self.slots[key[1]].element, where)
        except Refusal as refusal:
            return Fault(where, refusal.code, wording.refusal(refusal), *key, raw=written)
        self.found.answers.append(
            Answer(where, *key, number, words, reason, remove=not said, base_version=version)
        )
        return None

    def _said(self, written: str, element: Element, where: Where) -> tuple[Decimal | None, str]:
        if element.kind != "number":
            return None, written
        return number_of(written or None, element, self.lang, where.place), ""

    def _version(self, line: int) -> int | None:
        text = self._text(line, "base")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def marked(content: bytes, remarks: Iterable[Remark]) -> tuple[list[str], Iterator[Sequence[Value]]]:
    """The lines as they came, with what is wrong behind each; whoever brings it back may leave it there."""
    grid = read_cells(content).rows
    width = max(map(len, grid), default=0)
    said: dict[int, list[str]] = {}
    for remark in remarks:
        said.setdefault(remark.row, []).append(remark.text)
    lines = (
        (*row, *[""] * (width - len(row)), " ".join(said.get(line, ()))) for line, row in enumerate(grid)
    )
    first = next(lines, ("",))
    return [*first[:-1], gettext("Cần xem lại")], lines
