"""Who prepares an act that merges or splits units, and who signs it: one table."""

from enum import StrEnum

from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.accounts.states import Role
from haicap.core.errors import Refusal
from haicap.units.mergers import unknown
from haicap.units.places import Place


class Act(StrEnum):
    VIEW = "view"
    PREPARE = "prepare"
    SIGN = "sign"
    UNDO = "undo"


MAY: dict[Act, frozenset[Role]] = {
    Act.VIEW: frozenset({Role.PROVINCE_OFFICE, Role.PROVINCE_LEADER}),
    Act.PREPARE: frozenset({Role.PROVINCE_OFFICE}),
    Act.SIGN: frozenset({Role.PROVINCE_LEADER}),
    Act.UNDO: frozenset({Role.PROVINCE_LEADER}),
}


def can(scope: Scope, act: Act, province: Place) -> bool:
    """The role in exactly this province; a signature lent for a day does not reach this far."""
    return any(
        grant.role in MAY[act] and grant.unit_id == province.id and not grant.delegated
        for grant in scope.grants
    )


def check(scope: Scope, act: Act, province: Place) -> None:
    """Refusal merger.unknown for a stranger, merger.not_yours for somebody who may look but not do it."""
    if not can(scope, Act.VIEW, province):
        raise unknown()
    if not can(scope, act, province):
        words = gettext_lazy("Văn phòng tỉnh lập hồ sơ; lãnh đạo tỉnh ký và hoàn tác.")
        raise Refusal("merger.not_yours", words, act=act.value)
