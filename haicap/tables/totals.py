"""Totals by arithmetic: rows that are sums of others, printed totals that are not, columns that sum."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from haicap.core import numbers
from haicap.core.errors import Refusal
from haicap.tables.bodies import Row, RowKind, is_roman
from haicap.tables.books import Sheet, address
from haicap.tables.columns import Column

Figures = Mapping[int, Mapping[int, Decimal]]
_TOLERANCE = Decimal("0.000000000001")
_ROUNDING = Decimal("0.01")
_WIDEST_SUM = 6


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A printed total and what it should be. `what` is "row" (a totals row) or "column" (across a row)."""

    place: str
    printed: Decimal
    summed: Decimal
    label: str
    column: str
    what: str = "row"


def figures_of(sheet: Sheet, rows: Iterable[Row], columns: Sequence[Column]) -> Figures:
    """The figures of additive columns that can be read without a doubt."""
    return {
        row.index: {
            column.index: number
            for column in columns
            if column.additive and (number := _quiet(sheet, row.index, column.index)) is not None
        }
        for row in rows
    }


def _quiet(sheet: Sheet, row: int, column: int) -> Decimal | None:
    cell = sheet.cell(row, column)
    if isinstance(cell, str):
        try:
            return numbers.parse(cell, "vi", strict=True)
        except Refusal:
            return None
    return cell if isinstance(cell, Decimal) else None


def equal(printed: Decimal, summed: Decimal, count: int) -> bool:
    """Equal but for what is lost where figures with decimals were rounded before they were added."""
    whole = printed == printed.to_integral_value() and summed == summed.to_integral_value()
    slack = Decimal(0) if whole else _ROUNDING * count
    return abs(printed - summed) <= max(slack, abs(printed) * _TOLERANCE)


def settle(rows: Sequence[Row], figures: Figures) -> tuple[Row, ...]:
    """The rows again; those that are the sum of the others, or of their section, are totals ("sum")."""
    data = [row for row in rows if row.kind is RowKind.DATA]
    sums = {
        row.index for row in data if row.index in _edges(rows, data) and _is_sum(row, rows, data, figures)
    }
    found = [replace(row, kind=RowKind.TOTAL, why="sum") if row.index in sums else row for row in rows]
    return tuple(_named_by_totals(found))


def _named_by_totals(rows: Sequence[Row]) -> Iterable[Row]:
    """A section whose own row carries its total ("I. Khu vực 1: 300") still names the rows under it."""
    section = ""
    for row in rows:
        if row.kind is RowKind.SECTION:
            section = ""
        elif row.kind is RowKind.TOTAL and row.why == "sum" and is_roman(row.ordinal):
            section = f"{row.ordinal}. {row.label}"
        elif row.kind is RowKind.DATA and section and not row.section:
            row = replace(row, section=section)
        yield row


def _edges(rows: Sequence[Row], data: Sequence[Row]) -> set[int]:
    """A total stands first or last: of the table, of its section, or under a roman number."""
    found = {data[0].index, data[-1].index} if data else set()
    found |= {row.index for row in data if is_roman(row.ordinal) or not row.label}
    for before, row in itertools.pairwise(data):
        if before.section != row.section:
            found |= {before.index, row.index}
    return found


def _is_sum(row: Row, rows: Sequence[Row], data: Sequence[Row], figures: Figures) -> bool:
    own = figures[row.index]
    if not own:
        return False
    for others in _groups(row, rows, data):
        if len(others) < 2 or not _telling(own.values(), len(others), is_roman(row.ordinal)):
            continue
        if all(equal(number, _sum(others, column, figures), len(others)) for column, number in own.items()):
            return True
    return False


def _telling(own: Iterable[Decimal], others: int, roman: bool) -> bool:
    """Whether equality would say something: one small sum comes about by chance, three hardly do."""
    nonzero = sum(1 for number in own if number)
    if roman:
        return nonzero >= 1
    if others == 2:
        return nonzero >= 3
    return nonzero >= 2 or (nonzero == 1 and others > 3)


