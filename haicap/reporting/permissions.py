"""May this person do it? A table of roles; whether the report is in a state that allows it is for policies.

A stranger, somebody whose positions do not cover the unit, learns nothing: "report.unknown", shown as 404.
Somebody who may look but not do it gets "report.not_yours" with the reason in words.
"""

from datetime import date

from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Grant, Scope
from haicap.accounts.states import Role
from haicap.core.errors import Refusal
from haicap.units import lineage
from haicap.units import queries as units
from haicap.units.queries import Place

from .states import Act

# Held in exactly this unit: the officer fills, the leader signs. A deputy signs on the days on which the
# leader's position was delegated; the scope then holds the leader's role.
OWN_UNIT: dict[Act, frozenset[Role]] = {
    Act.FILL: frozenset({Role.COMMUNE_OFFICER}),
    Act.SAY_READY: frozenset({Role.COMMUNE_OFFICER}),
    Act.HAND_BACK: frozenset({Role.COMMUNE_LEADER, Role.COMMUNE_OFFICER}),
    Act.SUBMIT: frozenset({Role.COMMUNE_LEADER}),
}
# Held in a unit above it.
FROM_ABOVE: dict[Act, frozenset[Role]] = {
    Act.RETURN: frozenset({Role.PROVINCE_OFFICE}),
    Act.ACCEPT: frozenset({Role.PROVINCE_OFFICE}),
    Act.LOCK: frozenset({Role.PROVINCE_OFFICE}),
    Act.REOPEN: frozenset({Role.PROVINCE_LEADER}),
}

# Bring figures in for units under their own, by file or by key.
TAKES_IN = frozenset({Role.PROVINCE_OFFICE, Role.SOURCE})

# Who may bring a file of another system in: the same two that a batch may come from.
READS_FOREIGN = frozenset({Role.PROVINCE_OFFICE, Role.COMMUNE_OFFICER})

# Who may say that a figure of the system is wrong, in the unit itself; and who decides, from above.
DISPUTES = frozenset({Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER})
DECIDES_DISPUTES = frozenset({Role.PROVINCE_OFFICE, Role.PROVINCE_LEADER})

WHO = {
    Act.FILL: gettext_lazy("Chỉ công chức của xã nhập được số."),
    Act.SAY_READY: gettext_lazy("Chỉ công chức của xã chuyển báo cáo cho lãnh đạo."),
    Act.HAND_BACK: gettext_lazy("Chỉ lãnh đạo hoặc công chức của xã đưa báo cáo về bước nhập."),
    Act.SUBMIT: gettext_lazy("Chỉ lãnh đạo xã, hoặc cấp phó được ủy quyền hôm nay, gửi được báo cáo."),
    Act.RETURN: gettext_lazy("Chỉ đơn vị duyệt của tỉnh trả lại được báo cáo."),
    Act.ACCEPT: gettext_lazy("Chỉ đơn vị duyệt của tỉnh duyệt được báo cáo."),
    Act.LOCK: gettext_lazy("Chỉ đơn vị duyệt của tỉnh khóa được báo cáo."),
    Act.REOPEN: gettext_lazy("Chỉ lãnh đạo tỉnh mở lại được báo cáo đã duyệt hoặc đã khóa."),
}


def can_view(scope: Scope, place: Place) -> bool:
    return scope.sees(place)


def check_view(scope: Scope, place: Place) -> None:
    """Refusal report.unknown: the same answer as for a report that does not exist."""
    if not can_view(scope, place):
        raise unknown()


def unknown() -> Refusal:
    return Refusal("report.unknown", gettext_lazy("Không có báo cáo này."))


def can(scope: Scope, act: Act, place: Place) -> bool:
    return acting(scope, act, place) is not None


def acting(scope: Scope, act: Act, place: Place) -> Grant | None:
    """The position in which this person does it: an own one before a delegated one; None when there is
    none."""
    if act in OWN_UNIT:
        own = responsible(place)
        return next((g for g in scope.grants if g.role in OWN_UNIT[act] and g.unit_id == own.id), None)
    above = (g for g in scope.grants if g.unit_id != place.id and g.covers(place))
    return next((grant for grant in above if grant.role in FROM_ABOVE[act]), None)


def responsible(place: Place) -> Place:
    """Whose people work on the reports of this unit: its own, or those of the heir that its act names."""
    heir = lineage.heir_of(place.id) if place.valid_to is not None else None
    return place if heir is None else units.by_id(heir)


def check(scope: Scope, act: Act, place: Place) -> None:
    """Refusal report.unknown for a stranger, report.not_yours for a reader without that role."""
    check_view(scope, place)
    if not can(scope, act, place):
        raise Refusal("report.not_yours", WHO[act], act=act.value)


def check_intake(scope: Scope, place: Place) -> None:
    """May a batch bring figures of this unit? The officer for the own unit; from above the office, which may
    then not accept them, and systems with a key. Refusal report.unknown or report.not_yours."""
    check_view(scope, place)
    if can(scope, Act.FILL, place):
        return
    if not any(grant.role in TAKES_IN and grant.covers(place) for grant in scope.grants):
        raise Refusal("report.not_yours", WHO[Act.FILL], act=Act.FILL.value)


def disputing(scope: Scope, place: Place) -> Grant | None:
    """The position in which this person may dispute a figure of this unit."""
    own = responsible(place)
    return next((g for g in scope.grants if g.role in DISPUTES and g.unit_id == own.id), None)


def check_dispute(scope: Scope, place: Place) -> Grant:
    """Refusal report.unknown or report.not_yours."""
    check_view(scope, place)
    grant = disputing(scope, place)
    if grant is None:
        text = gettext_lazy("Chỉ công chức hoặc lãnh đạo của xã nêu ý kiến về số này.")
        raise Refusal("report.not_yours", text)
    return grant


def can_decide_dispute(scope: Scope, place: Place) -> bool:
    above = (g for g in scope.grants if g.unit_id != place.id and g.covers(place))
    return any(g.role in DECIDES_DISPUTES for g in above)


def check_decide_dispute(scope: Scope, place: Place) -> None:
    """Refusal report.unknown or report.not_yours."""
    check_view(scope, place)
    if not can_decide_dispute(scope, place):
        raise Refusal(
            "report.not_yours", gettext_lazy("Chỉ đơn vị duyệt của tỉnh quyết định được ý kiến này.")
        )


def can_read_foreign(scope: Scope) -> bool:
    return any(grant.role in READS_FOREIGN for grant in scope.grants)


def foreign_home(scope: Scope) -> Place:
    """The unit in whose name this person reads files of other systems. Refusal mapping.not_yours."""
    grant = next((one for one in scope.grants if one.role in READS_FOREIGN), None)
    if grant is None:
        raise Refusal(
            "mapping.not_yours",
            gettext_lazy(
                "Chỉ văn phòng điều phối của tỉnh và công chức của xã nhập được tệp của hệ thống khác."
            ),
        )
    return units.by_id(grant.unit_id)


def foreign_reach(scope: Scope, on: date) -> tuple[Place, ...]:
    """The units whose figures this person may bring: the own one for an officer, all below for an office."""
    found: dict[int, Place] = {}
    for grant in scope.grants:
        if grant.role is Role.COMMUNE_OFFICER:
            found[grant.unit_id] = units.by_id(grant.unit_id)
        elif grant.role in READS_FOREIGN:
            found |= units.by_ids(units.subtree_ids(grant.unit_id, on) - {grant.unit_id})
    return tuple(sorted(found.values(), key=lambda place: (place.level, place.code)))
