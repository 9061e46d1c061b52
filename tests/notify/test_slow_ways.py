"""A receiver that is slow or away takes no more of the clock than its share."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from haicap.core import clock
from haicap.notify import actions
from haicap.notify.actions import queue
from haicap.notify.channels import Failure
from haicap.notify.channels.webhook import transport
from haicap.notify.models import Delivery, Hook
from haicap.notify.states import BACKOFF
from tests.cast import Cast, World

from .conftest import PostOffice, Receiver
from .test_hooks import open_hook, sweep
from .test_sending import tell


class Dripping:
    """Sends its answer byte by byte and never comes to an end by itself; `sent` counts its bytes."""

    def __init__(self, head: bytes) -> None:
        self.head, self.sent, self.over = head, 0, threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}/"
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self) -> None:
        with self.listening, self.listening.accept()[0] as line:
            line.recv(65536)
            line.sendall(self.head)
            try:
                while not self.over.wait(0.02):
                    line.sendall(b"a")
                    self.sent += 1
            except OSError:
                return


@pytest.fixture(params=[b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n"])
def dripping(request: pytest.FixtureRequest, settings: Any) -> Iterator[Dripping]:
    settings.HOOKS_PRIVATE = True
    kept = Dripping(request.param)
    # whoever waits for the end of the answer waits no longer than this, and then says that it went well
    end = threading.Timer(20, kept.over.set)
    end.start()
    yield kept
    end.cancel()
    kept.over.set()
    kept.thread.join()


def test_an_answer_that_drips_ends_with_the_call(dripping: Dripping, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each byte came in time; all of them together never would."""
    monkeypatch.setattr(transport, "TIMEOUT_SECONDS", 0.5)
    with pytest.raises(Failure) as failed:
        transport.post(dripping.url, b"{}", {})
    assert failed.value.code == "hook.unreachable"
    assert not dripping.over.is_set(), "we hung up, not the other side"
    assert dripping.sent > 1


def test_a_hook_that_failed_is_left_alone_till_the_next_sweep(
    cast: Cast, world: World, receiver: Receiver, morning: None
) -> None:
    open_hook(cast, world, receiver.url)
    for number in range(4):
        tell(world, key=f"k{number}")
    receiver.answers = [503]
    assert sweep() == actions.Swept(failed=1)
    assert len(receiver.calls) == 1
    assert sorted(Delivery.objects.values_list("tries", flat=True)) == [0, 0, 0, 1]
    assert sweep(BACKOFF[0]).sent == 4


def test_one_hook_that_is_away_does_not_keep_the_others_waiting(
    cast: Cast, world: World, receiver: Receiver, morning: None
) -> None:
    """More waits for the first hook than a sweep takes: the second one is served all the same."""
    open_hook(cast, world, "http://127.0.0.1:1/")
    away = Hook.objects.get()
    for number in range(6):
        tell(world, key=f"k{number}")
    open_hook(cast, world, receiver.url)
    with clock.frozen(clock.now() + timedelta(seconds=30)):
        tell(world, key="later")
    start = clock.now()
    for minute in (1, 2):
        actions.send_due(now=start + timedelta(minutes=minute), limit=3)
    assert len(receiver.calls) == 1
    assert Delivery.objects.filter(hook=away, sent_at=None).count() == 7


class Passing:
    """A clock that goes on by twenty seconds whenever it is looked at."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        self.seconds += 20
        return self.seconds


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "time", Passing())


def test_a_sweep_of_calls_ends_when_its_time_is_over(
    cast: Cast, world: World, receiver: Receiver, morning: None, slow: None
) -> None:
    open_hook(cast, world, receiver.url)
    for number in range(4):
        tell(world, key=f"k{number}")
    assert sweep() == actions.Swept(sent=1)
    assert sorted(Delivery.objects.values_list("tries", flat=True)) == [0, 0, 0, 1]
    assert sweep(timedelta(minutes=1)).sent == 1, "what was not reached is still due"


def test_a_sweep_of_mails_ends_when_its_time_is_over(
    reachable: Cast, world: World, post_office: PostOffice, slow: None
) -> None:
    for number in range(4):
        tell(world, key=f"k{number}")
    assert sweep() == actions.Swept(sent=1)
    assert len(post_office.letters) == 1
