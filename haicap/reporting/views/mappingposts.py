"""From what the pages of a foreign file send to the plan of that file. Field names:

trang sheet · dau, dau2, cuoi first and last row of the heading, last row of the data (counted from 1) · mau
"form|period" · chac this period all the same · dong what the rows are · xa the unit where rows are no units ·
so language of numbers that are text · giu-<row> keep a row that is a total by arithmetic · cot-<column> and
nhom-<column> where a column goes · ten-<row> a match by name is right · ma-<row> a code typed for a row · moi
all matches by name are right.
"""

from collections.abc import Mapping
from dataclasses import replace

from django.http import QueryDict

from haicap.core.languages import known
from haicap.tables.layout import Layout

from ..policies.mapping import Lines, Plan, Target, open_columns, rows_taken
from ..policies.matching import Choice, How, Match

_MOST_ROWS = 9_999_999


def row_number(text: str) -> int | None:
    """A row as people count it, from 0; None for anything else."""
    clean = text.strip()
    if not (clean.isascii() and clean.isdigit()) or len(clean) > 7 or not 1 <= int(clean) <= _MOST_ROWS:
        return None
    return int(clean) - 1


def reading(data: QueryDict, plan: Plan, sheet: str) -> Plan:
    """What the first page decides about `sheet`, the one that it showed. Row numbers of one sheet mean
    nothing in another; another sheet, heading, form or direction makes the joins of before void."""
    chosen = data.get("trang", sheet)[:200]
    first, second, last = (row_number(data.get(name, "")) for name in ("dau", "dau2", "cuoi"))
    if chosen != sheet:
        first = second = last = None
    form, _, period = data.get("mau", "").partition("|")
    told = data.get("dong", "")
    found = replace(
        plan,
        sheet=chosen,
        header=None if first is None else (first, first if second is None else second),
        last=last,
        form=form[:40],
        period=period[:32],
        sure_of_period="chac" in data,
        rows=Lines(told) if told in set(Lines) else plan.rows,
        unit=data.get("xa", "").strip()[:20],
        lang=known(data.get("so", plan.lang)),
        keep=frozenset(row for name in data if (row := _kept(name)) is not None),
    )
    same = (found.sheet, found.header, found.form, found.rows) == (
        plan.sheet,
        plan.header,
        plan.form,
        plan.rows,
    )
    return found if same else replace(found, columns={}, lines={})


def _kept(name: str) -> int | None:
    rest = name.removeprefix("giu-")
    return int(rest) if rest != name and rest.isascii() and rest.isdigit() and len(rest) < 8 else None


def columns(data: QueryDict, layout: Layout) -> dict[int, Target]:
    found = {}
    for column in open_columns(layout):
        to = data.get(f"cot-{column.index}", "")[:60]
        found[column.index] = Target(to, data.get(f"nhom-{column.index}", "")[:60] if to else "")
    return found


def lines(
    data: QueryDict, layout: Layout, plan: Plan, matches: Mapping[int, Match], choices: tuple[Choice, ...]
) -> tuple[dict[int, str], list[tuple[int, str]]]:
    """Row → code, and what was typed that is no code of this list: (row, text)."""
    known_codes = {choice.code for choice in choices} | {also for choice in choices for also in choice.also}
    alias = {also: choice.code for choice in choices for also in choice.also}
    every_name = "moi" in data
    found: dict[int, str] = {}
    wrong: list[tuple[int, str]] = []
    for row in rows_taken(layout, plan):
        match = matches[row.index]
        typed = data.get(f"ma-{row.index}", "").strip()
        code = typed.split(" ")[0]
        said = match.how is How.NAME and (every_name or f"ten-{row.index}" in data)
        if match.sure or said:
            found[row.index] = match.code
        elif code in known_codes:
            found[row.index] = alias.get(code, code)
        elif typed:
            wrong.append((row.index, typed[:60]))
    return found, wrong
