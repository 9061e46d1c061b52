"""What happened (for ever), its seals, and what the warehouse has not read yet (until it has)."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One thing that somebody did. Never changed, never deleted: the database itself refuses (see guards).

    `by`, `object` are text references such as "user:12" or "report:881", so that the log outlives
    what it speaks of. `detail` holds ids and states, no personal data.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    by = models.CharField(max_length=64)
    action = models.CharField(max_length=64)
    object = models.CharField(max_length=120)
    reason = models.TextField(blank=True, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["object", "id"], name="audit_event_object"),
            models.Index(fields=["by", "id"], name="audit_event_by"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.by} {self.action} {self.object}"


class Block(models.Model):
    """The seal of some events: a hash over their content and over the seal before it.

    `runs` names the events by id, as [first, last] pairs: an id may be missing for ever (a transaction that
    was rolled back) or arrive late (one that was long), so a plain range would promise too much.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    runs = models.JSONField()
    events = models.PositiveIntegerField()
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)

    def __str__(self) -> str:
        return f"{self.pk} {self.digest[:12]}"


class PendingSlice(models.Model):
    """A token: this slice changed in that event. Written with the change, deleted by the one who read it."""

    id = models.BigAutoField(primary_key=True)
    room = models.CharField(max_length=32)
    form = models.CharField(max_length=64)
    period = models.CharField(max_length=32)
    # A number, not a foreign key: audit lies below units and knows nothing of them.
    unit_id = models.BigIntegerField()
    at = models.DateTimeField()
    # No constraint: it would check 100,000 tokens of an import one by one against an event that cannot go.
    event = models.ForeignKey(
        Event, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.room}/{self.form}/{self.period}/{self.unit_id}"
