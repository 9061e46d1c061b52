"""Appointing, handing over, standing in: what is written, what is refused, what the log says."""

from datetime import date, timedelta

import pytest

from haicap.accounts import actions, queries
from haicap.accounts.models import Holding, User
from haicap.accounts.scopes import scope_of
from haicap.accounts.states import Role
from haicap.audit import queries as audit
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units.actions.stamp import touch
from haicap.units.models import Unit
from tests.cast import BY, PASSWORD, Cast, World, position_of

pytestmark = pytest.mark.django_db

DAY = date(2026, 10, 15)


def refusal(code: str) -> object:
    """A refusal with this code and words for the reader."""
    return pytest.raises(Refusal, check=lambda error: error.code == code and bool(str(error.message)))


def test_hand_over_moves_the_person_and_leaves_the_position(cast: Cast, world: World) -> None:
    position = position_of(cast.commune_officer)
    newcomer = actions.create_user(by=cast.office, username="newcomer", name="Người mới")
    actions.hand_over(by=cast.office, position_id=position, to=newcomer, on=DAY, reason="chuyển công tác")
    before, after = queries.seat(position, on=DAY - timedelta(days=1)), queries.seat(position, on=DAY)
    assert before is not None
    assert after is not None
    assert (before.user_id, after.user_id) == (cast.commune_officer.pk, newcomer.pk)
    assert (before.role, before.unit_id) == (after.role, after.unit_id)
    assert scope_of(cast.commune_officer, on=DAY).grants == ()
    assert scope_of(newcomer, on=DAY).holds(Role.COMMUNE_OFFICER, world.place("24505"))
    event = audit.history(f"position:{position}")[0]
    assert (event.action, event.by, event.reason) == (
        "position.handed_over",
        cast.office.ref,
        "chuyển công tác",
    )
    assert event.detail == {"from": cast.commune_officer.pk, "to": newcomer.pk, "on": "2026-10-15"}
    assert Holding.objects.get(position_id=position, user=newcomer).predecessor_id is not None


def test_every_day_has_one_holder_through_a_chain_of_hand_overs(cast: Cast) -> None:
    position = position_of(cast.commune_officer)
    people = [cast.nobody, cast.commune_officer, cast.nobody]
    for number, person in enumerate(people):
        actions.hand_over(by=BY, position_id=position, to=person, on=DAY + timedelta(days=number))
    for number in range(-2, 5):
        day = DAY + timedelta(days=number)
        holders = Holding.objects.filter(position_id=position, starts__lte=day).exclude(ends__lte=day)
        assert holders.count() == 1


def test_hand_over_ends_what_the_predecessor_had_lent(cast: Cast) -> None:
    position = position_of(cast.commune_leader)
    with clock.frozen("2026-10-10T08:00"):
        actions.delegate(
            by=BY, position_id=position, to=cast.commune_deputy, first=DAY, last=DAY + timedelta(days=5)
        )
        actions.delegate(by=BY, position_id=position, to=cast.commune_deputy, first=DAY + timedelta(days=10))
        actions.hand_over(by=BY, position_id=position, to=cast.nobody, on=DAY + timedelta(days=2))
        (left,) = queries.lent_from([position])
    assert left.ends == DAY + timedelta(days=2)


def test_hand_over_refuses(cast: Cast) -> None:
    position = position_of(cast.commune_officer)
    with refusal("position.same"):
        actions.hand_over(by=BY, position_id=position, to=cast.commune_officer)
    with refusal("position.too_early"):
        actions.hand_over(by=BY, position_id=position, to=cast.nobody, on=date(2025, 7, 1))
    with refusal("position.unknown"):
        actions.hand_over(by=BY, position_id=10**9, to=cast.nobody)
    actions.vacate(by=BY, position_id=position)
    with refusal("position.empty"):
        actions.hand_over(by=BY, position_id=position, to=cast.nobody)
    actions.deactivate(by=BY, user=cast.nobody)
    with refusal("user.inactive"):
        actions.hand_over(by=BY, position_id=position_of(cast.commune_leader), to=cast.nobody)


