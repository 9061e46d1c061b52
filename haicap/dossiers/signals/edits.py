"""Dates that a file changed after their month had closed, so that late became on time.

Late data is honest work; the question is where the new date comes from.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from haicap.core import periods
from haicap.core.periods import Kind, Rule

from ..models import DossierVersion
from ..policies.timing import day_of
from ..queries.timely import midnight
from ..stages import SignalKind
from .scene import Scene, Seen


def find(scene: Scene) -> Iterator[Seen]:
    """What was changed in this month, about months that had closed. One query."""
    rule = scene.rules.of(SignalKind.LATE_EDITS)
    # by time alone: a condition on the dossiers would make the database begin with two million of them
    rows = DossierVersion.objects.filter(at__gte=scene.window.start, at__lt=scene.window.end)
    counts, months = Counter[int](), Counter[tuple[int, str]]()
    for unit, source, finished, due, at, old in rows.values_list(
        "dossier__unit_id", "dossier__source_id", "dossier__finished_at", "dossier__due_at", "at", "old"
    ).iterator():
        if finished is None or due is None or unit not in scene.unit_ids:
            continue
        was_due = _instant(old, "due_at", due)
        if was_due is None or finished > due or not _was_late(old, was_due, finished, at):
            continue
        month = periods.containing(day_of(was_due), Kind.MONTH, Rule.CALENDAR)
        closed = midnight(_closes(scene, month.last_day, rule["working_days"]))
        if at >= closed and not scene.declared.in_backlog(unit, source, finished):
            counts[unit] += 1
            months[unit, month.key] += 1
    for unit, n in sorted(counts.items()):
        if n >= rule["dossiers"]:
            about = max((k, key) for (one, key), k in months.items() if one == unit)[1]
            yield Seen(SignalKind.LATE_EDITS, unit, n, {"month": about})


def _closes(scene: Scene, last: date, working_days: int) -> date:
    return scene.days.add(last, working_days) + timedelta(days=1)


def _was_late(old: dict[str, Any], due: datetime, finished: datetime, at: datetime) -> bool:
    """Before the change: finished after the due instant, or not finished although it had passed."""
    before = _instant(old, "finished_at", finished)
    return at > due if before is None else before > due


def _instant(old: dict[str, Any], name: str, now: datetime) -> datetime | None:
    """What the column held before; a column that the version does not name had not changed."""
    if name not in old:
        return now
    return datetime.fromisoformat(old[name]) if old[name] else None
