"""The ask gate at the loading of a pack: the same judgement as in the browser, told with file and line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from haicap.catalogue import gate
from haicap.catalogue.definitions import Catalogue
from haicap.catalogue.packs.content import NewForm
from haicap.catalogue.packs.problems import Problem, refusal


def check_pack(forms: Iterable[NewForm], book: Catalogue, today: date) -> None:
    """`book`: the catalogue as it would stand. Refusal "pack.invalid" with every cell that is held."""
    problems = []
    for one in forms:
        form = book.forms.get(one.code)
        if form is None:
            continue
        judgement = gate.judge(form, book, book.elements, today)
        if judgement.passes:
            continue
        for verdict in judgement.verdicts:
            if judgement.all_held or not verdict.stands:
                problems.append(_problem(one, verdict))
    if problems:
        raise refusal(problems)


def _problem(one: NewForm, verdict: gate.Verdict) -> Problem:
    told = {"form": one.code, "element": verdict.element, "first": verdict.form}
    if verdict.standing is gate.Standing.DERIVED:
        what = _("%(form)s hỏi «%(element)s», mà số ấy tính được từ mẫu %(first)s")
        return Problem(*one.place, what % told, _("Bỏ ô này, hoặc ghi «why: …» vì sao vẫn phải hỏi."))
    what = _("%(form)s hỏi lại «%(element)s» mà %(first)s đã hỏi")
    return Problem(*one.place, what % told, _("Mỗi phần tử có một mẫu thu cho mỗi loại kỳ; bỏ ô này."))
