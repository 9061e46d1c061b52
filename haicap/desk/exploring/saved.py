"""Saved questions, read: one's own, and those that colleagues of one's own units share."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext_lazy

from haicap.accounts import queries as people
from haicap.accounts.scopes import Scope
from haicap.core.errors import Refusal
from haicap.desk.models import SavedQuestion


@dataclass(frozen=True)
class Saved:
    """`by`: the colleague who shares it; "" for one's own."""

    id: int
    name: str
    query: str
    shared: bool
    by: str = ""

    @property
    def own(self) -> bool:
        return not self.by


def seen_by(scope: Scope) -> list[Saved]:
    """Own ones first, then the colleagues' by name. Two queries."""
    colleagues = _colleagues(scope)
    rows = SavedQuestion.objects.filter(
        Q(owner_id=scope.user_id) | Q(owner_id__in=list(colleagues), shared=True)
    ).order_by("name", "id")
    found = [
        Saved(row.pk, row.name, row.query, row.shared, colleagues.get(row.owner_id, ""))
        if row.owner_id != scope.user_id
        else Saved(row.pk, row.name, row.query, row.shared)
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.own)


def one(scope: Scope, id: int) -> Saved:
    """Refusal question.unknown, for what is not there as for what is nobody else's business."""
    found = next((each for each in seen_by(scope) if each.id == id), None)
    if found is None:
        raise unknown()
    return found


def unknown() -> Refusal:
    return Refusal("question.unknown", gettext_lazy("Không có câu hỏi này."))


def own_units(scope: Scope) -> list[int]:
    """Units in which the person sits; a signature lent for a day makes no colleague."""
    return sorted({grant.unit_id for grant in scope.grants if not grant.delegated})


def _colleagues(scope: Scope) -> dict[int, str]:
    """Who sits in the same units today: user id → name."""
    seats = people.seats_in(own_units(scope))
    return {seat.user_id: seat.name or seat.username for seat in seats if seat.user_id != scope.user_id}
