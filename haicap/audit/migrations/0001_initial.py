import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_index=True)),
                ("by", models.CharField(max_length=64)),
                ("action", models.CharField(max_length=64)),
                ("object", models.CharField(max_length=120)),
                ("reason", models.TextField(blank=True, default="")),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["object", "id"], name="audit_event_object"),
                    models.Index(fields=["by", "id"], name="audit_event_by"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PendingSlice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("room", models.CharField(max_length=32)),
                ("form", models.CharField(max_length=64)),
                ("period", models.CharField(max_length=32)),
                ("unit_id", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "event",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="audit.event",
                    ),
                ),
            ],
        ),
    ]