def test_an_empty_chair_can_be_filled_and_keeps_its_id(cast: Cast, world: World) -> None:
    position = position_of(cast.commune_officer)
    unit = world["24505"]
    role = Role.COMMUNE_OFFICER
    with refusal("position.taken"):
        actions.appoint(by=BY, user=cast.nobody, role=role, unit_id=unit, position_id=position)
    actions.vacate(by=BY, position_id=position)
    with refusal("position.unknown"):
        actions.appoint(by=BY, user=cast.nobody, role=Role.VIEWER, unit_id=unit, position_id=position)
    same = actions.appoint(by=BY, user=cast.nobody, role=role, unit_id=unit, position_id=position)
    assert same == position
    seat = queries.seat(position)
    assert seat is not None
    assert seat.user_id == cast.nobody.pk


def test_appoint_refuses(cast: Cast, world: World) -> None:
    with refusal("position.level"):
        actions.appoint(by=BY, user=cast.nobody, role=Role.COMMUNE_LEADER, unit_id=world["66"])
    with refusal("position.level"):
        actions.appoint(by=BY, user=cast.nobody, role=Role.PROVINCE_OFFICE, unit_id=world["24505"])
    with refusal("position.twice"):
        actions.appoint(by=BY, user=cast.leader, role=Role.PROVINCE_LEADER, unit_id=world["66"])
    with refusal("unit.unknown"):
        actions.appoint(by=BY, user=cast.nobody, role=Role.VIEWER, unit_id=10**9)
    with refusal("accounts.self"):
        actions.appoint(by=cast.office, user=cast.office, role=Role.PROVINCE_LEADER, unit_id=world["66"])
    Unit.objects.filter(pk=world["24505"]).update(valid_to=DAY)
    touch()
    with refusal("unit.closed"):
        actions.appoint(by=BY, user=cast.nobody, role=Role.VIEWER, unit_id=world["24505"], starts=DAY)


def test_nobody_may_speak_in_the_name_of_the_system_by_a_crooked_ref(cast: Cast, world: World) -> None:
    class Crooked:
        ref = "system:demo"

    for by in (Crooked(), "user:1", "office"):
        with refusal("accounts.forbidden"):
            actions.appoint(by=by, user=cast.nobody, role=Role.VIEWER, unit_id=world["66"])


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (DAY, DAY - timedelta(days=1), "delegation.days"),
        (date(2026, 10, 1), date(2026, 10, 2), "delegation.past"),
        (DAY, DAY + timedelta(days=31), "delegation.long"),
    ],
)
def test_delegation_days(cast: Cast, first: date, last: date, code: str) -> None:
    with clock.frozen("2026-10-10T08:00"), refusal(code):
        actions.delegate(
            by=BY,
            position_id=position_of(cast.commune_leader),
            to=cast.commune_deputy,
            first=first,
            last=last,
        )


def test_only_the_deputy_of_the_same_unit_stands_in(cast: Cast) -> None:
    position = position_of(cast.commune_leader)
    for person in (cast.commune_officer, cast.other_deputy, cast.nobody, cast.commune_leader):
        with refusal("delegation.deputy"):
            actions.delegate(by=BY, position_id=position, to=person, first=clock.today())
    with refusal("delegation.role"):
        actions.delegate(by=BY, position_id=position_of(cast.leader), to=cast.analyst, first=clock.today())


def test_delegations_do_not_overlap_unless_withdrawn(cast: Cast, world: World) -> None:
    position, today = position_of(cast.commune_leader), clock.today()
    call = {"by": cast.commune_leader, "position_id": position, "to": cast.commune_deputy, "first": today}
    first = actions.delegate(**call)
    with refusal("delegation.overlap"):
        actions.delegate(**call)
    actions.withdraw_delegation(by=cast.commune_leader, delegation_id=first)
    actions.withdraw_delegation(by=cast.commune_leader, delegation_id=first)
    assert not scope_of(cast.commune_deputy).holds(Role.COMMUNE_LEADER, world.place("24505"))
    actions.delegate(**call)
    assert scope_of(cast.commune_deputy).holds(Role.COMMUNE_LEADER, world.place("24505"))
    said = [row.action for row in audit.history(f"position:{position}")]
    assert said == [
        "position.delegated", "position.delegation_withdrawn", "position.delegated", "position.appointed",
    ]  # fmt: skip
    with refusal("accounts.forbidden"):
        actions.withdraw_delegation(by=cast.other_leader, delegation_id=first)
    with refusal("delegation.unknown"):
        actions.withdraw_delegation(by=BY, delegation_id=10**9)


