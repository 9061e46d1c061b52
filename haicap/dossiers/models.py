"""What the room stores. No column names a citizen: the code of a dossier and the account that lodged it are
kept as keyed hashes, everything else personal is dropped before a row is made."""

from django.db import models
from django.db.models import F, Q

from .states import Channel, ImportState, ServiceLevel, Status


class Procedure(models.Model):
    """One administrative procedure of the published list; `legal_days` are working days, None unknown."""

    code = models.CharField(max_length=80, unique=True)
    # labels: {"vi": …, "en": …, "bn": …}
    name = models.JSONField(default=dict)
    field = models.CharField(max_length=120, blank=True, default="")
    legal_days = models.PositiveSmallIntegerField(null=True, blank=True)
    online_level = models.CharField(max_length=8, default=ServiceLevel.INFO.value)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
                name="dossiers_procedure_window",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Source(models.Model):
    """A system that files come from, and how its files are read (actions/mappings.py says the shape)."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    owner = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    mapping = models.JSONField(default=dict)
    stale_after_days = models.PositiveSmallIntegerField(default=7)
    has_steps = models.BooleanField(default=False)
    # demo sources are marked wherever their figures show
    demo = models.BooleanField(default=False)
    # holds a part of its units' dossiers only: no total is counted from it
    partial = models.BooleanField(default=False, db_default=False)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.code


class Import(models.Model):
    """One file or one batch of the API on its way in, and what became of it.

    `checkpoint` is written in the transaction of the rows it speaks of: {"chunk": chunks that are stored}.
    `read` = `created` + `updated` + `unchanged` + `rejected` once it is done.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="imports")
    token = models.CharField(max_length=32, unique=True)
    sha256 = models.CharField(max_length=64, blank=True, default="", db_index=True)
    name = models.CharField(max_length=200, blank=True, default="")
    door = models.CharField(max_length=10, default="web")
    by = models.CharField(max_length=64)
    at = models.DateTimeField()
    state = models.CharField(max_length=10, default=ImportState.READING.value)
    dry_run = models.BooleanField(default=False)
    size = models.BigIntegerField(default=0)
    bytes_read = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    chunks = models.PositiveIntegerField(default=0)
    read = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    # what the file holds: headings, samples without personal values, what is asked
    found = models.JSONField(default=dict)
    # [[heading, why], …]; why: "personal" or "unused"
    dropped = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    checkpoint = models.JSONField(default=dict)
    # {"code": number of rows} of what was rejected
    reasons = models.JSONField(default=dict)
    failure = models.CharField(max_length=300, blank=True, default="")
    finished_at = models.DateTimeField(null=True, blank=True)
    # the API's protection against a batch sent twice
    key = models.CharField(max_length=64, blank=True, default="")
    answer = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["by", "key"], condition=~Q(key=""), name="dossiers_import_key"),
        ]
        indexes = [models.Index(fields=["source", "at"], name="dossiers_import_source")]

    def __str__(self) -> str:
        return f"{self.source_id} {self.at:%Y-%m-%d %H:%M} {self.state}"


class Rejected(models.Model):
    """One row of a file that was not taken: where it stands, why, and the value that was wrong, never a
    dossier's code nor anything that looks personal."""

    batch = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rejections")
    row = models.BigIntegerField()
    code = models.CharField(max_length=40)
    column = models.CharField(max_length=120, blank=True, default="")
    value = models.CharField(max_length=80, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.row} {self.code}"


