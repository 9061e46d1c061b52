"""Published definitions. Everything here is immutable once written, except `Label` and `Revision`.

A figure of last year must be readable under the definition it was made with, so a change is always a new
row with a higher number; triggers in the first migration refuse UPDATE and DELETE in the database too.
Words (vi, en, bn) live outside the versions so that a typo can be mended without a new version.
"""

from __future__ import annotations

from django.db import models


class Pack(models.Model):
    """One published state of a pack: which numbers of which definitions are in force together."""

    code = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    owner = models.ForeignKey("units.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    contents = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "number"], name="catalogue_pack_number")]

    def __str__(self) -> str:
        return f"{self.code} {self.number}"


class Element(models.Model):
    """One thing that is counted. Its measure never changes: another meaning is another code."""

    uid = models.CharField(max_length=11, unique=True)
    code = models.CharField(max_length=40, unique=True)
    owner = models.ForeignKey("units.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    counts = models.CharField(max_length=80)
    unit = models.CharField(max_length=40)
    over_time = models.CharField(max_length=8)
    over_units = models.CharField(max_length=8)
    over_split = models.CharField(max_length=8)
    integer = models.BooleanField(default=True)
    non_negative = models.BooleanField(default=True)
    kind = models.CharField(max_length=12, default="number")
    # code of the Combination whose splits a value may have; "" for none
    combination = models.CharField(max_length=40, blank=True, default="")
    # what the system it came from calls things (its code, its value type, its options)
    exchange = models.JSONField(default=dict)
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class Derivation(models.Model):
    """One published way of counting an element over records; `spec` as derivations.from_spec reads it."""

    element = models.ForeignKey(Element, on_delete=models.PROTECT, related_name="derivations")
    number = models.PositiveIntegerField()
    spec = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["element", "number"], name="catalogue_derivation_number")
        ]

    def __str__(self) -> str:
        return f"{self.element_id} v{self.number}"


class Combination(models.Model):
    """One published state of a set of crossed dimensions; `spec`: usage, dimensions with their options."""

    uid = models.CharField(max_length=11, db_index=True)
    code = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    owner = models.ForeignKey("units.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    spec = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="catalogue_combination_number")
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.number}"


class Split(models.Model):
    """One cell of a combination: what Value.split and Value.attribution hold. `options`: uids."""

    uid = models.CharField(max_length=11, unique=True)
    code = models.CharField(max_length=40, unique=True)
    combination = models.CharField(max_length=40)
    options = models.JSONField(default=list)
    foreign_code = models.CharField(max_length=50, blank=True, default="")
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.code


class Indicator(models.Model):
    uid = models.CharField(max_length=11, unique=True)
    code = models.CharField(max_length=40, unique=True)
    owner = models.ForeignKey("units.Unit", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.code


class IndicatorVersion(models.Model):
    """`numerator`, `denominator`: formulas over element codes; an empty denominator means a plain count."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    pillar = models.CharField(max_length=40)
    numerator = models.TextField()
    denominator = models.TextField(blank=True)
    factor = models.DecimalField(max_digits=12, decimal_places=4)
    unit = models.CharField(max_length=40)
    direction = models.CharField(max_length=8)
    period_kind = models.CharField(max_length=12)
    rule = models.CharField(max_length=12)
    weight = models.DecimalField(max_digits=9, decimal_places=4)
    source = models.TextField(blank=True)
    basis = models.TextField(blank=True)
    confidence = models.CharField(max_length=80, blank=True)
    data_source = models.TextField(blank=True)
    temporary = models.BooleanField(default=False)
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["indicator", "number"], name="catalogue_indicator_number")
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id} v{self.number}"


class Threshold(models.Model):
    """One rule of the numbered set of an indicator; the whole set is replaced by a higher number."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="thresholds")
    number = models.PositiveIntegerField()
    unit_kind = models.CharField(max_length=12, blank=True)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    direction = models.CharField(max_length=8)
    green = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    yellow = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    green_to = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    yellow_to = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    basis = models.TextField(blank=True)
    decision = models.CharField(max_length=120, blank=True)
    proposal = models.BooleanField()
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.indicator_id} v{self.number}"


class Target(models.Model):
    """What a decision promises for a date; same numbering by set as `Threshold`."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    number = models.PositiveIntegerField()
    unit_kind = models.CharField(max_length=12, blank=True)
    unit = models.ForeignKey("units.Unit", on_delete=models.PROTECT, null=True, related_name="+")
    by_date = models.DateField()
    value = models.DecimalField(max_digits=18, decimal_places=4)
    basis = models.TextField(blank=True)
    decision = models.CharField(max_length=120, blank=True)
    proposal = models.BooleanField()
    published_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.indicator_id} v{self.number}"


class Form(models.Model):
    uid = models.CharField(max_length=11, unique=True)
    code = models.CharField(max_length=40, unique=True)
    owner = models.ForeignKey("units.Unit", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.code


class FormVersion(models.Model):
    """`spec` holds kind, rule, obliged kinds, deadline, approval, sections with cells, and checks."""

    form = models.ForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    spec = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["form", "number"], name="catalogue_form_number")]

    def __str__(self) -> str:
        return f"{self.form_id} v{self.number}"


class FormDraft(models.Model):
    """A form in the making: `content` is what was typed, right or wrong, so that no save loses anything.

    `form` is the code of the form that it revises, empty for a new one. Closed by publishing or by setting
    it aside; a closed draft stays as the record of who asked for what.
    """

    owner = models.ForeignKey("units.Unit", on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=40, blank=True, default="")
    content = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)
    published = models.PositiveIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.form or '+'} #{self.pk}"


class ScorePolicy(models.Model):
    """Pillar weights, cuts and the rule for missing indicators, one numbered row per pack."""

    pack = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    spec = models.JSONField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pack", "number"], name="catalogue_policy_number")]

    def __str__(self) -> str:
        return f"{self.pack} {self.number}"


class CalendarVersion(models.Model):
    """One announced state of a year's holidays; deadlines are counted with the highest number."""

    year = models.PositiveIntegerField()
    number = models.PositiveIntegerField()
    source = models.TextField(blank=True)
    provisional = models.BooleanField()
    digest = models.CharField(max_length=64)
    published_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "number"], name="catalogue_calendar_number")]

    def __str__(self) -> str:
        return f"{self.year} v{self.number}"


class CalendarDay(models.Model):
    """A day that differs from the week's habit: a weekday off, or a Saturday that is worked."""

    version = models.ForeignKey(CalendarVersion, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    working = models.BooleanField()
    reason = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["version", "day"], name="catalogue_calendar_day")]

    def __str__(self) -> str:
        return self.day.isoformat()


class Label(models.Model):
    """`subject` is "element:CQ01_TS" or "section:CQS-T/A"; `role` is name, short, hint or message."""

    subject = models.CharField(max_length=120)
    role = models.CharField(max_length=12)
    lang = models.CharField(max_length=5)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "role", "lang"], name="catalogue_label_once")
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.role} {self.lang}"


class Revision(models.Model):
    """One row; its token changes with every write of this room, and caches are keyed by it."""

    token = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.token
