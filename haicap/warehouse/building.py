"""Making the next file of a year beside the one that is read: copy, replace slices, check, name it.

Nothing here is visible to a reader until the manifest names the file.
"""

import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from haicap.core import periods
from haicap.core.errors import Refusal

from .history import Key, pack
from .loaders.source import ROWS_PER_BATCH, Slice
from .manifest import Entry, checksum
from .tables import YEAR, Table

BUILDING = ".building-"
MEMORY = "160MB"
_DOOMED = "(period, form, unit_id) IN (SELECT period, form, unit_id FROM doomed)"


class UnbalancedError(Exception):
    """Rows or sums of a new file are not those of the source: the file is thrown away."""


def name_of(table: Table, year: int) -> str:
    return f"{table.name}-{year}-{secrets.token_hex(6)}.duckdb"


def key_of(piece: Slice) -> Key:
    return piece.period, piece.form, piece.unit_id


def years_of(slices: Iterable[Slice]) -> set[int]:
    """The years whose files hold these slices: that of a window's last day, under either window rule."""
    return {_year(key) for key in {piece.period for piece in slices}}


def _year(key: str) -> int:
    try:
        return periods.parse(key).last_day.year
    except Refusal:
        # Left alone, one unreadable token would stop every later refresh.
        return int(key[:4])


