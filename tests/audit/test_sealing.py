"""The log's hash chain: every change of a sealed event is found, nothing honest is called broken."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from haicap.audit import actions, guards, sealing
from haicap.audit.chain import START, digest, ids_in, runs_of
from haicap.audit.models import Block, Event
from haicap.core import clock

LATER = timedelta(minutes=5)


def later() -> datetime:
    return clock.now() + LATER


@pytest.fixture
def events(db: None) -> list[int]:
    return [
        actions.record(by="system:test", action="test.done", object=f"thing:{n}", detail={"b": n, "a": "ư"})
        for n in range(5)
    ]


def test_what_rests_is_sealed_once(events: list[int]) -> None:
    assert sealing.seal(now=clock.now()) == 0, "too young"
    assert sealing.seal(now=later()) == 5
    assert sealing.seal(now=later()) == 0
    proof = sealing.verify()
    assert (proof.ok, proof.blocks, proof.events, proof.waiting) == (True, 1, 5, 0)


def test_blocks_hang_on_each_other(events: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST_EVENTS", 2)
    assert sealing.seal(now=later()) == 5
    blocks = list(Block.objects.order_by("id"))
    assert [block.events for block in blocks] == [2, 2, 1]
    assert [block.previous for block in blocks] == [START, blocks[0].digest, blocks[1].digest]
    assert sealing.verify().ok


def test_a_late_neighbour_comes_into_the_next_block(events: list[int]) -> None:
    with_gap = [one for one in events if one != events[2]]
    Block.objects.create(
        id=1,
        at=clock.now(),
        runs=runs_of(with_gap),
        events=4,
        first_id=events[0],
        last_id=events[4],
        previous=START,
        digest=digest(START, sealing._events(with_gap)),
    )
    proof = sealing.verify()
    assert proof.ok
    assert proof.unsealed == (events[2],)
    assert sealing.seal(now=later()) == 1
    assert sealing.verify() == sealing.Proof(sealing.head(), 2, 5, (), (), (), 0)


def rewrite(event: int) -> None:
    Event.objects.filter(pk=event).update(reason="another")


def postdate(event: int) -> None:
    Event.objects.filter(pk=event).update(at=clock.now() + timedelta(microseconds=1))


def refill(event: int) -> None:
    Event.objects.filter(pk=event).update(detail={"b": 99, "a": "ư"})


def forge(event: int) -> None:
    Block.objects.filter(pk=1).update(previous="f" * 64)


@pytest.mark.parametrize("tamper", [rewrite, postdate, refill, forge])
def test_tampering_is_found(events: list[int], tamper: Callable[[int], None]) -> None:
    sealing.seal(now=later())
    unguarded()
    tamper(events[3])
    proof = sealing.verify()
    assert not proof.ok
    assert proof.broken == (1,)


def test_a_removed_event_is_named(events: list[int]) -> None:
    sealing.seal(now=later())
    unguarded()
    Event.objects.filter(pk=events[1]).delete()
    proof = sealing.verify()
    assert (proof.missing, proof.broken) == ((events[1],), (1,))


def test_a_removed_block_is_found(events: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "MOST_EVENTS", 2)
    sealing.seal(now=later())
    noted = sealing.digest_of(3)
    unguarded()
    Block.objects.filter(pk=2).delete()
    assert not sealing.verify().ok
    Block.objects.filter(pk=3).delete()
    assert sealing.digest_of(3) is None != noted, "the newest block is missed by whoever noted its digest"


def insert_behind(events: list[int], at: datetime) -> int:
    """What a forger does: an event in a gap of the numbers, with a date of its own."""
    unguarded()
    Event.objects.filter(pk=events[1]).delete()
    Event.objects.create(id=events[1], at=at, by="user:1", action="report.accepted", object="report:1")
    return events[1]


def test_a_back_dated_event_is_called_so_before_and_after_it_is_sealed(
    events: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    unguarded()
    Event.objects.filter(pk=events[1]).delete()
    sealing.seal(now=later())
    assert sealing.verify().ok, "a number that was never used proves nothing"
    forged = insert_behind(events, clock.now() - timedelta(days=1))
    assert sealing.verify().belated == (forged,)
    sealing.seal(now=later())
    proof = sealing.verify()
    assert (proof.ok, proof.belated, proof.unsealed) == (False, (forged,), ())


def test_after_a_week_without_sealing_a_late_event_still_finds_its_block(events: list[int]) -> None:
    unguarded()
    Event.objects.filter(pk=events[3]).delete()
    sealing.seal(now=later())
    actions.record(by="system:test", action="test.done", object="thing:9")
    assert sealing.seal(now=later()) == 1
    late = Event.objects.create(id=events[3], at=clock.now(), by="system:test", action="x", object="y")
    assert sealing.seal(now=clock.now() + timedelta(days=7)) == 1
    assert late.pk in {one for block in Block.objects.all() for one in ids_in(block.runs)}


def test_the_database_refuses_to_change_a_block(events: list[int]) -> None:
    sealing.seal(now=later())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Block.objects.all().update(digest="0" * 64)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Block.objects.get().delete()


def unguarded() -> None:
    """What somebody with the keys of the database can do."""
    for table in (guards.EVENTS, guards.BLOCKS):
        guards.remove(connection, table)


@given(st.sets(st.integers(1, 300)))
def test_runs_say_exactly_these_ids(ids: set[int]) -> None:
    ordered = sorted(ids)
    runs = runs_of(ordered)
    assert list(ids_in(runs)) == ordered
    assert all(last < runs[n + 1][0] - 1 for n, (_first, last) in enumerate(runs[:-1]))