def _groups(row: Row, rows: Sequence[Row], data: Sequence[Row]) -> list[list[Row]]:
    """What a total may be the total of: all, its section, or the rows up to the next of its kind."""
    others = [one for one in data if one.index != row.index]
    groups = [others, [one for one in others if one.section == row.section]]
    if is_roman(row.ordinal):
        below: list[Row] = []
        for one in rows:
            if one.index > row.index:
                if one.kind is RowKind.SECTION or is_roman(one.ordinal) or one.kind is RowKind.TOTAL:
                    break
                below += [one] if one.kind is RowKind.DATA else []
        groups.append(below)
    return groups


def _sum(rows: Iterable[Row], column: int, figures: Figures) -> Decimal:
    return sum((figures[row.index].get(column, Decimal(0)) for row in rows), Decimal(0))


def disagreements(rows: Sequence[Row], columns: Sequence[Column], figures: Figures) -> list[Disagreement]:
    """Printed totals that their rows do not come to. A total is compared with what it fits best."""
    data = [row for row in rows if row.kind is RowKind.DATA]
    found = []
    for total in (row for row in rows if row.kind is RowKind.TOTAL and row.why != "sum"):
        best = max(_candidates(total, rows, data), key=lambda group: _fit(total, group, figures), default=[])
        for column in columns:
            printed = figures[total.index].get(column.index)
            if printed is None or not best:
                continue
            summed = _sum(best, column.index, figures)
            if not equal(printed, summed, len(best)):
                place = address(total.index, column.index)
                found.append(Disagreement(place, printed, summed, total.label, column.label))
    return found


def _candidates(total: Row, rows: Sequence[Row], data: Sequence[Row]) -> list[list[Row]]:
    """All rows first, so that it wins a tie; then the section, the run before, the run after."""
    before: list[Row] = []
    after: list[Row] = []
    for row in rows:
        if row.kind in (RowKind.TOTAL, RowKind.SECTION) and row.index != total.index:
            if row.index < total.index:
                before = []
            elif after:
                break
        elif row.kind is RowKind.DATA:
            (before if row.index < total.index else after).append(row)
    section = [row for row in data if row.section and row.section == total.section]
    return [group for group in (list(data), section, before, after) if group]


def _fit(total: Row, group: Sequence[Row], figures: Figures) -> int:
    printed = figures[total.index]
    return sum(equal(number, _sum(group, column, figures), len(group)) for column, number in printed.items())


def sums_across(
    rows: Sequence[Row], columns: Sequence[Column], figures: Figures
) -> dict[int, tuple[int, ...]]:
    """Column → the columns right of it that it is the sum of, in at least four rows of five.

    A part that is nearly always zero proves nothing."""
    counts = [column.index for column in columns if column.additive]
    data = [row.index for row in rows if row.kind is RowKind.DATA]
    found: dict[int, tuple[int, ...]] = {}
    for spot, column in enumerate(counts):
        for size in range(2, min(_WIDEST_SUM, len(counts) - spot - 1) + 1):
            parts = tuple(counts[spot + 1 : spot + 1 + size])
            told = [r for r in data if figures[r].get(column) and all(part in figures[r] for part in parts)]
            hits = [r for r in told if _across(r, column, parts, figures)]
            rarest = min(sum(1 for r in hits if figures[r][part]) for part in parts)
            if len(hits) >= 3 and len(hits) * 5 >= len(told) * 4 and rarest * 5 >= len(hits):
                found[column] = parts
                break
    return found


def _across(row: int, column: int, parts: tuple[int, ...], figures: Figures) -> bool:
    return equal(figures[row][column], sum((figures[row][p] for p in parts), Decimal(0)), len(parts))


def across_disagreements(
    rows: Sequence[Row], columns: Sequence[Column], figures: Figures, sums: Mapping[int, tuple[int, ...]]
) -> list[Disagreement]:
    """Rows in which such a column is not the sum that it is elsewhere."""
    labels = {column.index: column.label for column in columns}
    return [
        Disagreement(
            address(row.index, column), figures[row.index][column],
            sum((figures[row.index][p] for p in parts), Decimal(0)), row.label, labels[column], "column",
        )
        for row in rows if row.kind is RowKind.DATA
        for column, parts in sums.items()
        if column in figures[row.index] and all(p in figures[row.index] for p in parts)
        and not _across(row.index, column, parts, figures)
    ]  # fmt: skip