class Workshop:
    """The writer's connection, with its stage of rows from the source. One per refresh.

    A `large` stage lies in a file: everything there is would not fit into the memory of a small machine.
    """

    def __init__(self, root: Path, *, large: bool = False) -> None:
        self.root = root
        self.db = duckdb.connect(
            config={
                "threads": 1,
                "memory_limit": MEMORY,
                "temp_directory": str(root / f"{BUILDING}spill"),
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            }
        )
        self._stage = root / f"{BUILDING}stage.duckdb"
        self._attach(self._stage if large else Path(":memory:"), "stage")

    def close(self) -> None:
        self.db.close()
        self._stage.unlink(missing_ok=True)

    def stage(self, table: Table, batches: Iterator[pa.Table]) -> None:
        """Take over the source's rows; what was staged for this table before is gone."""
        self.db.execute(f'DROP TABLE IF EXISTS stage."{table.name}"')
        self.db.execute(table.create(f'stage."{table.name}"'))
        for batch in batches:
            self.db.register("batch", batch)
            self.db.execute(f'INSERT INTO stage."{table.name}" SELECT * FROM batch')
            self.db.unregister("batch")

    def staged_years(self, table: Table) -> list[int]:
        rows = self.db.execute(f'SELECT DISTINCT {YEAR} FROM stage."{table.name}" ORDER BY 1').fetchall()
        return [year for (year,) in rows]

    def doom(self, slices: Iterable[Key]) -> None:
        """Name the slices that the next `patch` replaces."""
        keys = sorted(set(slices))
        columns = [
            pa.array([key[index] for key in keys], kind)
            for index, kind in enumerate((pa.string(), pa.string(), pa.int64()))
        ]
        self.db.register("doomed", pa.table(columns, names=["period", "form", "unit_id"]))

    def drop(self, table: Table, slices: Iterable[Key]) -> None:
        """Take these slices out of what is staged."""
        self.doom(slices)
        self.db.execute(f'DELETE FROM stage."{table.name}" WHERE {_DOOMED}')

    def take(self, table: Table, batches: Iterable[pa.RecordBatch], slices: Iterable[Key]) -> None:
        """Stage those rows besides that belong to these slices."""
        self.doom(slices)
        for batch in batches:
            self.db.register("batch", pa.Table.from_batches([batch]))
            self.db.execute(f'INSERT INTO stage."{table.name}" SELECT * FROM batch WHERE {_DOOMED}')
            self.db.unregister("batch")

    def take_from(self, path: Path, table: Table, slices: Iterable[Key]) -> None:
        """The same from a finished file of any folder."""
        self.doom(slices)
        self._attach(path, "source", "(READ_ONLY)")
        try:
            held = f'source."{table.name}"'
            self.db.execute(f'INSERT INTO stage."{table.name}" SELECT * FROM {held} WHERE {_DOOMED}')
        finally:
            self.db.execute("DETACH source")

    def build(self, table: Table, year: int) -> Entry:
        """A new sorted file from all staged rows of that year."""
        rows = f'SELECT * FROM stage."{table.name}" WHERE {YEAR} = {year}'
        return self.write(table, year, rows, self.sums(f"({rows})", table))

    def former(self, table: Table, entries: Iterable[Entry]) -> bytes:
        """What the doomed slices hold in these files, packed."""
        return pack(batch for entry in entries for batch in self._doomed_rows(table, entry))

    def _doomed_rows(self, table: Table, entry: Entry) -> Iterator[pa.RecordBatch]:
        with self._open(entry) as place:
            rows = f'SELECT * FROM {place}."{table.name}" WHERE {self._near()} AND {_DOOMED}'
            yield from self.db.sql(rows).to_arrow_reader(ROWS_PER_BATCH)

    def differing(self, table: Table, entry: Entry) -> list[Key]:
        """The slices of a file that are not as they are staged."""
        year = f'(SELECT * FROM stage."{table.name}" WHERE {YEAR} = {entry.year})'
        with self._open(entry) as place:
            held = f'{place}."{table.name}"'
            return self.query(
                f"SELECT period, form, unit_id FROM ({self._prints(year, table)}) s "
                f"FULL JOIN ({self._prints(held, table)}) w USING (period, form, unit_id) "
                f"WHERE s.print IS DISTINCT FROM w.print"
            )

    def slices(self, table: Table, year: int) -> list[Key]:
        """The slices that are staged for that year."""
        rows = f'SELECT DISTINCT period, form, unit_id FROM stage."{table.name}" WHERE {YEAR} = {year}'
        return self.query(rows)

    @staticmethod
    def _prints(relation: str, table: Table) -> str:
        return f"SELECT period, form, unit_id, {table.print} AS print FROM {relation} GROUP BY ALL"

    def sort(self, table: Table, entry: Entry) -> Entry:
        """The same rows in one sorted piece: many small refreshes leave a file in many pieces."""
        with self._open(entry) as place:
            old = f'{place}."{table.name}"'
            rows = f"SELECT * FROM {old}"
            return self.write(table, entry.year, rows, self.sums(old, table), entry.print)

    def write(
        self, table: Table, year: int, rows: str, expected: tuple[int, Decimal], print: str = ""
    ) -> Entry:
        """A new sorted file from the rows of a SELECT, checked against the sums expected."""
        path = self._beside()
        with self._attached(path) as place:
            new = f'{place}."{table.name}"'
            self.db.execute(table.create(new))
            self.db.execute(f"INSERT INTO {new} {rows} ORDER BY {table.order}")
            self._check(new, table, expected)
            print = print or self.print(new, table)
        return self._finish(path, table, year, expected, loose=0, print=print)

    def same(self, table: Table, year: int, old: Entry) -> bool:
        """Whether the staged rows are what the doomed slices already hold: then no file is made."""
        stage = f'(SELECT * FROM stage."{table.name}" WHERE {YEAR} = {year})'
        with self._open(old) as place:
            held = f'(SELECT * FROM {place}."{table.name}" WHERE {self._near()} AND {_DOOMED})'
            # Sums differ nearly always when anything does, and cost a tenth of the rows' hashes.
            return self.sums(stage, table) == self.sums(held, table) and self.print(
                stage, table
            ) == self.print(held, table)

    def patch(self, table: Table, year: int, old: Entry) -> Entry:
        """A copy of the year's file in which the doomed slices are replaced by the staged rows."""
        path = self._beside()
        shutil.copyfile(self.root / old.name, path)
        stage = f'(SELECT * FROM stage."{table.name}" WHERE {YEAR} = {year})'
        with self._attached(path) as place:
            target = f'{place}."{table.name}"'
            near = self._near()
            doomed = f"(SELECT * FROM {target} WHERE {near} AND {_DOOMED})"
            gone, come = self.sums(doomed, table), self.sums(stage, table)
            moved = int(self.print(stage, table)) - int(self.print(doomed, table))
            self.db.execute("BEGIN")
            self.db.execute(f"DELETE FROM {target} WHERE {near} AND {_DOOMED}")
            self.db.execute(f"INSERT INTO {target} SELECT * FROM {stage} ORDER BY {table.order}")
            self.db.execute("COMMIT")
            expected = old.rows - gone[0] + come[0], Decimal(old.total) - gone[1] + come[1]
            self._check(doomed, table, come)
            self._check(target, table, expected)
            print = str(int(old.print) + moved) if old.print else self.print(target, table)
        loose = old.loose + gone[0] + come[0]
        return self._finish(path, table, year, expected, loose=loose, print=print)

    def print(self, relation: str, table: Table) -> str:
        """The sum of row hashes; "0" for no rows."""
        return str(self.query(f"SELECT coalesce({table.print}, 0) FROM {relation}")[0][0])

    def corrected(self, table: Table, old: Entry, today: date) -> int:
        """How many facts of closed periods differ between the doomed slices and what is staged for them.

        A slice that held nothing before is new, not corrected.
        """
        closed = f"\"end\" <= DATE '{today}'"
        with self._open(old) as place:
            held = (
                f'SELECT period, form, unit_id, {table.lasting} AS mark FROM {place}."{table.name}" '
                f"WHERE {self._near()} AND {_DOOMED} AND {closed}"
            )
            come = (
                f'SELECT {table.lasting} AS mark FROM stage."{table.name}" WHERE {YEAR} = {old.year} AND '
                f"{closed} AND (period, form, unit_id) IN (SELECT period, form, unit_id FROM held)"
            )
            rows = self.query(
                f"WITH held AS MATERIALIZED ({held}), come AS MATERIALIZED ({come}) SELECT greatest("
                f"(SELECT count(*) FROM (SELECT mark FROM held EXCEPT ALL SELECT mark FROM come)), "
                f"(SELECT count(*) FROM (SELECT mark FROM come EXCEPT ALL SELECT mark FROM held)))"
            )
        return int(rows[0][0])

    def sums(self, relation: str, table: Table) -> tuple[int, Decimal]:
        rows, total = self.db.execute(f"SELECT {table.sums} FROM {relation}").fetchall()[0]
        return rows, Decimal(total)

    def _near(self) -> str:
        """Bounds that the file's zone maps understand; the list of slices alone would read every row."""
        low, high = self.db.execute(
            "SELECT coalesce(min(period), ''), coalesce(max(period), '') FROM doomed"
        ).fetchall()[0]
        quoted = [str(edge).replace("'", "''") for edge in (low, high)]
        return f"period BETWEEN '{quoted[0]}' AND '{quoted[1]}'"

    def _check(self, relation: str, table: Table, expected: tuple[int, Decimal]) -> None:
        found = self.sums(relation, table)
        if found != expected:
            raise UnbalancedError(f"{table.name}: rows and sum {found}, expected {expected}")

    def _beside(self) -> Path:
        return self.root / f"{BUILDING}{secrets.token_hex(6)}.duckdb"

    def _attach(self, path: Path, alias: str, mode: str = "") -> None:
        quoted = str(path).replace("'", "''")
        self.db.execute(f"ATTACH '{quoted}' AS \"{alias}\" {mode}")

    @contextmanager
    def _attached(self, path: Path) -> Iterator[str]:
        self._attach(path, "target")
        try:
            yield "target"
            self.db.execute("CHECKPOINT target")
        finally:
            self.db.execute("DETACH target")

    @contextmanager
    def reading(self, entry: Entry | None, table: Table) -> Iterator[str]:
        """SQL of the rows of a finished file; of no rows where there is no file."""
        if entry is None:
            yield table.nothing
            return
        with self._open(entry) as place:
            yield f'{place}."{table.name}"'

    @contextmanager
    def _open(self, entry: Entry) -> Iterator[str]:
        self._attach(self.root / entry.name, "source", "(READ_ONLY)")
        try:
            yield "source"
        finally:
            self.db.execute("DETACH source")

    def query(self, sql: str, parameters: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
        return self.db.execute(sql, parameters or {}).fetchall()

    def _finish(
        self, path: Path, table: Table, year: int, sums: tuple[int, Decimal], *, loose: int, print: str
    ) -> Entry:
        handle = os.open(path, os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        name = name_of(table, year)
        entry = Entry(
            table=table.name,
            year=year,
            name=name,
            rows=sums[0],
            total=str(sums[1]),
            bytes=path.stat().st_size,
            sha256=checksum(path),
            loose=loose,
            print=print,
        )
        os.replace(path, self.root / name)
        return entry
