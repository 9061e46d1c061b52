"""Tables of the api room, imported only inside it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class ApiKey(models.Model):
    """A key as it can be recognised: its secret is known to the holder alone."""

    id = models.BigAutoField(primary_key=True)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    label = models.CharField(max_length=120)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    rate = models.PositiveIntegerField()
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=64)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=64, blank=True, default="")
    # The day and no more: when exactly somebody reads is nobody's business
    last_used = models.DateField(null=True)
    # Reading is what a key is for; a department's system that also sends figures says which forms
    writes = models.BooleanField(default=False)
    forms = models.JSONField(default=list)
    # May put questions of its own to the facts of its units
    sql = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by="")
                | (Q(revoked_at__isnull=False) & ~Q(revoked_by="")),
                name="api_key_revoked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(expires_at__gt=F("created_at")),
                name="api_key_expires_later",
            ),
            models.CheckConstraint(condition=Q(rate__gte=1), name="api_key_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.prefix} {self.label}"


class Allowance(models.Model):
    """How many requests of one caller were handed out in one minute, to all processes together."""

    id = models.BigAutoField(primary_key=True)
    # "key:<prefix>", or a keyed digest of an address: the address itself is not kept
    caller = models.CharField(max_length=64, unique=True)
    minute = models.BigIntegerField(db_index=True)
    taken = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.caller} {self.minute}: {self.taken}"


class FollowUp(models.Model):
    """A figure that somebody marked for a second look, by the key it has in every exchange."""

    id = models.BigAutoField(primary_key=True)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=40)
    period = models.CharField(max_length=32)
    element = models.ForeignKey("catalogue.Element", on_delete=models.PROTECT, related_name="+")
    split = models.CharField(max_length=40, blank=True, default="")
    attribution = models.CharField(max_length=40, blank=True, default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "form", "period", "element", "split", "attribution"],
                name="api_follow_up_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.form} {self.period} {self.element_id}"
