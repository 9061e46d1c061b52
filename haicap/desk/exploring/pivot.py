"""The table: any axes in rows, the others in columns, every cell with its words and the way to its origin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

from django.utils.translation import gettext as _

from haicap.catalogue.queries import Catalogue
from haicap.desk.exploring import wordings
from haicap.desk.exploring.address import AXES, ITEMS, PERIODS, SPLIT, UNITS, Address
from haicap.desk.presenters import words
from haicap.insight.exploring.answers import ALL, Answer, Figure, Key
from haicap.units import queries as units
from haicap.units.states import Level


@dataclass(frozen=True)
class Axis:
    """One direction of the question: the numbers of its values in a Key, and their words."""

    name: str
    title: str
    values: tuple[tuple[int, str], ...]

    @property
    def only(self) -> str:
        return self.values[0][1]


@dataclass(frozen=True)
class Head:
    words: str
    wide: int


@dataclass(frozen=True)
class Cell:
    """`value` is "–" where there is none; `note` says why, or of how many units a sum is."""

    figure: Figure
    value: str
    note: str
    href: str
    places: int | None

    @property
    def provisional(self) -> bool:
        return self.figure.provisional


@dataclass(frozen=True)
class Line:
    heads: tuple[str, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """`fixed`: axes with one value alone, said above the table instead of in it."""

    row_axes: tuple[Axis, ...]
    column_axes: tuple[Axis, ...]
    fixed: tuple[Axis, ...]
    heads: tuple[tuple[Head, ...], ...]
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def axes(answer: Answer, catalogue: Catalogue) -> dict[str, Axis]:
    asked = answer.question
    named = units.by_ids(one.parent_id for one in asked.places if one.parent_id)
    several = len({one.parent_id for one in asked.places if one.level == Level.COMMUNE}) > 1

    def place(number: int) -> str:
        one = asked.places[number]
        above = named.get(one.parent_id or 0)
        name = words.place_name(one)
        return f"{name} ({words.place_name(above, full=False)})" if several and above else name

    with_unit = [
        (i, f"{wordings.item_name(one)} ({wordings.item_unit(one)})") for i, one in enumerate(asked.items)
    ]
    places = [(i, place(i)) for i in range(len(asked.places))]
    times = [(i, words.period_name(one)) for i, one in enumerate(asked.periods)]
    if "dv" in asked.together:
        places = [(ALL, places[0][1] if len(places) == 1 else _sum(_("Cộng %(n)s đơn vị"), places))]
    if "ky" in asked.together:
        times = [(ALL, times[0][1] if len(times) == 1 else _sum(_("Cộng %(n)s kỳ"), times))]
    groups = [
        (i, wordings.group_name(asked, one.code, catalogue) if one.code else _("Tổng"))
        for i, one in enumerate(asked.groups)
    ]
    titles = (_("Đơn vị"), _("Kỳ"), _("Số liệu"), _("Phần chia"))
    values = (places, times, with_unit, groups)
    return {
        name: Axis(name, title, tuple(found)) for name, title, found in zip(AXES, titles, values, strict=True)
    }


def _sum(text: str, parts: Sequence[object]) -> str:
    return text % {"n": words.number(len(parts))}


def key(chosen: dict[str, int]) -> Key:
    return Key(chosen[ITEMS], chosen[UNITS], chosen[PERIODS], chosen[SPLIT])


def across(address: Address, found: dict[str, Axis]) -> tuple[str, ...]:
    """What stands in the columns: as chosen, else the periods, else the figures."""
    if address.across:
        return address.across
    return (PERIODS,) if len(found[PERIODS].values) > 1 and len(found[ITEMS].values) == 1 else (ITEMS,)


def table(
    answer: Answer, address: Address, catalogue: Catalogue, origin: Callable[[Key, Figure], str]
) -> Table:
    found = axes(answer, catalogue)
    # a question without a split has one group, of which nothing needs to be said
    silent = () if answer.question.split else (SPLIT,)
    chosen = tuple(name for name in across(address, found) if name not in silent)
    fixed = [
        name
        for name in AXES
        if (len(found[name].values) == 1 and name not in address.across) or name in silent
    ]
    columns = [found[name] for name in AXES if name in chosen and name not in fixed]
    rows = [found[name] for name in AXES if name not in chosen and name not in fixed]
    if not rows and UNITS in fixed:
        # a table needs something that its rows are called by
        fixed.remove(UNITS)
        rows = [found[UNITS]]
    still = {name: found[name].values[0][0] for name in fixed}
    kept = [found[name] for name in AXES if name in fixed and name not in silent]
    steps = list(product(*(axis.values for axis in columns)))
    lines = []
    for row in product(*(axis.values for axis in rows)):
        here = still | {axis.name: value[0] for axis, value in zip(rows, row, strict=True)}
        cells = []
        for step in steps:
            there = here | {axis.name: value[0] for axis, value in zip(columns, step, strict=True)}
            cells.append(_cell(answer, key(there), origin))
        lines.append(Line(tuple(text for _number, text in row), tuple(cells)))
    return Table(
        row_axes=tuple(rows),
        column_axes=tuple(columns),
        fixed=tuple(kept),
        heads=_heads(columns),
        columns=tuple(" · ".join(text for _number, text in step) or _("Giá trị") for step in steps),
        lines=tuple(lines),
    )


def _heads(columns: Sequence[Axis]) -> tuple[tuple[Head, ...], ...]:
    """One row of headings per axis; an outer value spans all inner ones."""
    if not columns:
        return ((Head(_("Giá trị"), 1),),)
    found = []
    for depth, axis in enumerate(columns):
        inner = 1
        for below in columns[depth + 1 :]:
            inner *= len(below.values)
        outer = 1
        for above in columns[:depth]:
            outer *= len(above.values)
        found.append(tuple(Head(text, inner) for _ in range(outer) for _number, text in axis.values))
    return tuple(found)


def _cell(answer: Answer, at: Key, origin: Callable[[Key, Figure], str]) -> Cell:
    figure = answer.figures[at]
    places = wordings.digits(answer.question.items[at.item])
    return Cell(
        figure=figure,
        value=words.number(figure.value, places),
        note=wordings.reason(figure) or wordings.coverage(figure),
        href=origin(at, figure),
        places=places,
    )