def test_deactivation_empties_the_chairs_and_keeps_the_person(cast: Cast) -> None:
    position = position_of(cast.commune_officer)
    actions.deactivate(by=cast.office, user=cast.commune_officer, reason="nghỉ hưu")
    actions.deactivate(by=cast.office, user=cast.commune_officer)
    assert queries.seat(position) is None
    assert User.objects.get(pk=cast.commune_officer.pk).is_active is False
    events = [row for row in audit.history(cast.commune_officer.ref) if row.action == "user.deactivated"]
    assert [(row.reason, row.detail) for row in events] == [("nghỉ hưu", {"positions": [position]})]


def test_nobody_closes_his_own_account(cast: Cast) -> None:
    with refusal("accounts.self"):
        actions.deactivate(by=cast.office, user=cast.office)


def test_a_leader_between_two_seats_is_not_anybodys(cast: Cast) -> None:
    """No seat today: the seats of before decide who may set the password."""
    Holding.objects.filter(user=cast.commune_leader).update(ends=clock.today())
    with refusal("accounts.forbidden"):
        actions.set_password(by=cast.stranger_office, user=cast.commune_leader, password=PASSWORD)
    actions.set_password(by=cast.office, user=cast.commune_leader, password=PASSWORD)
    actions.set_password(by=cast.stranger_office, user=cast.nobody, password=PASSWORD)


def test_usernames_are_one_per_person_whatever_the_capitals(cast: Cast) -> None:
    for name in ("leader", "LEADER", " Leader "):
        with refusal("user.taken"):
            actions.create_user(by=BY, username=name)
    for name in ("", "two words", "a/b"):
        with refusal("user.username"):
            actions.create_user(by=BY, username=name)
    with refusal("user.language"):
        actions.create_user(by=BY, username="x", language="fr")
    with refusal("user.password"):
        actions.create_user(by=BY, username="x", password="123")
    assert queries.by_username("LEADER") == cast.leader
    with refusal("user.unknown"):
        queries.by_username("x")


def test_passwords_are_hashed_with_argon2(cast: Cast) -> None:
    user = actions.create_user(by=BY, username="x", password=PASSWORD)
    assert user.password.startswith("argon2")
    assert user.check_password(PASSWORD)
    assert not actions.create_user(by=BY, username="y").has_usable_password()


def test_settings_are_ones_own_and_the_same_choice_writes_nothing(cast: Cast) -> None:
    actions.set_language(by=cast.leader, user=cast.leader, language="bn")
    actions.set_language(by=cast.leader, user=cast.leader, language="bn")
    actions.set_text_size(by=cast.leader, user=cast.leader, size=150)
    with refusal("accounts.forbidden"):
        actions.set_language(by=cast.office, user=cast.leader, language="en")
    with refusal("user.language"):
        actions.set_language(by=cast.leader, user=cast.leader, language="fr")
    with refusal("user.text_size"):
        actions.set_text_size(by=cast.leader, user=cast.leader, size=99)
    cast.leader.refresh_from_db()
    assert (cast.leader.language, cast.leader.text_size) == ("bn", 150)
    said = [row.action for row in audit.done_by(cast.leader.ref)]
    assert said == ["user.text_size", "user.language"]


def test_names_for_refs(cast: Cast) -> None:
    found = queries.names([cast.leader.ref, cast.leader.ref, "system:demo", "user:999999"])
    assert found == {cast.leader.ref: "Người leader"}


def test_who_sits_in_a_unit(cast: Cast, world: World) -> None:
    seats = queries.seats_in([world["24505"]])
    assert {seat.role for seat in seats} == {Role.COMMUNE_LEADER, Role.COMMUNE_DEPUTY, Role.COMMUNE_OFFICER}
    (leader,) = queries.seats_in([world["24505"], world["66"]], role=Role.COMMUNE_LEADER)
    assert leader.username == "commune_leader"
    assert queries.deputies(position_of(cast.leader)) == []
