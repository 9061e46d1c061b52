"""One account, one month: many dossiers outside office hours, or many within minutes.

An account that lodges for many citizens may be staff who help. That is honourable; the question is whether
the citizens were there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Count

from haicap.core import clock

from ..models import Dossier
from ..queries.queue import short
from ..stages import SignalKind
from .scene import Scene, Seen, densest


class Lodged(NamedTuple):
    """When one account lodged in one unit, declared sessions left out; `calm`: without the days in which the
    backlog of an outage is worked off as well."""

    unit_id: int
    account: UUID
    times: list[datetime]
    calm: list[datetime]


def find(scene: Scene) -> Iterator[Seen]:
    """Two queries."""
    rules = scene.rules
    least = min(rules.of(SignalKind.BURST)["dossiers"], rules.of(SignalKind.OFF_HOURS)["dossiers"])
    for one in _lodged(scene, least):
        yield from _burst(one, rules.of(SignalKind.BURST))
        yield from _off_hours(one, scene)


def _lodged(scene: Scene, least: int) -> Iterator[Lodged]:
    """Most accounts are citizens with one or two dossiers; the database leaves those out."""
    rows = Dossier.objects.filter(
        unit_id__in=list(scene.unit_ids), period=scene.period.key, account_key__isnull=False
    )
    busy = rows.values("unit_id", "account_key").annotate(n=Count("id")).filter(n__gte=least)
    wanted = set(busy.values_list("unit_id", "account_key"))
    if not wanted:
        return
    found: dict[tuple[int, UUID], list[datetime]] = defaultdict(list)
    calm: dict[tuple[int, UUID], list[datetime]] = defaultdict(list)
    theirs = rows.filter(unit_id__in={unit for unit, _ in wanted}, account_key__in={key for _, key in wanted})
    for unit, key, source, at in theirs.values_list("unit_id", "account_key", "source_id", "received_at"):
        if (unit, key) not in wanted or key is None or clock.local(at).time() == time.min:
            # exactly midnight: the source knew the day only, which says nothing about hours and minutes
            continue
        if not scene.declared.in_session(unit, at):
            found[unit, key].append(at)
            if not scene.declared.in_backlog(unit, source, at):
                calm[unit, key].append(at)
    for (unit, key), times in sorted(found.items()):
        yield Lodged(unit, key, times, calm[unit, key])


def _burst(one: Lodged, rule: dict[str, int]) -> Iterator[Seen]:
    n, first, last = densest(one.calm, timedelta(minutes=rule["minutes"]))
    if n >= rule["dossiers"] and first is not None and last is not None:
        figures = {"first": first.isoformat(), "last": last.isoformat(), "total": len(one.times)}
        yield Seen(SignalKind.BURST, one.unit_id, n, figures, short(one.account))


def _off_hours(one: Lodged, scene: Scene) -> Iterator[Seen]:
    rule, total = scene.rules.of(SignalKind.OFF_HOURS), len(one.times)
    begins, ends = scene.rules.office_hours

    def off(at: datetime) -> bool:
        local = clock.local(at)
        return not scene.days.is_working(local.date()) or not begins <= local.time() <= ends

    n = sum(map(off, one.times))
    if total >= rule["dossiers"] and 100 * n >= rule["share"] * total:
        yield Seen(SignalKind.OFF_HOURS, one.unit_id, n, {"total": total}, short(one.account))
