"""One form of many units as a workbook: a line per unit, a column per cell."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import IO, Final

from django.utils import translation
from django.utils.translation import gettext

from haicap.catalogue import calendar
from haicap.catalogue.queries import spoken
from haicap.core import clock, periods
from haicap.core.errors import Refusal
from haicap.core.languages import LANGUAGES
from haicap.tables.books import Book, Sheet, label_text
from haicap.tables.fillable import TECHNICAL, Content, FillableSheet
from haicap.tables.marks import Marks, marks
from haicap.ui import wording

from ...policies.cells import Content as Held
from ...queries.sheets import Stored
from .. import words
from . import columns, passport, reading, rules
from .found import Fault, Findings, Where, twin_fault, twins
from .passport import Passport
from .slots import Slot
from .understanding import Said, said_at
from .writing import Copy, seen_of

FIRST: Final = 2
SEARCHED_ROWS: Final = 200
WIDTH: Final = 15


def write(target: IO[bytes], copies: Sequence[Copy], closed: Sequence[str]) -> None:
    """The workbook of many units, all with the same version of the form. `closed`: units that are left out,
    because their report is made with an older version."""
    first = copies[0]
    title = spoken(first.form.labels, first.lang)
    out = FillableSheet(target, title, first.form.code, first.lang)
    line = _head(out, first, title, closed)
    slots = list(first.slots.values())
    for column, text in enumerate((columns.mark("unit"), columns.mark("place"), *first.slots)):
        out.text(line, column, text, "key")
    _headings(out, line + 1, slots)
    out.layout((10, 30, *[WIDTH] * len(slots)), (line + 2, FIRST), line + 1)
    for row, copy in enumerate(copies, start=line + 2):
        _row(out, row, copy)
    _rules(out, first, slots, line + 2, len(copies))
    out.another(gettext("Kỳ trước"))
    _headings(out, 0, slots)
    out.layout((10, 30, *[WIDTH] * len(slots)), (1, FIRST), 0)
    for row, copy in enumerate(copies, start=1):
        _names(out, row, copy)
        for column, slot in enumerate(slots, start=FIRST):
            out.number(row, column, copy.sheet.previous.get(slot.code), slot.whole)
    out.technical(list(passport.rows(passport_for(copies))))
    out.close()


def passport_for(copies: Sequence[Copy]) -> Passport:
    first = copies[0]
    return Passport(
        form=first.form.code,
        number=first.form.number,
        period=first.period.key,
        unit="",
        version=0,
        lang=first.lang,
        made=clock.now().isoformat(timespec="seconds"),
        cells={
            (copy.sheet.place.code, code): seen_of(stored)
            for copy in copies
            for code, stored in copy.sheet.cells.items()
        },
    )


def _head(out: FillableSheet, copy: Copy, title: str, closed: Sequence[str]) -> int:
    out.text(0, 0, title, "title")
    window = f"{periods.label(copy.period, copy.lang)}: {periods.window_label(copy.period, copy.lang)}"
    form = {"code": copy.form.code, "number": copy.form.number}
    about = [
        (gettext("Kỳ"), window),
        (gettext("Hạn"), words.due(calendar.deadline(copy.form, copy.period))),
        (gettext("Mẫu"), gettext("%(code)s, bản %(number)s") % form),
        (gettext("Tải lúc"), words.moment(clock.now())),
    ]
    if closed:
        about.append((gettext("Không có trong tệp"), ", ".join(closed)))
    for line, (label, text) in enumerate(about, start=1):
        out.text(line, 0, label, "label")
        out.text(line, 1, text, "strong")
    line = len(about) + 1
    for text in (
        gettext("Chỉ nhập vào các ô có nền màu. Để trống: chưa có số. Nhập 0: không phát sinh."),
        gettext("Không lấy được số thì ghi vào ô: “%(words)s”.") % {"words": no_figure(gettext("vì sao"))},
    ):
        out.text(line, 1, text, "plain")
        line += 1
    return line + 1


def _headings(out: FillableSheet, row: int, slots: Sequence[Slot]) -> None:
    out.text(row, 0, columns.label("unit"), "heading")
    out.text(row, 1, columns.label("place"), "heading")
    for column, slot in enumerate(slots, start=FIRST):
        measure = wording.unit(slot.element.measure.unit)
        text = f"{slot.cell.number} {slot.label}" + (f" ({measure})" if measure else "")
        out.text(row, column, text, "heading")


def _names(out: FillableSheet, row: int, copy: Copy) -> None:
    out.text(row, 0, copy.sheet.place.code)
    out.text(row, 1, copy.sheet.place.full_name)


def _row(out: FillableSheet, row: int, copy: Copy) -> None:
    _names(out, row, copy)
    for column, slot in enumerate(copy.slots.values(), start=FIRST):
        stored = copy.sheet.at(slot.code)
        open_ = copy.open_ and stored.door != "derived"
        out.entry(row, column, _shown(stored), open_=open_, whole=slot.whole)


def _shown(stored: Stored) -> Content:
    content: Held = stored.content
    if content.reason:
        return no_figure(content.reason)
    return content.raw or content.text or content.number


def _rules(out: FillableSheet, copy: Copy, slots: Sequence[Slot], first: int, count: int) -> None:
    """Asked, not refused: words are allowed where there is no figure."""
    places = {slot.code: (first, column) for column, slot in enumerate(slots, start=FIRST)}
    most = rules.most_of(copy.form, copy.book.elements)
    for slot in slots:
        rule = rules.rule_for(slot, most.get(slot.code), places.get, copy.lang, firm=False)
        if rule is not None:
            out.rule(first, places[slot.code][1], rule, first + count - 1)


def no_figure(reason: str) -> str:
    return gettext("Không có số: %(reason)s") % {"reason": reason}


@cache
def _beginnings() -> tuple[str, ...]:
    """How "no figure" begins in each of our languages."""
    found = []
    for lang in LANGUAGES:
        with translation.override(lang):
            found.append(no_figure("").strip().lower())
    return tuple(found)


def reason_in(text: object) -> str:
    """The reason in "Không có số: …"; "" for anything else."""
    if isinstance(text, str):
        for beginning in _beginnings():
            if text.strip().lower().startswith(beginning):
                return text.strip()[len(beginning) :].strip()
    return ""


def read(
    book: Book, data: bytes, given: Passport, slots: Mapping[str, Slot], units: Sequence[str]
) -> Findings:
    """Every cell of every line. Refusals "workbook.no_table", ".two_tables", ".column_twice"."""
    tables = [found for sheet in book.sheets if sheet.name != TECHNICAL for found in _tables(sheet, slots)]
    if len(tables) != 1:
        raise reading.not_one([sheet for sheet, _, _ in tables])
    sheet, first, places = tables[0]
    return _Reading(sheet, first, places, marks(data, sheet.name), given, slots, units).findings()


def _tables(sheet: Sheet, slots: Mapping[str, Slot]) -> Iterator[tuple[Sheet, int, dict[str, int]]]:
    for line in range(min(len(sheet.rows), SEARCHED_ROWS)):
        texts = [cell.strip() if isinstance(cell, str) else "" for cell in sheet.rows[line]]
        codes = [text for text in texts if text in slots]
        unit = columns.found(texts).get("unit", [])
        if not codes or not unit:
            continue
        twice = next((code for code in codes if codes.count(code) > 1), "")
        if twice:
            raise reading.column_twice(twice)
        yield sheet, line + 1, {"": unit[0], **{code: texts.index(code) for code in codes}}
        return


class _Reading:
    def __init__(
        self,
        sheet: Sheet,
        first: int,
        places: Mapping[str, int],
        marks: Marks,
        given: Passport,
        slots: Mapping[str, Slot],
        units: Sequence[str],
    ) -> None:
        self.sheet, self.first, self.places, self.marks = sheet, first, places, marks
        self.passport, self.slots = given, slots
        self.units = {unit.lstrip("0"): unit for unit in units}
        self.found = Findings()

    def findings(self) -> Findings:
        lines = list(self._lines())
        doubled = twins(((unit, ""), self._where(line, "")) for line, unit in lines if unit)
        for line, unit in lines:
            where = self._where(line, "")
            if (unit, "") in doubled:
                self.found.faults.append(twin_fault((unit, ""), where, doubled[unit, ""]))
            elif unit in self.units.values():
                self._line(line, unit)
            else:
                message = gettext("Dòng có số nhưng mã đơn vị “%(unit)s” không thuộc trang này.")
                fault = Fault(where, "workbook.unit", message % {"unit": unit[:40]})
                self.found.faults.append(fault)
        there = {unit for _, unit in lines}
        self.found.absent = [(unit, "") for unit in self.units.values() if unit not in there]
        self.found.absent += [("", code) for code in self.slots if code not in self.places]
        return self.found

    def _lines(self) -> Iterator[tuple[int, str]]:
        """Lines with the code of their unit; without a code only those that hold a figure."""
        for line in range(self.first, len(self.sheet.rows)):
            text = self.sheet.label(line, self.places[""]).strip()
            unit = self.units.get(text.lstrip("0"), text)
            known = unit in self.units.values()
            is_heading = "unit" in columns.found([text])
            if known or (not is_heading and self._has_figures(line)):
                yield line, unit

    def _has_figures(self, line: int) -> bool:
        row = self.sheet.rows[line]
        return any(row[place] is not None for code, place in self.places.items() if code)

    def _where(self, line: int, code: str) -> Where:
        return Where(self.sheet.name, line, self.places[code])

    def _line(self, line: int, unit: str) -> None:
        row, merged = self.sheet.rows[line], bool(self.sheet.merges)
        for code, place in self.places.items():
            if not code:
                continue
            if row[place] is None and not merged and (unit, code) not in self.passport.cells:
                self.found.untouched += 1
            else:
                self._cell(line, unit, code)

    def _cell(self, line: int, unit: str, code: str) -> None:
        where, seen = self._where(line, code), self.passport.seen(unit, code)
        content = self.sheet.cell(line, where.column)
        reason = reason_in(content)
        try:
            said = Said() if reason else self._said(where, code)
        except Refusal as refusal:
            if seen.raw and content == seen.raw:
                self.found.untouched += 1
            else:
                message = wording.refusal(refusal)
                fault = Fault(where, refusal.code, message, unit, code, label_text(content))
                self.found.faults.append(fault)
            return
        reading.note(self.found, where, (unit, code), said, reason, seen)

    def _said(self, where: Where, code: str) -> Said:
        element = self.slots[code].element
        return said_at(self.sheet, where.row, where.column, element, self.passport.lang, self.marks)
