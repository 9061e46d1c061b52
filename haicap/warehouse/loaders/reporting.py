"""Reports from communes: the only reader of ``reporting.facts``."""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from haicap.reporting import facts
from haicap.warehouse.tables import Table

from .source import Slice, in_batches

ROOM = "reporting"
_ROWS = {"values": facts.value_rows, "obligations": facts.obligation_rows}


def batches(table: Table, slices: Sequence[Slice] | None) -> Iterator[pa.Table]:
    """Rows of this room's tables; nothing for a table of another room."""
    if rows := _ROWS.get(table.name):
        yield from in_batches(rows(slices), table)
