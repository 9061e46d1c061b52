"""Elements that the system counts itself: over which records, in which window, with which filter.

A definition is published with its element, in numbered versions: a figure keeps the number of the definition
it was counted by. Ratios are two elements, one for each part (domain §3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from haicap.catalogue.facttables import TABLES, Column, FactTable, Holds
from haicap.core.counts import Adds, Measure


class Count(StrEnum):
    ROWS = "rows"
    SUM = "sum"
    DISTINCT = "distinct"


class Window(StrEnum):
    """Which records belong to a window: by the day of an event, or by how they stand when it ends.

    FINISHED_OR_OVERDUE is the denominator of an on-time rate: what was finished in the window, and what is
    open and past its day when the window ends.
    """

    RECEIVED = "received"
    FINISHED = "finished"
    DUE = "due"
    OPEN_AT_END = "open_at_end"
    OVERDUE_AT_END = "overdue_at_end"
    FINISHED_OR_OVERDUE = "finished_or_overdue"


EVENTS = frozenset({Window.RECEIVED, Window.FINISHED, Window.DUE})


class Sign(StrEnum):
    AMONG = "among"
    MORE_THAN = "more_than"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"


@dataclass(frozen=True, order=True)
class Condition:
    """`values` are texts as written in the pack: one for a comparison, any number for AMONG."""

    column: str
    sign: Sign
    values: tuple[str, ...]


@dataclass(frozen=True)
class Derivation:
    """`number` is the published version, 0 before it is published; `of`: the column, "" for rows."""

    over: str
    count: Count
    of: str
    window: Window
    where: tuple[Condition, ...]
    number: int = 0

    @property
    def table(self) -> FactTable:
        return TABLES[self.over]

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that decide about the figure."""
        return tuple(dict.fromkeys([*([self.of] if self.of else []), *(one.column for one in self.where)]))

    @property
    def silent_columns(self) -> tuple[str, ...]:
        """Columns that a source may not have: without them there is no figure."""
        return tuple(name for name in self.columns if self.table.columns[name].silent)


def to_spec(one: Derivation) -> dict[str, Any]:
    """What is stored; the number is the row's own."""
    return {
        "over": one.over,
        "count": one.count.value,
        "of": one.of,
        "window": one.window.value,
        "where": [[part.column, part.sign.value, list(part.values)] for part in one.where],
    }


def from_spec(spec: Mapping[str, Any], number: int) -> Derivation:
    return Derivation(
        over=spec["over"],
        count=Count(spec["count"]),
        of=spec["of"],
        window=Window(spec["window"]),
        where=tuple(Condition(column, Sign(sign), tuple(values)) for column, sign, values in spec["where"]),
        number=number,
    )


def problems(one: Derivation, measure: Measure, integer: bool) -> Iterator[tuple[str, str, str]]:
    """(key of the definition, what is wrong, how to mend it): columns, counting, and the count grammar."""
    table = TABLES.get(one.over)
    if table is None:
        mend = _("Dùng được: %(keys)s.") % {"keys": ", ".join(TABLES)}
        yield "over", _("không có bảng «%(table)s»") % {"table": one.over}, mend
        return
    yield from _counting(one, table, integer)
    for condition in one.where:
        yield from _condition(condition, table)
    yield from _adding(one, measure)


def _counting(one: Derivation, table: FactTable, integer: bool) -> Iterator[tuple[str, str, str]]:
    if one.count is Count.ROWS:
        if one.of:
            yield "of", _("đếm dòng (rows) thì không nêu cột"), _("Bỏ «of», hoặc dùng sum, distinct.")
        return
    column = table.columns.get(one.of)
    keys = [name for name, found in table.columns.items() if found.key]
    numeric = [name for name, found in table.columns.items() if found.holds in (Holds.WHOLE, Holds.NUMBER)]
    if one.count is Count.DISTINCT and (column is None or not column.key):
        mend = _("Dùng được: %(keys)s.") % {"keys": ", ".join(keys)}
        yield "of", _("đếm khác nhau (distinct) cần một cột khóa, không phải «%(of)s»") % {"of": one.of}, mend
    if one.count is Count.SUM and (column is None or column.holds not in (Holds.WHOLE, Holds.NUMBER)):
        mend = _("Dùng được: %(keys)s.") % {"keys": ", ".join(numeric)}
        yield "of", _("cộng (sum) cần một cột số, không phải «%(of)s»") % {"of": one.of}, mend
    elif one.count is Count.SUM and integer and column is not None and column.holds is Holds.NUMBER:
        yield "of", _("tổng của cột «%(of)s» có thể lẻ") % {"of": one.of}, _("Đặt «integer: false».")


def _condition(one: Condition, table: FactTable) -> Iterator[tuple[str, str, str]]:
    column = table.columns.get(one.column)
    if column is None:
        mend = _("Dùng được: %(keys)s.") % {"keys": ", ".join(table.columns)}
        yield "where", _("không có cột «%(column)s»") % {"column": one.column}, mend
        return
    told = {"column": one.column}
    if column.holds is Holds.DAY:
        mend = _("Ngày do «window» quyết định.")
        yield "where", _("không lọc được theo cột ngày «%(column)s»") % told, mend
    elif one.sign is not Sign.AMONG and column.holds is Holds.WORD:
        yield "where", _("cột «%(column)s» là chữ, không so lớn nhỏ được") % told, ""
    elif not one.values:
        yield "where", _("cột «%(column)s» không nêu giá trị nào") % told, ""
    else:
        yield from _values(one, column)


def _values(one: Condition, column: Column) -> Iterator[tuple[str, str, str]]:
    for value in one.values:
        told = {"column": one.column, "value": value}
        if column.values and value not in column.values:
            mend = _("Dùng được: %(keys)s.") % {"keys": ", ".join(column.values)}
            yield "where", _("cột «%(column)s» không có giá trị «%(value)s»") % told, mend
        elif column.holds is not Holds.WORD and not _is_number(value, column.holds is Holds.WHOLE):
            yield "where", _("cột «%(column)s» cần số, không phải «%(value)s»") % told, ""
        elif column.holds is Holds.WORD and value.startswith("$"):
            yield "where", _("cột «%(column)s» không có giá trị «%(value)s»") % told, ""


def _is_number(text: str, whole: bool) -> bool:
    digits = text.removeprefix("-")
    parts = [digits] if whole else digits.split(".", 1)
    return len(digits) <= 18 and all(part.isascii() and part.isdigit() for part in parts)


def _adding(one: Derivation, measure: Measure) -> Iterator[tuple[str, str, str]]:
    """What stands at the end of a window, and what is told apart in it, must not be summed over time."""
    if measure.over_time is not Adds.SUM:
        return
    if one.window not in EVENTS:
        mend = _("Chọn cách cộng «last» hoặc «none» theo thời gian.")
        yield "window", _("số đứng ở cuối kỳ không cộng theo thời gian được"), mend
    elif one.count is Count.DISTINCT:
        mend = _("Chọn cách cộng «none» theo thời gian.")
        yield "count", _("số đếm khác nhau không cộng theo thời gian được"), mend
