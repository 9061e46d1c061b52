"""Open dossiers whose term ended without anybody writing: the clock says so, and in whose hands they were."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from haicap.audit import actions as audit
from haicap.audit import bulk
from haicap.audit.actions import Slice
from haicap.catalogue import calendar
from haicap.core import clock

from ..models import Dossier
from ..policies.clocks import blame
from ..states import FORM, ROOM, Holder
from .writing import contents, keep_versions

PER_TRANSACTION = 2_000


def settle_overdue(*, by: str) -> int:
    """Attribute what became overdue since the last time; returns how many. Bears being run twice."""
    done = 0
    while ids := _next():
        with transaction.atomic():
            done += _settle(by, ids)
    return done


def _next() -> list[int]:
    """Open, overdue, with status times, and not attributed yet."""
    rows = Dossier.objects.filter(finished_at=None, due_at__lt=clock.now(), blame="").exclude(steps=[])
    return list(rows.order_by("id").values_list("id", flat=True)[:PER_TRANSACTION])


def _settle(by: str, ids: Sequence[int]) -> int:
    now, is_working = clock.now(), calendar.workdays().is_working
    found: dict[int, str] = {}
    rows = Dossier.objects.select_for_update().filter(id__in=ids, finished_at=None, blame="")
    slices = set()
    for row in rows:
        steps = [(datetime.fromisoformat(at), Holder(holder)) for at, _status, holder in row.steps]
        who = blame(row.received_at, row.due_at, None, steps, is_working, now)
        # with status times and a due date in the past there is always somebody
        found[row.pk] = (who or Holder.UNIT).value
        slices.add((row.period, row.unit_id))
    if not found:
        return 0
    event = audit.record(
        by=by,
        action="dossiers.overdue",
        object="dossiers",
        detail={"attributed": len(found)},
        slices=(Slice(ROOM, FORM, period, unit) for period, unit in sorted(slices)),
    )
    old = contents(list(found))
    keep_versions(((id, *old[id]) for id in found), None, event)
    bulk.update(
        Dossier,
        ("blame", "version"),
        ((who, old[id][0] + 1, id) for id, who in found.items()),
        {"event_id": event},
    )
    return len(found)
