"""Time travel: whatever happened, each snapshot that readers saw is built again from history, row for row."""

import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import override_settings
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.warehouse import manifest as manifests
from haicap.warehouse.places import root_directory
from haicap.warehouse.rebuilding import build
from haicap.warehouse.refresh import refresh, sort
from haicap.warehouse.verify import verify
from tests.warehouse.archive import Content, Memory, content
from tests.warehouse.source import Room, fact, owed

START = datetime(2026, 6, 30, 10, 0, tzinfo=UTC)
PERIODS = ("2025-12", "2026-05", "2026-06")

put = st.tuples(
    st.just("put"), st.integers(1, 3), st.sampled_from(PERIODS),
    st.lists(st.integers(0, 3), max_size=3),
)  # fmt: skip
step = st.one_of(put, put, put, st.sampled_from([("refresh",), ("refresh",), ("sort",), ("all",), ("late",)]))


def do(room: Room, archive: Memory, what: tuple[Any, ...]) -> None:
    if what[0] == "put":
        _, unit, period, numbers = what
        rows = [fact(unit, 11 + at, number, period) for at, number in enumerate(numbers)]
        room.put(unit, "CQS-T", period, rows, [owed(unit, START, period=period)] if numbers else [])
    elif what[0] == "late":
        # Changed behind the log, as by another version of the product: only a whole build notices.
        room.values = [one._replace(grade="proven") for one in room.values]
        refresh(room, everything=True, archive=archive)
    elif what[0] == "sort":
        sort(share=0, archive=archive)
    else:
        refresh(room, everything=what[0] == "all", archive=archive)


@given(st.lists(step, min_size=3, max_size=9))
@settings(max_examples=12)
def test_every_snapshot_is_built_again(steps: list[tuple[Any, ...]]) -> None:
    with tempfile.TemporaryDirectory() as folder, override_settings(WAREHOUSE_DIR=Path(folder) / "w"):
        room, archive, seen = Room(), Memory(), dict[str, Content]()
        for number, what in enumerate(steps):
            with clock.frozen(START + timedelta(minutes=number)):
                do(room, archive, what)
            if live := manifests.read(root_directory()):
                seen[live.id] = content(root_directory())
        for number, (id, rows) in enumerate(seen.items()):
            to = Path(folder) / str(number)
            assert build(as_of=id, to=to, reader=room, archive=archive).equal is True
            assert content(to) == rows


def filled(archive: Memory) -> Room:
    """One snapshot at each of 10:00, 10:10, 10:20: the number of unit 1 is 1, 2, 3."""
    room = Room()
    for number in (1, 2, 3):
        with clock.frozen(START + timedelta(minutes=10 * (number - 1))):
            room.put(1, "CQS-T", "2026-06", [fact(1, 11, number, "2026-06")])
            refresh(room, archive=archive)
    return room


@pytest.mark.parametrize(("minute", "number"), [(0, 1), (9, 1), (10, 2), (19, 2), (20, 3), (500, 3)])
def test_the_snapshot_that_was_live_then(tmp_path: Path, minute: int, number: int) -> None:
    archive = Memory()
    room = filled(archive)
    build(as_of=START + timedelta(minutes=minute), to=tmp_path / "then", reader=room, archive=archive)
    (row,) = content(tmp_path / "then")["values"]
    assert f"Decimal('{number}.0000')" in row


def test_before_the_first_snapshot_and_into_a_full_folder_is_refused(tmp_path: Path) -> None:
    archive = Memory()
    room = filled(archive)
    for as_of, to, code in (
        (START - timedelta(seconds=1), tmp_path / "then", "warehouse.before"),
        ("none-such", tmp_path / "then", "warehouse.before"),
        (START, root_directory(), "warehouse.folder"),
    ):
        with pytest.raises(Refusal) as refused:
            build(as_of=as_of, to=to, reader=room, archive=archive)
        assert refused.value.code == code
    assert not (tmp_path / "then").exists()


def test_a_snapshot_that_never_went_live_is_passed_over(tmp_path: Path) -> None:
    """A crash between the archive and the swap: the next refresh reads the same tokens again."""
    archive = Memory()
    room = filled(archive)
    live = manifests.read(root_directory())
    assert live is not None
    orphan = {
        **vars(live),
        "id": "orphan",
        "previous": live.id,
        "made_at": (START + timedelta(minutes=25)).isoformat(),
    }
    archive.keep(manifests.Manifest(**orphan), ())
    found = build(as_of=START + timedelta(hours=1), to=tmp_path / "then", reader=room, archive=archive)
    assert found.snapshot == live.id


def spoil(year: int) -> None:
    live = manifests.read(root_directory())
    entry = live and live.get("values", year)
    assert entry
    path = root_directory() / entry.name
    path.write_bytes(path.read_bytes()[:-1])


def test_a_broken_file_loses_only_what_changed_before_it_was_mended(tmp_path: Path) -> None:
    archive = Memory()
    room = filled(archive)
    spoil(2026)
    assert not verify(room, archive).ok
    refresh(room, archive=archive)
    assert build(as_of=START, to=tmp_path / "fine", reader=room, archive=archive).equal is True
    spoil(2026)
    room.put(1, "CQS-T", "2026-06", [fact(1, 11, 4, "2026-06")])
    refresh(room, archive=archive)
    # What the slice held at 10:10 was archived before the file broke; what it held last was not.
    assert build(as_of=START, to=tmp_path / "again", reader=room, archive=archive).equal is True
    with pytest.raises(Refusal) as refused:
        build(as_of=START + timedelta(minutes=20), to=tmp_path / "lost", reader=room, archive=archive)
    assert refused.value.code == "warehouse.lost"
    assert not (tmp_path / "lost").exists()


def test_the_line_goes_on_where_all_files_are_gone(tmp_path: Path) -> None:
    """As after a restore: the database knows what was replaced, and the source what was not."""
    archive = Memory()
    room = filled(archive)
    for path in root_directory().iterdir():
        if path.is_file():
            path.unlink()
    refresh(room, archive=archive)
    assert build(as_of=START, to=tmp_path / "then", reader=room, archive=archive).equal is True
