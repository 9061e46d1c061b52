"""Readers beside the writer: how soon a change is seen, what a swap costs, what a refresh does to them."""

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from haicap.audit.slices import Slice
from haicap.routines.worker import LOOK_SECONDS
from haicap.warehouse.queries.ratio_by_unit import ratio_by_unit
from haicap.warehouse.refresh import refresh
from haicap.warehouse.tables import VALUES
from tests.warehouse.source import Token

from . import national
from .figures import Figure, Taken, ms, programme, quantile, timed
from .reading import WATCHED_UNIT
from .writing import Prepared, one_report, rows_of

READERS, ASKING, CHANGES, SWAPS = 4, 2, 15, 30
SECONDS = 20.0


@programme("visible")
def visible() -> Iterator[Figure]:
    """A commit at t0, the worker's own rhythm, and the last of four reader processes to see it."""
    with national.scratch() as place, _processes("watch", place, READERS) as readers:
        rows = rows_of(1, f"unit_id = {WATCHED_UNIT} AND form = 'F00'")
        refresh(_watched(rows, 10**6))
        _wait_for(readers, 10**6)
        source, stop = Prepared(rows={}), threading.Event()
        worker = threading.Thread(target=_work, args=(source, stop))
        worker.start()
        taken = []
        for change in range(1, CHANGES + 1):
            # Not in step with the worker's look.
            time.sleep(0.1 + 0.037 * change)
            following = _watched(rows, 10**6 + change)
            source.rows = following.rows
            committed = time.monotonic()
            source.tokens = following.tokens
            taken.append(max(_wait_for(readers, 10**6 + change)) - committed)
        stop.set()
        worker.join()
        note = f"{READERS} reader processes, worker looks every {LOOK_SECONDS} s; largest of {CHANGES}"
        yield Figure("commit_to_visible_everywhere_max", max(taken), "s", 2.0, note)


def _watched(rows: dict[str, pa.Table], number: int) -> Prepared:
    values = rows["values"]
    numbers = pa.array([Decimal(number)] * values.num_rows, VALUES.arrow.field("number").type)
    values = values.set_column(VALUES.names.index("number"), VALUES.arrow.field("number"), numbers)
    piece = Slice("reporting", "F00", national.LAST, WATCHED_UNIT)
    return Prepared([Token(number, piece)], {**rows, "values": values})


def _work(source: Prepared, stop: threading.Event) -> None:
    while not stop.is_set():
        if source.pending():
            refresh(source)
        else:
            stop.wait(LOOK_SECONDS)


def _wait_for(readers: Sequence[subprocess.Popen[str]], number: int) -> list[float]:
    """When each reader saw the number."""
    seen = []
    for reader in readers:
        assert reader.stdout is not None
        for line in reader.stdout:
            found = json.loads(line)
            if found["number"] == number:
                seen.append(found["at"])
                break
    return seen


@programme("swap")
def swap() -> Iterator[Figure]:
    with national.scratch():
        above, below = national.indicator(3)
        ratio_by_unit(above, below, national.PROVINCE, national.LAST)
        taken = Taken([], [])
        for seed in range(1, SWAPS + 1):
            refresh(one_report(seed))
            one = timed([lambda: ratio_by_unit(above, below, national.PROVINCE, national.LAST)])
            taken.wall.extend(one.wall)
            taken.cpu.extend(one.cpu)
        yield taken.p95("first_question_after_swap_p95", 25.0, f"102 communes, {SWAPS} swaps")


@programme("readers")
def readers() -> Iterator[Figure]:
    """Questions of two processes with nothing else going on, then with one refresh after another."""
    with national.scratch() as place:
        reports = [one_report(seed) for seed in range(1, 200)]
        for name, busy in (("alone", False), ("while_refreshing", True)):
            taken, swaps = _asked(place, reports if busy else [])
            note = f"{ASKING} processes, {len(taken)} questions for 102 communes, {swaps} swaps"
            yield Figure(f"reader_{name}_p95", ms(quantile(taken, 0.95)), "ms", None, note)
            yield Figure(f"reader_{name}_p99", ms(quantile(taken, 0.99)), "ms", None, note)


def _asked(place: Path, reports: list[Prepared]) -> tuple[list[float], int]:
    swaps = 0
    with _processes("ask", place, ASKING) as processes:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            if reports:
                refresh(reports.pop())
                swaps += 1
            time.sleep(LOOK_SECONDS)
        taken: list[float] = []
        for process in processes:
            output, _ = process.communicate()
            taken += json.loads(output.splitlines()[-1])
    return taken, swaps


@contextmanager
def _processes(role: str, place: Path, count: int) -> Iterator[list[subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "tests.bench.reading", role, str(place)]
    pipe = subprocess.PIPE
    started = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(count)]
    try:
        for process in started:
            assert process.stdout is not None
            process.stdout.readline()
        yield started
    finally:
        for process in started:
            if process.stdin is not None and not process.stdin.closed:
                process.stdin.close()
            process.wait()
