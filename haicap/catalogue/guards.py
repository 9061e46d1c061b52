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
    "catalogue_combination",
    "catalogue_split",
    "catalogue_derivation",
)

POSTGRES_REFUSE = """
CREATE OR REPLACE FUNCTION catalogue_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is immutable once published', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END
$$
"""
SQLITE = (
    "CREATE TRIGGER IF NOT EXISTS TABLE_no_update BEFORE UPDATE ON TABLE "
    "BEGIN SELECT RAISE(ABORT, 'TABLE is immutable once published'); END",
    "CREATE TRIGGER IF NOT EXISTS TABLE_no_delete BEFORE DELETE ON TABLE "
    "BEGIN SELECT RAISE(ABORT, 'TABLE is immutable once published'); END",
    # INSERT OR REPLACE deletes the old row without asking the delete trigger.
    "CREATE TRIGGER IF NOT EXISTS TABLE_no_replace BEFORE INSERT ON TABLE "
    "WHEN EXISTS (SELECT 1 FROM TABLE WHERE id = NEW.id) "
    "BEGIN SELECT RAISE(ABORT, 'TABLE is immutable once published'); END",
)
POSTGRES = (
    "CREATE OR REPLACE TRIGGER TABLE_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON TABLE "
    "FOR EACH STATEMENT EXECUTE FUNCTION catalogue_refuse()",
)


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers there; doing it twice changes nothing. Tables of later migrations wait for theirs."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_REFUSE)
        for table in (name for name in TABLES if name in present):
            for statement in POSTGRES if connection.vendor == "postgresql" else SQLITE:
                cursor.execute(statement.replace("TABLE", table))


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for undoing the migration and for emptying a test database, nothing else."""
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for table in (name for name in TABLES if name in present):
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_change ON {table}")
            else:
                for verb in ("update", "delete", "replace"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}")
