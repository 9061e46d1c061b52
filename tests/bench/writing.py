"""The writer at national scale: one report, a whole month, and what it costs in memory."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from haicap.audit.slices import Slice
from haicap.warehouse.loaders.source import ROWS_PER_BATCH
from haicap.warehouse.refresh import refresh
from haicap.warehouse.tables import TABLES, Table
from tests.warehouse.source import Token

from . import national
from .figures import Figure, Taken, programme, quantile

REPORTS, BULKS = 40, 6
MONTH = national.MONTHS[-1]


@dataclass
class Prepared:
    """A source whose rows are ready: what is measured is the refresh without the read from the source."""

    tokens: list[Token] = field(default_factory=list)
    rows: dict[str, pa.Table | Path] = field(default_factory=dict)

    def pending(self) -> Sequence[Token]:
        return self.tokens

    def consume(self, ids: Sequence[int]) -> None:
        self.tokens = []

    def batches(self, table: Table, slices: Sequence[Slice] | None) -> Iterator[pa.Table]:
        rows = self.rows.get(table.name, table.arrow.empty_table())
        if isinstance(rows, Path):
            # As the product does it: never more than a batch of rows at a time.
            for batch in pq.ParquetFile(rows).iter_batches(ROWS_PER_BATCH):
                yield pa.Table.from_batches([batch]).cast(table.arrow)
        else:
            yield rows


def rows_of(seed: int, where: str = "true") -> dict[str, pa.Table]:
    """The month's facts with other numbers than in the store, in the types that loaders hand over."""
    with duckdb.connect(config={"threads": 1}) as db:
        made = {}
        for name, sql in (
            ("values", national.values_sql([MONTH], seed)),
            ("obligations", national.obligations_sql([MONTH])),
        ):
            made[name] = (
                db.sql(f"SELECT * FROM ({sql}) WHERE {where}").to_arrow_table().cast(TABLES[name].arrow)
            )
    return made


def one_report(seed: int) -> Prepared:
    dice = random.Random(seed)
    unit, form = dice.choice(national.ALL), dice.choice(national.FORMS)
    rows = rows_of(seed, f"unit_id = {unit} AND form = '{form}'")
    return Prepared([Token(seed, Slice("reporting", form, MONTH.key, unit))], dict(rows))


def month_tokens() -> list[Token]:
    slices = (Slice("reporting", form, MONTH.key, unit) for unit in national.ALL for form in national.FORMS)
    return [Token(number, one) for number, one in enumerate(slices, 1)]


@programme("refresh")
def refreshing() -> Iterator[Figure]:
    """Manifest to manifest: checksum, copy, replace, check, swap. Without the read from the source."""
    with national.scratch():
        refresh(one_report(0))
        reports = [one_report(seed) for seed in range(1, REPORTS + 1)]
        taken = _refreshed(reports)
        note = f"{REPORTS} reports of 20 cells, year file of {_rows_of_year():,} rows"
        yield _seconds("refresh_one_report_p95", taken, 0.95, 0.5, note)
        taken, rows = Taken([], []), 0
        for seed in range(101, 101 + BULKS):
            month = rows_of(seed)
            rows = month["values"].num_rows
            one = _refreshed([Prepared(month_tokens(), dict(month))])
            taken.wall.extend(one.wall)
            taken.cpu.extend(one.cpu)
        note = f"{rows:,} rows in {len(month_tokens()):,} slices replaced, largest of {BULKS}"
        yield _seconds("refresh_bulk_month_max", taken, 1.0, 1.0, note)


def _refreshed(sources: Sequence[Prepared]) -> Taken:
    taken = Taken([], [])
    for source in sources:
        cpu = time.process_time()
        taken.wall.append(refresh(source).seconds)
        taken.cpu.append(time.process_time() - cpu)
    return taken


def _seconds(name: str, taken: Taken, share: float, goal: float, note: str) -> Figure:
    processor, middle = quantile(taken.cpu, share), quantile(taken.wall, 0.5)
    return Figure(
        name,
        quantile(taken.wall, share),
        "s",
        goal,
        f"{note}; processor {processor:.3f} s, median {middle:.3f} s",
    )


def _rows_of_year() -> int:
    per_month = national.COMMUNES * national.ELEMENTS * 0.85
    return int(per_month * sum(month.last_day.year == MONTH.last_day.year for month in national.MONTHS))


@programme("memory")
def memory() -> Iterator[Figure]:
    """Peak of processes of their own, since a peak never goes down again."""
    for name, goal, note in (
        ("writer", 512.0, "one report, then a month of 0.8 M rows read in batches"),
        ("server", None, "every question at national scale, ten years of months, Django and Ibis loaded"),
    ):
        command = [sys.executable, "-m", "tests.bench.peaks", name]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = json.loads(output.splitlines()[-1])
        extra = f"{note}; {found['before']:.0f} MB before the first of them"
        yield Figure(f"memory_{name}_peak", found["peak"], "MB", goal, extra)


def peak_megabytes() -> float:
    """Of this program alone: `ru_maxrss` would begin with the peak of the process that started it."""
    status = Path("/proc/self/status").read_text("utf-8")
    (line,) = (line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def write_month(place: Path) -> Prepared:
    """A bulk month as files, so that the measured process does not begin with it in memory."""
    rows: dict[str, pa.Table | Path] = {}
    for name, table in rows_of(7).items():
        rows[name] = place / f"{name}.parquet"
        pq.write_table(table, rows[name])
    return Prepared(month_tokens(), rows)
