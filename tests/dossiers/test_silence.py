"""Received and silent: the list, its receiver, and what the leader is told."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from haicap.catalogue import calendar
from haicap.core import clock
from haicap.dossiers.actions.alarming import alarm
from haicap.dossiers.queries.silence import silences, silent
from haicap.dossiers.states import Status
from haicap.notify.models import Notice
from haicap.units import queries as units
from tests.cast import BY

from .rows import NOW, Desk
from .test_queue import signed_in


@pytest.fixture
def quiet(room: Desk) -> Desk:
    """12/10 to 26/10 are ten working days: silent from the fourth, 16/10, on."""
    room.many(2, status=Status.RECEIVED)
    room.dossier(status=Status.IN_WORK)
    room.dossier(status=Status.RECEIVED, received="26/10 08:00", due="06/11 17:00")
    room.dossier(status=Status.RECEIVED, source=room.plain)
    room.dossier(status=Status.RECEIVED, due=None)
    room.dossier(status=Status.RECEIVED, unit="22015", received="20/10 08:00", due="27/10 17:00")
    room.save()
    return room


def test_only_untouched_ones_of_sources_with_steps(quiet: Desk) -> None:
    seen, today, days = units.subtree_ids(quiet.world["66"]), clock.today(), calendar.workdays()
    found = silences(seen, today, Decimal(40), days)
    assert {unit: one.n for unit, one in found.items()} == {
        quiet.world["24505"]: 2,
        quiet.world["22015"]: 1,
    }
    lines = list(silent([quiet.world["24505"]], today, Decimal(40), days))
    assert [str(since) for _one, since in lines] == ["2026-10-16", "2026-10-16"]


def test_the_leader_is_told_once_for_each_new_heap(quiet: Desk, client: Client) -> None:
    assert alarm(by=BY, now=NOW) == 2
    assert alarm(by=BY, now=NOW) == 0
    notice = Notice.objects.get(unit_id=quiet.world["24505"], code="dossiers.silent")
    assert notice.params["n"] == 2
    assert not notice.unreceived
    html = signed_in(client, quiet.cast.commune_leader).get("/thong-bao/").content.decode()
    assert "2 hồ sơ đã tiếp nhận mà chưa ai xử lý: Xã Ea Knuếc" in html
    assert signed_in(client, quiet.cast.commune_leader).get(notice.link).status_code == 200


def test_a_heap_that_grows_is_told_again(quiet: Desk) -> None:
    alarm(by=BY, now=NOW)
    with clock.frozen("2026-11-02 08:00"):
        assert alarm(by=BY, now=clock.now()) == 1


def test_nobody_is_woken_on_a_sunday(quiet: Desk) -> None:
    with clock.frozen("2026-10-25 08:00"):
        assert alarm(by=BY, now=clock.now()) == 0


def test_an_alarm_without_a_receiver_is_shown_to_the_office(quiet: Desk, client: Client) -> None:
    quiet.dossier(unit="24133", status=Status.RECEIVED)
    quiet.save()
    alarm(by=BY, now=NOW)
    assert Notice.objects.get(unit_id=quiet.world["24133"]).unreceived
    html = signed_in(client, quiet.cast.office).get("/ho-so/im-lang/").content.decode()
    assert "Chưa có ai giữ chức vụ lãnh đạo xã" in html
    assert "Nguồn không có mốc xử lý nên không biết được" in html
