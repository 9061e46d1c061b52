"""Columns and rows of a foreign table beside the cells and units they go to, and what that would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from haicap.catalogue.queries import Catalogue, Form, spoken
from haicap.core import numbers
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.tables.columns import Column, Kind
from haicap.tables.layout import Layout
from haicap.tables.reading import column_name
from haicap.ui import wording
from haicap.units.queries import Place

from ..actions.mapping import Passage
from ..policies import mapping
from ..policies.cells import Content
from ..policies.mapping import Lines, Plan, Target
from ..policies.matching import NOTHING, Choice, How, Match, unit_choices
from . import words
from .mapping import KINDS, NATURES, cell_text, row_place

MOST_LINES = 300
MOST_CELLS = 300


@dataclass(frozen=True, slots=True)
class ColumnJoin:
    """One column with what it may go to. `problem` is why the present choice cannot be."""

    index: int
    letter: str
    label: str
    kind: str
    nature: str
    sample: str
    chosen: str
    split: str
    how: str
    problem: str


@dataclass(frozen=True, slots=True)
class RowJoin:
    index: int
    number: int
    place: str
    label: str
    section: str
    code: str
    target: str
    words: str
    ticked: bool
    typed: str = ""
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows by how they were matched, and both sides of what was not."""

    sure: list[RowJoin]
    named: list[RowJoin]
    open: list[RowJoin]
    hidden: int
    missing: list[tuple[str, str]]
    coverage: str
    full: bool


def element_choices(form: Form, catalogue: Catalogue) -> tuple[Choice, ...]:
    """Cells of a form: by code of the element, by the number of the cell, by every label."""
    found = []
    for cell in form.cells:
        labels = [*cell.labels.values(), *catalogue.elements[cell.element].labels.values()]
        found.append(Choice(cell.element, tuple(labels), (cell.number,)))
    return tuple(found)


def split_choices(form: Form, catalogue: Catalogue) -> tuple[Choice, ...]:
    codes = dict.fromkeys(code for element in form.elements for code in catalogue.elements[element].splits)
    return tuple(
        Choice(code, tuple(catalogue.splits[code].labels.values()))
        for code in codes
        if code in catalogue.splits
    )


def options(form: Form, catalogue: Catalogue) -> list[tuple[str, list[tuple[str, str]]]]:
    """Cells of the form by section, for a list to choose from."""
    lang = words.lang()
    return [
        (
            spoken(section.labels, lang) or section.code,
            [(c.element, f"{c.number} · {_element_label(catalogue, c.element)}") for c in section.cells],
        )
        for section in form.sections
    ]


def _element_label(catalogue: Catalogue, code: str) -> str:
    return spoken(catalogue.elements[code].labels, words.lang()) or code


def row_choices(
    plan: Plan, form: Form, catalogue: Catalogue, places: Sequence[Place], period: Period
) -> tuple[Choice, ...]:
    """What a row may stand for: units that owe the form, its cells, or its splits."""
    if plan.rows is Lines.ELEMENTS:
        return element_choices(form, catalogue)
    if plan.rows is Lines.SPLITS:
        return split_choices(form, catalogue)
    return unit_choices(place for place in places if form.owed_by(place, period.last_day))


def labels_of(plan: Plan, form: Form, catalogue: Catalogue, places: Sequence[Place]) -> dict[str, str]:
    """Code → words, for everything a row or column may stand for."""
    lang = words.lang()
    found = {place.code: place.full_name for place in places}
    found |= {code: spoken(split.labels, lang) or code for code, split in catalogue.splits.items()}
    found |= {
        cell.element: f"{cell.number} · {_element_label(catalogue, cell.element)}" for cell in form.cells
    }
    return found


def columns(
    layout: Layout,
    plan: Plan,
    catalogue: Catalogue,
    period: Period,
    matches: Mapping[int, Match],
    kept: Mapping[int, Target],
) -> list[ColumnJoin]:
    """Columns that may hold figures. What was decided goes before what is proposed."""
    found = []
    for column in mapping.open_columns(layout):
        target, how = plan.columns.get(column.index), ""
        if target is None:
            match = matches.get(column.index, NOTHING)
            target = (
                kept.get(column.index, Target(match.code)) if match.how is How.KEPT else Target(match.code)
            )
            if _problem(layout, column, target.to, catalogue, period):
                target = Target()
            how = _how(match) if target.to else ""
        found.append(
            ColumnJoin(
                column.index, column_name(column.index), column.label or gettext("(không có tiêu đề)"),
                str(KINDS[column.kind]), str(NATURES[column.nature]) if column.kind is Kind.NUMBER else "",
                _sample(layout, column), target.to, target.split, how,
                _problem(layout, column, target.to, catalogue, period),
            )
        )  # fmt: skip
    return found


