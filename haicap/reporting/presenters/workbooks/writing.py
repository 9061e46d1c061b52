"""One report as a workbook to fill in offline."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Final

from django.utils.translation import gettext

from haicap.catalogue import calendar
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Catalogue, Form, spoken
from haicap.core import clock, periods
from haicap.core.periods import Period
from haicap.tables.fillable import Content, FillableSheet
from haicap.ui import wording

from ...queries.sheets import Stored, UnitSheet
from ...states import STATE_LABELS
from .. import words
from . import columns, passport, rules
from .passport import Passport, Seen
from .slots import Slot, slots_of

SHOWN: Final = ("number", "what", "measure", "before", "value", "reason", "code")
WIDTHS: Final = (9, 58, 12, 14, 16, 34, 18)
VALUE: Final = SHOWN.index("value")
REASON: Final = SHOWN.index("reason")


@dataclass(frozen=True, slots=True)
class Copy:
    """What is written: the report, and whether its reader may fill it in."""

    sheet: UnitSheet
    period: Period
    open_: bool
    lang: str
    book: Catalogue
    slots: Mapping[str, Slot]

    @property
    def form(self) -> Form:
        return self.sheet.form


def copies_of(
    sheets: Sequence[UnitSheet], period: Period, lang: str, may: Callable[[UnitSheet], bool]
) -> list[Copy]:
    """`may`: can the reader fill in this report now?"""
    book = catalogue.current()
    slots: dict[int, Mapping[str, Slot]] = {}
    for sheet in sheets:
        if sheet.form.number not in slots:
            slots[sheet.form.number] = slots_of(sheet.form, book, lang)
    return [Copy(one, period, may(one), lang, book, slots[one.form.number]) for one in sheets]


def write(target: IO[bytes], copy: Copy) -> None:
    """The workbook of one report, in the language that is active."""
    title = spoken(copy.form.labels, copy.lang)
    out = FillableSheet(target, title, copy.form.code, copy.lang)
    line = _head(out, copy, title)
    out.hide_row(line)
    for column, key in enumerate(SHOWN):
        out.text(line, column, columns.mark(key), "key")
        out.text(line + 1, column, _heading(key, copy), "heading")
    out.layout(WIDTHS, (line + 2, 2), line + 1)
    headings, places = _places(copy, line + 2)
    for row, text in headings.items():
        for column in range(len(SHOWN)):
            out.text(row, column, text if column == 0 else "", "section")
    most = rules.most_of(copy.form, copy.book.elements)
    for slot in copy.slots.values():
        _row(out, copy, slot, places, most)
    out.technical(list(passport.rows(passport_for(copy))))
    out.close()


def passport_for(copy: Copy) -> Passport:
    code = copy.sheet.place.code
    return Passport(
        form=copy.form.code,
        number=copy.form.number,
        period=copy.period.key,
        unit=code,
        version=copy.sheet.version,
        lang=copy.lang,
        made=clock.now().isoformat(timespec="seconds"),
        cells={(code, element): seen_of(stored) for element, stored in copy.sheet.cells.items()},
    )


def seen_of(stored: Stored) -> Seen:
    content = stored.content
    return Seen(stored.version, content.number, content.reason, content.raw or content.text)


def shown_of(stored: Stored) -> Content:
    """Refused text goes out as it was typed, so that it can be put right."""
    content = stored.content
    return content.raw or content.text or content.number


def guidance(form: Form, lang: str) -> Iterator[str]:
    yield gettext("Chỉ nhập vào các ô có nền màu. Để trống: chưa có số. Nhập 0: không phát sinh.")
    yield gettext("Không lấy được số thì để trống cột “Kỳ này” và ghi vì sao ở cột “Không có số, vì sao”.")
    yield gettext("Xong thì tải tệp này lên ở trang của báo cáo. Hệ thống cho xem trước từng ô thay đổi.")
    instructions = spoken(form.instructions, lang)
    if instructions:
        yield instructions


def _head(out: FillableSheet, copy: Copy, title: str) -> int:
    """Title, what it is about, how to fill it in; returns the line of the hidden keys."""
    out.text(0, 0, title, "title")
    line = 1
    for label, text in _about(copy):
        out.text(line, 0, label, "label")
        out.text(line, 1, text, "strong")
        line += 1
    if copy.open_:
        for text in guidance(copy.form, copy.lang):
            out.text(line, 1, text, "wide")
            line += 1
    return line + 1


def _about(copy: Copy) -> Iterator[tuple[str, str]]:
    sheet, lang = copy.sheet, copy.lang
    window = f"{periods.label(copy.period, lang)}: {periods.window_label(copy.period, lang)}"
    yield gettext("Đơn vị"), f"{sheet.place.full_name} ({sheet.place.code})"
    yield gettext("Kỳ"), window
    yield gettext("Hạn"), words.due(calendar.deadline(copy.form, copy.period))
    yield (
        gettext("Mẫu"),
        gettext("%(code)s, bản %(number)s") % {"code": sheet.form.code, "number": sheet.form.number},
    )
    made = {"time": words.moment(clock.now()), "state": STATE_LABELS[sheet.state], "version": sheet.version}
    yield gettext("Tải lúc"), gettext("%(time)s; báo cáo: %(state)s, phiên bản %(version)s") % made
    if not copy.open_:
        yield (
            gettext("Lưu ý"),
            gettext("Bản này chỉ để xem: báo cáo không ở bước nhập hoặc bạn không nhập số."),
        )


def _heading(key: str, copy: Copy) -> str:
    """The second line names the period; the first one is how the column is found again."""
    if key == "value":
        return f"{columns.label(key)}\n{periods.label(copy.period, copy.lang)}"
    return columns.label(key)


def _places(copy: Copy, first: int) -> tuple[dict[int, str], dict[str, int]]:
    """Line → heading of a section, and slot → line."""
    names = {section.code: spoken(section.labels, copy.lang) for section in copy.form.sections}
    headings: dict[int, str] = {}
    places: dict[str, int] = {}
    line, section = first, None
    for code, slot in copy.slots.items():
        if slot.section != section:
            section = slot.section
            headings[line] = f"{section}. {names[section]}"
            line += 1
        places[code] = line
        line += 1
    return headings, places


def _row(
    out: FillableSheet, copy: Copy, slot: Slot, places: Mapping[str, int], most: Mapping[str, rules.Most]
) -> None:
    stored, row = copy.sheet.at(slot.code), places[slot.code]
    open_ = copy.open_ and stored.door != "derived"
    out.text(row, 0, slot.cell.number)
    out.text(row, 1, slot.label + (" *" if slot.cell.required else ""))
    out.text(row, 2, str(wording.unit(slot.element.measure.unit)))
    out.number(row, 3, copy.sheet.previous.get(slot.code), slot.whole)
    out.entry(row, VALUE, shown_of(stored), open_=open_, whole=slot.whole)
    out.remark(row, REASON, stored.content.reason, open_=open_)
    out.text(row, SHOWN.index("code"), slot.code, "key")
    if not open_:
        return

    def place_of(code: str) -> rules.Place | None:
        return (places[code], VALUE) if code in places else None

    rule = rules.rule_for(slot, most.get(slot.code), place_of, copy.lang)
    if rule is not None:
        out.rule(row, VALUE, rule)
    out.rule(row, REASON, rules.reason_rule())
