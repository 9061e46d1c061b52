from django.db import models


class Sweep(models.Model):
    """When a folder of routines last ran, and what went wrong in it."""

    folder = models.CharField(max_length=16, unique=True)
    at = models.DateTimeField()
    failures = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return f"{self.folder} {self.at:%Y-%m-%d %H:%M}"


class Run(models.Model):
    """One routine in one slot of its schedule: the pair is unique, so no slot is worked twice.

    `slot` is the instant at which the slot began. A row without `finished_at` was cut off or has failed.
    `claimed_at`: somebody works on it since then; None after a failure.
    """

    job = models.CharField(max_length=60)
    slot = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=60, blank=True, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "slot"], name="routines_one_run")]
        indexes = [models.Index(fields=["slot"], name="routines_run_slot")]

    def __str__(self) -> str:
        return f"{self.job} {self.slot:%Y-%m-%d %H:%M}"
