"""What stands in the way of a report: hard checks block, soft checks ask for a reason, blanks are named.

Pure: contents in, issues out. Messages come in the language that is active; numbers in the reader's writing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext

from haicap.catalogue import formulas
from haicap.catalogue.queries import Cell, Check, Element, Form, spoken
from haicap.core import numbers
from haicap.core.counts import Adds
from haicap.core.plausible import Suspicion

from . import cells, plausible
from .cells import Content


class Weight(StrEnum):
    """HARD is to be mended, SOFT asks for a note, HINT only points: all but a hint keep a report back."""

    HARD = "hard"
    SOFT = "soft"
    HINT = "hint"
    EMPTY = "empty"


HISTORY = "history"
COPIED = "copied"
ROUNDED = "rounded"
QUICK = "quick"
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
        return not self.note and self.weight is not Weight.HINT


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a judgement needs. `history`: earlier figures per element code, oldest first, None where
    nothing was reported; `before`: those of the period before; `notes`: (element code, check) → (figure it
    was given for, reason); `spreads`: how far the element moves in other units; `typed`: when each cell of
    the web door was last changed; `system`: elements whose content the system counted."""

    form: Form
    elements: Mapping[str, Element]
    contents: Mapping[str, Content]
    history: Mapping[str, Sequence[Decimal | None]] = field(default_factory=dict)
    before: Mapping[str, Decimal] = field(default_factory=dict)
    notes: Notes = field(default_factory=dict)
    spreads: Mapping[str, float] = field(default_factory=dict)
    typed: Sequence[datetime] = ()
    lang: str = "vi"
    system: frozenset[str] = frozenset()

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
    code = cell.element
    if code in case.system:
        return []  # nobody typed it
    suspicion = plausible.suspect(
        content.number,
        case.history.get(code, ()),
        case.elements[code],
        case.form.kind,
        case.spreads.get(code),
    )
    if suspicion is None:
        return []
    weight = Weight.SOFT if suspicion.stop else Weight.HINT
    note = _note(case, code, HISTORY, content.number) if suspicion.stop else ""
    return [Issue(weight, HISTORY, code, _doubt(case, suspicion), suspicion.instead, note)]


def _doubt(case: Case, suspicion: Suspicion) -> str:
    words = {
        "extra_digit": gettext("Có thể thừa một chữ số. Các kỳ trước từ %(low)s đến %(high)s."),
        "missing_digit": gettext("Có thể thiếu một chữ số. Các kỳ trước từ %(low)s đến %(high)s."),
        "hundredfold": gettext("Có thể sai đơn vị một trăm lần. Các kỳ trước từ %(low)s đến %(high)s."),
        "thousandfold": gettext("Có thể sai đơn vị một nghìn lần. Các kỳ trước từ %(low)s đến %(high)s."),
        "swapped": gettext("Có thể đảo hai chữ số. Các kỳ trước từ %(low)s đến %(high)s."),
        "wrong_digit": gettext("Có thể gõ nhầm một chữ số. Các kỳ trước từ %(low)s đến %(high)s."),
        "far": gettext("Khác xa các kỳ trước, từ %(low)s đến %(high)s."),
        "copied": gettext("Giống hệt kỳ trước. Các kỳ trước từ %(low)s đến %(high)s."),
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
    if own and case.system.issuperset(own):
        # The officer has nothing to mend here: records are mended where they are kept, or disputed.
        return [Issue(Weight.HINT, check.code, element, message)]
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
    """Questions about the whole form; a report filled in a breath is only pointed at."""
    flows = {
        code: number
        for code in case.form.elements
        if code not in case.system
        and case.elements[code].measure.over_time is Adds.SUM
        and (number := case.number(code)) is not None
    }
    asked = []
    if plausible.looks_copied(flows, case.before):
        message = gettext("Phần lớn số giống hệt kỳ trước. Hãy xem lại, hoặc ghi lý do nếu đúng như vậy.")
        asked.append(Issue(Weight.SOFT, COPIED, "", message, note=_note(case, "", COPIED, None)))
    if plausible.looks_rounded(flows.values()):
        message = gettext(
            "Rất nhiều số kết thúc bằng 0 hoặc 5. Nếu là số ước, hãy ghi rõ; nếu không, hãy xem lại."
        )
        asked.append(Issue(Weight.SOFT, ROUNDED, "", message, note=_note(case, "", ROUNDED, None)))
    if asked and plausible.typed_in_a_breath(case.typed):
        asked.append(Issue(Weight.HINT, QUICK, "", gettext("Báo cáo được nhập trong chưa đầy một phút.")))
    return asked


def _note(case: Case, element: str, check: str, number: Decimal | None) -> str:
    """A reason was given for one figure; another figure needs its own."""
    about, text = case.notes.get((element, check), (None, ""))
    return text if text and about == number else ""
