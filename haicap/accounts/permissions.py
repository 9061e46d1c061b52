"""Who may do what to whom in this room: one table, asked by pages, actions and tests alike."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal

from .scopes import Place, Scope
from .states import Role


class Act(StrEnum):
    CREATE_USER = "create_user"
    APPOINT = "appoint"
    HAND_OVER = "hand_over"
    DEACTIVATE = "deactivate"
    SET_PASSWORD = "set_password"  # noqa: S105 (the name of an act, not a secret)
    DELEGATE = "delegate"


class Reach(StrEnum):
    OWN = "own"  # exactly the unit of the role
    BELOW = "below"  # the unit of the role and everything under it


MAY: dict[Act, dict[Role, Reach]] = {
    Act.CREATE_USER: {Role.PROVINCE_OFFICE: Reach.BELOW},
    Act.APPOINT: {Role.PROVINCE_OFFICE: Reach.BELOW},
    Act.HAND_OVER: {Role.PROVINCE_OFFICE: Reach.BELOW},
    Act.DEACTIVATE: {Role.PROVINCE_OFFICE: Reach.BELOW},
    Act.SET_PASSWORD: {Role.PROVINCE_OFFICE: Reach.BELOW},
    Act.DELEGATE: {Role.PROVINCE_OFFICE: Reach.BELOW, Role.COMMUNE_LEADER: Reach.OWN},
}


def can(scope: Scope, act: Act, place: Place) -> bool:
    """A delegated role signs reports; it does not hand out power, so only own positions count here."""
    for grant in scope.grants:
        reach = MAY[act].get(grant.role)
        if reach is None or grant.delegated:
            continue
        if grant.unit_id == place.id or (reach is Reach.BELOW and grant.covers(place)):
            return True
    return False


def check(scope: Scope, act: Act, place: Place) -> None:
    if not can(scope, act, place):
        raise Refusal("accounts.forbidden", gettext_lazy("Chức vụ của bạn không cho phép làm việc này."))
