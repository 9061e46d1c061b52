"""The database itself refuses to change or remove what was published."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLES = (
    "pack",
    "element",
    "indicator",
    "indicatorversion",
    "threshold",
    "target",
    "form",
    "formversion",
    "scorepolicy",
    "calendarversion",
    "calendarday",
)

POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION catalogue_immutable() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% is immutable once published', TG_TABLE_NAME; END
$$ LANGUAGE plpgsql
"""


def raise_guards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRES_FUNCTION, params=None)
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            name = f"catalogue_{table}_no_{verb.lower()}"
            head = f"CREATE TRIGGER {name} BEFORE {verb} ON catalogue_{table} "
            if schema_editor.connection.vendor == "postgresql":
                body = "FOR EACH ROW EXECUTE FUNCTION catalogue_immutable()"
            else:
                body = f"BEGIN SELECT RAISE(ABORT, 'catalogue_{table} is immutable once published'); END"
            schema_editor.execute(head + body, params=None)


def lower_guards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    postgres = schema_editor.connection.vendor == "postgresql"
    for table in TABLES:
        for verb in ("UPDATE", "DELETE"):
            place = f" ON catalogue_{table}" if postgres else ""
            schema_editor.execute(
                f"DROP TRIGGER IF EXISTS catalogue_{table}_no_{verb.lower()}{place}", params=None
            )
    if postgres:
        schema_editor.execute("DROP FUNCTION IF EXISTS catalogue_immutable()", params=None)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial")]
    operations = [migrations.RunPython(raise_guards, lower_guards)]
