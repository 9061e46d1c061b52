"""The list of regimes, one regime, two versions of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.catalogue import comparing
from haicap.catalogue.comparing import Change
from haicap.catalogue.definitions import Cell, Element, Form, spoken
from haicap.catalogue.drafts.queries import Draft
from haicap.catalogue.presenters import words
from haicap.ui import wording

CHANGES = {
    Change.ADDED: gettext_lazy("thêm"),
    Change.REMOVED: gettext_lazy("bỏ"),
    Change.CHANGED: gettext_lazy("sửa"),
    Change.MOVED: gettext_lazy("chuyển chỗ"),
}


@dataclass(frozen=True)
class Line:
    code: str
    name: str
    nature: str
    frequency: str
    asker: str
    cells: str
    version: str
    published: str


def line(form: Form) -> Line:
    return Line(
        code=form.code,
        name=words.name(form),
        nature=str(words.NATURES.get(form.nature, form.nature)),
        frequency=words.window(form) if form.window else words.kind(form.kind).capitalize(),
        asker=form.asker or _("Chưa nêu"),
        cells=words.number(len(form.cells)),
        version=words.number(form.number),
        published=words.day(form.published_on) if form.published_on else "",
    )


@dataclass(frozen=True)
class DraftLine:
    """`form`: the code of the form that it changes, "" for a new one."""

    id: int
    name: str
    form: str
    changed: datetime


def draft_line(draft: Draft) -> DraftLine:
    named = draft.content["name"]["vi"] or draft.content["code"] or draft.form or _("Chưa có tên")
    return DraftLine(draft.id, named, draft.form, draft.changed_at)


@dataclass(frozen=True)
class CellLine:
    number: str
    label: str
    unit: str
    required: bool
    why: str
    element: str


@dataclass(frozen=True)
class Part:
    code: str
    label: str
    cells: tuple[CellLine, ...]


def parts(form: Form, elements: Mapping[str, Element]) -> list[Part]:
    return [
        Part(
            one.code,
            spoken(one.labels, words.lang()),
            tuple(_cell(cell, elements) for cell in one.cells),
        )
        for one in form.sections
    ]


def _cell(cell: Cell, elements: Mapping[str, Element]) -> CellLine:
    element = elements.get(cell.element)
    return CellLine(
        number=cell.number,
        label=spoken(cell.labels, words.lang()) or cell.element,
        unit=str(wording.unit(element.measure.unit)) if element else "",
        required=cell.required,
        why=cell.why,
        element=cell.element,
    )


def rules(form: Form) -> list[tuple[str, str, str]]:
    """Formula, how hard, what the officer reads."""
    hard = {"hard": _("phải đúng"), "soft": _("phải giải thích")}
    return [(one.expression, hard[one.kind], spoken(one.labels, words.lang())) for one in form.checks]


@dataclass(frozen=True)
class Difference:
    what: str
    change: str
    before: str
    after: str


def differences(old: Form, new: Form) -> list[Difference]:
    """Fields of the regime, then cells, then checks."""
    before = {one.code: one.text for one in words.fields(old) if one.code != "forms"}
    found = [
        Difference(one.label, str(CHANGES[Change.CHANGED]), before[one.code], one.text)
        for one in words.fields(new)
        if one.code != "forms" and before[one.code] != one.text
    ]
    found += _more(old, new)
    for cell in comparing.cells(old, new):
        label = _label(cell.after or cell.before)
        found.append(Difference(label, str(CHANGES[cell.change]), _said(cell.before), _said(cell.after)))
    for check in comparing.checks(old, new):
        told = _("Kiểm tra %(code)s") % {"code": check.code}
        found.append(Difference(told, str(CHANGES[check.change]), check.before, check.after))
    return found


def _more(old: Form, new: Form) -> list[Difference]:
    pairs = [
        (_("Nơi yêu cầu"), old.asker, new.asker),
        (_("Phút mỗi ô"), str(old.minutes_per_cell or ""), str(new.minutes_per_cell or "")),
        (_("Duyệt"), _approval(old), _approval(new)),
    ]
    changed = str(CHANGES[Change.CHANGED])
    return [Difference(label, changed, was, now) for label, was, now in pairs if was != now]


def _approval(form: Form) -> str:
    return _("tỉnh duyệt") if form.approval else _("gửi là xong")


def _label(cell: Cell | None) -> str:
    return (spoken(cell.labels, words.lang()) or cell.element) if cell else ""


def _said(cell: Cell | None) -> str:
    if cell is None:
        return ""
    told = _("%(number)s, bắt buộc") if cell.required else _("%(number)s, không bắt buộc")
    return (told % {"number": cell.number}) + (f" ({cell.why})" if cell.why else "")
