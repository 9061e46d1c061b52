"""The database's own refusal to change the log, in the words of each database.

SQLite drops triggers when Django rebuilds a table: a migration that alters Event has to call
`install` again (tests/audit/test_guards.py notices when it does not).
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

EVENTS, BLOCKS = "audit_event", "audit_block"

INSTALL: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        "CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        # INSERT OR REPLACE deletes the old row without asking the delete trigger.
        "CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "
        "WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) "
        "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$",
        "CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse()",
    ),
}

REMOVE: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS {table}_no_update",
        "DROP TRIGGER IF EXISTS {table}_no_delete",
        "DROP TRIGGER IF EXISTS {table}_no_replace",
    ),
    "postgresql": (
        "DROP TRIGGER IF EXISTS {table}_no_change ON {table}",
        "DROP FUNCTION IF EXISTS {table}_refuse()",
    ),
}


def install(connection: BaseDatabaseWrapper, table: str = EVENTS) -> None:
    """Put the triggers there; doing it twice changes nothing."""
    _run(connection, INSTALL, table)


def remove(connection: BaseDatabaseWrapper, table: str = EVENTS) -> None:
    """Take the triggers away: for undoing the migration and for emptying a test database, nothing else."""
    _run(connection, REMOVE, table)


def _run(connection: BaseDatabaseWrapper, words: dict[str, tuple[str, ...]], table: str) -> None:
    with connection.cursor() as cursor:
        for statement in words[connection.vendor]:
            cursor.execute(statement.format(table=table))
