"""An act that merges or splits units: every room carries it in one transaction, and it can be taken back."""

from datetime import date, timedelta

import pytest

from haicap.accounts import actions as people
from haicap.accounts import queries as seats
from haicap.accounts.scopes import scope_of
from haicap.accounts.states import Role
from haicap.api import actions as keys
from haicap.api.models import ApiKey
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.desk.mergers import actions, permissions
from haicap.desk.mergers.permissions import Act
from haicap.units import lineage, mergers, queries
from haicap.units.merging import MergerState
from tests.cast import BY, PEOPLE, Cast, World
from tests.desk import merging
from tests.desk.merging import DAY, merged, prepared, sign, signed, split, undo


@pytest.fixture(autouse=True)
def _today():  # type: ignore[no-untyped-def]
    with clock.frozen("2026-10-27T10:00"):
        yield


WHO = {
    Act.VIEW: {"leader", "office"},
    Act.PREPARE: {"office"},
    Act.SIGN: {"leader"},
    Act.UNDO: {"leader"},
}


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("person", list(PEOPLE))
def test_who_may_do_what(cast: Cast, world: World, person: str, act: Act) -> None:
    scope = scope_of(getattr(cast, person))
    assert permissions.can(scope, act, world.place("66")) == (person in WHO[act])


def test_to_strangers_an_act_does_not_exist(cast: Cast, world: World) -> None:
    id = actions.start(by=cast.office, scope=scope_of(cast.office), owner_id=world["66"])
    with pytest.raises(Refusal) as refused:
        actions.sign(by=cast.stranger_office, scope=scope_of(cast.stranger_office), merger_id=id)
    assert refused.value.code == "merger.unknown"


def test_a_merger_ends_the_old_units_and_begins_the_new_one(cast: Cast, world: World) -> None:
    id = signed(cast, world, merged(world))
    old, other = world.place("24505"), world.place("24133")
    assert old.valid_to == other.valid_to == DAY
    new = queries.by_code("24505", DAY)
    assert (new.id != old.id, new.full_name, new.kind) == (True, "Xã Ea Knuếc", "xa")
    assert new.path == f"{world.place('66').path}{new.id}/"
    assert new.population == 20_000
    assert queries.by_code("24505", DAY - timedelta(days=1)).id == old.id
    assert {(link.old.code, link.share) for link in lineage.predecessors(new.id)} == {
        ("24505", 1),
        ("24133", 1),
    }
    act = mergers.by_id(id)
    assert (act.state, act.signed_by) == (MergerState.SIGNED, cast.leader.ref)
    with pytest.raises(Refusal) as refused:
        queries.by_code("24133", DAY)
    assert refused.value.code == "unit.closed"


def test_people_sit_in_the_new_unit_from_that_day_and_lose_the_old_one(cast: Cast, world: World) -> None:
    signed(cast, world, merged(world))
    new = queries.by_code("24505", DAY)
    assert scope_of(cast.commune_officer, DAY).holds(Role.COMMUNE_OFFICER, new)
    assert not scope_of(cast.commune_officer, DAY).holds(Role.COMMUNE_OFFICER, world.place("24505"))
    before = scope_of(cast.commune_officer, DAY - timedelta(days=1))
    assert before.holds(Role.COMMUNE_OFFICER, world.place("24505"))
    assert {seat.role for seat in seats.seats_in([new.id], on=DAY)} == {
        Role.COMMUNE_LEADER, Role.COMMUNE_DEPUTY, Role.COMMUNE_OFFICER,
    }  # fmt: skip


def test_who_is_not_carried_leaves_and_what_was_lent_lapses(cast: Cast, world: World) -> None:
    chair = seats.seats_of(cast.commune_leader.pk)[0].position_id
    people.delegate(
        by=cast.commune_leader, position_id=chair, to=cast.commune_deputy,
        first=date(2026, 10, 27),
        last=date(2026, 11, 1),
    )  # fmt: skip
    key = f"accounts.seat.{cast.commune_leader.holdings.get().pk}"
    signed(cast, world, merged(world), **{key: "end"})
    assert scope_of(cast.commune_leader).grants == ()
    assert not any(grant.delegated for grant in scope_of(cast.commune_deputy).grants)


def test_nothing_moves_while_something_is_undecided(cast: Cast, world: World) -> None:
    id = prepared(cast, world, merged(world))
    actions.hand_in(by=cast.office, scope=scope_of(cast.office), merger_id=id)
    newcomer = people.create_user(
        by=BY, username="nguoi-moi", name="Người mới", password="mot-mat-khau-dai-2026"
    )
    people.appoint(by=BY, user=newcomer, role=Role.COMMUNE_OFFICER, unit_id=world["24133"])
    before = merging.everything()
    with pytest.raises(Refusal) as refused:
        sign(cast.leader, id)
    assert refused.value.code == "merger.undecided"
    assert "Người mới" in str(refused.value.message)
    assert merging.everything() == before


