"""The facts of one unit and everything below it as a file of their own: whatever is asked of that file,
nothing else can come out of it.

The file is made once per snapshot, copied from the immutable ones, and opened read-only by a process that may
touch no other file, load nothing and change no setting (`asker`). See docs/adr/0026.
"""

import json
import os
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from subprocess import DEVNULL, PIPE
from typing import IO

import duckdb
import pyarrow as pa
from django.utils.translation import gettext as _

from haicap.core.errors import Refusal
from haicap.units import queries as units

from . import asker, dictionary
from . import manifest as manifests
from .building import BUILDING
from .manifest import Manifest
from .places import root_directory
from .tables import TABLES

FOLDER = "doors"
SECONDS = 20.0
# Halves of a crash, and files of earlier snapshots that nobody has asked for a while
KEEP_SECONDS, LINGER_SECONDS, _TRIES = 3_600, 60, 3
EVER = date(1900, 1, 1)
LONGEST_QUESTION = 20_000


def asked(sql: str, unit_id: int, *, seconds: float = SECONDS) -> "Answer":
    """One SELECT over the facts below that unit, given up after that time, reading included.

    A process of its own answers: what one question takes, memory or time, nobody else misses.
    Refusals sql.statement (not exactly one SELECT), sql.machine (it tells of the machine), sql.wrong
    (with the engine's words), sql.memory, sql.slow, warehouse.unavailable.
    """
    text = sql.strip()
    if not 0 < len(text) <= LONGEST_QUESTION:
        raise Refusal("sql.statement", _("Hãy gửi đúng một câu SELECT."), place="sql")
    answer = Answer(_ready(unit_id), text.encode(), seconds)
    answer.begin()
    return answer


class Answer:
    """What comes back, batch by batch; `close` it, or read it to its end."""

    def __init__(self, file: Path, text: bytes, seconds: float) -> None:
        self._late = False
        self._process = subprocess.Popen(  # noqa: S603 - our own program, the question goes in as its input
            [sys.executable, "-I", asker.__file__, file.name],
            cwd=file.parent, env={"HOME": "."}, stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
        )  # fmt: skip
        self._timer = threading.Timer(seconds, self._stop)
        self._timer.daemon = True
        self._timer.start()
        with suppress(BrokenPipeError), self._input as given:
            given.write(text)

    def begin(self) -> None:
        """What is wrong shows with the first rows: it is told before anything was sent."""
        with self._guarded():
            kind = self._output.read(1)
            if kind != asker.ANSWER:
                raise self._refusal(json.loads(self._output.read()) if kind else {"kind": "memory"})
            self._reader = pa.ipc.open_stream(self._output)
            self._first = next(self._reader, None)

    @property
    def schema(self) -> pa.Schema:
        return self._reader.schema

    def batches(self) -> Iterator[pa.RecordBatch]:
        try:
            with self._guarded():
                if self._first is not None:
                    yield self._first
                yield from self._reader
        finally:
            self.close()

    def close(self) -> None:
        self._timer.cancel()
        self._process.kill()
        self._process.wait()
        self._output.close()

    def _stop(self) -> None:
        self._late = True
        self._process.kill()

    @property
    def _input(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _output(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except Refusal:
            self.close()
            raise
        except (pa.ArrowException, OSError, ValueError) as error:
            self.close()
            # a stream that breaks off was killed: by the clock, or by the limit of memory
            raise self._refusal({"kind": "memory"}) from error

    def _refusal(self, told: Mapping[str, str]) -> Refusal:
        if self._late:
            return Refusal(
                "sql.slow", _("Câu hỏi chạy quá lâu. Hãy hỏi ít kỳ hoặc ít đơn vị hơn."), place="sql"
            )
        if told["kind"] == "statement":
            return Refusal("sql.statement", _("Hãy gửi đúng một câu SELECT."), place="sql")
        if told["kind"] == "closed":
            text = _("Ở đây không dùng được: %(words)s") % told
            return Refusal("sql.machine", text, place="sql")
        if told["kind"] == "memory":
            text = _("Câu hỏi cần quá nhiều bộ nhớ. Hãy hỏi ít hơn, hoặc dùng bản xuất Parquet.")
            return Refusal("sql.memory", text, place="sql")
        words = _without_paths(told["words"].split("\n")[0])
        text = _("Không trả lời được câu SQL này: %(words)s") % {"words": words}
        return Refusal("sql.wrong", text, place="sql")


def _without_paths(text: str) -> str:
    """Where the product lies on its machine is nobody's business."""
    return re.sub(r"(/[^\s\"']+)+", "…", text)[:500]


def _ready(unit_id: int) -> Path:
    """The file, safe from sweeping for a while.

    Another process may swap the snapshot and sweep its files between two of our steps: then once more.
    """
    for _attempt in range(_TRIES):
        with suppress(duckdb.IOException, ValueError, FileNotFoundError):
            file = _file(unit_id)
            os.utime(file)
            return file
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
    """Files of earlier snapshots that no question is about to open, and halves that a crash has left."""
    for pattern, seconds in ((f"{unit_id}-*.duckdb", LINGER_SECONDS), (f"{BUILDING}*", KEEP_SECONDS)):
        for old in place.parent.glob(pattern):
            with suppress(FileNotFoundError):
                if old != place and time.time() - old.stat().st_mtime > seconds:
                    old.unlink()


def _make(root: Path, manifest: Manifest, inside: Collection[int], place: Path) -> None:
    beside = place.with_name(f"{BUILDING}{secrets.token_hex(6)}.duckdb")
    db = duckdb.connect(
        config={"threads": 1, "memory_limit": asker.MEMORY, "autoload_known_extensions": False}
    )
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
