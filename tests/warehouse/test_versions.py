"""What was computed from a snapshot stays true while no fact of its periods has changed."""

from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import snapshot
from tests.warehouse.source import Room, fact


def put(room: Room, value: int, period: str) -> None:
    room.put(1, "CQS-T", period, [fact(1, 11, value, period)])
    refresh(room)


def test_only_the_period_that_changed_gets_another_version(room: Room) -> None:
    put(room, 1, "2026-09")
    put(room, 1, "2026-10")
    before = snapshot()
    put(room, 2, "2026-10")
    after = snapshot()
    assert after.version_of(["2026-09"]) == before.version_of(["2026-09"])
    assert after.version_of(["2026-10"]) != before.version_of(["2026-10"])
    assert after.version_of(["2026-09", "2026-10"]) != before.version_of(["2026-09", "2026-10"])
    assert after.version_of([]) == before.version_of([])


def test_a_whole_build_makes_every_version_another(room: Room) -> None:
    put(room, 1, "2026-09")
    before = snapshot()
    refresh(room, everything=True)
    assert snapshot().version_of(["2026-09"]) != before.version_of(["2026-09"])
