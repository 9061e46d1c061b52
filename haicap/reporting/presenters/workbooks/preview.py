"""What a file would change, cell by cell: the page before the decision, and the marks in the copy."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext

from haicap.core import numbers
from haicap.tables.annotating import Remark

from ...actions.intakerows import CellPreview, IntakeResult, Rejection
from ...policies.cells import Content
from .found import Answer, Fault, Where
from .work import Work

MOST_SHOWN: Final = 300
CONFLICT: Final = "cell.conflict"
# worst first: what cannot be taken in, what somebody must decide, what should be looked at, the rest
ORDER: Final = ("error", "conflict", "doubt", "removed", "changed", "new")


@dataclass(frozen=True, slots=True)
class Line:
    """One cell. `version`: of the stored figure that a conflict is shown beside."""

    kind: str
    place: str
    unit: str
    label: str
    before: str
    after: str
    messages: tuple[str, ...] = ()
    index: int = -1
    version: int = 0

    @property
    def icon(self) -> str:
        return {"error": "error", "conflict": "error", "doubt": "warn"}.get(self.kind, "")


@dataclass(frozen=True)
class Preview:
    """`good`: cells that would be written now; new + changed + removed + unchanged + errors = read."""

    read: int
    new: int
    changed: int
    removed: int
    unchanged: int
    errors: int
    lines: tuple[Line, ...]
    more: int
    absent: tuple[str, ...]
    conflicts: int
    doubts: int
    kind: str

    @property
    def good(self) -> int:
        return self.new + self.changed + self.removed

    @property
    def marked(self) -> bool:
        """Is there anything to write back into a copy?"""
        return bool(self.errors or self.doubts)


def preview(work: Work, result: IntakeResult, lang: str, most: int | None = MOST_SHOWN) -> Preview:
    """`most`: lines of the page; None for a file, which has all."""
    lines = sorted(_lines(work, result, lang), key=lambda line: ORDER.index(line.kind))
    found = work.findings
    return Preview(
        read=found.read,
        new=result.imported,
        changed=result.updated,
        removed=result.removed,
        unchanged=result.unchanged + found.untouched,
        errors=result.rejected + len(found.faults),
        lines=tuple(lines[:most]),
        more=0 if most is None else max(0, len(lines) - most),
        absent=tuple(_name(work, unit, element) for unit, element in found.absent),
        conflicts=sum(line.kind == "conflict" for line in lines),
        doubts=sum(line.kind == "doubt" for line in lines),
        kind=work.kind,
    )


def remarks(work: Work, result: IntakeResult) -> list[Remark]:
    """Errors and doubts at their cells. What was rightly read needs no mark."""
    found = [
        _remark(work, fault.where, fault.message, "error", fault.unit, fault.element)
        for fault in work.findings.faults
    ]
    refused = {one.index: one for one in result.rejections}
    for index, one in refused.items():
        answer = work.findings.answers[index]
        found.append(_remark(work, answer.where, one.message, "error", answer.unit, answer.element))
    for cell in result.cells:
        answer = work.findings.answers[cell.index]
        if cell.index not in refused:
            found += [
                _remark(work, answer.where, text, "doubt", answer.unit, answer.element)
                for text in (*answer.remarks, *cell.issues)
            ]
    return found


def _remark(work: Work, where: Where, text: str, kind: str, unit: str, element: str) -> Remark:
    return Remark(where.sheet, where.row, where.column, text, kind, _name(work, unit, element))


def _lines(work: Work, result: IntakeResult, lang: str) -> Iterator[Line]:
    for fault in work.findings.faults:
        yield _fault_line(work, fault, lang)
    refused = {one.index: one for one in result.rejections}
    shown = {cell.index: cell for cell in result.cells}
    for index, answer in enumerate(work.findings.answers):
        rejection = refused.get(index)
        if rejection is not None:
            yield _refused_line(work, answer, rejection, lang)
        elif index in shown and shown[index].what != "same":
            yield _line(work, answer, shown[index], lang)


def _fault_line(work: Work, fault: Fault, lang: str) -> Line:
    place = _unit(work, fault.unit)
    label = _name(work, "", fault.element)
    before = said(_stored(work, fault.unit, fault.element), lang) if fault.element else ""
    return Line("error", fault.place, place, label, before, fault.raw, (fault.message,))


def _refused_line(work: Work, answer: Answer, rejection: Rejection, lang: str) -> Line:
    is_conflict = rejection.code == CONFLICT
    sheet = work.target.by_code[answer.unit]
    return Line(
        kind="conflict" if is_conflict else "error",
        place=answer.place,
        unit=_unit(work, answer.unit),
        label=_name(work, "", answer.element),
        before=said(_stored(work, answer.unit, answer.element), lang),
        after=said(_wanted(answer), lang),
        messages=(rejection.message, *answer.remarks),
        index=rejection.index,
        version=sheet.at(answer.element).version,
    )


def _line(work: Work, answer: Answer, cell: CellPreview, lang: str) -> Line:
    messages = (*answer.remarks, *cell.issues)
    return Line(
        kind="doubt" if messages else cell.what,
        place=answer.place,
        unit=_unit(work, answer.unit),
        label=_name(work, "", answer.element),
        before=said(cell.before, lang),
        after=said(cell.after, lang),
        messages=messages,
        index=cell.index,
    )


def _wanted(answer: Answer) -> Content:
    return Content(number=answer.number, reason=answer.reason, text=answer.text)


def _stored(work: Work, unit: str, element: str) -> Content:
    sheet = work.target.by_code.get(unit)
    return sheet.at(element).content if sheet else Content()


def _unit(work: Work, unit: str) -> str:
    """Named only where the file holds many units."""
    sheet = work.target.by_code.get(unit)
    return "" if work.target.unit or sheet is None else sheet.place.full_name


def _name(work: Work, unit: str, element: str) -> str:
    slot = work.slots.get(element)
    words = f"{slot.cell.number} {slot.label}" if slot else element
    return ": ".join(part for part in (_unit(work, unit), words) if part)


def said(content: Content, lang: str) -> str:
    """A cell in words; "" for nothing."""
    if content.number is not None:
        return numbers.format(content.number, lang)
    if content.reason:
        return gettext("Không có số: %(reason)s") % {"reason": content.reason}
    return content.text or content.raw
