"""A foreign file as a page shows it: what was read and why, what goes where, what stays out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, gettext_lazy

from haicap.catalogue.queries import Form, spoken
from haicap.core import numbers, periods
from haicap.core.languages import digits
from haicap.core.periods import Period
from haicap.tables.bodies import Row
from haicap.tables.books import Cell, address, label_text
from haicap.tables.columns import Column, Kind, Nature
from haicap.tables.hints import Hint
from haicap.tables.layout import Layout
from haicap.tables.reading import column_name

from ..policies.mapping import covers
from ..queries.foreign import Kept, Opened
from . import words

SHOWN = 60

KINDS = {
    Kind.ORDINAL: gettext_lazy("số thứ tự"),
    Kind.CODE: gettext_lazy("mã"),
    Kind.NAME: gettext_lazy("tên"),
    Kind.SECTION: gettext_lazy("tên phần"),
    Kind.NUMBER: gettext_lazy("số liệu"),
    Kind.TEXT: gettext_lazy("chữ"),
}
NATURES = {
    Nature.COUNT: "",
    Nature.RATIO: gettext_lazy("tỷ lệ, không cộng được"),
    Nature.AVERAGE: gettext_lazy("bình quân, không cộng được"),
    Nature.GROWTH: gettext_lazy("tốc độ tăng, không cộng được"),
    Nature.RANK: gettext_lazy("thứ hạng, không cộng được"),
    Nature.CUMULATIVE: gettext_lazy("số lũy kế"),
}
TOTALS = {
    "word": gettext_lazy("có chữ chỉ dòng tổng"),
    "code": gettext_lazy("mã 00 là cả nước"),
    "sum": gettext_lazy("bằng tổng các dòng khác"),
}


@dataclass(frozen=True, slots=True)
class ColumnLine:
    letter: str
    label: str
    kind: str
    nature: str
    filled: str
    sums: str
    role: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that is not imported; `row` can be kept when it is only a sum by arithmetic."""

    row: int
    number: int
    label: str
    why: str
    may_keep: bool
    kept: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """A printed figure and what it should be, both as written here."""

    place: str
    label: str
    column: str
    printed: str
    summed: str
    what: str


@dataclass(frozen=True, slots=True)
class SheetChoice:
    name: str
    chosen: bool
    hidden: bool
    rows: str


def number(value: int) -> str:
    return numbers.format(value, words.lang())


def sheets(file: Opened) -> list[SheetChoice]:
    """Sheets that hold anything."""
    return [
        SheetChoice(one.name, one.name == file.sheet.name, not one.visible, number(len(one.rows)))
        for one in file.book.sheets
        if one.rows
    ]


def columns(layout: Layout) -> list[ColumnLine]:
    roles = {
        layout.labels.code: gettext("mã của dòng"),
        layout.labels.name: gettext("tên của dòng"),
        layout.labels.section: gettext("phần của dòng"),
    }
    return [
        ColumnLine(
            letter=column_name(column.index),
            label=column.label or gettext("(không có tiêu đề)"),
            kind=str(KINDS[column.kind]),
            nature=str(NATURES[column.nature]) if column.kind is Kind.NUMBER else "",
            filled=number(column.filled),
            sums=_sums(layout, column),
            role=roles.get(column.index, ""),
        )
        for column in layout.columns
    ]


def _sums(layout: Layout, column: Column) -> str:
    parts = layout.across.get(column.index, ())
    return " + ".join(column_name(part) for part in parts)


def left_out(layout: Layout, kept: frozenset[int]) -> list[LeftOut]:
    return [
        LeftOut(
            row.index,
            row.index + 1,
            row.label,
            str(TOTALS.get(row.why, "")),
            row.why == "sum",
            row.index in kept,
        )
        for row in layout.totals
    ]


def doubts(layout: Layout, most: int | None = SHOWN) -> list[Doubt]:
    lang = words.lang()
    return [
        Doubt(
            one.place, one.label, one.column, numbers.format(one.printed, lang),
            numbers.format(one.summed, lang), one.what,
        )
        for one in layout.disagreements[:most]
    ]  # fmt: skip


def sections(layout: Layout) -> list[str]:
    """The sections in which rows stand, in the order of the sheet."""
    return list(dict.fromkeys(row.section for row in layout.data if row.section))


def twins(layout: Layout) -> list[tuple[str, int, int]]:
    return [(one.label, one.index + 1, other.index + 1) for one, other in layout.twins[:SHOWN]]


