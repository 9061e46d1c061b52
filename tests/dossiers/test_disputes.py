""" "Not this unit's fault": raised, decided by other people, and what it changes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from haicap.accounts.models import User
from haicap.accounts.scopes import scope_of
from haicap.audit.models import PendingSlice
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.dossiers import facts
from haicap.dossiers.actions import disputing
from haicap.dossiers.models import Dispute, Dossier, DossierVersion, SignalRules
from haicap.dossiers.queries.timely import Tally, Window, tallies
from haicap.dossiers.stages import DisputeState
from haicap.dossiers.views import disputes
from haicap.notify.models import Notice
from haicap.units import queries as units
from tests.desk.merging import merged, signed

from .rows import NOW, Desk, imported
from .test_queue import signed_in

OCTOBER = periods.parse("2026-10", periods.Rule.CALENDAR)
WHY = "Hệ thống tỉnh đồng bộ chậm hai ngày"


@dataclass
class Late:
    room: Desk
    ids: list[int]

    def raise_(self, user: User | None = None, **given: Any) -> int:
        who = user or self.room.cast.commune_officer
        told = {"unit_id": self.room.world["24505"], "dossiers": self.ids, "cause": "sync", "reason": WHY}
        return disputing.dispute(by=who.ref, scope=scope_of(who), **(told | given))

    def tally(self) -> Tally:
        unit = self.room.world["24505"]
        found = tallies([unit], Window.of(OCTOBER, NOW), "unit_id")
        return sum(found.values(), Tally())


@pytest.fixture
def late(room: Desk) -> Late:
    ids = [one.key for one in room.many(3, finished="27/10 08:00", blame="unit")]
    ids.append(room.dossier(blame="unit").key)
    room.many(6, finished="20/10 08:00")
    room.save()
    return Late(room, list(Dossier.objects.filter(key__in=ids).values_list("id", flat=True)))


def decide(act: str, user: User, dispute: int, **given: object) -> object:
    return getattr(disputing, act)(by=user.ref, scope=scope_of(user), dispute=dispute, **given)


def test_an_accepted_dispute_moves_the_attributable_rate_alone(late: Late) -> None:
    before = late.tally()
    assert before.official == before.attributable == Decimal(600) / 10
    made = late.raise_()
    assert late.tally() == before
    decide("accept", late.room.cast.office, made)
    after = late.tally()
    assert after.official == before.official
    assert after.attributable == 100
    assert (after.not_ours, after.own_judged) == (4, 6)
    assert {row.blame for row in facts.dossier_rows() if row.late} == {"sync"}


def test_what_stood_before_is_kept_and_the_warehouse_is_told(late: Late) -> None:
    PendingSlice.objects.all().delete()
    decide("accept", late.room.cast.office, late.raise_())
    kept = DossierVersion.objects.filter(dossier__in=late.ids)
    assert {(one.version, one.old["excused"], one.old["blame"]) for one in kept} == {(1, "", "unit")}
    assert set(Dossier.objects.filter(pk__in=late.ids).values_list("version", "excused")) == {(2, "sync")}
    slices = PendingSlice.objects.values_list("room", "form", "period", "unit_id")
    assert set(slices) == {("dossiers", "dossiers", "2026-10", late.room.world["24505"])}


def test_a_dossier_that_moved_meanwhile_is_told_where_it_stands(late: Late) -> None:
    """An import gives it to another commune while the dispute waits: that commune's facts change."""
    made, other = late.raise_(), late.room.world["22015"]
    Dossier.objects.filter(pk=late.ids[0]).update(unit_id=other)
    PendingSlice.objects.all().delete()
    decide("accept", late.room.cast.office, made)
    units_told = set(PendingSlice.objects.values_list("unit_id", flat=True))
    assert units_told == {late.room.world["24505"], other}


