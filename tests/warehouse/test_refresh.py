"""Changed slices become a snapshot; nothing else changes, and nothing half-done shows."""

import os
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from haicap.core import clock
from haicap.warehouse import manifest
from haicap.warehouse import refresh as refreshing
from haicap.warehouse.building import UnbalancedError, Workshop
from haicap.warehouse.places import root_directory
from haicap.warehouse.queries.ratio_by_unit import ratio_by_unit
from haicap.warehouse.refresh import refresh, sort
from haicap.warehouse.store import snapshot
from haicap.warehouse.tables import VALUES
from tests.warehouse.source import Room, fact

ONE = ((11, Decimal(1)),)


def number(unit: int, period: str = "2026-10") -> Decimal | None:
    return ratio_by_unit(ONE, None, [unit], period)[0].numerator


def now_manifest() -> manifest.Manifest:
    found = manifest.read(root_directory())
    assert found is not None
    return found


def test_first_build_takes_everything_and_the_tokens_read(room: Room) -> None:
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 5)])
    room.put(2, "CQS-T", "2025-12", [fact(2, 11, 7, "2025-12")])
    result = refresh(room)
    assert (result.changed, result.slices, result.rows) == (True, 2, 2)
    assert (number(1), number(2, "2025-12")) == (5, 7)
    assert room.tokens == []


def test_only_the_year_of_the_change_gets_a_new_file(room: Room) -> None:
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 5)])
    room.put(1, "CQS-T", "2025-10", [fact(1, 11, 4, "2025-10")])
    refresh(room)
    before = {one.key: one.name for one in now_manifest().files}
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 6)])
    assert refresh(room).years == (("values", 2026),)
    after = {one.key: one.name for one in now_manifest().files}
    assert after["values", 2025] == before["values", 2025]
    assert after["values", 2026] != before["values", 2026]
    assert (number(1), number(1, "2025-10")) == (6, 4)


def test_a_slice_is_replaced_whole_and_its_neighbours_stay(room: Room) -> None:
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 5), fact(1, 12, 6)])
    room.put(2, "CQS-T", "2026-10", [fact(2, 11, 8)])
    room.put(1, "KTS-T", "2026-10", [fact(1, 21, 9, form="KTS-T")])
    refresh(room)
    room.put(1, "CQS-T", "2026-10", [fact(1, 12, 60)])
    refresh(room)
    assert number(1) is None
    assert number(2) == 8
    assert ratio_by_unit(((12, Decimal(1)),), None, [1], "2026-10")[0].numerator == 60
    assert ratio_by_unit(((21, Decimal(1)),), None, [1], "2026-10")[0].numerator == 9


def test_a_returned_report_leaves_the_facts(room: Room) -> None:
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 5)])
    refresh(room)
    room.put(1, "CQS-T", "2026-10", [])
    assert refresh(room).rows == 0
    assert ratio_by_unit(ONE, None, [1], "2026-10")[0].status is None


def test_the_year_of_a_window_is_that_of_its_last_day(room: Room) -> None:
    """The decree's January starts in December; ISO week 2026-W53 ends in 2027."""
    room.put(1, "CQS-T", "2026-01", [fact(1, 11, 5, "2026-01")])
    room.put(1, "CQS-T", "2026-W53", [fact(1, 11, 6, "2026-W53")])
    refresh(room)
    assert {one.year for one in now_manifest().files} == {2026, 2027}
    room.put(1, "CQS-T", "2026-W53", [fact(1, 11, 7, "2026-W53")])
    room.put(1, "CQS-T", "2026-01", [fact(1, 11, 8, "2026-01")])
    assert refresh(room).rows == 2
    assert (number(1, "2026-01"), number(1, "2026-W53")) == (8, 7)


def test_the_same_content_makes_no_new_snapshot(room: Room) -> None:
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 5)])
    first = refresh(room)
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 5)])
    again = refresh(room)
    assert (again.changed, again.snapshot, again.slices) == (False, first.snapshot, 1)
    assert room.tokens == []


def test_nothing_waiting_is_a_no_op(room: Room) -> None:
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 5)])
    first = refresh(room)
    before = sorted(root_directory().iterdir())
    assert refresh(room).snapshot == first.snapshot
    assert sorted(root_directory().iterdir()) == before


def test_a_change_committed_while_the_refresh_reads_is_not_skipped(room: Room) -> None:
    class Busy(Room):
        def batches(self, *args: Any) -> Any:
            if self.next_token == 3:
                self.put(1, "CQS-T", "2026-10", [fact(1, 11, 99)])
            return super().batches(*args)

    busy = Busy()
    busy.put(1, "CQS-T", "2026-10", [fact(1, 11, 5)])
    refresh(busy)
    busy.put(2, "CQS-T", "2026-10", [fact(2, 11, 6)])
    refresh(busy)
    assert [token.id for token in busy.tokens] == [3]
    refresh(busy)
    assert number(1) == 99
    assert busy.consumed == [1, 2, 3]


def test_the_manifest_stores_what_it_consumed(room: Room) -> None:
    for unit in (1, 2, 3):
        room.put(unit, "CQS-T", "2026-10", [fact(unit, 11, 5)])
    refresh(room)
    room.next_token = 9
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 6)])
    refresh(room)
    assert now_manifest().consumed == ((9, 9),)
    before = manifest.read(root_directory(), manifest.PREVIOUS)
    assert before is not None
    assert now_manifest().previous == before.id


