"""Readers: one snapshot at a time, moved by the manifest alone, whatever the writer does."""

import os
import threading
from decimal import Decimal

import pytest
from django.utils import translation

from haicap.core.errors import Refusal
from haicap.warehouse import manifest
from haicap.warehouse import store as stores
from haicap.warehouse.places import root_directory
from haicap.warehouse.queries.ratio_by_unit import ratio_by_unit
from haicap.warehouse.queries.trend import trend
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import pinned, snapshot, store
from tests.warehouse.source import Room, fact

ONE = ((11, Decimal(1)),)


def number(unit: int = 1, period: str = "2026-10") -> Decimal | None:
    return ratio_by_unit(ONE, None, [unit], period)[0].numerator


def put(room: Room, value: int, period: str = "2026-10") -> None:
    room.put(1, "CQS-T", period, [fact(1, 11, value, period)])
    refresh(room)


def test_before_the_first_build_nothing_is_reported(room: Room) -> None:
    assert snapshot().id == "none"
    assert ratio_by_unit(ONE, None, [1], "2026-10")[0].status is None
    put(room, 5)
    assert number() == 5


def test_a_reader_sees_the_swap_at_the_next_question(room: Room) -> None:
    put(room, 5)
    assert number() == 5
    before = snapshot()
    put(room, 6)
    assert number() == 6
    assert snapshot().previous == before.id
    assert snapshot().warning is None


def test_a_pinned_page_keeps_its_snapshot(room: Room) -> None:
    put(room, 5)
    with pinned() as at:
        assert number() == 5
        put(room, 6)
        assert number() == 5
        with pinned() as inner:
            assert inner.id == at.id == snapshot().id
    assert number() == 6


def test_a_year_without_file_is_not_reported(room: Room) -> None:
    put(room, 5)
    rows = trend(ONE, None, 1, ["2024-01", "2026-10"])
    assert [row.numerator for row in rows] == [None, 5]


def test_replaced_files_are_detached_after_the_longest_query(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(room, 1)
    assert number() == 1
    put(room, 2)
    assert number() == 2
    attached = "SELECT count(*) FROM duckdb_databases() WHERE database_name LIKE 'values-%'"
    assert store().cursor().execute(attached).fetchall() == [(2,)]
    monkeypatch.setattr(stores, "LONGEST_QUERY", 0.0)
    put(room, 3)
    assert number() == 3
    assert store().cursor().execute(attached).fetchall() == [(1,)]


def test_a_broken_newest_file_serves_the_snapshot_before_with_a_warning(room: Room) -> None:
    put(room, 5)
    put(room, 6)
    newest = manifest.read(root_directory())
    assert newest is not None
    path = root_directory() / newest.files[0].name
    path.write_bytes(path.read_bytes()[:5000])
    assert number() == 5
    with translation.override("vi"):
        assert "bản trước" in str(snapshot().warning)
    # The writer mends it from the source, though nothing was changed there.
    assert refresh(room).changed
    assert number() == 6
    assert snapshot().warning is None


def test_a_file_that_breaks_while_attached_is_noticed(room: Room) -> None:
    room.put(1, "CQS-T", "2026-10", [fact(unit, 11, unit * 7) for unit in range(1, 20_000)])
    refresh(room)
    put(room, 6)
    entry = next(one for one in store().current().files if one.table == "values")
    path = root_directory() / entry.name
    content = bytearray(path.read_bytes())
    # Spoil every block behind the headers, in place: the reader has the file open.
    for at in range(3 * 4096 + 64, len(content), 512):
        content[at] ^= 0xFF
    with path.open("r+b") as file:
        file.write(content)
    os.sync()
    assert number() == 7
    assert snapshot().warning


def test_a_year_lost_in_both_snapshots_is_refused_not_blank(room: Room) -> None:
    put(room, 4, "2025-10")
    put(room, 5)
    put(room, 6)
    newest = manifest.read(root_directory())
    assert newest is not None
    entry = newest.get("values", 2025)
    assert entry is not None
    (root_directory() / entry.name).unlink()
    with pytest.raises(Refusal) as refused:
        number(period="2025-10")
    assert refused.value.code == "warehouse.year"
    assert number() == 5
    refresh(room)
    assert number(period="2025-10") == 4
    assert number() == 6


def test_an_unreadable_manifest_serves_the_one_before(room: Room) -> None:
    put(room, 5)
    put(room, 6)
    (root_directory() / "manifest.json").write_text('{"format": 1')
    assert number() == 5
    assert snapshot().warning
    refresh(room)
    assert number() == 6
    assert snapshot().warning is None


def test_nothing_readable_at_all_is_a_refusal(room: Room) -> None:
    put(room, 5)
    (root_directory() / "manifest.json").write_text("[]")
    store().close()
    with pytest.raises(Refusal) as refused:
        number()
    assert refused.value.code == "warehouse.unavailable"


def test_many_threads_never_see_two_snapshots_mixed(room: Room) -> None:
    """Units 1 and 2 always hold the same number: a reader that sees two different ones saw a half-state."""

    def both(value: int) -> None:
        for unit in (1, 2):
            room.put(unit, "CQS-T", "2026-10", [fact(unit, 11, value)])
        refresh(room)

    both(0)
    wrong: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                one, two = (row.numerator for row in ratio_by_unit(ONE, None, [1, 2], "2026-10"))
                if one is None or one != two:
                    wrong.append((one, two))
            except Exception as error:
                wrong.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for value in range(1, 8):
        both(value)
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
    assert number() == 7


def test_a_fork_opens_its_own_connection(room: Room) -> None:
    put(room, 5)
    assert number() == 5
    parents = store()
    child = os.fork()
    if child == 0:
        os._exit(0 if store() is not parents and number() == 5 else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