def parameters(layout: Layout) -> list[tuple[str, str]]:
    return [(name, label_text(value)) for name, value in layout.parameters.items()]


def sample(layout: Layout) -> list[tuple[int, list[str]]]:
    """The first rows of the body as they stand, so that a person sees that the right ones were found."""
    shown = []
    for row in layout.data[:3]:
        cells = [(layout.sheet.cell(row.index, column.index), column.kind) for column in layout.columns[:8]]
        shown.append((row.index + 1, [cell_text(cell, kind is Kind.NUMBER) for cell, kind in cells]))
    return shown


def cell_text(cell: Cell, figure: bool = True) -> str:
    """A cell as the reader writes it; codes and years stand as they are, since nobody groups them."""
    if not figure:
        return label_text(cell)
    return numbers.format(cell, words.lang()) if isinstance(cell, Decimal) else label_text(cell)


def time_told(hint: Hint | None) -> str:
    """The time that the file tells, in words of the reader."""
    if hint is None:
        return ""
    lang = words.lang()
    if hint.key and not hint.days:
        period = periods.parse(hint.key, periods.Rule.CALENDAR)
        label = periods.label(period, lang)
        return gettext("%(period)s (số lũy kế)") % {"period": label} if hint.cumulative else label
    if hint.days:
        return f"{_day(hint.days[0])} – {_day(hint.days[1])}"
    if hint.first is None or hint.last is None:
        return hint.text
    return gettext("lũy kế từ tháng %(first)s đến tháng %(last)s") % {
        "first": _month(hint.first), "last": _month(hint.last),
    }  # fmt: skip


def _day(day: object) -> str:
    return digits(f"{day:%d/%m/%Y}", words.lang())


def _month(index: int) -> str:
    return digits(f"{index % 12 + 1}/{index // 12}", words.lang())


def other_times(layout: Layout) -> list[str]:
    """What else the file tells about its time, where it disagrees with what was taken."""
    hint = layout.hint
    if hint is None:
        return []
    others = [
        one for one in layout.hints[1:] if (one.key, one.first, one.last) != (hint.key, hint.first, hint.last)
    ]
    return list(dict.fromkeys(f"{time_told(one)} («{one.text}»)" for one in others if len(one.key) != 4))


@dataclass(frozen=True, slots=True)
class FormChoice:
    label: str
    periods: list[tuple[str, str, bool]]


def forms(
    choices: Iterable[tuple[Form, list[Period]]], hint: Hint | None, form: str, period: str
) -> list[FormChoice]:
    """One list for form and period: value "form|period". The period that the file tells is proposed once a
    form is known; without either nothing is."""
    lang = words.lang()
    found = []
    for one, keys in choices:
        lines = []
        for key in keys:
            told = hint is not None and not hint.cumulative and covers(hint, key)
            chosen = one.code == form and (key.key == period if period else told)
            label = f"{periods.label(key, lang)} ({periods.window_label(key, lang)})"
            lines.append((f"{one.code}|{key.key}", f"{label} ←" if told else label, chosen))
        found.append(FormChoice(f"{one.code} · {spoken(one.labels, lang)}", lines))
    return found


@dataclass(frozen=True, slots=True)
class Recognised:
    """A source whose heading is the same, or the one most alike: what is new in it and what is gone."""

    kept: Kept
    same: bool
    new: list[str]
    gone: list[str]


def recognised(
    layout: Layout, kept: Sequence[Kept], source: str, headings: Mapping[int, str]
) -> Recognised | None:
    same = next((one for one in kept if one.fingerprint == layout.fingerprint), None)
    named = next((one for one in kept if one.source == source), None)
    if same is not None:
        return Recognised(same, True, [], [])
    own = list(headings.values())
    likest = named or max(kept, key=lambda one: len(set(one.heading) & set(own)), default=None)
    if likest is None or (named is None and len(set(likest.heading) & set(own)) * 2 < len(own)):
        return None
    new = [column.label for column in layout.columns if headings[column.index] not in likest.heading]
    return Recognised(likest, False, new, [text for text in likest.heading if text not in own])


def row_place(layout: Layout, row: Row) -> str:
    """The cell that says what a row is about: its code, else its name."""
    column = next((c for c in (layout.labels.code, layout.labels.name, layout.labels.ordinal) if c >= 0), 0)
    return address(row.index, column)
