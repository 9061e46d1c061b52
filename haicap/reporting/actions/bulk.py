"""Many rows at once, in the words of each database: the one place of the room that asks which one it is.

PostgreSQL takes rows by COPY, SQLite by prepared statements. Numbers of rows are drawn beforehand, so that
what hangs on a row can be written without reading it back. Everything belongs into the caller's transaction.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Model

Row = Sequence[Any]
# Marks that COPY's text format takes for its own.
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
LINES_PER_WRITE = 2_000


def draw_ids(model: type[Model], count: int) -> list[int]:
    """Numbers that no other row of the table has or will get."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # The transaction holds SQLite's one writing lock, so nobody else draws.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        last = found[0] if found else 0
    return list(range(last + 1, last + 1 + count))


def insert(model: type[Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert rows; `columns` are names of the table, "id" among them."""
    table, names = model._meta.db_table, ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, f'COPY "{table}" ({names}) FROM STDIN', rows)
        else:
            marks = ", ".join(["%s"] * len(columns))
            statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our tables
            cursor.executemany(statement, [_plain(row) for row in rows])


def update(model: type[Model], columns: Sequence[str], rows: Iterable[Row]) -> None:
    """Set `columns` of the rows whose id stands last in each of `rows`."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            staging, names = f"staging_{table}", ", ".join(f'"{name}"' for name in [*columns, "id"])
            taken = ", ".join(f'"{name}" = s."{name}"' for name in columns)
            cursor.execute(
                f'CREATE TEMP TABLE IF NOT EXISTS "{staging}" ON COMMIT DROP AS '  # noqa: S608
                f'SELECT {names} FROM "{table}" WHERE false'
            )
            cursor.execute(f'TRUNCATE "{staging}"')
            _copy(cursor, f'COPY "{staging}" ({names}) FROM STDIN', rows)
            cursor.execute(f'UPDATE "{table}" t SET {taken} FROM "{staging}" s WHERE t.id = s.id')  # noqa: S608
        else:
            sets = ", ".join(f'"{name}" = %s' for name in columns)
            statement = f'UPDATE "{table}" SET {sets} WHERE id = %s'  # noqa: S608 - names of our tables
            cursor.executemany(statement, [_plain(row) for row in rows])


def _copy(cursor: Any, statement: str, rows: Iterable[Row]) -> None:
    with cursor.copy(statement) as copy:
        lines: list[str] = []
        for row in rows:
            lines.append("\t".join(map(_field, row)))
            if len(lines) == LINES_PER_WRITE:
                copy.write("\n".join(lines) + "\n")
                lines.clear()
        if lines:
            copy.write("\n".join(lines) + "\n")


def _field(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str):
        return value.translate(ESCAPES) if value else value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value)


def _plain(row: Row) -> list[Any]:
    return [_adapted(value) for value in row]


def _adapted(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        # As Django writes it: UTC without a zone.
        return str(value.astimezone(UTC).replace(tzinfo=None))
    return value
