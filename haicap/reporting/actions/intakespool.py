"""The data of a batch, read once: counted, searched for twins, and laid aside on disk when they are many."""

import hashlib
import marshal
import tempfile
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from decimal import Decimal
from itertools import islice
from types import TracebackType
from typing import IO, Any

import numpy as np

from .intakerows import Datum

CHUNK = 20_000
FIELDS = [one.name for one in fields(Datum)]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some data of the batch; `twins`: position in `data` → index of another datum for the same cell."""

    data: list[Datum]
    twins: dict[int, int] = field(default_factory=dict)


def cell_of(datum: Datum) -> tuple[int, str, str, str, str, str, str]:
    """The cell that a datum speaks of; with its form, so that a wrong form is told as such, not as a twin."""
    return (
        datum.unit_id,
        datum.form,
        datum.period,
        datum.element,
        datum.split,
        datum.attribution,
        datum.scenario,
    )


class Spool:
    """Iterate `chunks` after construction; a context manager, since it may hold a file."""

    def __init__(self, data: Iterable[Datum], size: int = CHUNK) -> None:
        self.size, self.count = size, 0
        self._file: IO[bytes] | None = None
        self._held: list[Datum] = []
        self._hash = hashlib.sha256()
        marks: array[int] = array("q")
        iterator = iter(data)
        while part := list(islice(iterator, size)):
            self.count += len(part)
            marks.extend(hash(cell_of(datum)) for datum in part)
            if self._held:
                self._lay_aside(self._held)
            self._held = part
        self._doubtful = _repeated(marks)
        self._hash_held()

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def digest(self) -> str:
        """SHA-256 over everything that was given, for doors that have no file."""
        return self._hash.hexdigest()

    def chunks(self) -> Iterator[Chunk]:
        twins = self._twins()
        for part in self._parts():
            found: dict[int, int] = {}
            for at, datum in enumerate(part):
                if twins and datum.index in twins:
                    found[at] = twins[datum.index]
            yield Chunk(part, found)

    def _twins(self) -> dict[int, int]:
        """Index of a datum → index of another for the same cell; equal hashes of different cells fall out."""
        if not self._doubtful:
            return {}
        cells: dict[tuple[object, ...], list[int]] = {}
        for part in self._parts():
            for datum in part:
                cell = cell_of(datum)
                if hash(cell) in self._doubtful:
                    cells.setdefault(cell, []).append(datum.index)
        found: dict[int, int] = {}
        for indexes in cells.values():
            if len(indexes) > 1:
                found |= dict.fromkeys(indexes[1:], indexes[0]) | {indexes[0]: indexes[1]}
        return found

    def _parts(self) -> Iterator[list[Datum]]:
        if self._file is not None:
            self._file.seek(0)
            while True:
                try:
                    rows = marshal.load(self._file)  # noqa: S302 - our own file of a moment ago
                except EOFError:
                    break
                yield [_unpacked(row) for row in rows]
        if self._held:
            yield self._held

    def _lay_aside(self, part: list[Datum]) -> None:
        if self._file is None:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by __exit__
        # Version 2 has no back references: the same data give the same bytes, whoever shares which string.
        packed = marshal.dumps([_packed(datum) for datum in part], 2)
        self._hash.update(packed)
        self._file.write(packed)

    def _hash_held(self) -> None:
        self._hash.update(marshal.dumps([_packed(datum) for datum in self._held], 2))


def _packed(datum: Datum) -> tuple[object, ...]:
    number = None if datum.number is None else str(datum.number)
    return (
        datum.index, datum.place, datum.unit_id, datum.form, datum.period, datum.element, number, datum.text,
        datum.no_figure_reason, datum.split, datum.attribution, datum.scenario, datum.remove, datum.why,
        datum.base_version,
    )  # fmt: skip


def _unpacked(row: tuple[Any, ...]) -> Datum:
    number = None if row[6] is None else Decimal(str(row[6]))
    return Datum(**dict(zip(FIELDS, [*row[:6], number, *row[7:]], strict=True)))


def _repeated(marks: "array[int]") -> frozenset[int]:
    """The hashes that occur more than once; eight bytes for each datum, whatever the batch."""
    ordered = np.sort(np.frombuffer(marks, dtype=np.int64)) if marks else np.empty(0, np.int64)
    return frozenset(ordered[1:][ordered[1:] == ordered[:-1]].tolist())
