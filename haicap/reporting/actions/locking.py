"""Accepted reports whose day has come are locked, many at a time; the clock calls this every minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import Entry, ref_of
from haicap.catalogue.queries import Form
from haicap.core import clock

from ..models import Report
from ..policies import timing
from ..queries.casefile import form_of
from ..states import Act, State, after
from .rows import name_of, slice_of
from .workflow import STEPS

BATCH = 200
# What a first start finds waiting is worked off over some minutes; the other routines wait no longer than
# that.
MOST_PER_SWEEP = 2_000


def lock_due(*, by: Actor | str, now: datetime | None = None, limit: int = MOST_PER_SWEEP) -> int:
    """Lock what is due at `now` (policies.timing.locks_at); returns how many. Again without harm.

    A report that was reopened meanwhile stays open: state and version are looked at again under the row lock.
    """
    at = now or clock.now()
    due = _due(at, limit)
    return sum(_lock(by, due[first : first + BATCH], at) for first in range(0, len(due), BATCH))


def _due(now: datetime, limit: int) -> list[int]:
    forms: dict[tuple[str, int], Form] = {}
    # n working days are at least n days, so the index on (state, deadline) leaves little to look at
    waiting = Report.objects.filter(state=State.ACCEPTED.value, deadline__lt=now).order_by("deadline", "id")
    found: list[int] = []
    for report in waiting.iterator(chunk_size=BATCH):
        form = forms.setdefault((report.form, report.form_number), form_of(report))
        if is_due(report, form, now):
            found.append(report.pk)
            if len(found) == limit:
                break
    return found


def is_due(report: Report, form: Form, now: datetime) -> bool:
    if report.accepted_at is None or form.lock_after is None:
        return False
    if now - max(report.deadline, report.accepted_at) < timedelta(days=form.lock_after - 1):
        return False
    return timing.lock_due(timing.locks_at(form, report.deadline, report.accepted_at), now)


def _lock(by: Actor | str, ids: Sequence[int], now: datetime) -> int:
    target = after(State.ACCEPTED, Act.LOCK)
    assert target is not None
    with transaction.atomic():
        rows = list(
            Report.objects.select_for_update()
            .filter(pk__in=ids, state=State.ACCEPTED.value, accepted_at__lte=now)
            .order_by("id")
        )
        rows = [row for row in rows if is_due(row, form_of(row), now)]
        for row in rows:
            row.state, row.version = target.value, row.version + 1
            row.locked_at, row.locked_by = now, ref_of(by)
        Report.objects.bulk_update(rows, ["state", "version", "locked_at", "locked_by"])
        audit.record_many(
            by=by,
            entries=[
                Entry(
                    action=STEPS[Act.LOCK],
                    object=name_of(row),
                    detail={"from": State.ACCEPTED.value, "to": target.value, "cycle": row.cycle},
                    slices=(slice_of(row),),
                )
                for row in rows
            ],
        )
    return len(rows)
