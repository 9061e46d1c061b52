"""The data of a batch, read once and gathered report by report; on disk when they are many.

All data of one report come back together, whatever the order they were sent in: so a report is locked, read,
judged and written once, and memory holds one part of the batch at a time.
"""

import hashlib
import marshal
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from types import TracebackType
from typing import IO

from .intakerows import Datum

# So many stay in memory; more are dealt out to files, each with all data of its reports.
HELD = 30_000
FILES = 64
PIECE = 256

# A datum without its names: index, place, unit, form, period, element, number as text, text, reason, split,
# attribution, scenario, remove, why, base version.
Row = tuple[
    int, str, int, str, str, str, str | None, str, str, str, str, str, bool, str, int | None
]  # fmt: skip


# What most data say after their number; it is not written out each time.
NAMED, USUAL = 7, ("", "", "", "", "official", False, "", None)


class Spool:
    """Iterate `chunks` after construction; a context manager, since it may hold files.

    `wants_digest`: also take a SHA-256 over everything, for a batch that is recognised by its content.
    """

    def __init__(self, data: Iterable[Datum], *, wants_digest: bool = False) -> None:
        self.count = 0
        self._files: list[IO[bytes]] = []
        self._salts: dict[tuple[str, str], int] = {}
        self._held: list[list[Row]] = [[]]
        self._hash = hashlib.sha256()
        try:
            self._gather(data, wants_digest)
        except BaseException:
            self._close()
            raise

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def _close(self) -> None:
        for file in self._files:
            file.close()

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def _gather(self, data: Iterable[Datum], wants_digest: bool) -> None:
        rows = self._hashed(data) if wants_digest else map(_row, data)
        first = self._held[0] = list(islice(rows, HELD + 1))
        self.count = len(first)
        if self.count <= HELD:
            return
        files = self._files
        files.extend(tempfile.TemporaryFile() for _ in range(FILES))  # noqa: SIM115 - see _close
        held = self._held = [[] for _ in range(FILES)]
        for row in chain(first, rows):
            number = self._number(row)
            mine = held[number]
            mine.append(row)
            if len(mine) == PIECE:
                marshal.dump([row[:NAMED] if row[NAMED:] == USUAL else row for row in mine], files[number])
                self.count += PIECE
                mine.clear()
        self.count += sum(map(len, held)) - len(first)

    def _hashed(self, data: Iterable[Datum]) -> Iterator[Row]:
        for datum in data:
            row = _row(datum)
            # Version 2 has no back references: the same data give the same bytes, whoever shares strings.
            self._hash.update(marshal.dumps(row, 2))
            yield row

    def _number(self, row: Row) -> int:
        """The same file for a report in every process: two batches at once meet reports in one order."""
        window = row[3:5]
        salt = self._salts.get(window)
        if salt is None:
            salt = self._salts[window] = zlib.crc32("/".join(window).encode())
        return (salt + row[2]) % FILES

    def chunks(self) -> Iterator[list[Row]]:
        """Each holds whole reports; few small ones are no better than one large one."""
        found: list[Row] = []
        for number, rows in enumerate(self._held):
            if self._files:
                self._files[number].seek(0)
                while (part := _loaded(self._files[number])) is not None:
                    found += part
            found += rows
            if len(found) > HELD:
                yield found
                found = []
        if found:
            yield found


def _loaded(file: IO[bytes]) -> list[Row] | None:
    try:
        part = marshal.load(file)  # noqa: S302 - our own file of a moment ago
    except EOFError:
        return None
    return [row if len(row) > NAMED else row + USUAL for row in part]


def _row(datum: Datum) -> Row:
    number = datum.number
    return (
        datum.index, datum.place, datum.unit_id, datum.form, datum.period, datum.element,
        None if number is None else str(number), datum.text, datum.no_figure_reason, datum.split,
        datum.attribution, datum.scenario, datum.remove, datum.why, datum.base_version,
    )  # fmt: skip
