"""What a refresh leaves behind for time travel: the slices it replaced, as they were (docs/adr/0029)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from .manifest import Manifest

# period, form, unit
Key = tuple[str, str, int]
ENGINE = f"duckdb {duckdb.__version__}"


@dataclass(frozen=True)
class Former:
    """`rows`: what `slices` of `table` held before, packed; `known` False where nobody can tell any more."""

    table: str
    slices: tuple[Key, ...]
    rows: bytes = b""
    known: bool = True


@dataclass(frozen=True)
class Moment:
    """A snapshot of the past. `tables`: {table: {"rows", "total", "print"}} by row hashes of `engine`."""

    snapshot: str
    previous: str
    made_at: datetime
    engine: str
    damaged: bool
    tables: dict[str, dict[str, Any]]


class Archive(Protocol):
    def newest(self) -> str | None:
        """The snapshot that was archived last, whether or not it was swapped in."""
        ...

    def keep(self, manifest: Manifest, formers: Sequence[Former]) -> None:
        """Before the swap: a snapshot is never seen that cannot be built again."""
        ...

    def line(self, newest: str) -> list[Moment]:
        """That snapshot and those before it, newest first; empty where it was never archived."""
        ...

    def formers(self, snapshots: Sequence[str], table: str) -> Iterator[Former]:
        """What these snapshots replaced, in their order."""
        ...


def pack(batches: Iterable[pa.RecordBatch]) -> bytes:
    """Record batches of one schema as a compressed stream; b"" for no rows."""
    held = pa.BufferOutputStream()
    writer, rows = None, 0
    with pa.CompressedOutputStream(held, "zstd") as out:
        for batch in batches:
            if batch.num_rows:
                writer = writer or pa.ipc.new_stream(out, batch.schema)
                writer.write_batch(batch)
                rows += batch.num_rows
        if writer:
            writer.close()
    return bytes(held.getvalue().to_pybytes()) if rows else b""


def unpack(packed: bytes) -> Iterator[pa.RecordBatch]:
    if packed:
        with pa.CompressedInputStream(pa.BufferReader(packed), "zstd") as stream:
            yield from pa.ipc.open_stream(stream)


def summary(manifest: Manifest) -> dict[str, dict[str, Any]]:
    """Rows, sum and print of each table: what a rebuilt snapshot has to equal. Print "" where unknown."""
    found: dict[str, dict[str, Any]] = {}
    for entry in manifest.files:
        here = found.setdefault(entry.table, {"rows": 0, "print": 0})
        here["rows"] += entry.rows
        known = entry.print and here["print"] != ""
        here["print"] = here["print"] + int(entry.print) if known else ""
    return {table: {"rows": one["rows"], "print": str(one["print"])} for table, one in found.items()}
