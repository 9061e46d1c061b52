"""Who looks after the messages of a unit: its office, with a position of its own there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.accounts.states import Role
from haicap.core.errors import Refusal
from haicap.units.queries import Place


def is_office(scope: Scope, place: Place) -> bool:
    return scope.holds(Role.PROVINCE_OFFICE, place)


def check_office(scope: Scope, place: Place) -> None:
    """Refusal notify.not_yours."""
    if not is_office(scope, place):
        raise Refusal("notify.not_yours", gettext_lazy("Chỉ văn phòng điều phối của tỉnh làm được việc này."))


def offices(scope: Scope) -> tuple[int, ...]:
    """The units whose messages this person looks after."""
    return tuple(grant.unit_id for grant in scope.grants if grant.role is Role.PROVINCE_OFFICE)
