"""Whole builds beside DuckDB's own COPY, what many small refreshes do to the files, and the way back in time.

BENCH_BUILD_ROWS=500000 takes fewer rows.
"""

import os
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from django.test import override_settings

from haicap.audit.slices import Slice
from haicap.warehouse import manifest as manifests
from haicap.warehouse.loaders.source import ROWS_PER_BATCH
from haicap.warehouse.places import root_directory
from haicap.warehouse.rebuilding import build
from haicap.warehouse.refresh import refresh, sort
from haicap.warehouse.store import store
from haicap.warehouse.tables import DOSSIERS, VALUES, Table
from tests.warehouse.archive import Memory
from tests.warehouse.source import Token

from . import national
from .figures import Figure, programme

ROWS = int(os.environ.get("BENCH_BUILD_ROWS", "2000000"))
REFRESHES, UNITS = 500, 102


@dataclass
class Files:
    """A source of whole tables that lie as Parquet files."""

    paths: dict[str, Path]

    def pending(self) -> Sequence[Token]:
        return ()

    def consume(self, ids: Sequence[int]) -> None:
        pass

    def batches(self, table: Table, slices: Sequence[Slice] | None) -> Iterator[pa.Table]:
        if path := self.paths.get(table.name):
            for batch in pq.ParquetFile(path).iter_batches(ROWS_PER_BATCH):
                yield pa.Table.from_batches([batch]).cast(table.arrow)


def dossiers_sql(rows: int) -> str:
    """Dossiers of 102 communes over 24 months."""
    return f"""
    SELECT CAST(1 + hash(i) % {UNITS} AS INTEGER) AS unit_id, 'dossiers' AS form,
      strftime(m, '%Y-%m') AS period, 'month' AS kind, 'calendar' AS rule, CAST(m AS DATE) AS start,
      CAST(m + INTERVAL 1 MONTH AS DATE) AS "end", '1.' || lpad(CAST(hash(i, 2) % 300 AS VARCHAR), 6, '0')
      AS procedure, CAST(1 + hash(i, 3) % 3 AS INTEGER) AS channel,
      CASE hash(i, 4) % 3 WHEN 0 THEN 'full' WHEN 1 THEN 'part' ELSE 'info' END AS level,
      CASE hash(i, 5) % 3 WHEN 0 THEN 'self' WHEN 1 THEN 'helped' ELSE 'behalf' END AS submitter,
      CAST(m AS DATE) + CAST(hash(i, 6) % 28 AS INTEGER) AS received, received + 5 AS due,
      received + CAST(hash(i, 7) % 8 AS INTEGER) AS finished, CAST(finished > due AS INTEGER) AS late,
      '' AS blame, 10 AS status, CAST(hash(i, 8) % 3 * 8000 AS DECIMAL(18,4)) AS fee,
      CAST(hash(i, 9) % 2 AS INTEGER) AS paid_online, 1 AS digitised_components, 1 AS digitised_result,
      CAST(NULL AS INTEGER) AS satisfaction, 1 AS n
    FROM (SELECT i, DATE '2024-11-01' + to_months(CAST(hash(i, 1) % 24 AS INTEGER)) AS m
          FROM range({rows}) r(i))
    """


@contextmanager
def _place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="haicap-bench-") as folder:
        place = Path(folder)
        with override_settings(WAREHOUSE_DIR=place / "warehouse"):
            try:
                yield place
            finally:
                store().close()


def _parquet(path: Path, sql: str) -> int:
    with duckdb.connect() as db:
        db.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet, COMPRESSION zstd)")
        found = db.execute(f"SELECT count(*) FROM '{path}'").fetchone()
    return int(found[0]) if found else 0


def _copied(path: Path, table: Table, target: Path) -> float:
    """DuckDB alone: the same rows from the same file into a table, in a file, on one thread."""
    with duckdb.connect(str(target), config={"threads": 1}) as db:
        db.execute(table.create(f'"{table.name}"'))
        started = time.monotonic()
        db.execute(f"""COPY "{table.name}" FROM '{path}' (FORMAT parquet)""")
        db.execute("CHECKPOINT")
        return time.monotonic() - started


