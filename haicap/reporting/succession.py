"""Reports when units merge: no value that was reported changes. See units.succession.

What the old unit has given stays with it and stays readable. What it still owes for windows that closed
before the day is finished by the heir that the act names, or by nobody. What it had begun for a window that
was still running is added up as a draft of the new unit, or left.
"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haicap.audit.actions import Actor, record
from haicap.audit.slices import Slice
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form, spoken
from haicap.core.languages import known
from haicap.units import actions as units_actions
from haicap.units import queries as units
from haicap.units.queries import Place
from haicap.units.succession import TO, Answer, Change, Option, Question, to_each

from .actions.carrying import add_up, take_away
from .actions.rows import slice_of
from .models import Report
from .states import FACTS, State

LEAVE = "leave"


def preview(change: Change) -> Answer:
    counts = _counts(change)
    questions = [one for old in change.olds for one in _of_one(change, units.by_id(old), counts)]
    return Answer(_("Báo cáo"), tuple(questions), _obligations(change))


def _counts(change: Change) -> Counter[tuple[int, str]]:
    """(old unit, "given" | "owed" | "begun" | "lapsed") → reports."""
    rows = Report.objects.filter(unit_id__in=change.olds).annotate(cells=Count("values"))
    found: Counter[tuple[int, str]] = Counter()
    for unit, state, end, cells in rows.values_list("unit_id", "state", "end", "cells"):
        if State(state) in FACTS:
            found[unit, "given"] += 1
        elif end <= change.on:
            found[unit, "owed"] += 1
        else:
            found[unit, "begun" if cells else "lapsed"] += 1
    return found


def _of_one(change: Change, old: Place, counts: Counter[tuple[int, str]]) -> list[Question]:
    found = []
    if given := counts[old.id, "given"]:
        words = _("%(n)s báo cáo đã gửi hoặc đã duyệt: giữ nguyên ở đơn vị cũ, vẫn xem được")
        found.append(Question(f"given.{old.id}", old.id, words % {"n": given}))
    words = _("%(n)s báo cáo của các kỳ đã khép còn dở, và báo cáo bị mở lại sau này: ai làm tiếp?")
    options = (*to_each(change, old.id), Option(LEAVE, _("Không ai; để nguyên như đang có")))
    found.append(Question(f"owed.{old.id}", old.id, words % {"n": counts[old.id, "owed"]}, "", options))
    if begun := counts[old.id, "begun"]:
        found.append(_begun(change, old, begun))
    if lapsed := counts[old.id, "lapsed"]:
        words = _("%(n)s báo cáo chưa nhập của kỳ đang chạy: đơn vị cũ không phải nộp nữa")
        found.append(Question(f"lapsed.{old.id}", old.id, words % {"n": lapsed}))
    return found


def _begun(change: Change, old: Place, count: int) -> Question:
    """Drafts are added up only where the unit goes over as a whole: a part of a figure would be a guess."""
    whole = change.whole(old.id)
    told = {"n": count}
    if whole is None:
        words = _("%(n)s báo cáo đang nhập của kỳ đang chạy: giữ ở đơn vị cũ, vì đơn vị này bị chia")
        return Question(f"begun.{old.id}", old.id, words % told)
    words = _("%(n)s báo cáo đang nhập của kỳ đang chạy: cộng vào dự thảo của đơn vị mới?")
    options = (
        Option(TO + whole.key, _("Cộng vào dự thảo của %(unit)s") % {"unit": whole.full_name}),
        Option(LEAVE, _("Không; đơn vị mới nhập từ đầu")),
    )
    detail = _("Chỉ cộng những ô mà mọi đơn vị cũ đều đã có số và số đó cộng được giữa các đơn vị.")
    return Question(f"begun.{old.id}", old.id, words % told, detail, options)


def _obligations(change: Change) -> tuple[str, ...]:
    """How many of the old units owed each form, and how many of the new ones will."""
    olds = [units.by_id(old) for old in change.olds]
    notes, lang = [], known(get_language())
    for form in catalogue.current().forms.values():
        before, after = _owing(form, olds, change), _owing_after(form, change)
        if before or after:
            words = _("%(form)s: trước %(before)s đơn vị phải nộp, sau %(after)s đơn vị")
            notes.append(words % {"form": spoken(form.labels, lang), "before": before, "after": after})
    return tuple(notes)


def _owing(form: Form, olds: list[Place], change: Change) -> int:
    obligation = form.obligation_on(change.on)
    return 0 if obligation is None else sum(obligation.names(old) for old in olds if _under(form, old.path))


def _owing_after(form: Form, change: Change) -> int:
    obligation, owner = form.obligation_on(change.on), units.by_id(change.owner_id)
    if obligation is None or obligation.units or not _under(form, owner.path):
        return 0
    return sum(new.kind in obligation.kinds for new in change.news)


def _under(form: Form, path: str) -> bool:
    return form.owner_unit_id is None or f"/{form.owner_unit_id}/" in path


def carry(*, by: Actor | str, change: Change, choices: Mapping[str, str]) -> dict[str, Any]:
    heirs, begun = [], {}
    for old in change.olds:
        choice = choices[f"owed.{old}"]
        if choice.startswith(TO):
            heir = change.id_of(choice)
            units_actions.name_heir(by=by, merger_id=change.merger, old_id=old, new_id=heir)
            heirs.append([old, heir])
        if choices.get(f"begun.{old}", LEAVE).startswith(TO):
            begun[old] = change.id_of(choices[f"begun.{old}"])
    made = add_up(by=by, change=change, begun=begun)
    told, slices = {"heirs": heirs, "drafts": len(made)}, _slices(change)
    record(by=by, action="reports.merged", object=f"merger:{change.merger}", detail=told, slices=slices)
    return {"heirs": heirs, "made": made}


def undo(*, by: Actor | str, change: Change, journal: Mapping[str, Any]) -> None:
    """Refusal merger.hangs when the new units have begun to report; blank reports of the clock go."""
    slices = _slices(change)
    gone = take_away(change=change, made=journal["made"])
    told = {"removed": gone}
    record(by=by, action="reports.unmerged", object=f"merger:{change.merger}", detail=told, slices=slices)


def _slices(change: Change) -> list[Slice]:
    """The obligations of windows that closed after the day change hands: their slices are read anew."""
    touched = Report.objects.filter(unit_id__in=[*change.olds, *change.new_ids], end__gt=change.on)
    return [slice_of(report) for report in touched]
