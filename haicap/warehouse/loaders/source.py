"""What the refresh needs from the rooms below: changed slices, and the rows of slices as Arrow batches."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import Protocol

import pyarrow as pa

from haicap.warehouse.tables import Table

ROWS_PER_BATCH = 50_000


class Slice(Protocol):
    @property
    def room(self) -> str: ...
    @property
    def form(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def unit_id(self) -> int: ...


class Token(Protocol):
    """One change that was committed and is not in the warehouse yet."""

    @property
    def id(self) -> int: ...
    @property
    def slice(self) -> Slice: ...


class Source(Protocol):
    def pending(self) -> Sequence[Token]: ...

    def consume(self, ids: Sequence[int]) -> None: ...

    def batches(self, table: Table, slices: Sequence[Slice] | None) -> Iterator[pa.Table]:
        """Current rows of these slices, of everything for None."""
        ...


def in_batches(rows: Iterable[Sequence[object]], table: Table) -> Iterator[pa.Table]:
    """Flat rows in the column order of `table` as Arrow tables; executemany took minutes for a month."""
    iterator = iter(rows)
    while batch := list(islice(iterator, ROWS_PER_BATCH)):
        columns = zip(*batch, strict=True)
        yield pa.Table.from_arrays(
            [_column(column, field) for column, field in zip(columns, table.arrow, strict=True)],
            schema=table.arrow,
        )


def _column(cells: Sequence[object], field: pa.Field) -> pa.Array:
    if pa.types.is_dictionary(field.type):
        return pa.array(cells, pa.string()).dictionary_encode()
    if pa.types.is_timestamp(field.type):
        cells = [_instant(cell) for cell in cells]
    return pa.array(cells, field.type)


def _instant(cell: object) -> object:
    # The files hold UTC without a zone; a local time that slipped in would move a deadline.
    return cell.astimezone(UTC).replace(tzinfo=None) if isinstance(cell, datetime) and cell.tzinfo else cell
