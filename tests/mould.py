"""What takes long to build is built once per process; its rows are poured into every test that wants them.

A test still has a transaction of its own that is rolled back, so it may write what it likes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from haicap.catalogue import queries as catalogue

T = TypeVar("T")
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Difference:
    """What building did to one table, as whole rows."""

    model: type[Model]
    columns: tuple[str, ...]
    gone: frozenset[Row]
    come: tuple[Row, ...]


# Other fixtures may have written before: the rows of one start are no answer to another.
_kept: dict[tuple[str, Row], tuple[Any, list[Difference]]] = {}


def poured(name: str, build: Callable[[], T]) -> T:
    """What `build` gave the first time, with the same rows and ids; only inside a test's transaction.

    The first test of a process builds it for itself. What it gives is shared by the tests, and nobody may
    change it."""
    key = name, _counts()
    if key not in _kept:
        before = {model: _rows(model) for model in _models()}
        thing = build()
        changed = [_difference(model, old) for model, old in before.items()]
        _kept[key] = thing, [one for one in changed if one.gone or one.come]
        return thing
    thing, differences = _kept[key]
    try:
        with transaction.atomic():
            for one in differences:
                _pour(one)
    except IntegrityError:
        # as many rows as in that start, yet one of them took an id of ours: this test builds for itself
        catalogue.forget()
        return build()
    if connection.vendor == "postgresql":
        _number([one.model for one in differences if one.come])
    catalogue.forget()
    return thing


def _models() -> Iterable[type[Model]]:
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    ]


def _counts() -> Row:
    """How many rows each table holds, in one question."""
    parts = [f'(SELECT count(*) FROM "{model._meta.db_table}")' for model in _models()]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}")
        return tuple(cursor.fetchone())


def _rows(model: type[Model]) -> frozenset[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT {_named(_columns(model))} FROM "{model._meta.db_table}"')
        return frozenset(cursor.fetchall())


def _difference(model: type[Model], before: frozenset[Row]) -> Difference:
    after = _rows(model)
    come = tuple(sorted(after - before, key=lambda row: row[0]))
    return Difference(model, _columns(model), before - after, come)


def _columns(model: type[Model]) -> tuple[str, ...]:
    names = [str(field.column) for field in model._meta.concrete_fields]
    key = str(model._meta.pk.column)
    return (key, *(name for name in names if name != key))


def _named(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _pour(one: Difference) -> None:
    table = one.model._meta.db_table
    with connection.cursor() as cursor:
        for row in one.gone:
            cursor.execute(f'DELETE FROM "{table}" WHERE "{one.columns[0]}" = %s', [row[0]])
        if one.come:
            marks = ", ".join(["%s"] * len(one.columns))
            sql = f'INSERT INTO "{table}" ({_named(one.columns)}) VALUES ({marks})'
            cursor.executemany(sql, one.come)


def _number(models: list[type[Model]]) -> None:
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)
