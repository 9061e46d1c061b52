"""Transactional tests empty the tables after themselves, which the triggers of this product refuse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.testcases import TransactionTestCase

_teardown = TransactionTestCase._fixture_teardown


@contextmanager
def triggers_asleep() -> Iterator[None]:
    """All triggers of the test database stand aside, then come back word for word."""
    if connection.vendor == "sqlite":
        find = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        with connection.cursor() as cursor:
            triggers = cursor.execute(find).fetchall()
            for name, _sql in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
        yield
        with connection.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)
        return
    # 32 is TRUNCATE in pg_trigger.tgtype: emptying the tables fires no others
    find = (
        "SELECT quote_ident(tgname), tgrelid::regclass::text FROM pg_trigger "
        "WHERE NOT tgisinternal AND tgtype & 32 > 0"
    )
    with connection.cursor() as cursor:
        cursor.execute(find)
        found = cursor.fetchall()
        for name, table in found:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    yield
    with connection.cursor() as cursor:
        for name, table in found:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {name}")


def _asleep(self: TransactionTestCase) -> None:
    with triggers_asleep():
        _teardown(self)


TransactionTestCase._fixture_teardown = _asleep  # type: ignore[method-assign]
