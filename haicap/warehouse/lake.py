"""The lake: every fact table as Parquet for whoever works with other tools, one directory per snapshot.

    <to>/current -> <snapshot>            the one to read
    <to>/<snapshot>/datapackage.json      what stands in it (dictionary.py)
    <to>/<snapshot>/manifest.json         the snapshot that it is, where an engine may answer from it
    <to>/<snapshot>/values/year=2026/part-0.parquet
    <to>/<snapshot>/units/part-0.parquet  and elements, indicators

A directory is written beside, named when it is whole and never changed; `current` is swapped in one step. A
reader of `current` sees one snapshot whatever happens, also a crash of the writer. A year whose source did
not change since the lake before is not written again: both directories hold the same file.
"""

import fcntl
import json
import os
import secrets
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal

from . import dictionary
from . import manifest as manifests
from .manifest import Entry, Manifest
from .notebook import CURRENT, PACKAGE
from .places import root_directory
from .retention import PINNED, kept
from .tables import TABLES

HALF, LOCK = ".building-", ".lock"
FORMATS = {"parquet": "FORMAT parquet, COMPRESSION zstd", "csv": "FORMAT csv, HEADER"}
# The current snapshot and the one before: a notebook that is open goes on reading.
KEPT = 2
MEMORY = "512MB"
_TRIES = 3


@dataclass(frozen=True)
class Lake:
    """`rows` by table, facts and dimensions alike; `path` is the directory of this snapshot."""

    path: Path
    snapshot: str
    rows: dict[str, int]


@dataclass(frozen=True)
class Held:
    """A year as the lake before holds it: copied from the source with that checksum."""

    path: Path
    source: str
    sha256: str


def write(
    to: Path,
    *,
    tables: Collection[str] = (),
    format: str = "parquet",
    pin: str = "",
    snapshot: str | None = None,
    root: Path | None = None,
) -> Lake:
    """Write the current snapshot below `to`, and point `current` at it; or the one kept as `pin`, or the one
    with the id `snapshot` as long as the warehouse has its files. `root`: a warehouse elsewhere, as
    rebuilding.build lays one out; units, elements and indicators are those of today all the same.

    Refusals "lake.empty" where there is no such snapshot, "lake.table" for a table that does not exist,
    "lake.format", "lake.lost" when its files were taken away meanwhile; OSError when there is no room.
    """
    names, root = _chosen(tables, format), root or root_directory()
    to.mkdir(parents=True, exist_ok=True)
    with (to / LOCK).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _sweep(to)
        name = f"{PINNED}/{pin}.json" if pin else manifests.NAME
        name = _manifest_name(root, snapshot) if snapshot else name
        made = _written(root, to, names, format, name)
        _sweep(to)
    return made


def snapshot_in(to: Path) -> str:
    """The id of the snapshot that readers of this lake see; "" where there is none, or no lake of ours."""
    package = _own(to / CURRENT)
    return str(package["haicap"]["snapshot"]) if package else ""


def _written(root: Path, to: Path, names: list[str], format: str, manifest_name: str) -> Lake:
    beside = to / f"{HALF}{secrets.token_hex(6)}"
    db = duckdb.connect(config={"threads": 2, "memory_limit": MEMORY, "autoload_known_extensions": False})
    try:
        manifest = _attached(db, root, manifest_name)
        before = _held(to / CURRENT, format)
        rows = dict.fromkeys(names, 0)
        sources: dict[str, str] = {}
        for entry in manifest.files:
            if entry.table in rows:
                place = _place(beside, entry, format)
                if not _linked(before.get(entry.key), entry, place):
                    _copy(db, entry, place, format)
                rows[entry.table] += entry.rows
                sources[place.relative_to(beside).as_posix()] = entry.sha256
        for name, dimension in dictionary.dimensions().items():
            db.register("dimension", dimension)
            rows[name] = _write(db, "SELECT * FROM dimension", beside / name / f"part-0.{format}", format)
        package = dictionary.package(manifest, names, format, _files(beside), rows, beside, sources)
        (beside / PACKAGE).write_text(json.dumps(package, ensure_ascii=False, indent=1), "utf-8")
        if format == "parquet" and names == list(TABLES):
            # an engine would take a table that was left out for an empty one
            manifests.store(beside, manifests.NAME, manifest)
        return Lake(_named(beside, to, manifest.id), manifest.id, rows)
    finally:
        db.close()


def _chosen(tables: Collection[str], format: str) -> list[str]:
    if unknown := sorted(set(tables) - TABLES.keys()):
        message = gettext_lazy("Không có bảng %(table)s. Các bảng: %(tables)s.")
        told = {"table": unknown[0], "tables": ", ".join(TABLES)}
        raise Refusal("lake.table", str(message) % told, **told)
    if format not in FORMATS:
        raise Refusal("lake.format", gettext_lazy("Chỉ xuất được Parquet hoặc CSV."), format=format)
    return [name for name in TABLES if not tables or name in tables]


