"""Finished in heaps on the very due day: signed in one go, or given a date that fits.

What was finished while a declared outage, or the days after it, explain the heap is not counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time

from django.db.models import Count, F, Q

from haicap.core import clock

from ..models import Dossier
from ..queries.days import MIDNIGHT, LocalDay, LocalHour, LocalTime
from ..queries.timely import NO_ANSWER_OWED
from ..stages import SignalKind
from .scene import Scene, Seen

ON_THE_DAY = Q(finished_day=F("due_day"), finished_at__lte=F("due_at"))


def find(scene: Scene) -> Iterator[Seen]:
    """One query: a row per commune, source, day and hour."""
    rows = (
        Dossier.objects.filter(
            unit_id__in=list(scene.unit_ids),
            finished_at__gte=scene.window.start,
            finished_at__lt=scene.window.end,
            due_at__isnull=False,
        )
        .exclude(status__in=NO_ANSWER_OWED)
        .annotate(
            finished_day=LocalDay("finished_at"),
            due_day=LocalDay("due_at"),
            hour=LocalHour("finished_at"),
            clock=LocalTime("finished_at"),
        )
        .values("unit_id", "source_id", "finished_day", "hour")
        .annotate(
            n=Count("id"),
            on_day=Count("id", filter=ON_THE_DAY),
            # a day without a time says nothing about an hour
            timed=Count("id", filter=ON_THE_DAY & ~Q(clock=MIDNIGHT)),
        )
    )
    total, on_day, peaks = Counter[int](), Counter[int](), Counter[tuple[int, datetime]]()
    for unit, source, day, hour, n, exact, timed in rows.values_list(
        "unit_id", "source_id", "finished_day", "hour", "n", "on_day", "timed"
    ):
        at = _hour(day, hour)
        if scene.declared.in_backlog(unit, source, at):
            continue
        total[unit] += n
        on_day[unit] += exact
        peaks[unit, at] += timed
    rule = scene.rules.of(SignalKind.BUNCHING)
    for unit in sorted(total):
        n, peak, at = on_day[unit], *_peak(peaks, unit)
        many = total[unit] >= rule["dossiers"] and 100 * n >= rule["share"] * total[unit]
        if many and peak >= rule["in_an_hour"]:
            figures = {"total": total[unit], "peak": peak, "peak_at": at.isoformat()}
            yield Seen(SignalKind.BUNCHING, unit, n, figures)


def _hour(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), clock.ZONE)


def _peak(peaks: Counter[tuple[int, datetime]], unit: int) -> tuple[int, datetime]:
    return max((n, at) for (one, at), n in peaks.items() if one == unit)
