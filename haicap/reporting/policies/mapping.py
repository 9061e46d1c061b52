"""What a foreign file may be taken for: its period, what its columns may feed, its cells as figures.

A cumulative figure is none of the month in which it ends: it goes only where the latest figure counts, or
into a window that is exactly its own. Averages, ratios, ranks and growth never go where figures are added.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy

from haicap.catalogue.queries import Element, Form
from haicap.core.counts import Adds
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.tables.bodies import Row, RowKind
from haicap.tables.books import address, label_text
from haicap.tables.cells import day_at, number_at
from haicap.tables.columns import Column, Kind, Nature
from haicap.tables.hints import Hint
from haicap.tables.layout import Layout


class Lines(StrEnum):
    """What the rows of a table are."""

    UNITS = "unit"
    ELEMENTS = "element"
    SPLITS = "split"


class Target(NamedTuple):
    """Where a column goes: the code of an element, or of a unit where the rows are elements."""

    to: str = ""
    split: str = ""


@dataclass(frozen=True)
class Plan:
    """All that a person decided about a file. Rows and columns count from 0; `lines`: row → code."""

    sheet: str = ""
    header: tuple[int, int] | None = None
    last: int | None = None
    form: str = ""
    period: str = ""
    sure_of_period: bool = False
    rows: Lines = Lines.UNITS
    unit: str = ""
    lang: str = "vi"
    columns: Mapping[int, Target] = field(default_factory=dict)
    lines: Mapping[int, str] = field(default_factory=dict)
    keep: frozenset[int] = frozenset()

    def stored(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet, "header": list(self.header) if self.header else None, "last": self.last,
            "form": self.form, "period": self.period, "sure_of_period": self.sure_of_period,
            "rows": self.rows.value, "unit": self.unit, "lang": self.lang,
            "columns": {str(index): list(target) for index, target in self.columns.items()},
            "lines": {str(index): code for index, code in self.lines.items()},
            "keep": sorted(self.keep),
        }  # fmt: skip

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Plan":
        header = stored.get("header")
        return cls(
            sheet=stored.get("sheet", ""),
            header=(header[0], header[1]) if header else None,
            last=stored.get("last"),
            form=stored.get("form", ""),
            period=stored.get("period", ""),
            sure_of_period=bool(stored.get("sure_of_period")),
            rows=Lines(stored.get("rows", Lines.UNITS.value)),
            unit=stored.get("unit", ""),
            lang=stored.get("lang", "vi"),
            columns={int(index): Target(*target) for index, target in stored.get("columns", {}).items()},
            lines={int(index): code for index, code in stored.get("lines", {}).items()},
            keep=frozenset(stored.get("keep", ())),
        )


class Figure(NamedTuple):
    """One cell on its way into a report: a number, or text for an element that is none."""

    place: str
    unit: str
    element: str
    split: str
    number: Decimal | None
    text: str = ""


class Unreadable(NamedTuple):
    """A cell that says no figure, with the reason; `row` is what its row is called."""

    place: str
    refusal: Refusal
    row: str


PERIOD_OTHER = gettext_lazy("Tệp ghi kỳ khác với kỳ đã chọn. Hãy chọn lại kỳ, hoặc xác nhận.")
CUMULATIVE = gettext_lazy(
    "Đây là số lũy kế nhiều tháng, không phải số của một kỳ. Chỉ nhập được vào chỉ tiêu lấy số cuối kỳ, "
    "hoặc vào mẫu có kỳ đúng bằng khoảng thời gian đó."
)
NOT_ADDITIVE = gettext_lazy(
    "Cột này là số bình quân, tỷ lệ, tốc độ tăng hoặc thứ hạng. "
    "Không nhập vào chỉ tiêu được cộng giữa các đơn vị."
)


def covers(hint: Hint, period: Period) -> bool:
    """Whether the time that the file tells is exactly this period."""
    if hint.days is not None:
        return hint.days == (period.start, period.last_day)
    if hint.key:
        return hint.key == period.key
    if hint.first is None or hint.last is None:
        return False
    first = date(hint.first // 12, hint.first % 12 + 1, 1)
    end = date((hint.last + 1) // 12, (hint.last + 1) % 12 + 1, 1)
    return (first, end) == (period.start, period.end)


def check_period(layout: Layout, period: Period, sure: bool) -> None:
    """Refusal mapping.period: the file names another period, and nobody said that it is this one.

    A cumulative file is judged column by column: it may feed what takes the latest figure."""
    hint = layout.hint
    if hint is None or sure or hint.cumulative or covers(hint, period):
        return
    raise Refusal("mapping.period", PERIOD_OTHER, place="period", text=hint.text)


def is_cumulative(layout: Layout, column: Column, period: Period) -> bool:
    """Whether figures of this column run over more than the period they would be written to."""
    hint = layout.hint
    if column.nature is Nature.CUMULATIVE:
        return True
    return hint is not None and hint.cumulative and not covers(hint, period)


def check_column(layout: Layout, column: Column, element: Element, period: Period) -> None:
    """Refusals mapping.cumulative, mapping.not_additive; place: the letter of the column."""
    place = address(0, column.index)[:-1]
    if is_cumulative(layout, column, period) and element.measure.over_time is not Adds.LAST:
        raise Refusal("mapping.cumulative", CUMULATIVE, place=place)
    loose = column.nature in (Nature.RATIO, Nature.AVERAGE, Nature.GROWTH, Nature.RANK)
    if loose and element.measure.over_units is Adds.SUM:
        raise Refusal("mapping.not_additive", NOT_ADDITIVE, place=place)


def open_columns(layout: Layout) -> tuple[Column, ...]:
    """Columns that may hold figures: not those that say what a row is about."""
    own = {layout.labels.ordinal, layout.labels.code, layout.labels.name, layout.labels.section}
    own |= set(layout.labels.details)
    return tuple(
        column for column in layout.columns
        if column.index not in own and column.kind not in (Kind.CODE, Kind.ORDINAL, Kind.SECTION)
    )  # fmt: skip


def figures(
    layout: Layout, plan: Plan, form: Form, elements: Mapping[str, Element]
) -> tuple[list[Figure], list[Unreadable]]:
    """Every filled cell where a matched row meets a mapped column. Blank cells say nothing and are none."""
    found: list[Figure] = []
    bad: list[Unreadable] = []
    own = set(form.elements)
    columns = [column for column in open_columns(layout) if plan.columns.get(column.index, Target()).to]
    for row in rows_taken(layout, plan):
        line = plan.lines.get(row.index, "")
        for column in columns if line else ():
            unit, element, split = _meaning(plan, line, plan.columns[column.index])
            if not unit or element not in own:
                continue
            cell = layout.sheet.cell(row.index, column.index)
            merged = layout.sheet.merge_at(row.index, column.index)
            if merged is None and (cell is None or (isinstance(cell, str) and not cell.strip())):
                continue
            place = address(row.index, column.index)
            try:
                found.append(
                    _figure(layout, row.index, column, place, unit, elements[element], split, plan.lang)
                )
            except Refusal as refused:
                bad.append(Unreadable(place, refused, row.label))
    return found, bad


def _meaning(plan: Plan, line: str, target: Target) -> tuple[str, str, str]:
    """(unit, element, split) of a cell."""
    if plan.rows is Lines.UNITS:
        return line, target.to, target.split
    if plan.rows is Lines.ELEMENTS:
        return target.to, line, target.split
    return plan.unit, target.to, line


def _figure(
    layout: Layout, row: int, column: Column, place: str, unit: str, element: Element, split: str, lang: str
) -> Figure:
    if element.kind in ("number", "boolean"):
        return Figure(place, unit, element.code, split, number_at(layout.sheet, row, column.index, lang))
    if element.kind == "date":
        day = day_at(layout.sheet, row, column.index)
        return Figure(place, unit, element.code, split, None, day.strftime("%d/%m/%Y") if day else "")
    text = label_text(layout.sheet.cell(row, column.index))
    return Figure(place, unit, element.code, split, None, text)


def rows_taken(layout: Layout, plan: Plan) -> Iterator[Row]:
    """Data rows, and totals by arithmetic that a person said are none."""
    for row in layout.rows:
        if row.kind is RowKind.DATA or (row.index in plan.keep and row.why == "sum"):
            yield row


def unused(choices: Sequence[str], plan: Plan) -> list[str]:
    """Codes that no row stands for."""
    taken = set(plan.lines.values())
    return [code for code in choices if code not in taken]
