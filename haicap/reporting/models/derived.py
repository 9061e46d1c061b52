"""What the system counts itself, and who does not believe it."""

from django.db import models
from django.db.models import F, Q

from .pairs import pair


class DerivedValue(models.Model):
    """What the system counted over its own records for one datum.

    `number` and `records` stand in the facts; `latest…` is the newest counting. Both are the same until a
    report that holds the figure is sent: then what was sent stays (`frozen_by`), and only `latest` goes on.
    None: the records do not reach over the window (any more). `definition`: its version in the catalogue.
    """

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False)
    element = models.ForeignKey(
        "catalogue.Element", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    split = models.CharField(max_length=40, blank=True, default="")
    attribution = models.CharField(max_length=40, blank=True, default="")
    period = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    rule = models.CharField(max_length=16)
    start = models.DateField()
    end = models.DateField()
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    records = models.BigIntegerField(default=0)
    definition = models.PositiveIntegerField()
    snapshot = models.CharField(max_length=64)
    at = models.DateTimeField()
    latest = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    latest_records = models.BigIntegerField(default=0)
    latest_definition = models.PositiveIntegerField()
    latest_snapshot = models.CharField(max_length=64)
    latest_at = models.DateTimeField()
    frozen_by = models.ForeignKey(
        "reporting.Report", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "period", "element", "split", "attribution", "rule"],
                name="reporting_one_derived",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="reporting_derived_window"),
            models.CheckConstraint(
                condition=Q(frozen_by__isnull=True, frozen_at__isnull=True)
                | Q(frozen_by__isnull=False, frozen_at__isnull=False),
                name="reporting_frozen_pair",
            ),
        ]
        indexes = [models.Index(fields=["period", "unit"], name="reporting_derived_slice")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.element_id} {self.period}"


class DerivedHistory(models.Model):
    """One step of a derived value: `act` count (it follows), later (counted anew while what was sent stands),
    freeze, thaw. `to_number` is what stands in the facts after it; `event_id`: its audit event."""

    value = models.ForeignKey(
        DerivedValue, on_delete=models.PROTECT, related_name="history", db_constraint=False
    )
    at = models.DateTimeField()
    event_id = models.BigIntegerField()
    act = models.CharField(max_length=8)
    from_number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    to_number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    counted = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    records = models.BigIntegerField(default=0)
    definition = models.PositiveIntegerField()
    snapshot = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.value_id} {self.act} {self.to_number}"


class Counting(models.Model):
    """From what the derived values were last counted: one row. The same `mark` means nothing to do."""

    mark = models.CharField(max_length=64)
    snapshot = models.CharField(max_length=64)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.snapshot


class Dispute(models.Model):
    """Somebody does not believe a derived figure, and says why. Upheld, the `corrected` number goes before
    the figure; the figure itself is never touched."""

    value = models.ForeignKey(DerivedValue, on_delete=models.PROTECT, related_name="disputes")
    state = models.CharField(max_length=10)
    version = models.PositiveIntegerField(default=1)
    # the figure that was disputed
    number = models.DecimalField(max_digits=18, decimal_places=4)
    records = models.BigIntegerField()
    snapshot = models.CharField(max_length=64)
    believed = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    reason = models.CharField(max_length=500)
    evidence = models.CharField(max_length=500, blank=True, default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    signed_as = models.CharField(max_length=32, blank=True, default="")
    corrected = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    decision = models.CharField(max_length=500, blank=True, default="")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=64, blank=True, default="")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.CharField(max_length=64, blank=True, default="")
    lifted_why = models.CharField(max_length=500, blank=True, default="")
    event_id = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            # one question, or one answer that stands, for one figure
            models.UniqueConstraint(
                fields=["value"], condition=Q(state__in=("open", "upheld")), name="reporting_one_dispute"
            ),
            models.CheckConstraint(condition=pair("decided_by", "decided_at"), name="reporting_decided_pair"),
            models.CheckConstraint(condition=pair("lifted_by", "lifted_at"), name="reporting_lifted_pair"),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=F("by")), name="reporting_dispute_two_people"
            ),
            models.CheckConstraint(
                condition=~Q(state="upheld") | Q(corrected__isnull=False), name="reporting_dispute_number"
            ),
        ]
        indexes = [models.Index(fields=["state", "at"], name="reporting_dispute_state")]

    def __str__(self) -> str:
        return f"{self.value_id} {self.state}"
