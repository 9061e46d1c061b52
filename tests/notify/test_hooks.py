"""Calls to other systems, against a real HTTP server: signed, repeated under one key, never into our own
net."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from datetime import timedelta
from typing import Any

import pytest

from haicap.accounts.scopes import scope_of
from haicap.accounts.states import Role
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.notify import actions, queries
from haicap.notify.actions import Seats
from haicap.notify.channels import Failure
from haicap.notify.channels.webhook import transport
from haicap.notify.models import Delivery, Hook
from haicap.notify.states import BACKOFF, Topic
from tests.cast import Cast, World

from .conftest import Receiver
from .test_sending import tell


def open_hook(cast: Cast, world: World, url: str, topics: tuple[Topic, ...] = (Topic.REMINDERS,)) -> str:
    user = cast.office
    _id, secret = actions.open_hook(
        by=user, scope=scope_of(user), unit_id=world["66"], label="Kho của tỉnh", url=url, topics=topics
    )
    return secret


def sweep(later: timedelta = timedelta()) -> actions.Swept:
    return actions.send_due(now=clock.now() + later)


@pytest.fixture
def hooked(cast: Cast, world: World, receiver: Receiver, morning: None) -> str:
    return open_hook(cast, world, receiver.url + "?tu=haicap")


def test_a_call_is_signed_over_its_moment_and_its_body(
    hooked: str, world: World, receiver: Receiver, cast: Cast
) -> None:
    tell(world)
    assert sweep().sent == 1
    ((headers, body),) = receiver.calls
    stamp = headers["x-haicap-timestamp"]
    expected = hmac.new(hooked.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["x-haicap-signature"] == f"sha256={expected}"
    assert int(stamp) == int(clock.now().timestamp())
    told = json.loads(body)
    assert (told["event"], headers["x-haicap-event"]) == ("report.late", "report.late")
    assert told["unit"] == {"code": "24505", "name": "Xã Ea Knuếc"}
    assert told["about"]["period"] == "2026-10"
    assert told["link"] == "https://haicap.example/bao-cao/"


def test_no_name_of_a_person_and_nothing_they_wrote_leaves(
    hooked: str, world: World, receiver: Receiver, cast: Cast
) -> None:
    Hook.objects.update(topics=[Topic.STEPS.value])
    actions.send(
        by=cast.office,
        to=[Seats(world["24505"], Role.COMMUNE_LEADER)],
        subject_code="report.returned",
        params={"form": "CQS-T", "who": cast.office.ref, "reasons": [["HS_PHI", "Bà Lan gọi lại"]]},
        key="r",
        unit_id=world["24505"],
    )
    sweep()
    assert b"Lan" not in receiver.calls[0][1]
    assert b"user:" not in receiver.calls[0][1]


def test_repeated_under_one_key_it_takes_effect_once(hooked: str, world: World, receiver: Receiver) -> None:
    tell(world)
    receiver.answers = [503, 429, 200]
    assert sweep().failed == 1
    assert sweep(BACKOFF[0]).failed == 1
    assert sweep(BACKOFF[0] + BACKOFF[1]).sent == 1
    assert len(receiver.calls) == 3
    assert len({headers["x-haicap-delivery"] for headers, _body in receiver.calls}) == 1
    assert len(receiver.kept) == 1
    assert sweep(timedelta(days=9)) == actions.Swept()


def test_an_answer_that_got_lost_is_asked_for_again_under_the_same_key(
    hooked: str, world: World, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call arrived, we were killed before we could note it: the receiver sees the key twice and keeps
    one."""
    tell(world)
    real = transport.post

    def killed(*given: Any) -> int:
        real(*given)
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("haicap.notify.channels.webhook.sending.post", killed)
        with pytest.raises(SystemExit):
            sweep()
    assert sweep(timedelta(minutes=10)).sent == 1
    assert (len(receiver.calls), len(receiver.kept)) == (2, 1)


def test_it_is_dead_after_the_last_pause_and_shown(hooked: str, world: World, receiver: Receiver) -> None:
    tell(world)
    later = timedelta()
    for pause in (*BACKOFF, timedelta()):
        receiver.answers = [500]
        sweep(later)
        later += pause
    (row,) = queries.stuck([world["24505"]])
    assert (row.state, row.tries, row.error, row.target) == ("dead", 7, "hook.status.500", "Kho của tỉnh")
    (hook,) = queries.hooks([world["66"]])
    assert (hook.waiting, hook.dead) == (0, 1)


@pytest.mark.parametrize(("status", "state"), [(410, "dead"), (302, "waiting"), (404, "waiting")])
def test_gone_is_final_and_a_redirect_is_not_followed(
    hooked: str, world: World, receiver: Receiver, status: int, state: str
) -> None:
    tell(world)
    receiver.answers = [status]
    sweep()
    assert Delivery.objects.get().state == state
    assert len(receiver.calls) == 1


def test_only_topics_asked_for_and_only_units_below(
    hooked: str, world: World, receiver: Receiver, cast: Cast
) -> None:
    actions.send(
        by="system:test",
        to=[Seats(world["00466"], Role.COMMUNE_OFFICER)],
        subject_code="report.late",
        key="elsewhere",
        unit_id=world["00466"],
    )
    actions.tell_account(user_id=cast.office.pk, code="account.password")
    Hook.objects.update(topics=[Topic.STEPS.value])
    tell(world)
    assert not Delivery.objects.exists()


