"""Clocks that stop late in the term, and the same matter lodged again soon after.

A dossier that is refused, withdrawn or stopped is in no rate. Done late in the term and followed by the same
account lodging the same procedure again, it may be how a deadline was got rid of, or a citizen's mistake.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from haicap.core import periods

from ..models import Dossier
from ..policies.timing import day_of
from ..queries.timely import NO_ANSWER_OWED, midnight
from ..stages import SignalKind
from .scene import Scene, Seen

#: a dossier that was stopped this month came at most so many months before
MONTHS_BACK = 5

Matter = tuple[int, int, UUID]


class Stop(NamedTuple):
    """A dossier that ended without a result at `at`; `until`: the last moment of a quick new start."""

    id: int
    at: datetime
    until: datetime


def find(scene: Scene) -> Iterator[Seen]:
    """Two queries."""
    stops = _stops(scene)
    if not stops:
        return
    counts: Counter[int] = Counter()
    again = _again(scene, stops)
    for matter, found in stops.items():
        for stop in found:
            counts[matter[0]] += any(stop.at <= at <= stop.until for at in again.get(matter, ()))
    rule = scene.rules.of(SignalKind.STOPPED_CLOCK)
    stopped = Counter({unit: 0 for unit, _, _ in stops})
    for matter, found in stops.items():
        stopped[matter[0]] += len(found)
    for unit, n in sorted(counts.items()):
        if n >= rule["dossiers"]:
            yield Seen(SignalKind.STOPPED_CLOCK, unit, n, {"total": stopped[unit]})


def _stops(scene: Scene) -> dict[Matter, list[Stop]]:
    rule = scene.rules.of(SignalKind.STOPPED_CLOCK)
    rows = Dossier.objects.filter(
        unit_id__in=list(scene.unit_ids),
        period__in=_months(scene, MONTHS_BACK),
        status__in=NO_ANSWER_OWED,
        account_key__isnull=False,
        due_at__isnull=False,
        last_step_at__gte=scene.window.start,
        last_step_at__lt=scene.window.end,
    )
    found: dict[Matter, list[Stop]] = defaultdict(list)
    for id_, unit, procedure, account, received, due, at in rows.values_list(
        "id", "unit_id", "procedure_id", "account_key", "received_at", "due_at", "last_step_at"
    ):
        if account is None or due is None or at is None or at > due:
            continue
        term = scene.days.between(day_of(received), day_of(due))
        passed = scene.days.between(day_of(received), day_of(at))
        if term >= 1 and 100 * passed >= rule["term_share"] * term:
            last = scene.days.add(day_of(at), rule["working_days"])
            found[unit, procedure, account].append(Stop(id_, at, midnight(last + timedelta(days=1))))
    return found


def _again(scene: Scene, stops: dict[Matter, list[Stop]]) -> dict[Matter, list[datetime]]:
    """When the same account lodged the same procedure in the same unit, from this month on."""
    rows = Dossier.objects.filter(
        unit_id__in={unit for unit, _, _ in stops},
        period__in=[scene.period.key, periods.shift(scene.period, 1).key],
        account_key__in={account for _, _, account in stops},
    )
    own = {stop.id for found in stops.values() for stop in found}
    times: dict[Matter, list[datetime]] = defaultdict(list)
    for id_, unit, procedure, account, received in rows.values_list(
        "id", "unit_id", "procedure_id", "account_key", "received_at"
    ):
        if id_ not in own and account is not None:
            times[unit, procedure, account].append(received)
    return times


def _months(scene: Scene, back: int) -> list[str]:
    return [periods.shift(scene.period, -n).key for n in range(back + 1)]
