"""The product's source: tokens from the log, rows from every record room."""

from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa

from haicap.audit import actions, queries
from haicap.warehouse.tables import Table

from . import dossiers, reporting
from .source import Slice, Token

Batches = Callable[[Table, Sequence[Slice] | None], Iterator[pa.Table]]
LOADERS: dict[str, Batches] = {reporting.ROOM: reporting.batches, dossiers.ROOM: dossiers.batches}


class Rooms:
    def pending(self) -> Sequence[Token]:
        return queries.pending()

    def consume(self, ids: Sequence[int]) -> None:
        actions.consume(ids=ids)

    def batches(self, table: Table, slices: Sequence[Slice] | None) -> Iterator[pa.Table]:
        for room, load in LOADERS.items():
            own = None if slices is None else [one for one in slices if one.room == room]
            if own is None or own:
                yield from load(table, own)
