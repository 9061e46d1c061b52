"""What keeps the files of a snapshot: a pin, the end of a day; and what lets them go."""

import os
import time
from datetime import UTC, date, datetime, timedelta

import pytest

from haicap.audit import queries as audit
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.warehouse import manifest as manifests
from haicap.warehouse import pins, retention
from haicap.warehouse import refresh as refreshing
from haicap.warehouse.places import root_directory
from haicap.warehouse.refresh import refresh
from tests.warehouse.source import Room, fact

MONDAY = datetime(2026, 10, 26, 3, 0, tzinfo=UTC)


def put(room: Room, number: int, at: datetime = MONDAY) -> str:
    """A snapshot of that instant; what readers can no longer be asking is swept."""
    with clock.frozen(at):
        room.put(1, "CQS-T", "2026-10", [fact(1, 11, number)])
        made = refresh(room).snapshot
    old = time.time() - refreshing.KEEP_SECONDS - 1
    for path in root_directory().glob("*.duckdb"):
        os.utime(path, (old, old))
    refreshing.sweep(root_directory())
    return made


def files() -> int:
    return len(list(root_directory().glob("*.duckdb")))


@pytest.mark.django_db
def test_a_pinned_snapshot_keeps_its_files_until_it_is_let_go(room: Room) -> None:
    first = put(room, 1)
    assert pins.pin(by="system:test", name="2026-Q3") == first
    assert pins.pin(by="system:test", name="2026-Q3", snapshot=first) == first
    for number in (2, 3, 4):
        put(room, number)
    assert files() == 3
    (one,) = pins.pins()
    assert (one.name, one.snapshot, one.whole) == ("2026-Q3", first, True)
    assert len(audit.history("pin:2026-Q3")) == 1
    pins.unpin(by="system:test", name="2026-Q3")
    put(room, 5)
    assert (files(), list(pins.pins())) == (2, [])


@pytest.mark.django_db
def test_a_pin_is_refused_in_words(room: Room) -> None:
    first = put(room, 1)
    pins.pin(by="system:test", name="a")
    second = put(room, 2)
    for name, snapshot, code in (
        ("a", second, "pin.taken"), ("../a", "", "pin.name"), ("b", "nothing", "pin.unknown"),
    ):  # fmt: skip
        with pytest.raises(Refusal) as refused:
            pins.pin(by="system:test", name=name, snapshot=snapshot)
        assert refused.value.code == code
    with pytest.raises(Refusal):
        pins.unpin(by="system:test", name="b")
    put(room, 3)
    entry = manifests.read(root_directory(), "pinned/a.json")
    assert entry is not None
    (root_directory() / entry.files[0].name).unlink()
    assert [one.whole for one in pins.pins()] == [False]
    assert first == entry.id


def test_the_last_snapshot_of_a_day_keeps_its_files_for_a_week(room: Room) -> None:
    put(room, 1)
    last = put(room, 2, MONDAY + timedelta(hours=1))
    for number in (3, 4, 5):
        put(room, number, MONDAY + timedelta(days=1, hours=number))
    root = root_directory()
    assert [one.id for one in retention.kept(root).values()] == [last]
    assert files() == 3
    assert retention.prune(root, today=date(2026, 11, 2)) == 0
    assert retention.prune(root, today=date(2026, 11, 3)) == 1
    put(room, 6, MONDAY + timedelta(days=1, hours=9))
    assert files() == 2
