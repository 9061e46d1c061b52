"""What becomes of the reports that a batch writes into: their step, their signature, their event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from haicap.audit import actions as audit
from haicap.audit import bulk
from haicap.audit.actions import Actor
from haicap.audit.slices import Entry

from ..models import Intake, Report, Submission
from ..states import DERIVED, State
from .deriving import freeze, loosen, sent_of
from .intakeholding import kept_back
from .intakejudging import Group
from .intakerows import Held
from .intakerules import Rules, may_fill
from .rows import name_of, slice_of

CARRIED = (
    "state", "version", "content_version", "cycle", "submitted_at", "submitted_by", "first_submitted_at",
    "accepted_at", "accepted_by", "ever_accepted",
)  # fmt: skip
WHOLE = tuple(field.attname for field in Report._meta.concrete_fields)
SUBMISSION = ("report_id", "cycle", "content_version")


@dataclass
class Ending:
    """A report that the batch changes: `made` by it, `before` in that state; `broken`: why it is held."""

    group: Group
    made: bool
    before: State
    broken: str = ""

    @property
    def sent(self) -> bool:
        return not self.group.form.approval and not self.broken


def settle(groups: Sequence[Group], rules: Rules, by: str, lang: str) -> list[Ending]:
    """Every report takes its step. Those with approval stay with the commune; the others are sent and thereby
    accepted, unless a hard check is broken or a required cell blank: then they are kept as drafts."""
    fresh = [group for group in groups if group.report.pk is None]
    made = {id(group) for group in fresh}
    broken = kept_back(groups, rules, lang)
    endings = [
        Ending(one, id(one) in made, State(one.report.state), broken.get(id(one), "")) for one in groups
    ]
    for ending in endings:
        _step(ending, by, rules.at)
    for group, number in zip(fresh, bulk.draw_ids(Report, len(fresh)), strict=True):
        group.report.pk = number
    return endings


def held(endings: Sequence[Ending]) -> Iterator[Held]:
    for one in endings:
        if one.broken:
            unit, form, period = one.group.key
            yield Held(unit, form, period, one.broken)


def _step(one: Ending, by: str, at: datetime) -> None:
    report, form = one.group.report, one.group.form
    report.version += 1
    report.content_version += 1
    if form.approval:
        report.state = may_fill(report, form, at).value
    elif one.broken:
        report.state, report.accepted_at, report.accepted_by = State.DRAFT.value, None, ""
    else:
        report.state, report.cycle = State.ACCEPTED.value, report.cycle + 1
        report.submitted_at, report.submitted_by = at, by
        if not report.ever_accepted:
            report.first_submitted_at = at
        report.accepted_at, report.accepted_by, report.ever_accepted = at, f"form:{report.form}", True


def store(endings: Sequence[Ending], at: datetime, by: str) -> None:
    """The reports as they stand now, and the submissions."""
    made = [[getattr(one.group.report, name) for name in WHOLE] for one in endings if one.made]
    if made:
        bulk.insert(Report, WHOLE, made)
    there = [one.group.report for one in endings if not one.made]
    if there:
        rows = ([getattr(report, name) for name in CARRIED] + [report.pk] for report in there)
        bulk.update(Report, CARRIED, rows)
    sent = [one.group.report for one in endings if one.sent]
    if sent:
        lines = ((report.pk, report.cycle, report.content_version) for report in sent)
        bulk.insert(Submission, SUBMISSION, lines, {"at": at, "by": by, "key": ""})


def tell(endings: Sequence[Ending], row: Intake, by: Actor | str) -> None:
    """One event for each report."""
    back = [one.group.report.pk for one in endings if one.broken and not one.made]
    loose = loosen(back) if back else None
    events = audit.record_many(by=by, entries=(_entry(one, row) for one in endings))
    freeze(
        [
            sent_of(one.group.report, one.group.form, event)
            for one, event in zip(endings, events, strict=True)
            if one.sent and one.group.form.counted
        ]
    )
    if loose and loose.values:
        told = {"intake": row.pk, "figures": len(loose.values)}
        loose.remember(
            audit.record(by=by, action="figures.loosened", object=DERIVED, detail=told, slices=loose.slices)
        )


def _entry(one: Ending, row: Intake) -> Entry:
    report = one.group.report
    # A draft that stays a draft is no fact; everything else shows somewhere.
    moved = one.made or not one.group.form.approval or one.before != report.state
    return Entry(
        action="report.taken_in",
        object=name_of(report),
        detail={"cells": len(one.group.writes), "door": row.door, "intake": row.pk, "to": report.state},
        slices=(slice_of(report),) if moved else (),
    )
