"""The readers' side: one connection per process, immutable files attached read-only, one snapshot at a time.
Where another engine is chosen (HAICAP_ENGINE), it is asked instead, and its lake is the snapshot.

Every question looks at the manifest's stamp (one stat) and moves to the new snapshot when it changed.
Questions already running keep the files they began with.
"""

import os
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.utils.translation import gettext as _

from haicap.core.errors import Refusal

from . import manifest as manifests
from . import suspects
from .engines import spark
from .engines.spark import Lake
from .manifest import Entry, Manifest
from .places import root_directory
from .queries.asking import Question
from .tables import TABLES

# Replaced files stay attached this long; a question that needs more is a mistake in the question.
LONGEST_QUERY = 60.0
MEMORY = "1GB"
_TRIES = 3


@dataclass(frozen=True)
class Snapshot:
    """What the figures of this process are taken from. `warning` is text to show, None when all is well.

    `corrected`: by table, how many facts of closed periods changed on the day of the snapshot.
    """

    id: str
    made_at: str
    rows: int
    warning: str | None
    previous: str | None
    since: str = ""
    changed: Mapping[str, str] = field(default_factory=dict)
    corrected: Mapping[str, int] = field(default_factory=dict)

    def version_of(self, periods: Iterable[str]) -> str:
        """Changes when a fact of one of these period keys may have changed; for keys of computed answers."""
        if self.warning or not self.since:
            return self.id
        return ".".join([self.since, *(self.changed.get(key, "") for key in sorted(set(periods)))])


@dataclass(frozen=True)
class View:
    """A manifest whose files are attached, or which describes a lake; `lost` years have no file that can be
    read."""

    manifest: Manifest | None
    fallback: bool = False
    lost: frozenset[tuple[str, int]] = frozenset()
    lake: Lake | None = None

    @property
    def files(self) -> tuple[Entry, ...]:
        return self.manifest.files if self.manifest else ()


class Store:
    def __init__(self, root: Path) -> None:
        self.root = root
        self._lock = threading.RLock()
        self._db: duckdb.DuckDBPyConnection | None = None
        self._view = View(None)
        self._stamp: tuple[int, int, int] | None = None
        self._attached: set[str] = set()
        self._retired: dict[str, float] = {}
        self._broken: set[str] = set()

    def current(self) -> View:
        if self._db is None or self._stamp != self._look():
            self._move()
        return self._view

    def cursor(self) -> duckdb.DuckDBPyConnection:
        if self._db is None:
            self._move()
        assert self._db is not None
        return self._db.cursor()

    def stumble(self, view: View) -> bool:
        """After a read error: find the files that fail, tell the writer, and move to a view without them."""
        with self._lock:
            bad = [one for one in view.files if not suspects.is_whole(self.root, one, thorough=True)]
            for entry in bad:
                self._broken.add(entry.name)
                suspects.report(self.root, entry.name)
            self._stamp = None
        return bool(bad)

    def close(self) -> None:
        with self._lock:
            if self._db is not None:
                self._db.close()
            self._db = None
            self._attached.clear()
            self._retired.clear()
            self._stamp = None

    def _look(self) -> tuple[int, int, int]:
        try:
            seen = os.stat(self.root / manifests.NAME)
        except FileNotFoundError:
            return (0, 0, 0)
        return seen.st_mtime_ns, seen.st_ino, seen.st_size

    def _move(self) -> None:
        # One thread moves; the others go on with the snapshot they have, if there is one.
        if not self._lock.acquire(blocking=self._db is None or self._stamp is None):
            return
        try:
            if self._db is None:
                self._db = _connect()
            stamp = self._look()
            if stamp != self._stamp:
                self._view = self._open()
                self._stamp = stamp
                self._retire()
        finally:
            self._lock.release()

    def _open(self) -> View:
        for _attempt in range(_TRIES):
            seen = self._look()
            try:
                newest = manifests.read(self.root)
            except ValueError:
                break
            if newest is None:
                return View(None)
            if not self._failing(newest):
                return View(newest, lost=_lost(newest))
            # Two swaps may have passed between reading the manifest and opening its files.
            if self._look() == seen:
                break
        return self._fallback()

    def _fallback(self) -> View:
        try:
            older = manifests.read(self.root, manifests.PREVIOUS)
        except ValueError:
            older = None
        if older is None:
            message = _("Kho số liệu đang được phục hồi. Xin thử lại sau ít phút.")
            raise Refusal("warehouse.unavailable", message)
        failing = self._failing(older)
        kept = tuple(one for one in older.files if one.key not in failing)
        whole = Manifest(**{**vars(older), "files": kept})
        return View(whole, fallback=True, lost=_lost(older) | failing)

    def _failing(self, manifest: Manifest) -> frozenset[tuple[str, int]]:
        return frozenset(one.key for one in manifest.files if not self._attach(one))

    def _attach(self, entry: Entry) -> bool:
        if entry.name in self._broken:
            return False
        self._retired.pop(entry.name, None)
        if entry.name in self._attached:
            return True
        path = str(self.root / entry.name).replace("'", "''")
        assert self._db is not None
        try:
            if not suspects.is_whole(self.root, entry, thorough=False):
                raise duckdb.IOException(entry.name)
            self._db.execute(f"ATTACH '{path}' AS \"{entry.name}\" (READ_ONLY)")
        except duckdb.Error:
            suspects.report(self.root, entry.name)
            return False
        self._attached.add(entry.name)
        return True

    def _retire(self) -> None:
        assert self._db is not None
        now = time.monotonic()
        wanted = {one.name for one in self._view.files}
        for name in self._attached - wanted:
            self._retired.setdefault(name, now)
        for name, since in list(self._retired.items()):
            if now - since >= LONGEST_QUERY:
                self._db.execute(f'DETACH "{name}"')
                self._attached.discard(name)
                del self._retired[name]


