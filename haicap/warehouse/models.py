"""What is known of snapshots that are no more: enough to build any of them again (docs/adr/0029).

Rows of `Archived` are small and stay for ever. The source as it stands now and what slices held before they
were replaced give every earlier snapshot back; no person key is in any of it.
"""

from django.db import models


class Archived(models.Model):
    """One snapshot that the readers saw. `previous` is the one before it, "" for the first.

    `tables`: {table: {"rows", "total", "print"}}, the print being the sum of row hashes of `engine`.
    `consumed`: runs (first, last) of the tokens that its reading saw. `damaged` while a file was broken.
    One that was archived but never swapped in (a crash between the two) is in nobody's line of `previous`.
    """

    snapshot = models.CharField(max_length=32, unique=True)
    previous = models.CharField(max_length=32, blank=True, default="")
    made_at = models.DateTimeField(db_index=True)
    engine = models.CharField(max_length=40)
    tables = models.JSONField(default=dict)
    consumed = models.JSONField(default=list)
    damaged = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.snapshot} {self.made_at:%Y-%m-%d %H:%M:%S}"


class Former(models.Model):
    """What some slices of one table held before that snapshot replaced them.

    `slices`: deflated JSON [[period, form, unit], …]; `rows`: their rows as a compressed Arrow stream, empty
    for none. `known` False: the file that held them was broken, so no earlier snapshot can have them again.
    """

    archived = models.ForeignKey(Archived, on_delete=models.CASCADE, related_name="formers")
    table = models.CharField(max_length=32)
    slices = models.BinaryField()
    rows = models.BinaryField()
    known = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.archived_id} {self.table}"


class Pin(models.Model):
    """A snapshot whose files are never swept: a release, or the year of a rating."""

    name = models.SlugField(max_length=60, unique=True)
    archived = models.ForeignKey(Archived, on_delete=models.PROTECT, related_name="pins")
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.name