def _manifest_name(root: Path, snapshot: str) -> str:
    """The manifest of that snapshot among those whose files stay."""
    there = {name: manifests.read(root, name) for name in (manifests.NAME, manifests.PREVIOUS)} | kept(root)
    found = next((name for name, one in there.items() if one and one.id == snapshot), None)
    if found is None:
        raise Refusal("lake.empty", gettext_lazy("Không có ảnh chụp này trong kho số liệu."))
    return found


def _attached(db: duckdb.DuckDBPyConnection, root: Path, name: str) -> Manifest:
    """All files of the snapshot open at once: what is swept afterwards stays readable."""
    for _attempt in range(_TRIES):
        manifest = manifests.read(root, name)
        if manifest is None:
            raise Refusal("lake.empty", gettext_lazy("Không có ảnh chụp này trong kho số liệu."))
        try:
            for entry in manifest.files:
                quoted = str(root / entry.name).replace("'", "''")
                db.execute(f"ATTACH IF NOT EXISTS '{quoted}' AS \"{entry.name}\" (READ_ONLY)")
        except duckdb.Error:
            # swapped and swept in between: the newest one is there
            continue
        return manifest
    raise Refusal("lake.lost", gettext_lazy("Tệp của ảnh chụp không còn đủ. Hãy thử lại."))


def _place(beside: Path, entry: Entry, format: str) -> Path:
    return beside / entry.table / f"year={entry.year}" / f"part-0.{format}"


def _copy(db: duckdb.DuckDBPyConnection, entry: Entry, place: Path, format: str) -> None:
    rows = _write(db, f'SELECT * FROM "{entry.name}"."main"."{entry.table}"', place, format)
    if rows != entry.rows:
        raise Refusal("lake.lost", gettext_lazy("Tệp của ảnh chụp không còn đủ. Hãy thử lại."))


def _write(db: duckdb.DuckDBPyConnection, rows: str, place: Path, format: str) -> int:
    place.parent.mkdir(parents=True, exist_ok=True)
    path = str(place).replace("'", "''")
    (counted,) = db.execute(f"COPY ({rows}) TO '{path}' ({FORMATS[format]})").fetchall()
    return int(counted[0])


def _held(current: Path, format: str) -> Mapping[tuple[str, int], Held]:
    """What the lake before holds, by table and year; nothing where there is none, or one of other files."""
    package = _own(current)
    found = {}
    for one in package["resources"] if package else ():
        told = one["haicap"]
        for path, source in told.get("sources", {}).items() if one["format"] == format else ():
            year = int(Path(path).parent.name.removeprefix("year="))
            found[one["name"], year] = Held(current.resolve() / path, source, told["sha256"][path])
    return found


def _linked(before: Held | None, entry: Entry, place: Path) -> bool:
    """Take the file over from the lake before, unless its source changed or it is not as it was written."""
    if before is None or before.source != entry.sha256:
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(before.path, place)
    except OSError:
        # gone, or a file system that has no second name for a file: it is written anew
        return False
    if manifests.checksum(place) == before.sha256:
        return True
    place.unlink()
    return False


def _own(directory: Path) -> dict[str, Any] | None:
    """The package of a directory that this room has made; None for any other, also for somebody else's."""
    try:
        found = json.loads((directory / PACKAGE).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    made_here = isinstance(found, dict) and found.get("name") == dictionary.NAME and "haicap" in found
    return found if made_here else None


def _files(beside: Path) -> dict[str, list[Path]]:
    """Paths below the directory, by table."""
    found: dict[str, list[Path]] = {}
    for path in sorted(one for one in beside.rglob("*") if one.is_file()):
        below = path.relative_to(beside)
        found.setdefault(below.parts[0], []).append(below)
    return found


def _named(beside: Path, to: Path, snapshot: str) -> Path:
    # files and the directories that name them: a power cut forgets neither
    for path in (*beside.rglob("*"), beside):
        manifests.sync(path)
    made = to / snapshot
    if made.exists():
        # written before, perhaps with other tables: the new one takes another name, nothing is changed
        made = to / f"{snapshot}-{secrets.token_hex(3)}"
    os.replace(beside, made)
    link = to / f"{HALF}{CURRENT}-{secrets.token_hex(3)}"
    link.symlink_to(made.name)
    os.replace(link, to / CURRENT)
    manifests.sync(to)
    return made


def _sweep(to: Path) -> None:
    """Halves that a crash has left, and lakes nobody is sent to any more; only what this room has made."""
    for leftover in to.glob(f"{HALF}*"):
        if leftover.is_symlink():
            leftover.unlink(missing_ok=True)
        else:
            shutil.rmtree(leftover, ignore_errors=True)
    there = [one.parent for one in to.glob(f"*/{PACKAGE}") if not one.parent.is_symlink()]
    whole = [one for one in there if _own(one)]
    current = (to / CURRENT).resolve()
    for old in sorted(whole, key=lambda path: path.stat().st_mtime)[:-KEPT]:
        if old.resolve() != current:
            shutil.rmtree(old, ignore_errors=True)
