"""Where the rows of an import wait between two steps: files of this installation, gone when it is done.

What waits holds no column that names a person; the codes of the dossiers are in it until they are hashed.
"""

import marshal
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from django.conf import settings

from ..policies.parts import Judged, Part
from ..policies.rejecting import Rejection

# Rows of one month that wait in memory before they go to their file, and of all months together.
PIECE, HELD = 5_000, 100_000
_LENGTH = 8


def _place() -> Path:
    return Path(settings.DATA_DIR) / "dossiers"


def tokens_lying() -> list[str]:
    """The imports whose folders are there."""
    return [one.name for one in _place().glob("*") if one.is_dir()]


class Spool:
    """The folder of one import."""

    def __init__(self, token: str) -> None:
        self.folder = _place() / token
        self.upload, self.raw = self.folder / "upload", self.folder / "raw"

    def make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def forget(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)

    def age(self) -> float:
        """Seconds since something was last put into it."""
        with suppress(FileNotFoundError):
            return time.time() - self.folder.stat().st_mtime
        return 0.0

    def parts(self) -> Iterator[Part]:
        with self.raw.open("rb") as file:
            for rows, columns, rejected in _loaded(file):
                yield Part(rows, columns, [Rejection(*one) for one in rejected])

    def months(self) -> "Months":
        return Months(self.folder / "sorted")

    def chunk(self, pieces: list[tuple[str, int]]) -> list[Judged]:
        """The rows of some pieces, in the order of their keys: neighbours in the index go together."""
        rows: list[Judged] = []
        for month, offset in pieces:
            with (self.folder / "sorted" / month).open("rb") as file:
                file.seek(offset)
                rows += map(Judged._make, next(_loaded(file)))
        rows.sort(key=lambda row: row.key)
        return rows


class RawWriter:
    """Parts of a file, one behind the other."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("wb")

    def __enter__(self) -> "RawWriter":
        return self

    def __exit__(self, *_error: object) -> None:
        self._file.close()

    def add(self, part: Part) -> None:
        rejected = [(one.row, one.code, one.column, one.value) for one in part.rejected]
        _dump((part.rows, part.columns, rejected), self._file)


class Months:
    """Judged rows dealt out by month of receipt: a part of an import then touches few slices of the facts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[str, list[tuple[Any, ...]]] = {}
        self._waiting = 0
        self.pieces: list[tuple[str, int, int]] = []
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)

    def add(self, month: str, rows: list[Judged]) -> None:
        held = self._held.setdefault(month, [])
        held += map(tuple, rows)
        self._waiting += len(rows)
        if len(held) >= PIECE:
            self._write(month)
        elif self._waiting > HELD:
            self.close()

    def close(self) -> None:
        for month in list(self._held):
            self._write(month)

    def _write(self, month: str) -> None:
        rows = self._held.pop(month)
        self._waiting -= len(rows)
        with (self._folder / month).open("ab") as file:
            self.pieces.append((month, file.tell(), len(rows)))
            _dump(rows, file)

    def chunks(self, size: int) -> list[list[tuple[str, int]]]:
        """Pieces in the order of their months, gathered to about `size` rows."""
        found: list[list[tuple[str, int]]] = []
        filled = size
        for month, offset, rows in sorted(self.pieces):
            if filled + rows > size:
                found.append([])
                filled = 0
            found[-1].append((month, offset))
            filled += rows
        return found


def _dump(what: Any, file: IO[bytes]) -> None:
    """With its length in front: to be read from memory is ten times as fast as from a file."""
    packed = marshal.dumps(what)
    file.write(len(packed).to_bytes(_LENGTH, "big"))
    file.write(packed)


def _loaded(file: IO[bytes]) -> Iterator[Any]:
    while length := file.read(_LENGTH):
        yield marshal.loads(file.read(int.from_bytes(length, "big")))  # noqa: S302 - written by us