def _connect() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(
        config={
            # Many small questions at once: one thread each, ten times the throughput of all for one.
            "threads": 1,
            "memory_limit": MEMORY,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )


def _lost(manifest: Manifest) -> frozenset[tuple[str, int]]:
    return frozenset(one.key for one in manifest.damaged if not one.served)


_stores: dict[tuple[int, Path], Store] = {}
_pinned: ContextVar[tuple[Store, View] | None] = ContextVar("warehouse_view", default=None)


def store() -> Store:
    """This process's store: never a parent's connection, which a fork would share."""
    key = os.getpid(), root_directory()
    found = _stores.get(key)
    if found is None:
        found = _stores.setdefault(key, Store(key[1]))
    return found


@contextmanager
def pinned() -> Iterator[Snapshot]:
    """All questions inside see one snapshot, whatever is refreshed meanwhile (a page, an export)."""
    if (held := _pinned.get()) is not None:
        yield _describe(held[1])
        return
    here = store()
    token = _pinned.set((here, _current(here)))
    try:
        yield snapshot()
    finally:
        _pinned.reset(token)


def snapshot() -> Snapshot:
    """The snapshot that a question asked now would see; id "none" before the first build."""
    return _describe(_seen())


def built() -> Snapshot:
    """The snapshot that stands in this machine's own files, whichever engine answers questions."""
    return _describe(store().current())


def files() -> tuple[Entry, ...]:
    """The files of the snapshot that a question asked now would see."""
    return _seen().files


def _seen() -> View:
    held = _pinned.get()
    return held[1] if held else _current(store())


def _current(here: Store) -> View:
    if not settings.ENGINE:
        return here.current()
    lake = spark.current()
    return View(lake.manifest, lost=_lost(lake.manifest), lake=lake)


def _describe(view: View) -> Snapshot:
    manifest = view.manifest
    if manifest is None:
        return Snapshot("none", "", 0, None, None)
    return Snapshot(
        id=manifest.id,
        made_at=manifest.made_at,
        rows=manifest.rows,
        warning=_warning(view),
        previous=manifest.previous,
        since=manifest.since,
        changed=manifest.changed,
        corrected=manifest.corrected,
    )


def _warning(view: View) -> str | None:
    if view.fallback:
        return _("Bản số liệu mới nhất bị hỏng; đang dùng bản trước đó.")
    if view.manifest and view.manifest.damaged:
        years = sorted({one.year for one in view.manifest.damaged})
        listed = ", ".join(str(year) for year in years)
        return _("Số liệu năm %(years)s đang được phục hồi; đang dùng bản trước đó.") % {"years": listed}
    return None


def ask(
    question: Question | str, parameters: Mapping[str, Any], years: tuple[int, ...] | None
) -> list[tuple[Any, ...]]:
    """Rows of one question; a text is SQL of DuckDB, in which `{values}` and `{obligations}` stand for facts.

    None for `years` means all. Refusal "warehouse.year" when a year asked for cannot be read just now; those
    of `spark.ask` where a cluster is asked.
    """
    held = _pinned.get()
    here, view = held or (store(), None)
    if settings.ENGINE:
        return _far_rows(question, parameters, years, view)
    sql = question if isinstance(question, str) else question.duckdb
    try:
        return _rows(here, view or here.current(), sql, parameters, years)
    except duckdb.Error:
        if not here.stumble(view or here.current()):
            raise
        # Pinned or not: an older whole snapshot with a warning is better than an error page.
        return _rows(here, here.current(), sql, parameters, years)


def _rows(
    here: Store, view: View, sql: str, parameters: Mapping[str, Any], years: tuple[int, ...] | None
) -> list[tuple[Any, ...]]:
    for name in TABLES:
        marker = f"{{{name}}}"
        if marker in sql:
            sql = sql.replace(marker, relation(view, name, years))
    cursor = here.cursor()
    try:
        return cursor.execute(sql, dict(parameters)).fetchall()
    finally:
        cursor.close()


def _far_rows(
    question: Question | str, parameters: Mapping[str, Any], years: tuple[int, ...] | None, held: View | None
) -> list[tuple[Any, ...]]:
    assert isinstance(question, Question), "SQL of one engine cannot be asked of another"
    view = held or _current(store())
    assert view.lake is not None, "a page is held at a snapshot of the other engine"
    for table in question.spark.tables:
        refuse_lost(view, table, years)
    return spark.ask(question.spark, parameters, years, view.lake, held=held is not None)


def refuse_lost(view: View, table: str, years: tuple[int, ...] | None) -> None:
    """Refusal "warehouse.year" when one of the years has no file that can be read."""
    lost = [year for name, year in view.lost if name == table and (years is None or year in years)]
    if lost:
        raise Refusal("warehouse.year", _("Số liệu năm %(year)s đang được phục hồi.") % {"year": lost[0]})


def relation(view: View, table: str, years: tuple[int, ...] | None) -> str:
    """SQL of the rows of a table: only the years asked are named, so other files cost nothing."""
    refuse_lost(view, table, years)
    names = [one.name for one in view.files if one.table == table and (years is None or one.year in years)]
    if not names:
        return TABLES[table].nothing
    if len(names) == 1:
        return f'"{names[0]}"."main"."{table}"'
    return "(" + " UNION ALL ".join(f'SELECT * FROM "{name}"."main"."{table}"' for name in names) + ")"
