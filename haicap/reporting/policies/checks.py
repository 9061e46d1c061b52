"""What stands in the way of a report: hard checks block, soft checks ask for a reason, blanks are named.

Pure: contents in, issues out. Messages come in the language that is active; numbers in the reader's writing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext

from haicap.catalogue import formulas
from haicap.catalogue.queries import Cell, Check, Element, Form, spoken
from haicap.core import numbers
from haicap.core.counts import Adds

from . import cells, plausible
from .cells import Content


class Weight(StrEnum):
    HARD = "hard"
    SOFT = "soft"
    EMPTY = "empty"


HISTORY = "history"
COPIED = "copied"
TYPED = "typed"
EMPTY = "empty"
Notes = Mapping[tuple[str, str], tuple[Decimal | None, str]]


@dataclass(frozen=True, slots=True)
class Issue:
    """`element` is "" when it is about the whole report; `note` is the reason that settled a soft one."""

    weight: Weight
    check: str
    element: str
    message: str
    instead: Decimal | None = None
    note: str = ""

    @property
    def blocks(self) -> bool:
        return not self.note


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a judgement needs. `history`: earlier figures per element code, newest first; `before`:
    those of the period before; `notes`: (element code, check) → (figure it was given for, reason)."""

    form: Form
    elements: Mapping[str, Element]
    contents: Mapping[str, Content]
    history: Mapping[str, Sequence[Decimal]] = field(default_factory=dict)
    before: Mapping[str, Decimal] = field(default_factory=dict)
    notes: Notes = field(default_factory=dict)
    lang: str = "vi"

    def number(self, code: str) -> Decimal | None:
        content = self.contents.get(code)
        return content.number if content and not content.raw else None


def issues(case: Case) -> list[Issue]:
    """All issues in the order of the form, those about the whole report last."""
    found = [one for cell in case.form.cells for one in _of_cell(case, cell)]
    found += [one for check in case.form.checks for one in _of_check(case, check)]
    order = {code: place for place, code in enumerate(case.form.elements)}
    found.sort(key=lambda one: order.get(one.element, len(order)))
    return found + _of_report(case)


def blocking(found: Sequence[Issue]) -> list[Issue]:
    return [one for one in found if one.blocks]


def _of_cell(case: Case, cell: Cell) -> list[Issue]:
    content = case.contents.get(cell.element, Content())
    if content.raw:
        return [Issue(Weight.HARD, TYPED, cell.element, cells.message(content.refusal))]
    if content.number is None:
        if cell.required and not content.reason:
            return [Issue(Weight.EMPTY, EMPTY, cell.element, gettext("Ô này còn trống."))]
        return []
    suspicion = plausible.suspect(content.number, case.history.get(cell.element, ()))
    if suspicion is None:
        return []
    note = _note(case, cell.element, HISTORY, content.number)
    return [
        Issue(Weight.SOFT, HISTORY, cell.element, _doubt(case, suspicion), suspicion.instead, note),
    ]


def _doubt(case: Case, suspicion: plausible.Suspicion) -> str:
    words = {
        "extra_digit": gettext("Có thể thừa một chữ số. Các kỳ trước từ %(low)s đến %(high)s."),
        "missing_digit": gettext("Có thể thiếu một chữ số. Các kỳ trước từ %(low)s đến %(high)s."),
        "swapped": gettext("Có thể đảo hai chữ số. Các kỳ trước từ %(low)s đến %(high)s."),
    }
    low, high = (numbers.format(one, case.lang) for one in (suspicion.low, suspicion.high))
    return words[suspicion.kind] % {"low": low, "high": high}


def _of_check(case: Case, check: Check) -> list[Issue]:
    comparison = formulas.parse_check(check.expression, case.elements)
    values = {code: case.number(code) for code in comparison.elements}
    if comparison.holds(values) is not False:
        return []
    own = [code for code in comparison.elements if code in case.form.elements]
    element = own[0] if own else ""
    message = f"{spoken(check.labels, case.lang)} ({_figures(case, values)})"
    if check.kind == Weight.HARD:
        return [Issue(Weight.HARD, check.code, element, message)]
    note = _note(case, element, check.code, case.number(element))
    return [Issue(Weight.SOFT, check.code, element, message, note=note)]


def _figures(case: Case, values: Mapping[str, Decimal | None]) -> str:
    names = {cell.element: cell.number for cell in case.form.cells}
    return "; ".join(
        f"{names.get(code, code)} = {numbers.format(value, case.lang)}"
        for code, value in values.items()
        if value is not None
    )


def _of_report(case: Case) -> list[Issue]:
    flows = {
        code: number
        for code in case.form.elements
        if case.elements[code].measure.over_time is Adds.SUM and (number := case.number(code)) is not None
    }
    if not plausible.looks_copied(flows, case.before):
        return []
    message = gettext("Phần lớn số giống hệt kỳ trước. Hãy xem lại, hoặc ghi lý do nếu đúng như vậy.")
    return [Issue(Weight.SOFT, COPIED, "", message, note=_note(case, "", COPIED, None))]


def _note(case: Case, element: str, check: str, number: Decimal | None) -> str:
    """A reason was given for one figure; another figure needs its own."""
    about, text = case.notes.get((element, check), (None, ""))
    return text if text and about == number else ""
