"""Many rows of a table as columns, in the words of each database: what `bulk` is for writing.

PostgreSQL gives them by COPY, SQLite by its cursor; either way two million rows come in seconds, where a row
object for each would take a minute.
"""

import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.csv as pa_csv
from django.db import connection

ROWS = 50_000
BYTES = 16 * 1024 * 1024


def columns(statement: str, params: Sequence[Any], schema: Mapping[str, pa.DataType]) -> Iterator[pa.Table]:
    """The rows of a SELECT as Arrow tables with these columns, in this order.

    Instants are `timestamp("us")` in UTC, without a zone; texts are never null. %s stands for a parameter.
    """
    if connection.vendor == "postgresql":
        yield from _copied(statement, params, schema)
    else:
        yield from _fetched(statement, params, schema)


def _copied(statement: str, params: Sequence[Any], schema: Mapping[str, pa.DataType]) -> Iterator[pa.Table]:
    # COPY has no parameters on the server; the driver writes them in.
    utc = ", ".join(
        f"\"{name}\" AT TIME ZONE 'UTC'" if pa.types.is_timestamp(kind) else f'"{name}"'
        for name, kind in schema.items()
    )
    names = ", ".join(f'"{name}"' for name in schema)
    command = f"COPY (SELECT {utc} FROM ({statement}) AS found ({names})) TO STDOUT (FORMAT csv)"  # noqa: S608
    held = io.BytesIO()
    with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(command, params) as copy:
        for piece in copy:
            # a piece is one row, so a table ends where a row ends
            held.write(piece)
            if held.tell() > BYTES:
                yield _parsed(held, schema)
                held = io.BytesIO()
    if held.tell():
        yield _parsed(held, schema)


def _parsed(held: io.BytesIO, schema: Mapping[str, pa.DataType]) -> pa.Table:
    held.seek(0)
    return pa_csv.read_csv(
        held,
        read_options=pa_csv.ReadOptions(column_names=list(schema), use_threads=False),
        convert_options=pa_csv.ConvertOptions(
            column_types=dict(schema), strings_can_be_null=False, quoted_strings_can_be_null=False
        ),
    )


def _fetched(statement: str, params: Sequence[Any], schema: Mapping[str, pa.DataType]) -> Iterator[pa.Table]:
    with connection.cursor() as cursor:
        # an expression has no declared type, so the driver leaves the text of an instant alone
        plain = ", ".join(
            f"\"{name}\" || ''" if pa.types.is_timestamp(kind) else f'"{name}"'
            for name, kind in schema.items()
        )
        cursor.execute(f"SELECT {plain} FROM ({statement})", params)  # noqa: S608
        while rows := cursor.fetchmany(ROWS):
            found = [
                _array(cells, kind)
                for cells, kind in zip(zip(*rows, strict=True), schema.values(), strict=True)
            ]
            yield pa.table(found, names=list(schema))


def _array(cells: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """SQLite has texts for instants and its own numbers for decimals."""
    if pa.types.is_timestamp(kind):
        return pa.array(cells, pa.string()).cast(kind)
    if pa.types.is_decimal(kind):
        # few different amounts stand in many rows
        amounts = {cell: None if cell is None else f"{cell:.{kind.scale}f}" for cell in set(cells)}
        return pa.array([amounts[cell] for cell in cells], pa.string()).cast(kind)
    return pa.array(cells, kind)
