"""Who may do what to whom: role × action × own, below, beside, above, elsewhere, as one table."""

import pytest

from haicap.accounts import actions, permissions, scopes
from haicap.accounts.permissions import Act
from haicap.accounts.states import DEPUTIES, LEVELS, Role
from haicap.core import clock
from haicap.core.errors import Refusal
from tests.cast import Cast, World, position_of

pytestmark = pytest.mark.django_db

# person of the cast → unit where the act happens → allowed acts. What is not named is refused.
PLACES = {
    "commune": "24505",
    "beside": "22015",
    "province": "66",
    "other province": "01",
    "far": "00466",
    "country": "00",
}
OFFICE = {Act.CREATE_USER, Act.APPOINT, Act.HAND_OVER, Act.DEACTIVATE, Act.SET_PASSWORD, Act.DELEGATE}
ALLOWED: dict[tuple[str, str], set[Act]] = {
    ("office", "province"): OFFICE,
    ("office", "commune"): OFFICE,
    ("office", "beside"): OFFICE,
    ("stranger_office", "other province"): OFFICE,
    ("stranger_office", "far"): OFFICE,
    ("commune_leader", "commune"): {Act.DELEGATE},
    ("other_leader", "beside"): {Act.DELEGATE},
}
PEOPLE = [
    "leader", "office", "analyst", "viewer", "commune_leader", "commune_deputy", "commune_officer",
    "other_leader", "stranger_office", "stranger", "nobody",
]  # fmt: skip


@pytest.mark.parametrize("person", PEOPLE)
def test_truth_table(person: str, cast: Cast, world: World) -> None:
    scope = scopes.scope_of(getattr(cast, person))
    found = {
        where: {act for act in Act if permissions.can(scope, act, world.place(code))}
        for where, code in PLACES.items()
    }
    assert found == {where: ALLOWED.get((person, where), set()) for where in PLACES}


def test_every_act_has_somebody_and_check_says_why(cast: Cast, world: World) -> None:
    assert set(permissions.MAY) == set(Act)
    assert all(permissions.MAY[act] for act in Act)
    with pytest.raises(Refusal) as caught:
        permissions.check(scopes.scope_of(cast.viewer), Act.APPOINT, world.place("66"))
    assert caught.value.code == "accounts.forbidden"


def test_a_delegated_role_hands_out_no_power(cast: Cast, world: World) -> None:
    today = clock.today()
    actions.delegate(
        by=cast.commune_leader,
        position_id=position_of(cast.commune_leader),
        to=cast.commune_deputy,
        first=today,
    )
    scope = scopes.scope_of(cast.commune_deputy)
    assert scope.holds(Role.COMMUNE_LEADER, world.place("24505"))
    assert not permissions.can(scope, Act.DELEGATE, world.place("24505"))


def test_every_role_has_a_level_and_deputies_are_no_officers() -> None:
    assert set(LEVELS) == set(Role)
    assert all(Role.COMMUNE_OFFICER not in allowed for allowed in DEPUTIES.values())


# Every action asks: (action, who calls) → refusal code, or None when it goes through.
CALLS = ["appoint", "hand_over", "vacate", "deactivate", "set_password", "create_user", "delegate"]
ACTORS = {
    "office": {"appoint", "hand_over", "vacate", "deactivate", "set_password", "create_user", "delegate"},
    "stranger_office": {"create_user"},
    "commune_leader": {"delegate"},
    "leader": set(),
    "commune_officer": set(),
    "stranger": set(),
    "nobody": set(),
}


@pytest.mark.parametrize("action", CALLS)
@pytest.mark.parametrize("actor", ACTORS)
def test_actions_ask_before_they_write(action: str, actor: str, cast: Cast, world: World) -> None:
    by = getattr(cast, actor)
    target = cast.commune_officer if actor != "commune_officer" else cast.commune_deputy
    calls = {
        "appoint": lambda: actions.appoint(by=by, user=target, role=Role.VIEWER, unit_id=world["24505"]),
        "hand_over": lambda: actions.hand_over(
            by=by, position_id=position_of(cast.commune_leader), to=target
        ),
        "vacate": lambda: actions.vacate(by=by, position_id=position_of(target)),
        "deactivate": lambda: actions.deactivate(by=by, user=target),
        "set_password": lambda: actions.set_password(by=by, user=target, password="mot cau dai hon 8"),
        "create_user": lambda: actions.create_user(by=by, username="new-one"),
        "delegate": lambda: actions.delegate(
            by=by,
            position_id=position_of(cast.commune_leader),
            to=cast.commune_deputy,
            first=clock.today(),
        ),
    }
    if action in ACTORS[actor]:
        calls[action]()
        return
    with pytest.raises(Refusal) as caught:
        calls[action]()
    assert caught.value.code == "accounts.forbidden"
