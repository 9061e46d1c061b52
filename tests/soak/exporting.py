"""An export killed again and again: who follows `current` sees one whole snapshot, the old or the new one.

The child changes a slice, refreshes and exports, and says so before each export; the parent kills it at a
random moment and reads the lake as a notebook does, checksums included.
"""

import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow as pa

import haicap
from haicap.audit.slices import Slice
from haicap.core.errors import Refusal
from haicap.warehouse import dictionary, lake
from haicap.warehouse import manifest as manifests
from haicap.warehouse.loaders.source import in_batches
from haicap.warehouse.refresh import refresh
from haicap.warehouse.tables import Table
from tests.soak.killing import PERIODS, UNITS, Ledger, run_and_kill
from tests.warehouse.source import fact

ROWS = 300


class Wide(Ledger):
    """The ledger of the other kills with more rows behind each slice, so that an export takes a moment."""

    def batches(self, table: Table, slices: Sequence[Slice] | None) -> Iterator[pa.Table]:
        if table.name != "values":
            return
        wanted = None if slices is None else {(one.unit_id, one.period) for one in slices}
        yield from in_batches(
            (
                fact(unit, element, version, period)
                for (unit, period), version in self.versions().items()
                if wanted is None or (unit, period) in wanted
                for element in range(ROWS)
            ),
            table,
        )


def child(data: Path, seed: int) -> None:
    """Change, refresh and export until killed."""
    room, dice = Wide(data / "ledger.sqlite3"), random.Random(seed)
    # Names of units and elements come from the database, which these kills are not about.
    nothing = {name: schema.empty_table() for name, schema in dictionary.DIMENSIONS.items()}
    with (
        patch.object(dictionary, "dimensions", return_value=nothing),
        patch.object(dictionary.catalogue, "version", return_value=1),
    ):
        while True:
            room.commit(dice.choice(UNITS), dice.choice(PERIODS))
            refresh(room)
            print("exporting", flush=True)
            lake.write(data / "lake")


def kill_export(data: Path, times: int, seed: int) -> int:
    """Kill that often; returns how many kills hit a writer at work. AssertionError on a lake not whole."""
    dice, place = random.Random(seed), data / "lake"
    hits = 0
    shown: Mapping[tuple[int, str], int] = {}
    for turn in range(times):
        command = [sys.executable, "-m", "tests.soak.export_child", str(data), str(seed + turn)]
        run_and_kill(command, data, dice, lines=5, longest=0.25)
        # what a killed writer leaves behind is the proof that it was hit
        hits += any(place.glob(f"{lake.HALF}*"))
        if (db := _opened(place)) is None:
            continue
        shown = _look(db, shown)
        committed = Wide(data / "ledger.sqlite3").versions()
        assert all(version <= committed[key] for key, version in shown.items())
    return hits


def _opened(place: Path) -> Any:
    """None before the first export was whole: then there is no lake at all."""
    try:
        return haicap.open(place)
    except Refusal:
        assert not (place / lake.CURRENT).exists()
        return None


def _look(db: Any, before: Mapping[tuple[int, str], int]) -> dict[tuple[int, str], int]:
    for one in db.dictionary["resources"]:
        for path, print in one["haicap"]["sha256"].items():
            assert manifests.checksum(db.path / path) == print
        assert len(db.table(one["name"])) == one["haicap"]["rows"]
    rows = db.sql(
        'SELECT unit_id, period, min(number), max(number), count(*) FROM "values" GROUP BY ALL'
    ).fetchall()
    found = {}
    for unit, period, least, most, count in rows:
        # two numbers in one slice would be a half-state
        assert (least, count) == (most, ROWS)
        found[unit, period] = int(least)
    assert before.keys() <= found.keys()
    assert all(found[key] >= version for key, version in before.items())
    return found
