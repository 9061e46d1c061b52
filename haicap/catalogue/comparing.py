"""Two versions of a form side by side: what was asked and is not any more, what is new, what moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from haicap.catalogue.definitions import Cell, Form


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class CellChange:
    """`before` and `after`: number and cell; None where it was or is not asked."""

    element: str
    change: Change
    before: Cell | None
    after: Cell | None


@dataclass(frozen=True)
class CheckChange:
    code: str
    change: Change
    before: str
    after: str


def cells(old: Form, new: Form) -> list[CellChange]:
    """In the order of the new form, what went last. A cell that only stands elsewhere is MOVED."""
    before, after = _by_element(old), _by_element(new)
    found = []
    for element, cell in after.items():
        was = before.get(element)
        if was is None:
            found.append(CellChange(element, Change.ADDED, None, cell))
        elif (was.required, was.why) != (cell.required, cell.why):
            found.append(CellChange(element, Change.CHANGED, was, cell))
        elif was.number != cell.number:
            found.append(CellChange(element, Change.MOVED, was, cell))
    found += [
        CellChange(element, Change.REMOVED, cell, None)
        for element, cell in before.items()
        if element not in after
    ]
    return found


def checks(old: Form, new: Form) -> list[CheckChange]:
    before, after = _rules(old), _rules(new)
    found = []
    for code in [*after, *(code for code in before if code not in after)]:
        was, now = before.get(code, ""), after.get(code, "")
        if was != now:
            change = Change.ADDED if not was else Change.REMOVED if not now else Change.CHANGED
            found.append(CheckChange(code, change, was, now))
    return found


def _by_element(form: Form) -> Mapping[str, Cell]:
    return {cell.element: cell for cell in form.cells}


def _rules(form: Form) -> dict[str, str]:
    return {one.code: f"{one.expression} ({one.kind})" for one in form.checks}
