"""Definitions that name a unit, when units merge. See units.succession.

What is published never changes: the office publishes the next version, and says here that it knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haicap.audit.actions import Actor
from haicap.catalogue import queries
from haicap.catalogue.definitions import Catalogue, spoken
from haicap.core.languages import known
from haicap.units.succession import Answer, Change, Option, Question, hangs

KNOWN = "known"


def preview(change: Change) -> Answer:
    """One question per form, threshold or target that names an old unit in the version in force."""
    return Answer(_("Mẫu báo cáo, ngưỡng và mục tiêu"), tuple(_questions(change)))


def _questions(change: Change) -> Iterator[Question]:
    book, lang = queries.current(), known(get_language())
    options = (Option(KNOWN, _("Đã rõ: văn phòng công bố bản tiếp theo sau khi ký")),)
    for old in change.olds:
        for form in book.forms.values():
            if old in form.obliged_units:
                words = _("Danh sách phải nộp của mẫu %(code)s nêu đích danh đơn vị này")
                yield Question(
                    f"form.{form.code}.{old}",
                    old,
                    words % {"code": form.code},
                    spoken(form.labels, lang),
                    options,
                )
        for code in sorted({*book.thresholds, *book.targets}):
            if old in _named(book, code):
                words = _("Ngưỡng hoặc mục tiêu của chỉ tiêu %(code)s nêu đích danh đơn vị này")
                labels = book.indicators[code].labels if code in book.indicators else {}
                yield Question(
                    f"rule.{code}.{old}", old, words % {"code": code}, spoken(labels, lang), options
                )


def _named(book: Catalogue, code: str) -> set[int]:
    """Units that thresholds or targets of the indicator name."""
    found = {rule.unit_id for rule in book.thresholds.get(code, ())}
    found |= {rule.unit_id for rule in book.targets.get(code, ())}
    return {id for id in found if id is not None}


def carry(*, by: Actor | str, change: Change, choices: Mapping[str, str]) -> dict[str, Any]:
    """Nothing is written: the journal keeps what was named, for whoever publishes the next version."""
    return {"named": [one.key for one in _questions(change)]}


def undo(*, by: Actor | str, change: Change, journal: Mapping[str, Any]) -> None:
    """Refusal merger.hangs when a version that names a new unit was published since."""
    book, news = queries.current(), set(change.new_ids)
    named = [form.code for form in book.forms.values() if news & set(form.obliged_units)]
    for code in {*book.thresholds, *book.targets}:
        named += [code] if news & _named(book, code) else []
    if named:
        raise hangs(
            _("Đã công bố định nghĩa nêu đích danh đơn vị mới: %(codes)s.")
            % {"codes": ", ".join(sorted(named))}
        )
