"""The facts of one unit and everything below it as a file of their own: whatever is asked of that file,
nothing else can come out of it.

The file is made once per snapshot, copied from the immutable ones, and opened read-only by an engine that may
touch no other file, load nothing and change no setting. See docs/adr/0026.
"""

import os
import re
import secrets
import threading
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
from django.utils.translation import gettext as _

from haicap.core.errors import Refusal
from haicap.units import queries as units

from . import dictionary
from . import manifest as manifests
from .building import BUILDING
from .manifest import Manifest
from .places import root_directory
from .tables import TABLES

FOLDER, MEMORY, ROWS = "doors", "256MB", 5_000
SECONDS = 20.0
KEEP_SECONDS, _TRIES = 3_600, 3
EVER = date(1900, 1, 1)
LONGEST_QUESTION = 20_000
_LOCKED: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": MEMORY,
    "max_temp_directory_size": "0KB",
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "lock_configuration": True,
}


def asked(sql: str, unit_id: int, *, seconds: float = SECONDS) -> "Answer":
    """One SELECT over the facts below that unit, given up after that time, reading included.

    Refusals sql.statement (not exactly one SELECT), sql.wrong (with the engine's words), sql.memory,
    sql.slow, warehouse.unavailable.
    """
    text = sql.strip()
    if not 0 < len(text) <= LONGEST_QUESTION:
        raise Refusal("sql.statement", _("Hãy gửi đúng một câu SELECT."), place="sql")
    answer = Answer(_opened(unit_id), seconds)
    with answer.guarded():
        answer.begin(text)
    return answer


class Answer:
    """What comes back, batch by batch; `close` it, or read it to its end."""

    def __init__(self, db: duckdb.DuckDBPyConnection, seconds: float) -> None:
        self._db = db
        self._late = False
        self._timer = threading.Timer(seconds, self._stop)
        self._timer.daemon = True
        self._timer.start()

    def begin(self, text: str) -> None:
        statements = self._db.extract_statements(text)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise Refusal("sql.statement", _("Hãy gửi đúng một câu SELECT."), place="sql")
        self._reader = self._db.sql(statements[0]).to_arrow_reader(ROWS)
        # what is wrong shows with the first rows: it is told before anything was sent
        self._first = next(self._reader, None)

    @property
    def schema(self) -> pa.Schema:
        return self._reader.schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        try:
            with self.guarded():
                if self._first is not None:
                    yield self._first
                yield from self._reader
        finally:
            self.close()

    def close(self) -> None:
        self._timer.cancel()
        self._db.close()

    def _stop(self) -> None:
        self._late = True
        with suppress(duckdb.Error):
            self._db.interrupt()

    @contextmanager
    def guarded(self) -> Iterator[None]:
        try:
            yield
        except Refusal:
            self.close()
            raise
        except (duckdb.Error, pa.ArrowException) as error:
            self.close()
            raise self._refusal(error) from error

    def _refusal(self, error: Exception) -> Refusal:
        if self._late or isinstance(error, duckdb.InterruptException):
            return Refusal(
                "sql.slow", _("Câu hỏi chạy quá lâu. Hãy hỏi ít kỳ hoặc ít đơn vị hơn."), place="sql"
            )
        if isinstance(error, duckdb.OutOfMemoryException):
            text = _("Câu hỏi cần quá nhiều bộ nhớ. Hãy hỏi ít hơn, hoặc dùng bản xuất Parquet.")
            return Refusal("sql.memory", text, place="sql")
        words = _without_paths(str(error).splitlines()[0])
        text = _("Không trả lời được câu SQL này: %(words)s") % {"words": words}
        return Refusal("sql.wrong", text, place="sql")


def _without_paths(text: str) -> str:
    """Where the product lies on its machine is nobody's business."""
    return re.sub(r"(/[^\s\"']+)+", "…", text)[:500]


def _opened(unit_id: int) -> duckdb.DuckDBPyConnection:
    """Another process may swap the snapshot and sweep its files between two of our steps: then once more."""
    for _attempt in range(_TRIES):
        with suppress(duckdb.IOException, ValueError, FileNotFoundError):
            return duckdb.connect(str(_file(unit_id)), read_only=True, config=_LOCKED)
    raise _unavailable()


def _unavailable() -> Refusal:
    text = _("Kho số liệu đang được phục hồi. Xin thử lại sau ít phút.")
    return Refusal("warehouse.unavailable", text)


def _file(unit_id: int) -> Path:
    """The file of that unit for the snapshot of now, made where it is missing."""
    root = root_directory()
    manifest = manifests.read(root)
    if manifest is None:
        raise _unavailable()
    place = root / FOLDER / f"{unit_id}-{manifest.id}.duckdb"
    if not place.exists():
        place.parent.mkdir(exist_ok=True)
        _make(root, manifest, units.ever_under(unit_id, EVER), place)
        _sweep(place, unit_id)
    return place


def _sweep(place: Path, unit_id: int) -> None:
    """Files of earlier snapshots, and halves that a killed process has left."""
    for old in place.parent.glob(f"{unit_id}-*.duckdb"):
        if old != place:
            old.unlink(missing_ok=True)
    for half in place.parent.glob(f"{BUILDING}*"):
        with suppress(FileNotFoundError):
            if time.time() - half.stat().st_mtime > KEEP_SECONDS:
                half.unlink()


def _make(root: Path, manifest: Manifest, inside: Collection[int], place: Path) -> None:
    beside = place.with_name(f"{BUILDING}{secrets.token_hex(6)}.duckdb")
    db = duckdb.connect(config={"threads": 1, "memory_limit": MEMORY, "autoload_known_extensions": False})
    try:
        db.execute(f"ATTACH '{_quoted(beside)}' AS made")
        db.register("inside", pa.table({"id": pa.array(sorted(inside), pa.int32())}))
        for table in TABLES.values():
            db.execute(table.create(f'made."{table.name}"'))
        for entry in manifest.files:
            db.execute(f"ATTACH '{_quoted(root / entry.name)}' AS source (READ_ONLY)")
            db.execute(
                f'INSERT INTO made."{entry.table}" SELECT * FROM source."{entry.table}" '
                "WHERE unit_id IN (SELECT id FROM inside)"
            )
            db.execute("DETACH source")
        for name, dimension in dictionary.dimensions().items():
            db.register("dimension", dimension)
            rows = "dimension WHERE id IN (SELECT id FROM inside)" if name == "units" else "dimension"
            db.execute(f'CREATE TABLE made."{name}" AS SELECT * FROM {rows}')
        db.execute("DETACH made")
        os.replace(beside, place)
    finally:
        db.close()
        beside.unlink(missing_ok=True)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
