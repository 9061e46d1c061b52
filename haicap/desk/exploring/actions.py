"""Keep a question, show it to colleagues, let it go. Only its owner does any of it."""

from __future__ import annotations

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.audit.actions import record
from haicap.catalogue import queries as catalogue_queries
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.desk.exploring import address, permissions
from haicap.desk.exploring.asking import wish
from haicap.desk.exploring.saved import unknown
from haicap.desk.models import SavedQuestion

LONGEST_NAME = 120
MOST = 100


@transaction.atomic
def keep(*, by: Scope, name: str, query: str) -> int:
    """Keep the question under a name; a name that is taken gets the new question. Returns its id.

    Refusals question.forbidden, question.name, question.empty, question.long, question.units (a unit out of
    reach), question.full.
    """
    permissions.check(by)
    title = " ".join(name.split())
    if not title or len(title) > LONGEST_NAME:
        raise Refusal(
            "question.name", gettext_lazy("Đặt tên cho câu hỏi, nhiều nhất 120 ký tự."), place="ten"
        )
    if len(query) > address.LONGEST:
        raise Refusal("question.long", gettext_lazy("Câu hỏi dài quá, không lưu được."), place="ten")
    asked = address.read(QueryDict(query))
    if asked.blank:
        raise Refusal(
            "question.empty", gettext_lazy("Chọn số liệu, đơn vị và kỳ trước khi lưu."), place="ten"
        )
    found = wish(asked, by, catalogue_queries.current())
    if any(one.code == "unknown_unit" for one in found.objections):
        raise Refusal(
            "question.units",
            gettext_lazy("Câu hỏi có đơn vị nằm ngoài phạm vi của bạn, nên không lưu được."),
            place="ten",
        )
    held = SavedQuestion.objects.select_for_update().filter(owner_id=by.user_id)
    row = held.filter(name=title).first()
    if row is None:
        if held.count() >= MOST:
            raise Refusal(
                "question.full",
                gettext_lazy("Mỗi người lưu nhiều nhất 100 câu hỏi. Hãy bỏ bớt."),
                place="ten",
            )
        row = SavedQuestion(owner_id=by.user_id, name=title)
    row.query, row.at = asked.query(), clock.now()
    row.save()
    record(by=by, action="question.kept", object=f"question:{row.pk}", detail={"query": row.query})
    return row.pk


@transaction.atomic
def share(*, by: Scope, question_id: int, shared: bool) -> None:
    """Let the colleagues of one's own units see it, or not any more. Refusals question.unknown,
    question.forbidden. The same as before is a no-op."""
    permissions.check(by)
    row = _own(by, question_id)
    if row.shared == shared:
        return
    row.shared = shared
    row.save(update_fields=["shared"])
    record(by=by, action="question.shared", object=f"question:{row.pk}", detail={"shared": shared})


@transaction.atomic
def drop(*, by: Scope, question_id: int) -> None:
    """Refusals question.unknown, question.forbidden."""
    permissions.check(by)
    row = _own(by, question_id)
    record(by=by, action="question.dropped", object=f"question:{row.pk}", detail={"query": row.query})
    row.delete()


def _own(by: Scope, question_id: int) -> SavedQuestion:
    row = SavedQuestion.objects.select_for_update().filter(pk=question_id, owner_id=by.user_id).first()
    if row is None:
        raise unknown()
    return row
