"""Warehouse = source, proved slice by slice; broken files are found by their checksum."""

from decimal import Decimal

import pytest

from haicap.warehouse import manifest
from haicap.warehouse.places import root_directory
from haicap.warehouse.queries.ratio_by_unit import ratio_by_unit
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import snapshot
from haicap.warehouse.verify import verify
from tests.warehouse.source import Room, fact

ONE = ((11, Decimal(1)),)


@pytest.fixture
def filled(room: Room) -> Room:
    for unit in (1, 2):
        room.put(unit, "CQS-T", "2026-10", [fact(unit, 11, 5), fact(unit, 12, None, missing="none")])
        room.put(unit, "CQS-T", "2025-10", [fact(unit, 11, 4, "2025-10")])
    refresh(room)
    return room


def test_equal_is_ok(filled: Room) -> None:
    result = verify(filled)
    assert result.ok
    assert (result.slices, result.waiting, result.rows) == (4, 0, 6)


def test_nothing_built_is_not_ok(room: Room) -> None:
    assert not verify(room).ok


@pytest.mark.parametrize(
    "row",
    [fact(1, 11, 6), fact(1, 11, 5, status="provisional"), fact(1, 11, None), fact(1, 13, 5)],
    ids=["number", "status", "missing", "element"],
)
def test_a_slice_changed_behind_the_log_is_named(filled: Room, row: object) -> None:
    filled.values[0] = row  # type: ignore[call-overload]
    (found,) = verify(filled).differences
    assert (found.table, found.form, found.period, found.unit_id) == ("values", "CQS-T", "2026-10", 1)


def test_rows_too_many_and_too_few_are_named(filled: Room) -> None:
    filled.values = [one for one in filled.values if one.unit_id == 1]
    filled.values.append(fact(3, 11, 1, "2024-02"))
    found = {(one.unit_id, one.period, one.source_rows, one.rows) for one in verify(filled).differences}
    assert found == {(2, "2026-10", 0, 2), (2, "2025-10", 0, 1), (3, "2024-02", 1, 0)}


def test_what_waits_for_the_refresh_is_no_difference(filled: Room) -> None:
    filled.put(1, "CQS-T", "2026-10", [fact(1, 11, 6)])
    result = verify(filled)
    assert result.ok
    assert result.waiting == 1


def spoil(year: int) -> str:
    newest = manifest.read(root_directory())
    assert newest is not None
    entry = newest.get("values", year)
    assert entry is not None
    path = root_directory() / entry.name
    content = bytearray(path.read_bytes())
    content[-100] ^= 0xFF
    path.write_bytes(content)
    return entry.name


def test_one_flipped_bit_is_found_and_the_last_good_file_serves(filled: Room) -> None:
    filled.put(1, "CQS-T", "2026-10", [fact(1, 11, 6)])
    refresh(filled)
    name = spoil(2026)
    result = verify(filled)
    assert result.broken == (name,)
    assert ratio_by_unit(ONE, None, [1], "2026-10")[0].numerator == 5
    assert "2026" in str(snapshot().warning)
    refresh(filled)
    assert ratio_by_unit(ONE, None, [1], "2026-10")[0].numerator == 6
    assert snapshot().warning is None
    assert verify(filled).ok


def test_a_broken_file_is_not_copied_into_the_next_snapshot(filled: Room) -> None:
    spoil(2025)
    filled.put(1, "CQS-T", "2025-10", [fact(1, 11, 44, "2025-10")])
    refresh(filled)
    assert verify(filled).ok
    assert ratio_by_unit(ONE, None, [1, 2], "2025-10")[1].numerator == 4