def _problem(layout: Layout, column: Column, code: str, catalogue: Catalogue, period: Period) -> str:
    if code not in catalogue.elements:
        return ""
    try:
        mapping.check_column(layout, column, catalogue.elements[code], period)
    except Refusal as refused:
        return str(wording.refusal(refused))
    return ""


def _how(match: Match) -> str:
    return {
        How.CODE: gettext("theo mã"),
        How.ZEROS: gettext("theo mã đã mất số 0 ở đầu"),
        How.KEPT: gettext("theo lần trước"),
        How.NAME: gettext("theo tên, hãy kiểm tra"),
        How.NONE: "",
    }[match.how]


def _sample(layout: Layout, column: Column) -> str:
    for row in layout.data:
        cell = layout.sheet.cell(row.index, column.index)
        if cell is not None:
            return cell_text(cell)[:30]
    return ""


def rows(
    layout: Layout,
    plan: Plan,
    choices: Sequence[Choice],
    matches: Mapping[int, Match],
    labels: Mapping[str, str],
    wrong: Mapping[int, str],
) -> Rows:
    """Rows by how they were matched. A name waits in `named` until it is ticked."""
    sure: list[RowJoin] = []
    named: list[RowJoin] = []
    unknown: list[RowJoin] = []
    taken = set()
    for row in mapping.rows_taken(layout, plan):
        match, chosen = matches[row.index], plan.lines.get(row.index, "")
        target = match.code or chosen
        line = RowJoin(
            row.index, row.index + 1, row_place(layout, row), row.label, row.section, row.code,
            target, labels.get(target, ""), bool(chosen) and chosen == match.code,
            wrong.get(row.index, chosen), row.index in wrong,
        )  # fmt: skip
        (sure if match.sure else named if match.how is How.NAME else unknown).append(line)
        taken.add(match.code if match.sure else chosen)
    missing = [(one.code, labels.get(one.code, one.code)) for one in choices if one.code not in taken]
    lang = words.lang()
    there = len(choices) - len(missing)
    coverage = f"{numbers.format(there, lang)}/{numbers.format(len(choices), lang)}"
    return Rows(
        sure, named, unknown[:MOST_LINES], max(0, len(unknown) - MOST_LINES), missing, coverage, not missing
    )


def kept_lines(plan: Mapping[str, object]) -> dict[str, str]:
    lines = plan.get("lines", {})
    return {str(key): str(code) for key, code in lines.items()} if isinstance(lines, dict) else {}


def kept_headings(plan: Mapping[str, object]) -> dict[str, Target]:
    headings = plan.get("headings", {})
    found = headings.items() if isinstance(headings, dict) else ()
    return {str(heading): Target(*target) for heading, target in found}


@dataclass(frozen=True, slots=True)
class CellLine:
    place: str
    unit: str
    element: str
    before: str
    after: str
    what: str
    issues: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BadLine:
    place: str
    where: str
    message: str


def changed(
    passage: Passage, labels: Mapping[str, str], units: Mapping[int, Place], most: int | None = MOST_CELLS
) -> list[CellLine]:
    """Cells that would change, or that the checks ask about; the first few hundred, None: all."""
    lines = [
        CellLine(
            one.place, _unit(units, one.unit_id), _with_split(labels, one.element, one.split),
            content(one.before), content(one.after), one.what, tuple(map(str, one.issues)),
        )
        for one in passage.result.cells
        if one.what in ("new", "changed", "removed") or (one.issues and one.what != "rejected")
    ]  # fmt: skip
    return lines[:most]


def bad(
    passage: Passage, labels: Mapping[str, str], units: Mapping[int, Place], most: int | None = MOST_CELLS
) -> list[BadLine]:
    """Cells that stay out, with their addresses: those that could not be read, then those refused."""
    unread = [BadLine(one.place, one.row, str(wording.refusal(one.refusal))) for one in passage.unreadable]
    places = {one.index: one.place for one in passage.data}
    refused = []
    for one in passage.result.rejections:
        message = one.message
        if one.other is not None and one.other in places:
            message = f"{message} ({places[one.other]})"
        where = " · ".join(filter(None, (_unit(units, one.unit_id), labels.get(one.element, one.element))))
        refused.append(BadLine(one.place, where, message))
    return (unread + refused)[:most]


def _unit(units: Mapping[int, Place], unit_id: int) -> str:
    return units[unit_id].full_name if unit_id in units else ""


def _with_split(labels: Mapping[str, str], element: str, split: str) -> str:
    return " / ".join(filter(None, (labels.get(element, element), labels.get(split, split) if split else "")))


def content(one: Content) -> str:
    if one.number is not None:
        return numbers.format(one.number, words.lang())
    return one.text or one.reason or one.raw or "–"
