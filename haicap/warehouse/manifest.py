"""The manifest: one small file that says which immutable files are the facts of now.

A reader sees the old one or the new one, never something between: it is written beside and renamed.
"""

import hashlib
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

NAME = "manifest.json"
PREVIOUS = "previous.json"
FORMAT = 1


@dataclass(frozen=True)
class Entry:
    """One year of one fact table. `loose` rows were appended after the file was last sorted.

    `print` is the sum of the hashes of its rows ("" in files of older versions): equal content, equal print.
    """

    table: str
    year: int
    name: str
    rows: int
    total: str
    bytes: int
    sha256: str
    loose: int = 0
    print: str = ""

    @property
    def key(self) -> tuple[str, int]:
        return self.table, self.year


@dataclass(frozen=True)
class Damage:
    """A file found broken; `served` when an older good one stands in for it."""

    table: str
    year: int
    served: bool

    @property
    def key(self) -> tuple[str, int]:
        return self.table, self.year


@dataclass(frozen=True)
class Manifest:
    """`since` is the snapshot that was built whole; `changed` names, period by period, the one that last
    replaced a slice of it: what was computed from other periods is still true. `corrected`: by table, how
    many facts of closed periods changed on the day that it was made, up to and with this snapshot."""

    id: str
    made_at: str
    previous: str | None
    files: tuple[Entry, ...]
    consumed: tuple[tuple[int, int], ...] = ()
    damaged: tuple[Damage, ...] = ()
    since: str = ""
    changed: dict[str, str] = field(default_factory=dict)
    corrected: dict[str, int] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        return sum(entry.rows for entry in self.files)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.files)

    def get(self, table: str, year: int) -> Entry | None:
        return next((entry for entry in self.files if entry.key == (table, year)), None)


def new_id() -> str:
    return secrets.token_hex(5)


def runs(ids: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Token ids as unbroken runs (first, last), so that a bulk month stays a few bytes."""
    found: list[tuple[int, int]] = []
    for one in sorted(set(ids)):
        if found and found[-1][1] == one - 1:
            found[-1] = (found[-1][0], one)
        else:
            found.append((one, one))
    return tuple(found)


def read(root: Path, name: str = NAME) -> Manifest | None:
    """The manifest, or None where there is none. ValueError when it is not one."""
    try:
        text = (root / name).read_text("utf-8")
    except FileNotFoundError:
        return None
    return parse(text)


def parse(text: str) -> Manifest:
    """ValueError when it is not a manifest."""
    try:
        return _load(json.loads(text))
    except (KeyError, TypeError) as error:
        raise ValueError("not a manifest") from error


def _load(data: dict[str, Any]) -> Manifest:
    if data["format"] != FORMAT:
        raise ValueError(f"manifest of format {data['format']}, expected {FORMAT}")
    files = tuple(Entry(**one) for one in data.pop("files"))
    damaged = tuple(Damage(**one) for one in data.pop("damaged"))
    consumed = tuple((first, last) for first, last in data.pop("consumed"))
    return Manifest(files=files, damaged=damaged, consumed=consumed, **data)


def swap(root: Path, manifest: Manifest) -> None:
    """Make it the manifest of now; the one before stays readable as the fallback."""
    current = root / NAME
    if current.exists():
        _write(root, PREVIOUS, current.read_bytes())
    store(root, NAME, manifest)


def store(root: Path, name: str, manifest: Manifest) -> None:
    """Write a manifest under that name, whole or not at all."""
    (root / name).parent.mkdir(exist_ok=True)
    _write(root, name, json.dumps(asdict(manifest), indent=1).encode())


def _write(root: Path, name: str, content: bytes) -> None:
    beside = root / f".building-{name.replace('/', '-')}"
    with beside.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, root / name)
    sync((root / name).parent)


def sync(path: Path) -> None:
    """Of a file its content; of a directory the names in it, which a power cut may forget though the files
    are safe."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