def test_an_act_is_held_before_it_is_looked_at(
    cast: Cast, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is decided is what was looked at: an act that was sent back meanwhile is not even looked at."""
    id = prepared(cast, world, merged(world))
    monkeypatch.setattr(actions, "preview", lambda change: pytest.fail("looked at before it was held"))
    with pytest.raises(Refusal) as refused:
        sign(cast.leader, id)
    assert refused.value.code == "merger.state"
    with pytest.raises(Refusal) as refused:
        actions.fill(by=cast.office, scope=scope_of(cast.office), merger_id=id, chosen={}, seen_version=0)
    assert refused.value.code == "merger.stale"


def test_the_office_cannot_hand_in_what_it_has_not_decided(cast: Cast, world: World) -> None:
    id = prepared(cast, world, merged(world))
    actions.write(by=cast.office, scope=scope_of(cast.office), merger_id=id, choices={})
    with pytest.raises(Refusal) as refused:
        actions.hand_in(by=cast.office, scope=scope_of(cast.office), merger_id=id)
    assert refused.value.code == "merger.undecided"
    assert mergers.by_id(id).state is MergerState.DRAFT


def test_who_prepared_it_does_not_sign_it(cast: Cast, world: World) -> None:
    people.appoint(by=BY, user=cast.office, role=Role.PROVINCE_LEADER, unit_id=world["66"], starts=DAY)
    id = prepared(cast, world, merged(world))
    actions.hand_in(by=cast.office, scope=scope_of(cast.office), merger_id=id)
    with pytest.raises(Refusal) as refused:
        sign(cast.office, id)
    assert refused.value.code == "merger.own_work"


def test_it_is_signed_on_its_day_not_before(cast: Cast, world: World) -> None:
    id = prepared(cast, world, merged(world), on=date(2026, 10, 28))
    actions.hand_in(by=cast.office, scope=scope_of(cast.office), merger_id=id)
    with pytest.raises(Refusal) as refused:
        sign(cast.leader, id)
    assert refused.value.code == "merger.too_early"
    with clock.frozen("2026-10-28T00:00"):
        sign(cast.leader, id)
    assert mergers.by_id(id).state is MergerState.SIGNED


def test_keys_are_carried_or_revoked_as_decided(cast: Cast, world: World) -> None:
    keys.issue_key(by=BY, label="Một cửa", unit_id=world["24505"])
    keys.issue_key(by=BY, label="Cũ", unit_id=world["24133"])
    gone = ApiKey.objects.get(label="Cũ")
    signed(cast, world, merged(world), **{f"api.key.{gone.pk}": "revoke"})
    assert ApiKey.objects.get(label="Một cửa").unit_id == queries.by_code("24505", DAY).id
    gone.refresh_from_db()
    assert (gone.unit_id, gone.revoked_by) == (world["24133"], cast.leader.ref)


def test_a_split_with_known_parts(cast: Cast, world: World) -> None:
    signed(cast, world, split(world, {"k1": "7.000", "k2": "3.000"}, "people"))
    shares = {link.new.code: link.share for link in lineage.successors(world["24505"])}
    assert {code: str(share) for code, share in shares.items()} == {
        "24505": "0.70000000",
        "99001": "0.30000000",
    }
    assert queries.by_code("24505", DAY).population == 7_000
    assert queries.by_code("99001", DAY).area_km2 is None


def test_a_split_of_unknown_parts_is_not_guessed(cast: Cast, world: World) -> None:
    signed(cast, world, split(world, {"k1": "", "k2": ""}))
    assert {link.share for link in lineage.successors(world["24505"])} == {None}
    assert queries.by_code("24505", DAY).population is None


def test_undone_everything_is_as_it_was(cast: Cast, world: World) -> None:
    keys.issue_key(by=BY, label="Một cửa", unit_id=world["24505"])
    before = merging.everything()
    id = signed(cast, world, merged(world))
    assert merging.everything() != before
    undo(cast.leader, id)
    assert merging.everything() == before
    assert mergers.by_id(id).state is MergerState.UNDONE


def test_undo_is_refused_in_words_when_something_new_hangs_on_it(cast: Cast, world: World) -> None:
    id = signed(cast, world, merged(world))
    new = queries.by_code("24505", DAY)
    newcomer = people.create_user(
        by=BY, username="nguoi-moi", name="Người mới", password="mot-mat-khau-dai-2026"
    )
    people.appoint(by=BY, user=newcomer, role=Role.COMMUNE_OFFICER, unit_id=new.id)
    before = merging.everything()
    with pytest.raises(Refusal) as refused:
        undo(cast.leader, id)
    assert (refused.value.code, bool(str(refused.value.message))) == ("merger.hangs", True)
    assert merging.everything() == before


def test_undo_is_refused_after_the_next_act_on_the_new_unit(cast: Cast, world: World) -> None:
    first = signed(cast, world, merged(world))
    later = signed(cast, world, _again(queries.by_code("24505", DAY).id), on=date(2026, 10, 25))
    with pytest.raises(Refusal) as refused:
        undo(cast.leader, first)
    assert refused.value.code == "merger.hangs"
    undo(cast.leader, later)
    undo(cast.leader, first)
    assert queries.by_code("24505").id == world["24505"]


def _again(id: int) -> merging.Plan:
    one = merging.NewUnit("k1", "24505", "phuong", "Ea Knuếc")
    return merging.Plan((id,), (one,), {id: merging.Gift(amounts={"k1": ""})})
