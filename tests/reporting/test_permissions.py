"""Role × act × own, other and parent unit, as truth tables."""

import pytest

from haicap.accounts.scopes import Grant, Scope, scope_of
from haicap.accounts.states import Role
from haicap.core.errors import Refusal
from haicap.reporting import permissions
from haicap.reporting.states import Act
from haicap.units.places import Place
from tests.cast import Cast, World

F, R, H, S, T, A, L, O = (  # noqa: E741
    Act.FILL, Act.SAY_READY, Act.HAND_BACK, Act.SUBMIT, Act.RETURN, Act.ACCEPT, Act.LOCK, Act.REOPEN,
)  # fmt: skip

# Who may do what in 24505; everything that is not here is refused.
IN_24505: dict[str, set[Act]] = {
    "leader": {O},
    "office": {T, A, L},
    "analyst": set(),
    "viewer": set(),
    "commune_leader": {H, S},
    "commune_deputy": set(),
    "commune_officer": {F, R, H},
    "other_leader": set(),
    "other_deputy": set(),
    "other_officer": set(),
    "stranger_office": set(),
    "stranger": set(),
    "nobody": set(),
}
SEES_24505 = {
    "leader", "office", "analyst", "viewer", "commune_leader", "commune_deputy", "commune_officer",
}  # fmt: skip


def acts(scope: Scope, place: Place) -> set[Act]:
    return {act for act in Act if permissions.can(scope, act, place)}


def test_in_a_commune(cast: Cast, world: World) -> None:
    place = world.place("24505")
    assert {who: acts(scope_of(getattr(cast, who)), place) for who in IN_24505} == IN_24505


def test_who_sees(cast: Cast, world: World) -> None:
    place = world.place("24505")
    assert {
        who for who in IN_24505 if permissions.can_view(scope_of(getattr(cast, who)), place)
    } == SEES_24505


@pytest.mark.parametrize("who", ["commune_leader", "commune_deputy", "commune_officer"])
def test_commune_people_do_nothing_elsewhere(cast: Cast, world: World, who: str) -> None:
    scope = scope_of(getattr(cast, who))
    assert not any(acts(scope, world.place(code)) for code in ("66", "22015", "00466"))


@pytest.mark.parametrize("who", ["leader", "office"])
def test_the_province_decides_below_itself_only(cast: Cast, world: World, who: str) -> None:
    scope = scope_of(getattr(cast, who))
    assert acts(scope, world.place("22015")) == IN_24505[who]
    assert not any(acts(scope, world.place(code)) for code in ("66", "00466", "01"))


@pytest.mark.parametrize("role", [Role.COMMUNE_OFFICER, Role.COMMUNE_LEADER])
def test_a_commune_role_over_a_province_is_no_commune_role(world: World, role: Role) -> None:
    place = world.place("66")
    scope = Scope(1, "user:1", (Grant(role, place.id, place.path),))
    assert not any(permissions.can(scope, act, world.place("24505")) for act in Act)


@pytest.mark.parametrize(("who", "code"), [("stranger", "report.unknown"), ("viewer", "report.not_yours")])
def test_a_stranger_gets_no_hint(cast: Cast, world: World, who: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        permissions.check(scope_of(getattr(cast, who)), Act.ACCEPT, world.place("24505"))
    assert refusal.value.code == code