def test_c10_sums_that_do_not_come_out_change_nothing(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    """DHIS2-13429: a partial rebuild deleted all analytics. Here: built aside, checked, then swapped."""
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 5)])
    first = refresh(room)
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 6)])
    real = Workshop.sums

    def wrong(self: Workshop, relation: str, table: Any) -> tuple[int, Decimal]:
        rows, total = real(self, relation, table)
        return (rows, total + 1) if relation.startswith("target") else (rows, total)

    monkeypatch.setattr(Workshop, "sums", wrong)
    with pytest.raises(UnbalancedError):
        refresh(room)
    assert snapshot().id == first.snapshot
    assert number(1) == 5
    assert len(room.tokens) == 1
    monkeypatch.undo()
    refresh(room)
    assert number(1) == 6


def test_a_source_that_fails_half_way_changes_nothing(room: Room) -> None:
    class Failing(Room):
        def batches(self, *args: Any) -> Any:
            yield from super().batches(*args)
            if self.consumed:
                raise ConnectionError

    failing = Failing()
    failing.put(1, "CQS-T", "2026-10", [fact(1, 11, 5)])
    first = refresh(failing)
    failing.put(1, "CQS-T", "2026-10", [fact(1, 11, 6)])
    with pytest.raises(ConnectionError):
        refresh(failing)
    assert snapshot().id == first.snapshot
    assert len(failing.tokens) == 1


def test_half_made_files_are_swept_and_replaced_ones_stay_a_while(room: Room) -> None:
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 1)])
    refresh(room)
    root = root_directory()
    (root / ".building-abc.duckdb").write_bytes(b"half")
    for value in (2, 3, 4):
        room.put(1, "CQS-T", "2026-10", [fact(1, 11, value)])
        refresh(room)
    assert not (root / ".building-abc.duckdb").exists()
    assert len(list(root.glob("values-2026-*"))) == 4
    old = time.time() - refreshing.KEEP_SECONDS - 1
    for path in root.glob("*.duckdb"):
        os.utime(path, (old, old))
    refresh(room)
    # The current file and the one of the manifest before it, which is the fallback.
    assert len(list(root.glob("values-2026-*"))) == 2
    assert number(1) == 4


def test_everything_builds_all_files_again(room: Room) -> None:
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 5)])
    refresh(room)
    before = now_manifest().names
    result = refresh(room, everything=True)
    assert result.changed
    assert not before & now_manifest().names
    assert number(1) == 5


def test_sort_puts_appended_rows_in_their_place(room: Room) -> None:
    for unit in (3, 1, 2):
        room.put(unit, "CQS-T", "2026-10", [fact(unit, 11, unit)])
        refresh(room)
    assert now_manifest().files[0].loose == 2
    assert sort() == [("values", 2026)]
    entry = now_manifest().files[0]
    assert entry.loose == 0
    with duckdb.connect(str(root_directory() / entry.name), read_only=True) as file:
        assert file.execute('SELECT unit_id FROM "values"').fetchall() == [(1,), (2,), (3,)]
    assert sort() == []
    assert number(2) == 2


def test_numbers_come_back_to_the_last_decimal(room: Room) -> None:
    large = Decimal("99999999999999.9999")
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, large), fact(1, 12, "-0.0001")])
    refresh(room)
    assert number(1) == large
    both = ratio_by_unit(((11, Decimal(1)), (12, Decimal(1))), None, [1], "2026-10")
    assert both[0].numerator == Decimal("99999999999999.9998")


def test_files_are_as_the_table_says(room: Room) -> None:
    room.put(1, "CQS-T", "2026-10", [fact(1, 11, 5)])
    refresh(room)
    path: Path = root_directory() / now_manifest().files[0].name
    with duckdb.connect(str(path), read_only=True) as file:
        columns = file.execute("SELECT name, type FROM pragma_table_info('\"values\"')").fetchall()
    assert tuple(columns) == VALUES.columns


def corrected(room: Room, *numbers: int | None, period: str = "2026-09", status: str = "accepted") -> int:
    rows = [fact(1, 11 + at, number, period, status=status) for at, number in enumerate(numbers) if number]
    room.put(1, "CQS-T", period, rows)
    refresh(room)
    return snapshot().corrected.get("values", 0)


def test_changed_facts_of_closed_periods_are_counted_for_the_day(room: Room) -> None:
    with clock.frozen("2026-10-27T10:00"):
        assert corrected(room, 1, 2, 3, status="provisional") == 0
        assert corrected(room, 1, 2, 3) == 0, "accepting is no correction"
        assert corrected(room, 1, 20, 30) == 2
        assert corrected(room, 1, 20) == 3, "one is gone"
        assert corrected(room, 5, period="2026-08") == 3, "another month that held nothing"
        assert corrected(room, 1, 2, period="2026-11") == 3
        assert corrected(room, 1, 3, period="2026-11") == 3, "its window is not closed"
        room.put(1, "CQS-T", "2026-09", [fact(1, 11, 1, "2026-09"), fact(1, 12, 20, "2026-09")])
        assert not refresh(room).changed
    with clock.frozen("2026-10-28T10:00"):
        assert corrected(room, 7, 20) == 1, "a new day counts anew"
