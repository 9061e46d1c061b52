"""Dossiers, record by record: the only reader of ``dossiers.facts``. Rows come column by column already."""

from collections.abc import Iterator, Sequence

import pyarrow as pa

from haicap.dossiers import facts
from haicap.warehouse.tables import DOSSIERS, Table

from .source import Slice

ROOM = "dossiers"


def batches(table: Table, slices: Sequence[Slice] | None) -> Iterator[pa.Table]:
    """Rows of `dossiers`; nothing for a table of another room."""
    if table is DOSSIERS:
        for batch in facts.dossier_batches(slices):
            yield batch.cast(table.arrow)
