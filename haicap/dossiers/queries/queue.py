"""What is open now: counts by commune, by procedure and day, and the dossiers themselves.

All of it reads the partial index of open dossiers (unit, due_at), which stays small however many are done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Count, F, Min, Q, QuerySet

from ..models import Dossier
from ..states import CLOSED_WITHOUT_RESULT, FINISHED, Status
from .days import LocalDay

#: nobody has given the result and nobody has closed it without one
OPEN_STATES = tuple(one.value for one in Status if one not in CLOSED_WITHOUT_RESULT | FINISHED)


class Queued(NamedTuple):
    """Open dossiers of one commune from one source; `soon` are due by the end of the near working days."""

    unit_id: int
    source_id: int
    open: int
    overdue: int
    soon: int
    no_due: int
    oldest_due: datetime | None


class Heap(NamedTuple):
    """Open dossiers of one procedure that are due on one day (None: no day was promised)."""

    procedure: str
    due: date | None
    n: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Which of the open dossiers: all of these units, narrowed by what is not empty."""

    unit_ids: Collection[int]
    procedure: str = ""
    source: str = ""
    blame: str | None = None


class Open(NamedTuple):
    """One dossier of a list; `key` is the start of its keyed reference, all that anybody is shown of it."""

    id: int
    key: str
    unit_id: int
    procedure: str
    source_id: int
    channel: int
    submitter: str
    received: datetime
    due: datetime | None
    finished: datetime | None
    status: int
    blame: str
    excused: str
    last_step: datetime | None


def open_dossiers(unit_ids: Collection[int]) -> QuerySet[Dossier]:
    return Dossier.objects.filter(
        unit_id__in=list(unit_ids), finished_at__isnull=True, status__in=OPEN_STATES
    )


def by_unit(asked: Asked, now: datetime, near: datetime) -> list[Queued]:
    """One query. `near`: the instant until which a due dossier counts as due soon."""
    rows = (
        chosen(asked)
        .values("unit_id", "source_id")
        .annotate(
            open=Count("id"),
            overdue=Count("id", filter=Q(due_at__lt=now)),
            soon=Count("id", filter=Q(due_at__gte=now, due_at__lt=near)),
            no_due=Count("id", filter=Q(due_at__isnull=True)),
            oldest=Min("due_at"),
        )
        .order_by("unit_id", "source_id")
    )
    return [
        Queued(*row)
        for row in rows.values_list("unit_id", "source_id", "open", "overdue", "soon", "no_due", "oldest")
    ]


def heaps(asked: Asked) -> list[Heap]:
    """By procedure and local due day. One query."""
    rows = chosen(asked).annotate(due=LocalDay("due_at")).values("procedure__code", "due")
    counted = rows.annotate(n=Count("id")).order_by("procedure__code", "due")
    return [Heap(*row) for row in counted.values_list("procedure__code", "due", "n")]


def listed(asked: Asked, overdue_at: datetime | None = None) -> QuerySet[Dossier]:
    """The first due first, those without a due day last; with `overdue_at` only what was due before it."""
    rows = chosen(asked)
    if overdue_at is not None:
        rows = rows.filter(due_at__lt=overdue_at)
    return rows.order_by(F("due_at").asc(nulls_last=True), "id")


def opened(rows: QuerySet[Dossier]) -> Iterator[Open]:
    """The rows of a page (slice the query first), or of a file. One query, read in parts."""
    for id_, key, *rest in rows.values_list(
        "id", "key", "unit_id", "procedure__code", "source_id", "channel", "submitter",
        "received_at", "due_at", "finished_at", "status", "blame", "excused", "last_step_at",
    ).iterator():  # fmt: skip
        yield Open._make((id_, short(key), *rest))


def chosen(asked: Asked) -> QuerySet[Dossier]:
    rows = open_dossiers(asked.unit_ids)
    if asked.procedure:
        rows = rows.filter(procedure__code=asked.procedure)
    if asked.source:
        rows = rows.filter(source__code=asked.source)
    if asked.blame is not None:
        rows = rows.filter(blamed(asked.blame))
    return rows


def blamed(holder: str) -> Q:
    """Whose the lateness is; an accepted dispute goes before what was computed."""
    return Q(excused=holder) | Q(excused="", blame=holder) if holder else Q(excused="", blame="")


def short(key: object) -> str:
    """ "3fa85f64": enough to find the row again in the import, too little to be anybody's number."""
    return str(key)[:8]


def units_with(rows: Sequence[Queued]) -> set[int]:
    return {row.unit_id for row in rows}
