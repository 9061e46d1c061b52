"""A refresh killed again and again: no half-state, no lost value, nothing left to repair by hand.

The child commits a change (rows and token in one transaction), says so, and refreshes; the parent kills it
at a random moment and looks at what a reader sees.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from haicap.audit.slices import Slice
from haicap.warehouse.loaders.source import in_batches
from haicap.warehouse.queries.ratio_by_unit import ratio_by_unit
from haicap.warehouse.queries.trend import trend
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import snapshot, store
from haicap.warehouse.tables import Table
from haicap.warehouse.verify import verify
from tests.warehouse.source import Token, fact

UNITS = range(1, 21)
PERIODS = ("2025-11", "2025-12", "2026-01", "2026-02")
ELEMENTS = (11, 12, 13)
FIRST, SECOND = ((11, Decimal(1)),), ((12, Decimal(1)),)


class Ledger:
    """A record room in a SQLite file, so that a killed process cannot take it along."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, timeout=30, isolation_level=None)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("CREATE TABLE IF NOT EXISTS cell (unit, period, version, PRIMARY KEY (unit, period))")
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS token (id INTEGER PRIMARY KEY AUTOINCREMENT, unit, period)"
        )

    def commit(self, unit: int, period: str) -> None:
        with closing(self.db.cursor()) as cursor:
            cursor.execute("BEGIN IMMEDIATE")
            cursor.execute(
                "INSERT INTO cell VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET version = version + 1",
                (unit, period),
            )
            cursor.execute("INSERT INTO token (unit, period) VALUES (?, ?)", (unit, period))
            cursor.execute("COMMIT")

    def pending(self) -> Sequence[Token]:
        rows = self.db.execute("SELECT id, unit, period FROM token ORDER BY id")
        return [Token(one, Slice("reporting", "CQS-T", period, unit)) for one, unit, period in rows]

    def consume(self, ids: Sequence[int]) -> None:
        self.db.executemany("DELETE FROM token WHERE id = ?", [(one,) for one in ids])

    def versions(self) -> dict[tuple[int, str], int]:
        return {(u, p): version for u, p, version in self.db.execute("SELECT * FROM cell")}

    def batches(self, table: Table, slices: Sequence[Slice] | None) -> Iterator[pa.Table]:
        if table.name != "values":
            return
        wanted = None if slices is None else {(one.unit_id, one.period) for one in slices}
        cells = {k: v for k, v in self.versions().items() if wanted is None or k in wanted}
        # Every element of a slice holds the slice's version: two different ones are a half-state.
        yield from in_batches(
            (fact(u, element, version, p) for (u, p), version in cells.items() for element in ELEMENTS), table
        )


def child(ledger: Path, seed: int) -> None:
    """Commit and refresh until killed."""
    room, dice = Ledger(ledger), random.Random(seed)
    refresh(room)
    while True:
        for _ in range(dice.randint(1, 4)):
            room.commit(dice.choice(UNITS), dice.choice(PERIODS))
        print("committed", flush=True)
        refresh(room)


def kill_refresh(data: Path, times: int, seed: int) -> int:
    """Kill that often; returns how many snapshots were seen. AssertionError on the first inconsistent one."""
    dice, room = random.Random(seed), Ledger(data / "ledger.sqlite3")
    seen: set[str] = set()
    shown: dict[tuple[int, str], int] = {}
    for turn in range(times):
        _run_and_kill(data, seed + turn, dice)
        seen.add(snapshot().id)
        assert snapshot().warning is None
        shown = _look(room, shown)
    refresh(room)
    assert _look(room, shown) == room.versions()
    assert verify(room).ok
    assert room.pending() == []
    store().close()
    return len(seen)


def _run_and_kill(data: Path, seed: int, dice: random.Random) -> None:
    environment = {**os.environ, "HAICAP_DATA_DIR": str(data)}
    command = [sys.executable, "-m", "tests.soak.kill_child", str(data / "ledger.sqlite3"), str(seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        for _ in range(dice.randint(1, 6)):
            assert process.stdout.readline() == "committed\n"
        time.sleep(dice.random() * 0.12)
        process.send_signal(signal.SIGKILL)


def _look(room: Ledger, before: dict[tuple[int, str], int]) -> dict[tuple[int, str], int]:
    """What a reader sees now: whole slices, never newer than the source, never older than seen before."""
    committed = room.versions()
    shown = {}
    for period in PERIODS:
        for row in ratio_by_unit(FIRST, SECOND, list(UNITS), period):
            assert row.numerator == row.denominator
            if row.numerator is not None:
                shown[row.unit_id, period] = int(row.numerator)
    for key, version in shown.items():
        assert before.get(key, 0) <= version <= committed[key]
    assert before.keys() <= shown.keys()
    assert len(trend(FIRST, None, 1, PERIODS)) == len(PERIODS)
    return shown
