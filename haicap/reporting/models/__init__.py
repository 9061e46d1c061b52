"""What the room stores. Persons are text references ("user:12"), as in the audit trail, so that erasing
a person never rewrites a report."""

from django.db import models
from django.db.models import F, Q

from ..states import Act, State
from .derived import Counting, DerivedHistory, DerivedValue, Dispute
from .pairs import pair

__all__ = [
    "DOORS",
    "CellReturn",
    "Counting",
    "DeclaredValue",
    "DerivedHistory",
    "DerivedValue",
    "Dispute",
    "ForeignFile",
    "Intake",
    "Mapping",
    "Note",
    "Report",
    "Spread",
    "Submission",
    "Upload",
    "Value",
    "ValueChange",
    "expected_rows",
]

DOORS = ("web", "excel", "csv", "api", "dhis2", "import", "derived", "merger")


def expected_rows() -> Q:
    """Reports that are owed: a unit dissolved inside the window, or begun after it, owes nothing for it."""
    began = Q(unit__valid_from__lt=F("end"))
    lasted = Q(unit__valid_to__isnull=True) | Q(unit__valid_to__gte=F("end"))
    return began & lasted


class Report(models.Model):
    """One form of one unit for one period; the row of an obligation, whether anybody opened it or not."""

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=40)
    form_number = models.PositiveIntegerField()
    period = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    rule = models.CharField(max_length=16)
    start = models.DateField()
    end = models.DateField()
    deadline = models.DateTimeField()
    state = models.CharField(max_length=12, default=State.OPEN.value)
    version = models.PositiveIntegerField(default=0)
    content_version = models.PositiveIntegerField(default=0)
    cycle = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=64)
    ready_at = models.DateTimeField(null=True, blank=True)
    ready_by = models.CharField(max_length=64, blank=True, default="")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.CharField(max_length=64, blank=True, default="")
    # The instant that decides "on time": the first submission of the first accepted version, or of the
    # latest version while none is accepted. A correction made after acceptance cannot make a report late.
    first_submitted_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=64, blank=True, default="")
    ever_accepted = models.BooleanField(default=False)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "form", "period"], name="reporting_one_report"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="reporting_window"),
            models.CheckConstraint(condition=pair("ready_by", "ready_at"), name="reporting_ready_pair"),
            models.CheckConstraint(
                condition=pair("submitted_by", "submitted_at"), name="reporting_submitted_pair"
            ),
            models.CheckConstraint(
                condition=pair("accepted_by", "accepted_at"), name="reporting_accepted_pair"
            ),
            models.CheckConstraint(condition=pair("locked_by", "locked_at"), name="reporting_locked_pair"),
        ]
        indexes = [
            models.Index(fields=["form", "period", "state"], name="reporting_form_period"),
            models.Index(fields=["state", "deadline"], name="reporting_state_deadline"),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.period} {self.unit_id}"


class Value(models.Model):
    """One cell. Never deleted: an emptied cell keeps its row and its history.

    ``raw`` is text that was typed and refused; it is kept beside the last good number until it is put right.
    """

    # No index of its own: the unique key below begins with it.
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="values", db_index=False)
    # Neither index nor constraint: a bulk month pays for both row by row, and elements are never deleted.
    element = models.ForeignKey(
        "catalogue.Element", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    split = models.CharField(max_length=40, blank=True, default="")
    attribution = models.CharField(max_length=40, blank=True, default="")
    scenario = models.CharField(max_length=16, default="official")
    origin = models.CharField(max_length=16, default="reported")
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    # For elements that are no numbers (text, option, date); such a value never becomes a fact.
    text = models.CharField(max_length=300, blank=True, default="")
    no_figure_reason = models.CharField(max_length=300, blank=True, default="")
    raw = models.CharField(max_length=200, blank=True, default="")
    refusal = models.CharField(max_length=40, blank=True, default="")
    grade = models.CharField(max_length=12, default="declared")
    door = models.CharField(max_length=10, default="web")
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "element", "split", "attribution", "scenario", "origin"],
                name="reporting_one_value",
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(no_figure_reason=""), name="reporting_number_or_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.element_id}"


class Intake(models.Model):
    """One batch that came in by one door: who, when, which file, and the answer that was given.

    The key makes a replay return that answer; `digest` tells whether it is a replay at all.
    """

    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    door = models.CharField(max_length=10)
    source = models.CharField(max_length=120, blank=True, default="")
    file = models.CharField(max_length=64, blank=True, default="")
    file_name = models.CharField(max_length=200, blank=True, default="")
    key = models.CharField(max_length=64, blank=True, default="")
    digest = models.CharField(max_length=64, blank=True, default="")
    answer = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "key"], condition=~Q(key=""), name="reporting_intake_key"),
        ]

    def __str__(self) -> str:
        return f"{self.door} {self.at:%Y-%m-%d %H:%M} {self.source}"


