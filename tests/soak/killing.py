"""A refresh or a compaction killed again and again: no half-state, no lost value, nothing to repair by hand.

The child commits a change (rows and token in one transaction), says so, and refreshes or compacts; the parent
kills it at a random moment and looks at what a reader sees. In the end snapshots of the past are built again.
`run_and_kill` serves others too: any program that says a line when it goes on.
"""

import os
import pickle
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
from django.test import override_settings

from haicap.audit.slices import Slice
from haicap.warehouse.history import ENGINE, Former, Moment, summary
from haicap.warehouse.loaders.source import in_batches
from haicap.warehouse.manifest import Manifest
from haicap.warehouse.queries.ratio_by_unit import ratio_by_unit
from haicap.warehouse.queries.trend import trend
from haicap.warehouse.rebuilding import build
from haicap.warehouse.refresh import refresh, sort
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


class Shelf:
    """The archive in the same SQLite file."""

    def __init__(self, ledger: Ledger) -> None:
        self.db = ledger.db
        self.db.execute("CREATE TABLE IF NOT EXISTS shelf (number INTEGER PRIMARY KEY, id, moment, formers)")

    def newest(self) -> str | None:
        found = self.db.execute("SELECT id FROM shelf ORDER BY number DESC LIMIT 1").fetchone()
        return found[0] if found else None

    def keep(self, manifest: Manifest, formers: Sequence[Former]) -> None:
        made = datetime.fromisoformat(manifest.made_at)
        moment = Moment(manifest.id, manifest.previous or "", made, ENGINE, False, summary(manifest))
        self.db.execute(
            "INSERT INTO shelf (id, moment, formers) VALUES (?, ?, ?)",
            (manifest.id, pickle.dumps(moment), pickle.dumps(list(formers))),
        )

    def line(self, newest: str) -> list[Moment]:
        there = {id: pickle.loads(held) for id, held in self.db.execute("SELECT id, moment FROM shelf")}  # noqa: S301
        found = []
        while (one := there.pop(newest, None)) is not None:
            found.append(one)
            newest = one.previous
        return found

    def formers(self, snapshots: Sequence[str], table: str) -> Iterator[Former]:
        for id in snapshots:
            (held,) = self.db.execute("SELECT formers FROM shelf WHERE id = ?", (id,)).fetchone()
            yield from (one for one in pickle.loads(held) if one.table == table)  # noqa: S301


def child(ledger: Path, seed: int) -> None:
    """Commit, refresh and compact until killed."""
    room, dice = Ledger(ledger), random.Random(seed)
    shelf = Shelf(room)
    refresh(room, archive=shelf)
    while True:
        for _ in range(dice.randint(1, 4)):
            room.commit(dice.choice(UNITS), dice.choice(PERIODS))
        print("committed", flush=True)
        refresh(room, archive=shelf)
        if dice.random() < 0.4:
            print("compacting", flush=True)
            sort(share=0, archive=shelf)


def kill_refresh(data: Path, times: int, seed: int) -> int:
    """Kill that often; returns how many snapshots were seen. AssertionError on the first inconsistent one."""
    dice, room = random.Random(seed), Ledger(data / "ledger.sqlite3")
    seen: set[str] = set()
    shown: dict[tuple[int, str], int] = {}
    shown_then: dict[str, dict[tuple[int, str], int]] = {}
    for turn in range(times):
        _run_and_kill(data, seed + turn, dice)
        if snapshot().id not in seen:
            seen.add(snapshot().id)
            shown_then[snapshot().id] = figures()
        assert snapshot().warning is None
        shown = _look(room, shown)
    shelf = Shelf(room)
    refresh(room, archive=shelf)
    assert _look(room, shown) == room.versions()
    assert verify(room, shelf).ok
    assert room.pending() == []
    _travel(data, room, shelf, shown_then, dice)
    store().close()
    return len(seen)


def _travel(
    data: Path, room: Ledger, shelf: Shelf, then: dict[str, dict[tuple[int, str], int]], dice: random.Random
) -> None:
    """What a reader saw between two kills is what is built again."""
    for id in dice.sample(sorted(then), min(3, len(then))):
        to = data / f"then-{id}"
        assert build(as_of=id, to=to, reader=room, archive=shelf).equal is True
        with override_settings(WAREHOUSE_DIR=to):
            assert figures() == then[id]
            store().close()


def figures() -> dict[tuple[int, str], int]:
    """What a reader sees now: whole slices only."""
    found = {}
    for period in PERIODS:
        for row in ratio_by_unit(FIRST, SECOND, list(UNITS), period):
            assert row.numerator == row.denominator
            if row.numerator is not None:
                found[row.unit_id, period] = int(row.numerator)
    return found


def _run_and_kill(data: Path, seed: int, dice: random.Random) -> None:
    command = [sys.executable, "-m", "tests.soak.kill_child", str(data / "ledger.sqlite3"), str(seed)]
    assert run_and_kill(command, data, dice, lines=8, longest=0.12)


def run_and_kill(
    command: Sequence[str], data: Path, dice: random.Random, *, lines: int, longest: float
) -> list[str]:
    """Start a program with that data directory, read 1 to `lines` lines of its standard output, wait up to
    `longest` seconds more and kill it with signal 9. The lines read; fewer when it ended by itself."""
    environment = {**os.environ, "HAICAP_DATA_DIR": str(data)}
    read: list[str] = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True) as process:
        assert process.stdout is not None
        for _ in range(dice.randint(1, lines)):
            if not (line := process.stdout.readline()):
                break
            read.append(line)
        time.sleep(dice.random() * longest)
        process.send_signal(signal.SIGKILL)
    return read


def _look(room: Ledger, before: dict[tuple[int, str], int]) -> dict[tuple[int, str], int]:
    """What a reader sees now: whole slices, never newer than the source, never older than seen before."""
    committed = room.versions()
    shown = figures()
    for key, version in shown.items():
        assert before.get(key, 0) <= version <= committed[key]
    assert before.keys() <= shown.keys()
    assert len(trend(FIRST, None, 1, PERIODS)) == len(PERIODS)
    return shown
