from django.db import models


class Sweep(models.Model):
    """When a folder of routines last ran, and what went wrong in it."""

    folder = models.CharField(max_length=16, unique=True)
    at = models.DateTimeField()
    failures = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return f"{self.folder} {self.at:%Y-%m-%d %H:%M}"
