"""The fact tables: columns, order on disk, and how a row finds its year file.

Columns are those of the rooms' ``facts.py``; ``end`` is exclusive, so the year is that of the day before it.
Every table has unit_id, form, period, start, end: they name the slice and the file of a row.
"""

from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

NUMBER = "DECIMAL(18,4)"
# Bulk rows repeat the same few words; as dictionaries a month of the country stays far below 512 MB.
_ARROW = {
    "INTEGER": pa.int32(),
    "VARCHAR": pa.dictionary(pa.int32(), pa.string()),
    "DATE": pa.date32(),
    "TIMESTAMP": pa.timestamp("us"),
    NUMBER: pa.decimal128(18, 4),
}


@dataclass(frozen=True)
class Table:
    """`measure` is the sum that has to come out equal in source and file; `order` is the order on disk.

    `room` is the one record room whose slices it holds: two rooms may use the same names for their forms.
    `moving` columns change in the ordinary course (a report is accepted, a dossier finished); when another
    column of a closed period changes, a fact was corrected or came late. None: the table holds no facts that
    this would be said of.
    """

    name: str
    room: str
    columns: tuple[tuple[str, str], ...]
    order: str
    measure: str
    moving: frozenset[str] | None = None

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _ in self.columns)

    @cached_property
    def arrow(self) -> pa.Schema:
        return pa.schema([pa.field(name, _ARROW[kind]) for name, kind in self.columns])

    @cached_property
    def nothing(self) -> str:
        """SQL of a relation with these columns and no rows."""
        columns = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in self.columns)
        return f"(SELECT {columns} WHERE false)"

    def create(self, place: str) -> str:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in self.columns)
        return f"CREATE TABLE {place} ({columns})"

    @cached_property
    def print(self) -> str:
        """SQL of a sum of row hashes: it changes with any column of any row, whatever their order."""
        row = ", ".join(f'"{name}"' for name in self.names)
        return f"sum(CAST(hash({row}) AS HUGEINT))"

    @cached_property
    def lasting(self) -> str:
        """SQL of the hash of the columns that do not change in the ordinary course."""
        row = ", ".join(f'"{name}"' for name in self.names if name not in (self.moving or ()))
        return f"hash({row})"

    @property
    def sums(self) -> str:
        return f"count(*), {self.measure}"


VALUES = Table(
    name="values",
    room="reporting",
    columns=(
        ("unit_id", "INTEGER"),
        ("element_id", "INTEGER"),
        ("split", "VARCHAR"),
        ("attribution", "VARCHAR"),
        ("period", "VARCHAR"),
        ("kind", "VARCHAR"),
        ("rule", "VARCHAR"),
        ("start", "DATE"),
        ("end", "DATE"),
        ("scenario", "VARCHAR"),
        ("origin", "VARCHAR"),
        ("form", "VARCHAR"),
        ("number", NUMBER),
        ("missing", "VARCHAR"),
        ("status", "VARCHAR"),
        ("grade", "VARCHAR"),
    ),
    order="period, element_id, unit_id",
    measure="coalesce(sum(number), 0)",
    moving=frozenset({"status"}),
)

OBLIGATIONS = Table(
    name="obligations",
    room="reporting",
    columns=(
        ("unit_id", "INTEGER"),
        ("form", "VARCHAR"),
        ("period", "VARCHAR"),
        ("kind", "VARCHAR"),
        ("rule", "VARCHAR"),
        ("start", "DATE"),
        ("end", "DATE"),
        ("deadline", "TIMESTAMP"),
        ("submitted", "TIMESTAMP"),
        ("state", "VARCHAR"),
    ),
    order="period, form, unit_id",
    measure="count(submitted)",
)

DOSSIERS = Table(
    name="dossiers",
    room="dossiers",
    columns=(
        ("unit_id", "INTEGER"),
        ("form", "VARCHAR"),
        ("period", "VARCHAR"),
        ("kind", "VARCHAR"),
        ("rule", "VARCHAR"),
        ("start", "DATE"),
        ("end", "DATE"),
        ("procedure", "VARCHAR"),
        ("channel", "INTEGER"),
        ("level", "VARCHAR"),
        ("submitter", "VARCHAR"),
        ("received", "DATE"),
        ("due", "DATE"),
        ("finished", "DATE"),
        ("late", "INTEGER"),
        ("blame", "VARCHAR"),
        ("status", "INTEGER"),
        ("fee", NUMBER),
        ("paid_online", "INTEGER"),
        ("digitised_components", "INTEGER"),
        ("digitised_result", "INTEGER"),
        ("satisfaction", "INTEGER"),
        ("n", "INTEGER"),
    ),
    order="period, unit_id, procedure",
    measure="coalesce(sum(n), 0)",
    moving=frozenset(
        {
            "finished",
            "late",
            "blame",
            "status",
            "fee",
            "paid_online",
            "digitised_components",
            "digitised_result",
            "satisfaction",
        }
    ),
)

# Of several figures for one datum: which is shown, best first.
ORIGINS = ("corrected", "derived", "reported", "declared")
TABLES: dict[str, Table] = {table.name: table for table in (VALUES, OBLIGATIONS, DOSSIERS)}
# One SQL expression for "the year that this row belongs to", for stage tables and files alike.
YEAR = 'CAST(year("end" - 1) AS INTEGER)'
