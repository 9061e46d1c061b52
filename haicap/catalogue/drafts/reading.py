"""What a draft means: the spec that would be published, its words, its new elements, every problem at once.

The spec is always whole, also of a draft full of mistakes, so that it can be shown as the officer sees it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from haicap.catalogue import calendar, gate, models, regimes
from haicap.catalogue.definitions import Catalogue, Element, Form
from haicap.catalogue.drafts import asking, elements, schedule
from haicap.catalogue.drafts.content import Content
from haicap.catalogue.drafts.fields import CODE_OF_FORM, Notes, words
from haicap.catalogue.states import REGIME_TEXTS
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units.queries import Place

Labels = dict[tuple[str, str, str], str]
NAMELESS = "MOI"
LONGEST_SENTENCE = 4_000
EDITED = {
    "nature", "kind", "rule", "obliged", "obliged_units", "obliged_from", "obliged_to", "deadline",
    "approval", "first_day", "only_period", "asker", "minutes_per_cell", "regime", "sections", "checks",
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """`place` is the name of the field in the editor; its anchor too."""

    place: str
    message: str


@dataclass(frozen=True)
class Reading:
    code: str
    spec: dict[str, Any]
    labels: Labels
    new: tuple[Element, ...]
    elements: Mapping[str, Element]
    form: Form
    problems: tuple[Problem, ...] = field(default=())


def read(content: Content, catalogue: Catalogue, owner: Place, base: Form | None) -> Reading:
    """`base`: the form in force that the draft revises."""
    notes, labels = Notes(), Labels()
    code = _code(content, catalogue, base, notes)
    new = elements.read(content["new"], catalogue, notes)
    known = {**catalogue.elements, **{one.code: one for one in new}}
    labels |= {
        (f"element:{one.code}", "name", lang): text for one in new for lang, text in one.labels.items()
    }
    spec = schedule.read(content, owner, base, notes)
    if base is not None:
        spec |= _kept(base)
    labels |= {
        (f"form:{code}", "name", lang): text for lang, text in words(content["name"], "name", notes).items()
    }
    spec["regime"] = {name: _sentence(content[name], name, notes) for name in REGIME_TEXTS}
    spec["sections"] = asking.sections(content["sections"], code, known, labels, notes)
    spec["checks"] = asking.checks(content["checks"], code, spec["sections"], known, labels, notes)
    _unused(content["new"], {one.code for one in new}, spec["sections"], notes)
    form = as_form(code, spec, labels, known, owner, base)
    if not notes.found:
        _check_anyone(form, notes)
    _check_deadline(form, content, notes)
    problems = tuple(Problem(place, message) for place, message in notes.found)
    return Reading(code, spec, labels, new, known, form, problems)


def as_form(
    code: str,
    spec: dict[str, Any],
    labels: Labels,
    known: Mapping[str, Element],
    owner: Place,
    base: Form | None,
) -> Form:
    """The form as it would stand after publication."""
    said: dict[tuple[str, str], dict[str, str]] = {}
    for (subject, role, lang), text in labels.items():
        said.setdefault((subject, role), {})[lang] = text
    for section in spec["sections"]:
        for cell in section["cells"]:
            if cell["element"] in known:
                said.setdefault((f"element:{cell['element']}", "name"), dict(known[cell["element"]].labels))
    row = models.FormVersion(
        form=models.Form(
            pk=base.id if base else 0, code=code, owner_id=owner.id, uid=base.uid if base else ""
        ),
        number=base.number + 1 if base else 1,
        spec=spec,
        published_at=clock.now(),
    )
    return regimes.form(row, [row], said)


def _code(content: Content, catalogue: Catalogue, base: Form | None, notes: Notes) -> str:
    if base is not None:
        return base.code
    code = content["code"].strip()
    if not CODE_OF_FORM.fullmatch(code):
        notes.add("code", _("Mã mẫu gồm 2 đến 40 chữ không dấu, số, gạch nối; bắt đầu bằng chữ."))
        return NAMELESS
    if code in catalogue.forms or models.Form.objects.filter(code=code).exists():
        notes.add("code", _("Đã có mẫu mang mã %(code)s. Hãy sửa mẫu ấy hoặc đặt mã khác.") % {"code": code})
    return code


def _sentence(found: Mapping[str, str], place: str, notes: Notes) -> dict[str, str]:
    """Vietnamese is required; who reads another language sees it until there is a translation."""
    if not found["vi"].strip():
        notes.add(f"{place}.vi", _("Chế độ báo cáo phải nêu nội dung này."))
    for lang, text in found.items():
        if len(text) > LONGEST_SENTENCE:
            notes.add(f"{place}.{lang}", _("Đoạn này dài quá %(most)s chữ.") % {"most": LONGEST_SENTENCE})
    return {lang: text.strip() for lang, text in found.items() if text.strip()}


def _unused(given: list[Content], new: set[str], sections: list[dict[str, Any]], notes: Notes) -> None:
    asked = {cell["element"] for section in sections for cell in section["cells"]}
    for index, one in enumerate(given):
        if one["code"].strip() in new - asked:
            notes.add(f"n{index}.code", _("Phần tử mới này chưa được đưa vào ô nào."))


def _kept(base: Form) -> dict[str, Any]:
    """What the version in force says beyond the fields of the editor: a revision loses none of it."""
    row = models.FormVersion.objects.filter(form_id=base.id, number=base.number).first()
    return {name: value for name, value in row.spec.items() if name not in EDITED} if row else {}


def _check_anyone(form: Form, notes: Notes) -> None:
    """A form that nobody owes is a mistake in the list, the kinds or the dates."""
    window = form.window or schedule.first_window(form, clock.today())
    if not gate.owing(form, window.last_day):
        notes.add("kinds", _("Không đơn vị nào phải nộp mẫu này cho kỳ đầu tiên của nó."))


def _check_deadline(form: Form, content: Content, notes: Notes) -> None:
    """Nobody is asked for a report that is already late."""
    window = form.window
    if window is None:
        return
    place = "deadline_on" if content["deadline_on"].strip() else "deadline_days"
    try:
        due = calendar.deadline(form, window)
    except (Refusal, OverflowError, ValueError):
        return
    if due <= clock.now():
        notes.add(place, _("Hạn nộp đã qua."))
