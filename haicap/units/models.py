"""Tables of the units room, imported only inside it: others read `queries` and write through `actions`."""

from django.db import models
from django.db.models import F, Q


class Unit(models.Model):
    """One unit during one stretch of its life: a new kind, name or border is a new row, never an edit.

    A code may pass to the successor (24505 is the old and the new Ea Knuếc), so a code alone names nothing:
    (code, level, valid_from) does. `valid_to` is the first day on which the row no longer holds.

    Vietnam's tree has the root "00" and three levels. Trees of other systems stand beside it with roots of
    their own, codes as free as theirs, and any depth.
    """

    uid = models.CharField(max_length=11, unique=True)
    code = models.CharField(max_length=50)
    level = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="parts")
    path = models.CharField(max_length=160, db_index=True)
    name = models.CharField(max_length=230)
    full_name = models.CharField(max_length=230)
    name_en = models.CharField(max_length=230)
    folded = models.CharField(max_length=230, db_index=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    act = models.CharField(max_length=200, blank=True)
    area_km2 = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    population = models.PositiveBigIntegerField(null=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "level", "valid_from"], name="unit_code_level_from"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="unit_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["parent", "code"], name="unit_parent_code")]

    def __str__(self) -> str:
        return f"{self.full_name} ({self.code})"


class Succession(models.Model):
    """Old unit → new unit on a day; `share` is the part of the old one that went: 1 whole, NULL unknown."""

    old = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="became")
    new = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="came_from")
    on = models.DateField()
    share = models.DecimalField(max_digits=9, decimal_places=8, null=True)
    whole = models.BooleanField()
    act = models.CharField(max_length=200, blank=True)
    # what the share was taken of: "people", "area", "percent"; "" where it is whole, unknown or from a list
    basis = models.CharField(max_length=12, blank=True, default="")
    # the new unit finishes what the old one still owes; said in the act, never assumed
    heir = models.BooleanField(default=False)
    merger = models.ForeignKey(
        "Merger", null=True, blank=True, on_delete=models.PROTECT, related_name="successions"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["old", "new"], name="succession_old_new"),
            models.CheckConstraint(
                condition=Q(share__isnull=True) | (Q(share__gt=0) & Q(share__lte=1)),
                name="succession_share_0_1",
            ),
            models.CheckConstraint(condition=Q(whole=False) | Q(share=1), name="succession_whole_is_1"),
        ]

    def __str__(self) -> str:
        return f"{self.old_id} → {self.new_id}"


class Merger(models.Model):
    """An act that merges or splits units, from the first draft to the signature, and back.

    `plan` is what the office typed (see `merging`), `choices` what it decided for each thing that hangs on
    the old units, `journal` what was done in every room, so that it can be undone.
    """

    owner = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="mergers")
    act = models.CharField(max_length=200, blank=True)
    on = models.DateField(null=True)
    state = models.CharField(max_length=8)
    plan = models.JSONField(default=dict)
    choices = models.JSONField(default=dict)
    journal = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    prepared_at = models.DateTimeField()
    prepared_by = models.CharField(max_length=64)
    handed_at = models.DateTimeField(null=True)
    handed_by = models.CharField(max_length=64, blank=True, default="")
    signed_at = models.DateTimeField(null=True)
    signed_by = models.CharField(max_length=64, blank=True, default="")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=64, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(signed_at__isnull=True, signed_by="")
                | (Q(signed_at__isnull=False) & ~Q(signed_by="")),
                name="merger_signed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by="")
                | (Q(undone_at__isnull=False) & ~Q(undone_by="")),
                name="merger_undone_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.on} {self.state}"


class Boundary(models.Model):
    """The border of one unit in one imported version, as GeoJSON (WGS84) and as a drawn outline.

    `outline` is an SVG path in Web Mercator units of 1/100 000 of the world's width, so that the outlines of
    one version fit together whatever units are drawn.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="boundaries")
    version = models.CharField(max_length=64)
    geojson = models.TextField()
    outline = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "version"], name="boundary_unit_version")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.version}"


class Border(models.Model):
    """Two units of one version that share a border, and its length, so that nothing is measured twice."""

    version = models.CharField(max_length=64)
    first = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="+")
    km = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "first", "second"], name="border_version_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="border_ordered"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}–{self.second_id}"


class Layout(models.Model):
    """Hexagons of the parts of a unit: cells {code: [column, row]}, neighbours {code: {direction: code}}."""

    owner = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="layouts")
    version = models.CharField(max_length=64)
    cells = models.JSONField()
    neighbours = models.JSONField()
    measures = models.JSONField(default=dict)
    found = models.TextField(blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "version"], name="layout_owner_version")]

    def __str__(self) -> str:
        return f"{self.owner_id} {self.version}"


class Drawing(models.Model):
    """A layout being computed: how far it is. Gone when the layout is there."""

    owner = models.OneToOneField(Unit, on_delete=models.CASCADE, related_name="+")
    share = models.FloatField(default=0.0)
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.owner_id} {self.share:.0%}"


class Stamp(models.Model):
    """One row whose text changes with every change in this room: the version that caches are keyed by."""

    text = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.text