def test_a_closed_hook_is_called_no_more(hooked: str, world: World, receiver: Receiver, cast: Cast) -> None:
    tell(world)
    hook = Hook.objects.get()
    other = cast.stranger_office
    with pytest.raises(Refusal) as refused:
        actions.close_hook(by=other, scope=scope_of(other), hook_id=hook.pk)
    assert refused.value.code == "hook.unknown"
    actions.close_hook(by=cast.office, scope=scope_of(cast.office), hook_id=hook.pk)
    assert sweep() == actions.Swept()
    tell(world, key="k2")
    assert Delivery.objects.count() == 1


def test_the_secret_is_not_in_the_database(hooked: str) -> None:
    hook = Hook.objects.get()
    assert len(hooked) >= 40
    assert hooked not in (hook.salt, hook.url, hook.label)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.vn/", "hook.plain"),
        ("https://127.0.0.1/", "hook.private"),
        ("https://10.1.2.3/", "hook.private"),
        ("https://169.254.169.254/latest/", "hook.private"),
        ("https://[::1]/", "hook.private"),
        ("https://[::ffff:127.0.0.1]/", "hook.private"),
        ("https://224.0.0.1/", "hook.private"),
        ("https://[64:ff9b::a9fe:a9fe]/", "hook.private"),
        ("https://[64:ff9b:1::1]/", "hook.private"),
        ("https://[2002:7f00:1::]/", "hook.private"),
        ("https://[fec0::1]/", "hook.private"),
        ("https://[fd00::1]/", "hook.private"),
        ("https://[::127.0.0.1]/", "hook.private"),
        ("https://[ff0e::1]/", "hook.private"),
        ("https://user:pass@example.vn/", "hook.url"),
        ("https://example.vn/a b", "hook.url"),
        ("https://example.vn:0/", "hook.url"),
        ("https://example.vn:99999/", "hook.url"),
        ("ftp://example.vn/", "hook.url"),
        ("javascript:alert(1)", "hook.url"),
        ("", "hook.url"),
    ],
)
def test_addresses_that_may_not_be_called(
    cast: Cast, world: World, settings: Any, url: str, code: str
) -> None:
    settings.HOOKS_PRIVATE = False
    with pytest.raises(Refusal) as refused:
        open_hook(cast, world, url)
    assert refused.value.code == code
    assert not Hook.objects.exists()


@pytest.mark.parametrize(
    "host", ["203.119.8.1", "[2001:dc8::1]", "[::ffff:203.119.8.1]", "[2002:cb77:801::1]"]
)
def test_addresses_of_the_open_net_may_be_called(settings: Any, host: str) -> None:
    settings.HOOKS_PRIVATE = False
    assert transport.check_url(f"https://{host}/").hostname == host.strip("[]")


def test_a_name_that_leads_into_the_own_net_is_not_called(
    hooked: str, world: World, receiver: Receiver, settings: Any
) -> None:
    settings.HOOKS_PRIVATE = False
    Hook.objects.update(url="https://localhost/nhan/")
    tell(world)
    sweep()
    row = Delivery.objects.get()
    assert (row.state, row.error) == ("dead", "hook.private")
    assert receiver.calls == []


def test_one_private_address_among_several_is_enough_to_refuse(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.HOOKS_PRIVATE = False

    def answers(*_given: Any, **_more: Any) -> list[Any]:
        kinds = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kinds, ("93.184.216.34", 443)), (*kinds, ("192.168.1.1", 443))]

    monkeypatch.setattr(transport.socket, "getaddrinfo", answers)
    with pytest.raises(Failure) as failed:
        transport.resolve("example.vn", 443)
    assert (failed.value.code, failed.value.final) == ("hook.private", True)


def test_the_connection_goes_to_the_address_that_was_checked(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that answers differently the second time is never asked a second time."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def once(host: str, *given: Any, **more: Any) -> Any:
        asked.append(host)
        return real("127.0.0.1", *given, **more)

    monkeypatch.setattr(transport.socket, "getaddrinfo", once)
    port = receiver.url.rsplit(":", 1)[1]
    headers = {"X-Haicap-Delivery": "1-1"}
    assert transport.post(f"http://ten-bat-ky.example:{port}", b"{}", headers) == 200
    assert asked.count("ten-bat-ky.example") == 1
    assert receiver.calls[0][0]["host"].startswith("ten-bat-ky.example")


def test_a_system_that_does_not_answer(hooked: str, world: World, receiver: Receiver) -> None:
    Hook.objects.update(url="http://127.0.0.1:1/")
    tell(world)
    assert sweep().failed == 1
    assert Delivery.objects.get().error == "hook.unreachable"


@pytest.mark.parametrize("who", ["leader", "analyst", "commune_leader", "stranger_office", "nobody"])
def test_only_the_office_sets_up_hooks(cast: Cast, world: World, settings: Any, who: str) -> None:
    user = getattr(cast, who)
    with pytest.raises(Refusal) as refused:
        actions.open_hook(
            by=user,
            scope=scope_of(user),
            unit_id=world["66"],
            label="Kho",
            url="https://example.vn/",
            topics=[Topic.STEPS],
        )
    assert refused.value.code == "notify.not_yours"
