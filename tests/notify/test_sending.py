"""Who is told, how often, and what happens when there is nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from haicap.accounts import actions as accounts
from haicap.accounts.states import Role
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.notify import actions, queries
from haicap.notify.actions import Outgoing, Seats
from haicap.notify.models import Delivery, Notice, Receipt
from haicap.notify.states import Topic
from tests.cast import Cast, World, position_of

FORM = {"form": "CQS-T", "period": "2026-10", "deadline": "2026-10-21T10:00:00+00:00"}


def tell(world: World, key: str = "k1", role: Role = Role.COMMUNE_LEADER, by: str = "system:test") -> bool:
    return actions.send(
        by=by,
        to=[Seats(world["24505"], role)],
        subject_code="report.late",
        params=FORM,
        link="/bao-cao/",
        key=key,
        unit_id=world["24505"],
    )


def told(user: object) -> int:
    return Receipt.objects.filter(user=user).count()


def test_the_holder_of_a_position_is_told_once(cast: Cast, world: World) -> None:
    assert tell(world) is True
    assert tell(world) is False
    assert (told(cast.commune_leader), Notice.objects.count()) == (1, 1)
    assert told(cast.other_leader) == told(cast.commune_deputy) == 0


def test_the_deputy_is_told_on_the_days_of_the_delegation(cast: Cast, world: World) -> None:
    leader = cast.commune_leader
    accounts.delegate(by=leader, position_id=position_of(leader), to=cast.commune_deputy, first=clock.today())
    tell(world)
    assert (told(leader), told(cast.commune_deputy)) == (1, 1)
    with clock.frozen(clock.now() + timedelta(days=2)):
        tell(world, key="k2")
    assert (told(leader), told(cast.commune_deputy)) == (2, 1)


def test_nobody_is_told_what_they_did_themselves(cast: Cast, world: World) -> None:
    tell(world, by=cast.commune_leader.ref)
    assert told(cast.commune_leader) == 0
    assert not Notice.objects.get().unreceived


def test_a_warning_about_the_own_account_is_told(cast: Cast) -> None:
    actions.tell_account(user_id=cast.office.pk, code="account.password")
    assert told(cast.office) == 1


def test_no_notice_without_a_receiver(cast: Cast, world: World) -> None:
    """A notice that nobody can get is kept and listed for the office until somebody settles it."""
    accounts.deactivate(by="system:test", user=cast.commune_leader)
    tell(world)
    (row,) = queries.lost([world["24505"]])
    assert (row.code, row.unit_id) == ("report.late", world["24505"])
    assert queries.lost([world["22015"]]) == []
    assert actions.settle(by=cast.office, notice_id=row.id, unit_ids=[world["22015"]]) is False
    assert actions.settle(by=cast.office, notice_id=row.id, unit_ids=[world["24505"]]) is True
    assert queries.lost([world["24505"]]) == []


def test_a_code_without_words_is_refused(cast: Cast) -> None:
    with pytest.raises(Refusal) as refused:
        actions.send(by="system:test", to=[cast.office.pk], subject_code="report.lost", key="x")
    assert refused.value.code == "notice.kind"
    assert not Notice.objects.exists()


def test_many_are_told_in_few_statements(cast: Cast, world: World) -> None:
    items = [
        Outgoing("report.late", f"k{n}", (Seats(world["24505"], Role.COMMUNE_OFFICER),), FORM)
        for n in range(300)
    ]
    with CaptureQueriesContext(connection) as asked:
        assert actions.send_many(by="system:test", items=items) == 300
    assert len(asked) <= 14, [query["sql"][:90] for query in asked]
    assert told(cast.commune_officer) == 300
    assert actions.send_many(by="system:test", items=items) == 0


def test_without_a_mail_server_nothing_is_queued(reachable: Cast, world: World) -> None:
    tell(world)
    assert told(reachable.commune_leader) == 1
    assert not Delivery.objects.exists()


def test_mail_goes_to_those_with_an_address_who_want_it(
    reachable: Cast, world: World, settings: object
) -> None:
    settings.MAIL_ENABLED = True  # type: ignore[attr-defined]
    user = reachable.commune_leader
    tell(world)
    tell(world, key="k2", role=Role.COMMUNE_DEPUTY)
    actions.choose(user_id=user.pk, ref=user.ref, wanted={Topic.REMINDERS: False, Topic.SAFETY: False})
    tell(world, key="k3")
    assert list(Delivery.objects.values_list("notice__key", "user_id")) == [("k1", user.pk)]
    actions.tell_account(user_id=user.pk, code="account.password")
    assert Delivery.objects.filter(notice__code="account.password").count() == 1


def test_reading_is_for_the_own_inbox_only(cast: Cast, world: World) -> None:
    tell(world)
    receipt = Receipt.objects.get()
    assert actions.mark_read(user_id=cast.stranger.pk, receipt_id=receipt.pk) is None
    assert queries.unread(cast.commune_leader.pk) == 1
    assert actions.mark_read(user_id=cast.commune_leader.pk, receipt_id=receipt.pk) == "/bao-cao/"
    assert queries.unread(cast.commune_leader.pk) == 0


def test_old_news_goes(cast: Cast, world: World) -> None:
    tell(world)
    with clock.frozen(clock.now() + timedelta(days=401)):
        tell(world, key="k2")
        actions.forget(now=clock.now())
    assert list(Notice.objects.values_list("key", flat=True)) == ["k2"]
    assert Receipt.objects.count() == 1
