"""The database's own refusal to change what was published, in the words of each database.

SQLite drops triggers when Django rebuilds a table: a migration that alters one of these tables has to call
`install` again (tests/catalogue/test_guards.py notices when it does not).
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = (
    "catalogue_pack",
    "catalogue_element",
    "catalogue_indicator",
    "catalogue_indicatorversion",
    "catalogue_threshold",
    "catalogue_target",
    "catalogue_form",
    "catalogue_formversion",
    "catalogue_scorepolicy",
    "catalogue_calendarversion",
    "catalogue_calendarday",
)

POSTGRES_REFUSE = """
CREATE OR REPLACE FUNCTION catalogue_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is immutable once published', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END
$$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers there; doing it twice changes nothing."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_REFUSE)
        for table in TABLES:
            for statement in _postgres(table) if connection.vendor == "postgresql" else _sqlite(table):
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for undoing the migration and for emptying a test database, nothing else."""
    with connection.cursor() as cursor:
        for table in TABLES:
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}")
            else:
                for verb in ("update", "delete", "replace"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")


def _postgres(table: str) -> list[str]:
    return [
        f"CREATE OR REPLACE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION catalogue_refuse()"
    ]


def _sqlite(table: str) -> list[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is immutable once published'); END"
    return [
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_update BEFORE UPDATE ON {table} {refuse}",
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_delete BEFORE DELETE ON {table} {refuse}",
        # INSERT OR REPLACE deletes the old row without asking the delete trigger.
        f"CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table} "
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse}",
    ]