class Dossier(models.Model):
    """One dossier as its source last told it. Written by imports alone, never deleted.

    `key`: BLAKE2b of the code, keyed with the secret of this installation. `period`: calendar month of the
    local day of receipt. `created_event`, `event_id`: the audit events that made and last changed the row.
    """

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+", db_index=False)
    key = models.UUIDField()
    # No constraints on what cannot go: two million rows would be checked one by one.
    unit = models.ForeignKey(
        "units.Unit", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    procedure = models.ForeignKey(
        Procedure, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    period = models.CharField(max_length=7)
    channel = models.PositiveSmallIntegerField(default=Channel.IN_PERSON.value)
    level = models.CharField(max_length=8, default=ServiceLevel.INFO.value)
    submitter = models.CharField(max_length=8, blank=True, default="")
    behalf_reason = models.CharField(max_length=200, blank=True, default="")
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(default=Status.NEW.value)
    fee = models.DecimalField(max_digits=18, decimal_places=4, null=True, blank=True)
    # 1 yes, 0 no, None not said
    paid_online = models.PositiveSmallIntegerField(null=True, blank=True)
    digitised_components = models.PositiveSmallIntegerField(null=True, blank=True)
    digitised_result = models.PositiveSmallIntegerField(null=True, blank=True)
    # 1 (worst) … 5
    satisfaction = models.PositiveSmallIntegerField(null=True, blank=True)
    # [[ISO instant in UTC, status, holder], …] in time order
    steps = models.JSONField(default=list)
    # computed from steps and dates (clocks.py); "" on time, undecided, or no status times
    blame = models.CharField(max_length=8, blank=True, default="")
    # whose lateness it is by an accepted dispute; it outlives imports and goes before `blame`
    excused = models.CharField(max_length=8, blank=True, default="", db_default="")
    last_step_at = models.DateTimeField(null=True, blank=True)
    account_key = models.UUIDField(null=True, blank=True)
    last_import = models.ForeignKey(
        Import, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    version = models.PositiveIntegerField(default=1)
    row_digest = models.BigIntegerField()
    created_event = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="dossiers_one_dossier"),
        ]
        indexes = [
            models.Index(fields=["unit", "period"], name="dossiers_slice"),
            # what is open is a small part; the queue and what is overdue read only this
            models.Index(
                fields=["unit", "due_at"],
                condition=Q(finished_at__isnull=True),
                name="dossiers_open",
            ),
            # what was finished in a month, by commune: on-time rates, bunching
            models.Index(fields=["unit", "finished_at"], name="dossiers_finished"),
            # what was overdue at the end of a past month and came later: a small part again
            models.Index(
                fields=["unit", "finished_at", "due_at"],
                condition=Q(finished_at__gt=F("due_at")),
                name="dossiers_late",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_id}/{self.pk}"


class DossierVersion(models.Model):
    """What a dossier held before a change: `old` by column name, instants as ISO text in UTC.

    `event_id` is the audit event of the change that ended this content.
    """

    dossier = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, related_name="versions", db_constraint=False
    )
    version = models.PositiveIntegerField()
    at = models.DateTimeField()
    batch = models.ForeignKey(
        Import,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    event_id = models.BigIntegerField()
    old = models.JSONField(default=dict)

    class Meta:
        # what was changed in a month: late edits
        indexes = [models.Index(fields=["at"], name="dossiers_version_at")]

    def __str__(self) -> str:
        return f"{self.dossier_id} #{self.version}"


class SignalRules(models.Model):
    """The thresholds from which the system asks, version by version (signals/rules.py says the shape).

    A question names the version that it was asked under; rows are only added.
    """

    number = models.PositiveIntegerField(unique=True)
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"#{self.number}"


class Circumstance(models.Model):
    """Declared in time, it explains a heap before anybody asks: a session of one commune, or an outage of a
    source (of all sources for None) in a province. `starts`, `ends`: UTC instants, both in."""

    kind = models.CharField(max_length=8)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    starts = models.DateTimeField()
    ends = models.DateTimeField()
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="dossiers_circumstance_window"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id} {self.starts:%Y-%m-%d}"


class Dispute(models.Model):
    """ "Not this unit's fault": what a commune says about late dossiers of one source, and who decided.

    `cause` is the holder (other, citizen, sync) that the lateness belongs to. The dates, and with them the
    official figure, never change; what is accepted leaves the attributable figure alone.
    """

    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    cause = models.CharField(max_length=8)
    state = models.CharField(max_length=12)
    version = models.PositiveIntegerField(default=1)
    n = models.PositiveIntegerField()
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    signed_as = models.CharField(max_length=24, blank=True, default="")
    # the office of the province, then its leader where many dossiers are meant
    office_at = models.DateTimeField(null=True, blank=True)
    office_by = models.CharField(max_length=64, blank=True, default="")
    office_reason = models.CharField(max_length=500, blank=True, default="")
    leader_at = models.DateTimeField(null=True, blank=True)
    leader_by = models.CharField(max_length=64, blank=True, default="")
    leader_reason = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        indexes = [models.Index(fields=["unit", "state"], name="dossiers_dispute_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.cause} {self.state}"


class DisputedDossier(models.Model):
    """One dossier of a dispute; `live` while the dispute stands, and a dossier is in one living dispute."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="dossiers")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="+", db_index=False)
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(live=True), name="dossiers_one_living_dispute"
            ),
            models.UniqueConstraint(fields=["dispute", "dossier"], name="dossiers_disputed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.dispute_id}/{self.dossier_id}"


class Signal(models.Model):
    """A question to a unit about its dossiers; never an accusation. `subject` is the shortened key of an
    account, "" for the unit as a whole; `seen`: the figures that the question is about, by name."""

    kind = models.CharField(max_length=16)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    period = models.CharField(max_length=7)
    subject = models.CharField(max_length=16, blank=True, default="")
    n = models.PositiveIntegerField()
    seen = models.JSONField(default=dict)
    rules = models.ForeignKey(SignalRules, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12)
    version = models.PositiveIntegerField(default=1)
    at = models.DateTimeField()
    answer_by = models.DateField()
    # of the running round: who answered, who gave the first opinion and which
    answered_by = models.CharField(max_length=64, blank=True, default="")
    weighed_by = models.CharField(max_length=64, blank=True, default="")
    closed_by = models.CharField(max_length=64, blank=True, default="")
    outcome = models.CharField(max_length=12, blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "unit", "period", "subject"], name="dossiers_asked_once"),
            # two different people, whatever the code above forgets
            models.CheckConstraint(
                condition=~Q(state="closed")
                | (~Q(weighed_by="") & ~Q(closed_by="") & ~Q(closed_by=F("weighed_by"))),
                name="dossiers_two_people",
            ),
        ]
        indexes = [models.Index(fields=["unit", "state"], name="dossiers_signal_unit")]

    def __str__(self) -> str:
        return f"{self.kind} {self.unit_id} {self.period}"


class SignalStep(models.Model):
    """What was said about a signal, in order; never changed."""

    signal = models.ForeignKey(Signal, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.CharField(max_length=64)
    signed_as = models.CharField(max_length=24, blank=True, default="")
    # of an answer: which innocent explanation; of an opinion: which outcome
    choice = models.CharField(max_length=16, blank=True, default="")
    text = models.CharField(max_length=1000, blank=True, default="")

    def __str__(self) -> str:
        return f"{self.signal_id} {self.act}"
