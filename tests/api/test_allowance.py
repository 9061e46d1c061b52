"""Never more than the limit, however many processes hand it out, and few writes for it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haicap.api import access, actions
from haicap.api.allowance import KEEP_MINUTES, Purse
from haicap.api.models import Allowance
from haicap.core import clock
from tests.api.conftest import ROOT, Ask
from tests.cast import BY, World

pytestmark = pytest.mark.django_db
NOON = "2026-10-27T12:00:20"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(limit=st.integers(1, 90), who=st.lists(st.integers(0, 3), min_size=100, max_size=140))
def test_all_processes_together_give_no_more_than_the_limit(db: None, limit: int, who: list[int]) -> None:
    Allowance.objects.all().delete()
    purses = [Purse() for _ in range(4)]
    with clock.frozen(NOON):
        given_out = sum(purses[index].spend("key:x", limit) == 0 for index in who)
        # what the processes still hold is all that can be missing
        left = sum(held.left for purse in purses for held in purse._held.values())
        assert Allowance.objects.get().taken == given_out + left <= limit


def test_one_process_gives_exactly_the_limit_with_few_writes(db: None) -> None:
    purse = Purse()
    with clock.frozen(NOON), CaptureQueriesContext(connection) as seen:
        answers = [purse.spend("key:x", 600) for _ in range(601)]
    assert answers[:600] == [0] * 600
    assert answers[600] == 40
    writes = [one for one in seen.captured_queries if one["sql"].startswith(("UPDATE", "INSERT"))]
    assert len(writes) < 60


def test_the_next_minute_begins_afresh(db: None) -> None:
    purse = Purse()
    with clock.frozen(NOON):
        assert [purse.spend("key:x", 2) for _ in range(3)] == [0, 0, 40]
        assert purse.spend("key:y", 2) == 0
    with clock.frozen("2026-10-27T12:00:59.5"):
        assert purse.spend("key:x", 2) == 1
    with clock.frozen("2026-10-27T12:01:00"):
        assert [purse.spend("key:x", 2) for _ in range(3)] == [0, 0, 60]


def test_callers_long_gone_are_forgotten(db: None) -> None:
    with clock.frozen(NOON) as then:
        Purse().spend("from:old", 5)
    with clock.frozen(then + timedelta(minutes=KEEP_MINUTES + 1)):
        Purse().spend("from:new", 5)
    assert list(Allowance.objects.values_list("caller", flat=True)) == ["from:new"]


def test_who_asks_too_often_is_told_when_to_come_back(world: World, ask: Ask) -> None:
    key = actions.issue_key(by=BY, label="chậm", unit_id=world["66"], rate=2).text
    other = actions.issue_key(by=BY, label="khác", unit_id=world["66"], rate=2).text
    with clock.frozen(NOON):
        assert [ask("units", key=key).status_code for _ in range(3)] == [200, 200, 429]
        refused = ask("units", key=key)
        assert refused.headers["Retry-After"] == "40"
        assert refused.json()["code"] == "rate.exceeded"
        assert "40" in refused.json()["message"]
        assert ask("units", key=other).status_code == 200
        # a copy that is still right costs a question too
    with clock.frozen("2026-10-27T12:01:01"):
        assert ask("units", key=key).status_code == 200


def test_wrong_keys_are_counted_by_address(world: World, client: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(access, "ADDRESS_RATE", 2)

    def guess(address: str) -> int:
        return client.get(ROOT + "units", headers={"X-API-Key": "x"}, REMOTE_ADDR=address).status_code

    with clock.frozen(NOON):
        assert [guess("192.0.2.1") for _ in range(3)] == [401, 401, 429]
        assert guess("192.0.2.2") == 401
        assert [guess(f"2001:db8::{n}") for n in (1, 2, 3)] == [401, 401, 429]
        assert guess("2001:db8:0:1::1") == 401
    callers = set(Allowance.objects.values_list("caller", flat=True))
    assert len(callers) == 4
    assert not [caller for caller in callers if "192.0" in caller or "2001:" in caller]


def test_behind_our_proxy_the_last_forwarded_address_counts(
    world: World, client: Client, settings: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(access, "ADDRESS_RATE", 1)

    def guess(forwarded: str) -> int:
        headers = {"X-API-Key": "x", "X-Forwarded-For": forwarded}
        return client.get(ROOT + "units", headers=headers).status_code

    with clock.frozen(NOON):
        # without a proxy of ours anybody can write this header
        assert [guess("192.0.2.1"), guess("192.0.2.2")] == [401, 429]
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        assert [guess("192.0.2.9, 192.0.2.1"), guess("192.0.2.8, 192.0.2.1")] == [401, 429]
        assert guess("192.0.2.2") == 401