def test_a_refused_or_withdrawn_one_changes_nothing_and_may_be_raised_again(late: Late) -> None:
    before = late.tally()
    decide("refuse", late.room.cast.office, late.raise_(), reason="Mốc xử lý cho thấy hồ sơ nằm ở xã")
    decide("withdraw", late.room.cast.commune_leader, late.raise_())
    assert late.tally() == before
    assert late.raise_()
    states = Dispute.objects.order_by("id").values_list("state", flat=True)
    assert list(states) == [DisputeState.REFUSED, DisputeState.WITHDRAWN, DisputeState.RAISED]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"dossiers": []}, "dispute.none"),
        ({"cause": "unit"}, "dispute.cause"),
        ({"reason": "a"}, "reason.missing"),
        ({"dossiers": [999_999]}, "dossiers.unknown"),
    ],
)
def test_bad_ones_are_refused(late: Late, given: dict[str, Any], code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        late.raise_(**given)
    assert refusal.value.code == code
    assert not Dispute.objects.exists()


def test_only_late_ones_of_one_source_and_each_once(late: Late) -> None:
    fine = Dossier.objects.exclude(pk__in=late.ids).values_list("id", flat=True)[0]
    late.room.dossier(source=late.room.plain)
    late.room.save()
    other = Dossier.objects.get(source=late.room.plain).pk
    for extra, code in ((fine, "dispute.not_late"), (other, "dispute.mixed")):
        with pytest.raises(Refusal) as refusal:
            late.raise_(dossiers=[*late.ids, extra])
        assert refusal.value.code == code
    late.raise_(dossiers=late.ids[:1])
    with pytest.raises(Refusal) as refusal:
        late.raise_()
    assert refusal.value.code == "dispute.twice"


@pytest.mark.parametrize(
    ("who", "code"),
    [
        ("stranger", "dossiers.unknown"),
        ("other_officer", "dossiers.unknown"),
        ("commune_deputy", "dossiers.not_yours"),
        ("office", "dossiers.not_yours"),
        ("viewer", "dossiers.not_yours"),
    ],
)
def test_only_the_commune_disputes(late: Late, who: str, code: str) -> None:
    with pytest.raises(Refusal) as refusal:
        late.raise_(getattr(late.room.cast, who))
    assert refusal.value.code == code


class TestManyAtOnce:
    """From `leader_from` dossiers on, two people of the province agree."""

    @pytest.fixture
    def made(self, late: Late) -> int:
        row = SignalRules.objects.get()
        row.content["values"]["disputes"]["leader_from"] = 4
        row.save()
        return late.raise_()

    def test_the_leader_agrees_as_well(self, late: Late, made: int) -> None:
        cast, before = late.room.cast, late.tally()
        assert decide("accept", cast.office, made) is DisputeState.CONFIRMING
        assert late.tally() == before
        assert Notice.objects.filter(code="dispute.confirming").exists()
        with pytest.raises(Refusal) as refusal:
            decide("confirm", cast.office, made, agree=True)
        assert refusal.value.code == "dossiers.not_yours"
        decide("confirm", cast.leader, made, agree=True)
        assert late.tally().attributable == 100

    def test_the_leader_says_no_with_a_reason(self, late: Late, made: int) -> None:
        decide("accept", late.room.cast.office, made)
        with pytest.raises(Refusal) as refusal:
            decide("confirm", late.room.cast.leader, made, agree=False)
        assert refusal.value.code == "reason.missing"
        decide("confirm", late.room.cast.leader, made, agree=False, reason="Cần số liệu đồng bộ")
        assert Dispute.objects.get().state == DisputeState.REFUSED


def test_the_heir_of_a_merged_commune_sees_and_disputes_what_it_left(late: Late, client: Client) -> None:
    room = late.room
    signed(room.cast, room.world, merged(room.world, "24133"))
    heir = units.by_code("24133")
    officer = room.cast.commune_officer
    assert scope_of(officer).grants[0].unit_id == heir.id
    html = signed_in(client, officer).get("/ho-so/").content.decode()
    assert html.count("Ea Knuếc") >= 2
    made = late.raise_()
    assert Notice.objects.filter(
        code="dispute.raised", unit_id=room.world["24505"], unreceived=False
    ).exists()
    decide("accept", room.cast.office, made)
    assert late.tally().attributable == 100


class TestPages:
    def test_from_the_list_to_the_decision(self, late: Late, client: Client) -> None:
        officer = signed_in(client, late.room.cast.commune_officer)
        assert "Gửi đề nghị lên tỉnh" in officer.get("/ho-so/qua-han/").content.decode()
        group = f"{late.room.steps.pk}:unit"
        html = officer.get("/ho-so/tre-han/?ky=2026-10").content.decode()
        assert f'value="{group}"' in html
        typed = {"nhom": group, "tre": "1", "cause": "sync", "reason": WHY}
        answer = officer.post("/ho-so/de-nghi/moi/?ky=2026-10", typed)
        made = Dispute.objects.get()
        page = f"/ho-so/de-nghi/{made.pk}/"
        assert answer["Location"] == page
        assert (made.n, made.state) == (3, "raised")
        office = signed_in(client, late.room.cast.office)
        assert "Chấp nhận" in office.get(page).content.decode()
        office.post(f"{page}accept/", {"version": made.version, "reason": ""})
        made.refresh_from_db()
        assert made.state == "accepted"
        assert "đề nghị được chấp nhận" in office.get(page).content.decode()

    def test_a_refusal_keeps_what_was_typed(self, late: Late, client: Client) -> None:
        officer = signed_in(client, late.room.cast.commune_officer)
        answer = officer.post("/ho-so/de-nghi/moi/", {"cause": "sync", "reason": WHY})
        assert answer.status_code == 409
        assert WHY in answer.content.decode()
        assert "Chưa chọn hồ sơ nào" in answer.content.decode()

    def test_the_file_holds_all_that_the_page_cannot_show(
        self, late: Late, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(disputes, "SHOWN", 1)
        page = f"/ho-so/de-nghi/{late.raise_()}/"
        office = signed_in(client, late.room.cast.office)
        assert office.get(page).content.decode().count("<tr>") == 2
        lines = b"".join(office.get(f"{page}?tai=csv")).decode("utf-8-sig").splitlines()
        assert len(lines) == 1 + len(late.ids)
        assert "Tính đến" in lines[0]
        stranger = signed_in(client, late.room.cast.stranger_office)
        assert stranger.get(f"{page}?tai=csv").status_code == 404

    def test_a_stale_page_decides_nothing(self, late: Late, client: Client) -> None:
        made = late.raise_()
        office = signed_in(client, late.room.cast.office)
        answer = office.post(f"/ho-so/de-nghi/{made}/accept/", {"version": "99"})
        assert answer.status_code == 409
        assert Dispute.objects.get().state == "raised"

    @pytest.mark.parametrize("who", ["stranger", "stranger_office", "other_leader"])
    def test_a_stranger_finds_nothing(self, late: Late, client: Client, who: str) -> None:
        made = late.raise_()
        stranger = signed_in(client, getattr(late.room.cast, who))
        assert stranger.get(f"/ho-so/de-nghi/{made}/").status_code == 404
        assert stranger.post(f"/ho-so/de-nghi/{made}/accept/").status_code == 404
        assert stranger.post("/ho-so/de-nghi/moi/?xa=24505").status_code == 404


def test_an_import_does_not_undo_it(late: Late) -> None:
    """The column belongs to disputes; imports name the columns they write."""
    decide("accept", late.room.cast.office, late.raise_())
    imported(late.room.steps, NOW)
    Dossier.objects.filter(pk__in=late.ids).update(blame="unit")
    assert late.tally().not_ours == 4
