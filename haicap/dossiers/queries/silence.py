"""Received, and nobody's hand on it since: a share of the working days of its term has passed.

Only sources that give status times are asked; of the others nobody knows. Reads the partial index of open
dossiers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet

from haicap.catalogue.calendar import Workdays

from ..models import Dossier
from ..policies.timing import day_of, silent_after
from ..states import Status
from .days import LocalDay
from .queue import Open, open_dossiers, opened

UNTOUCHED = (Status.NEW.value, Status.RECEIVED.value)


@dataclass(frozen=True, slots=True)
class Silence:
    """Silent dossiers of one commune; `newest`: the last day on which another one became silent."""

    unit_id: int
    n: int
    newest: date


def _untouched(unit_ids: Collection[int]) -> QuerySet[Dossier]:
    return open_dossiers(unit_ids).filter(status__in=UNTOUCHED, source__has_steps=True, due_at__isnull=False)


def silences(unit_ids: Collection[int], today: date, share: Decimal, days: Workdays) -> dict[int, Silence]:
    """unit → its silent dossiers, for units that have any. One query."""
    rows = (
        _untouched(unit_ids)
        .annotate(received_day=LocalDay("received_at"), due_day=LocalDay("due_at"))
        .values("unit_id", "received_day", "due_day")
        .annotate(n=Count("id"))
    )
    found: dict[int, Silence] = {}
    for unit, received, due, n in rows.values_list("unit_id", "received_day", "due_day", "n").iterator():
        since = silent_after(received, due, share, days)
        if since is not None and since <= today:
            known = found.get(unit, Silence(unit, 0, since))
            found[unit] = Silence(unit, known.n + n, max(known.newest, since))
    return found


def silent(
    unit_ids: Collection[int], today: date, share: Decimal, days: Workdays
) -> Iterator[tuple[Open, date]]:
    """(dossier, the day since which it is silent), the first due first. For one commune or a file."""
    for one in opened(_untouched(unit_ids).order_by("due_at", "id")):
        if one.due is None:
            continue
        since = silent_after(day_of(one.received), day_of(one.due), share, days)
        if since is not None and since <= today:
            yield one, since
