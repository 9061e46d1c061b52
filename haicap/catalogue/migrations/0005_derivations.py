import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from haicap.catalogue import guards


def raise_guards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """The new table is immutable like its sisters."""
    guards.install(schema_editor.connection)


def keep_guards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Nothing to undo: triggers go with their tables."""


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0004_splits")]

    operations = [
        migrations.CreateModel(
            name="Derivation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                ("spec", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("published_at", models.DateTimeField()),
                (
                    "element",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="derivations",
                        to="catalogue.element",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("element", "number"), name="catalogue_derivation_number")
                ],
            },
        ),
        migrations.RunPython(raise_guards, keep_guards),
    ]
