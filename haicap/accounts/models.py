"""People and positions.

A position is the chair, a holding is who sits in it and when: work belongs to the chair, so it stays
where it is when the person changes. All date ranges are half-open: `ends` is the first day no longer held.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q

from .states import LEVELS, Role

ROLES = [(role.value, role.value) for role in Role if LEVELS[role]]


class User(AbstractUser):
    # One name as people write it; splitting Vietnamese names into first and last only breaks them.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=150, blank=True, default="")
    language = models.CharField(max_length=8, default="vi")
    text_size = models.PositiveSmallIntegerField(default=100)

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    @property
    def ref(self) -> str:
        return f"user:{self.pk}"

    def get_full_name(self) -> str:
        return self.name or self.username

    def get_short_name(self) -> str:
        return self.get_full_name()


class Position(models.Model):
    """A chair: this role in this unit. Open work refers to it."""

    role = models.CharField(max_length=32, choices=ROLES)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.role}@{self.unit_id}"


class Holding(models.Model):
    """Who sits in the chair, from `starts` until the day before `ends`."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holdings")
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    predecessor = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="successor"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")), name="holding_ends_after_start"
            ),
            # One person in a chair: the dates are checked by the action, the open end by the database.
            models.UniqueConstraint(
                fields=["position"], condition=Q(ends__isnull=True), name="holding_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.position_id} from {self.starts}"


class Delegation(models.Model):
    """For these days `to` may do what the holder of `position` may do."""

    position = models.ForeignKey(Position, on_delete=models.PROTECT, related_name="delegations")
    to = models.ForeignKey(User, on_delete=models.PROTECT, related_name="delegations")
    starts = models.DateField()
    ends = models.DateField()
    given_by = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["to", "ends"], name="delegation_to_ends")]
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="delegation_ends_after_start")
        ]

    def __str__(self) -> str:
        return f"{self.position_id} to {self.to_id} {self.starts}..{self.ends}"
