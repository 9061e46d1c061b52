"""What every question looks at: a month, the units, the thresholds, and what has been declared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from haicap.catalogue import calendar
from haicap.catalogue.calendar import Workdays
from haicap.core.periods import Period
from haicap.units import queries as units

from ..models import Circumstance, Source
from ..policies.timing import day_of
from ..queries.timely import Window, midnight
from ..stages import CircumstanceKind, SignalKind
from .rules import Rules

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a question will be about. `subject`: the shortened key of an account, "" for the unit; `n`: how
    many dossiers; `figures`: by name, numbers and ISO instants only."""

    kind: SignalKind
    unit_id: int
    n: int
    figures: Mapping[str, Any]
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Outage:
    """`until`: the end of the working days in which the backlog of the outage is worked off."""

    path: str
    source_id: int | None
    starts: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Declared:
    """What was declared in time; a declaration that came too late excuses nothing by itself."""

    sessions: Mapping[int, Sequence[Span]] = field(default_factory=dict)
    outages: Sequence[Outage] = ()

    def in_session(self, unit_id: int, at: datetime) -> bool:
        return any(starts <= at <= ends for starts, ends in self.sessions.get(unit_id, ()))

    def in_backlog(self, unit_id: int, source_id: int, at: datetime) -> bool:
        if not self.outages:
            return False
        path = units.by_id(unit_id).path
        return any(
            path.startswith(one.path) and one.source_id in (None, source_id) and one.starts <= at < one.until
            for one in self.outages
        )


@dataclass(frozen=True, slots=True)
class Scene:
    period: Period
    window: Window
    unit_ids: frozenset[int]
    rules: Rules
    days: Workdays
    declared: Declared


def scene(period: Period, rules: Rules, now: datetime) -> Scene:
    """A calendar month over everything that the sources' owners answer for. Two queries."""
    days = calendar.workdays()
    owners = set(Source.objects.values_list("owner_id", flat=True))
    unit_ids = frozenset(one for owner in owners for one in units.ever_under(owner, period.start))
    window = Window.of(period, now)
    return Scene(period, window, unit_ids, rules, days, declared(window, rules, days))


def declared(window: Window, rules: Rules, days: Workdays) -> Declared:
    """What overlaps the window, or ended before it and may still explain a backlog in it. One query."""
    asking = rules.of("asking")
    rows = Circumstance.objects.filter(
        withdrawn_at__isnull=True, starts__lt=window.end, ends__gt=window.start - timedelta(days=60)
    )
    sessions: dict[int, list[Span]] = defaultdict(list)
    outages: list[Outage] = []
    for one in rows.select_related("unit"):
        last = day_of(one.ends)
        if one.kind == CircumstanceKind.SESSION:
            if one.at < midnight(days.add(last, asking["session_working_days"]) + timedelta(days=1)):
                sessions[one.unit_id].append((one.starts, one.ends))
        else:
            until = midnight(days.add(last, asking["backlog_working_days"]) + timedelta(days=1))
            outages.append(Outage(one.unit.path, one.source_id, one.starts, until))
    return Declared(sessions, outages)


def densest(times: Iterable[datetime], span: timedelta) -> tuple[int, datetime | None, datetime | None]:
    """The most instants that lie within one span (both ends in): how many, the first, the last."""
    ordered = sorted(times)
    best: tuple[int, datetime | None, datetime | None] = (0, None, None)
    start = 0
    for index, at in enumerate(ordered):
        while at - ordered[start] > span:
            start += 1
        if index - start + 1 > best[0]:
            best = (index - start + 1, ordered[start], at)
    return best