@programme("build")
def building() -> Iterator[Figure]:
    """Staged, sorted, split by year, checked, hashed, against a bare COPY of unsorted rows."""
    months = national.MONTHS[-max(1, round(ROWS / 847_000)) :]
    for table, sql in ((VALUES, national.values_sql(months)), (DOSSIERS, dossiers_sql(ROWS))):
        with _place() as place:
            path = place / "rows.parquet"
            rows = _parquet(path, sql)
            seconds = refresh(Files({table.name: path})).seconds
            copied = _copied(path, table, place / "copied.duckdb")
            size = sum(one.stat().st_size for one in root_directory().glob("*.duckdb")) / 2**20
        note = f"{rows:,} rows in {seconds:.1f} s, {size:.0f} MB"
        yield Figure(f"build_{table.name}_rows_per_second", rows / seconds, "rows/s", None, note)
        bare = f"COPY alone {copied:.1f} s, {rows / copied:,.0f} rows/s, neither sorted nor checked"
        yield Figure(f"build_{table.name}_to_copy", seconds / copied, "times", None, bare)


@dataclass
class Growing:
    """A year of one table, one slice of which changes with each refresh."""

    rows: pa.Table
    tokens: Sequence[Token] = ()

    def pending(self) -> Sequence[Token]:
        return self.tokens

    def consume(self, ids: Sequence[int]) -> None:
        self.tokens = ()

    def batches(self, table: Table, slices: Sequence[Slice] | None) -> Iterator[pa.Table]:
        if table is VALUES:
            with duckdb.connect(config={"threads": 1}) as db:
                db.register("held", self.rows)
                keys = [f"({one.unit_id}, '{one.form}')" for one in slices or ()]
                where = f"(unit_id, form) IN ({', '.join(keys)})" if keys else "true"
                yield db.sql(f"SELECT * FROM held WHERE {where}").to_arrow_table().cast(table.arrow)

    def change(self, number: int, unit: int, form: str) -> None:
        with duckdb.connect(config={"threads": 1}) as db:
            db.register("held", self.rows)
            found = db.sql(
                f"SELECT * REPLACE (CASE WHEN unit_id = {unit} AND form = '{form}' "
                f"THEN CAST(number + 1 AS DECIMAL(18,4)) ELSE number END AS number) FROM held"
            )
            self.rows = found.to_arrow_table()
        self.tokens = [Token(number, Slice("reporting", form, national.LAST, unit))]


@programme("growth")
def growth() -> Iterator[Figure]:
    """One file under many small refreshes: its size, what the night makes of it, what history costs."""
    dice, archive = random.Random(1), Memory()
    with _place() as place, duckdb.connect(config={"threads": 1}) as db:
        source = Growing(db.sql(national.values_sql(national.MONTHS[-1:])).to_arrow_table())
        refresh(source, archive=archive)
        first, before = _entry()
        seconds = []
        for number in range(1, REFRESHES + 1):
            source.change(number, dice.choice(national.ALL), dice.choice(national.FORMS))
            seconds.append(refresh(source, archive=archive).seconds)
        after = _entry()[1]
        note = f"{REFRESHES} refreshes of one report on a file of {before / 2**20:.1f} MB"
        yield Figure("file_growth", after / before, "times", 1.5, note)
        tail = sum(seconds[-50:]) / 50 / (sum(seconds[:50]) / 50)
        yield Figure("refresh_last_to_first", tail, "times", 1.5, "mean of the last 50 to the first 50")
        sort(share=0, archive=archive)
        yield Figure("file_growth_after_compaction", _entry()[1] / before, "times", 1.05, note)
        kept = sum(len(one.rows) + 30 for formers in archive.kept.values() for one in formers)
        yield Figure(
            "history_per_refresh", kept / REFRESHES / 1024, "KB", None, "what a refresh leaves behind"
        )
        started = time.monotonic()
        done = build(as_of=first, to=place / "then", reader=source, archive=archive)
        assert done.equal
        note = f"{done.rows:,} rows, {REFRESHES} refreshes undone, equal by row hashes"
        yield Figure("time_travel", time.monotonic() - started, "s", None, note)


def _entry() -> tuple[str, int]:
    found = manifests.read(root_directory())
    assert found is not None
    return found.id, sum(one.bytes for one in found.files)