class ValueChange(models.Model):
    """One step in the life of a cell: who, when, from, to, why, by which door, from which batch."""

    # No constraints: both are written in the same transaction by the same action and never deleted.
    value = models.ForeignKey(Value, on_delete=models.PROTECT, related_name="changes", db_constraint=False)
    intake = models.ForeignKey(
        Intake,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    door = models.CharField(max_length=10)
    cycle = models.PositiveIntegerField(default=0)
    from_number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    to_number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    from_reason = models.CharField(max_length=300, blank=True, default="")
    to_reason = models.CharField(max_length=300, blank=True, default="")
    from_text = models.CharField(max_length=300, blank=True, default="")
    to_text = models.CharField(max_length=300, blank=True, default="")
    why = models.CharField(max_length=500, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.value_id}: {self.from_number} → {self.to_number}"


class Submission(models.Model):
    """One submission; the key makes a second click or a replay return the first answer."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="submissions")
    cycle = models.PositiveIntegerField()
    content_version = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    key = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "cycle"], name="reporting_one_submission"),
            models.UniqueConstraint(
                fields=["report", "key"], condition=~Q(key=""), name="reporting_submission_key"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.report_id} #{self.cycle}"


class CellReturn(models.Model):
    """Why a report was sent back (`act`: return, hand_back or reopen), signed with the role it was done
    in; without an element the reason is about the whole report."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="returns")
    cycle = models.PositiveIntegerField()
    element = models.ForeignKey(
        "catalogue.Element", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reason = models.CharField(max_length=500)
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    act = models.CharField(max_length=12, default=Act.RETURN.value)
    signed_as = models.CharField(max_length=32, blank=True, default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.report_id} #{self.cycle} {self.element_id}"


class Note(models.Model):
    """The reason given for an unusual figure; it holds for this figure only."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="notes")
    element = models.ForeignKey(
        "catalogue.Element", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    check_code = models.CharField(max_length=40)
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Meta:
        indexes = [models.Index(fields=["report", "element"], name="reporting_note_cell")]

    def __str__(self) -> str:
        return f"{self.report_id} {self.check_code}"


class Upload(models.Model):
    """A workbook that came back, kept between its preview and its being written; a few hours at most.

    Without `unit_code` it holds one form of many units.
    """

    token = models.CharField(max_length=32, unique=True)
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    form = models.CharField(max_length=40)
    period = models.CharField(max_length=32)
    unit_code = models.CharField(max_length=20, blank=True, default="")
    name = models.CharField(max_length=200)
    lang = models.CharField(max_length=8)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    applied_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.form} {self.period} {self.name}"


class Mapping(models.Model):
    """How the files of one source are read, kept for the next one: found again by name and by heading."""

    owner = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=120)
    fingerprint = models.CharField(max_length=64, db_index=True)
    heading = models.JSONField(default=list)
    form = models.CharField(max_length=40)
    plan = models.JSONField(default=dict)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    used = models.PositiveIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "source"], name="reporting_one_mapping"),
        ]

    def __str__(self) -> str:
        return self.source


class ForeignFile(models.Model):
    """A file of another system between its upload and its being written, with what was decided about it."""

    token = models.CharField(max_length=32, unique=True)
    by = models.CharField(max_length=64)
    owner = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    plan = models.JSONField(default=dict)
    source = models.CharField(max_length=120, blank=True, default="")
    applied_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.name


class DeclaredValue(models.Model):
    """A published figure outside the reporting regime: calendar window, source, grade, range that fits."""

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    element = models.ForeignKey("catalogue.Element", on_delete=models.PROTECT, related_name="+")
    split = models.CharField(max_length=40, blank=True, default="")
    attribution = models.CharField(max_length=40, blank=True, default="")
    period = models.CharField(max_length=32)
    kind = models.CharField(max_length=16)
    rule = models.CharField(max_length=16)
    start = models.DateField()
    end = models.DateField()
    scenario = models.CharField(max_length=16, default="official")
    number = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    missing = models.CharField(max_length=300, blank=True, default="")
    low = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    grade = models.CharField(max_length=12)
    source = models.CharField(max_length=500)
    note = models.CharField(max_length=500, blank=True, default="")
    at = models.DateTimeField()
    by = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "element", "split", "attribution", "period", "rule", "scenario"],
                name="reporting_one_declared",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="reporting_declared_window"),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="reporting_declared_range",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.element_id} {self.period}"


class Spread(models.Model):
    """How far an element moves between periods, over all units: the middle of their robust spreads (in
    logarithms). Learnt by the clock; nothing depends on it but questions about likely slips."""

    element = models.OneToOneField("catalogue.Element", on_delete=models.PROTECT, related_name="+")
    spread = models.FloatField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.element_id} {self.spread:.2f}"
