"""Many rows at once, in the words of each database: the one place that asks which one it is.

PostgreSQL takes rows by COPY, SQLite by prepared statements. Numbers of rows are drawn beforehand, so that
what hangs on a row can be written without reading it back. Everything belongs into the caller's transaction.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model

Row = Sequence[Any]
# Marks that COPY's text format takes for its own.
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
LINES_PER_WRITE, MOST_TEXTS = 1_000, 10_000
NO_CONSTANTS: Mapping[str, Any] = {}


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


def insert(
    model: type[Model],
    columns: Sequence[str],
    rows: Iterable[Row],
    constants: Mapping[str, Any] = NO_CONSTANTS,
    *,
    ready: bool = False,
) -> None:
    """Insert rows; `columns` are names of the table, `constants` those that hold the same in every row.

    `ready`: the rows hold texts, whole numbers and None alone, as both databases take them."""
    table, names = model._meta.db_table, _names([*columns, *constants])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _copy(cursor, f'COPY "{table}" ({names}) FROM STDIN', rows, constants)
        else:
            marks = ", ".join(["%s"] * (len(columns) + len(constants)))
            statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'  # noqa: S608 - names of our tables
            tail = _plain(constants.values())
            lines = ((*row, *tail) for row in rows) if ready else (_plain(row) + tail for row in rows)
            _execute_many(cursor, statement, lines)


def update(
    model: type[Model],
    columns: Sequence[str],
    rows: Iterable[Row],
    constants: Mapping[str, Any] = NO_CONSTANTS,
) -> None:
    """Set `columns` of the rows whose id stands last in each of `rows`, and `constants` in all of them."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        fixed = ", ".join(f'"{name}" = %s' for name in constants)
        if connection.vendor == "postgresql":
            staging, names = f"staging_{table}", _names([*columns, "id"])
            sets = ", ".join([f'"{name}" = s."{name}"' for name in columns] + [fixed] * bool(fixed))
            cursor.execute(
                f'CREATE TEMP TABLE IF NOT EXISTS "{staging}" ON COMMIT DROP AS '  # noqa: S608
                f'SELECT {names} FROM "{table}" WHERE false'
            )
            cursor.execute(f'TRUNCATE "{staging}"')
            _copy(cursor, f'COPY "{staging}" ({names}) FROM STDIN', rows, NO_CONSTANTS)
            cursor.execute(
                f'UPDATE "{table}" t SET {sets} FROM "{staging}" s WHERE t.id = s.id',  # noqa: S608
                list(constants.values()),
            )
        else:
            sets = ", ".join([f'"{name}" = %s' for name in columns] + [fixed] * bool(fixed))
            statement = f'UPDATE "{table}" SET {sets} WHERE id = %s'  # noqa: S608 - names of our tables
            middle = _plain(constants.values())
            _execute_many(cursor, statement, (_plain(row[:-1]) + middle + (row[-1],) for row in rows))


def among(
    model: type[Model],
    columns: Sequence[str],
    key: str,
    values: Sequence[Any],
    where: Mapping[str, Any] = NO_CONSTANTS,
) -> list[tuple[Any, ...]]:
    """The rows whose `key` is one of many values and whose other columns are as `where` says."""
    meta = model._meta
    fixed = "".join(f'"{name}" = %s AND ' for name in where)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            kind = meta.get_field(key).db_type(connection)
            test, given = f"= ANY(%s::{kind}[])", list(values)
        else:
            # one parameter, however many values: SQLite takes a few thousand at most
            test, given = "IN (SELECT value FROM json_each(%s))", json.dumps(list(values))  # type: ignore[assignment]
        cursor.execute(
            f'SELECT {_names(columns)} FROM "{meta.db_table}" WHERE {fixed}"{key}" {test}',  # noqa: S608
            [*where.values(), given],
        )
        return cursor.fetchall()


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _copy(cursor: Any, statement: str, rows: Iterable[Row], constants: Mapping[str, Any]) -> None:
    # Texts come again and again ("", split codes); each is looked at once.
    fields, iterator = {**_FIELDS, str: _Texts().__getitem__}, iter(rows)
    tail = "".join("\t" + fields[value.__class__](value) for value in constants.values()) + "\n"
    # COPY is the driver's own word, so what it raises has to be turned into the errors everybody catches.
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        while part := list(islice(iterator, LINES_PER_WRITE)):
            copy.write("".join(["\t".join([fields[v.__class__](v) for v in row]) + tail for row in part]))


class _Texts(dict[str, str]):
    """A text as COPY wants it."""

    def __missing__(self, value: str) -> str:
        found = value.translate(ESCAPES) if "\\" in value or not value.isprintable() else value
        if len(self) < MOST_TEXTS:
            self[value] = found
        return found


_FIELDS: dict[type, Any] = {
    int: str,
    Decimal: str,
    bool: str,
    type(None): lambda _value: "\\N",
    datetime: datetime.isoformat,
    date: date.isoformat,
}


def _plain(row: Iterable[Any]) -> tuple[Any, ...]:
    return tuple([_ADAPTED[v.__class__](v) if v.__class__ in _ADAPTED else v for v in row])


def _utc(value: datetime) -> str:
    """As Django writes it: UTC without a zone."""
    return str(value.astimezone(UTC).replace(tzinfo=None))


_ADAPTED: dict[type, Any] = {Decimal: "{:f}".format, datetime: _utc, date: date.isoformat}


def _execute_many(cursor: Any, statement: str, rows: Iterable[Row]) -> None:
    """SQLite reads rows as they are made; the type stubs know lists only."""
    cursor.executemany(statement, rows)
