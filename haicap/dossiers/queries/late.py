"""What was finished late in a window, and groups of late dossiers that one dispute may name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import Case, CharField, Count, F, Q, QuerySet, When

from ..models import DisputedDossier, Dossier
from .queue import OPEN_STATES, blamed
from .timely import NO_ANSWER_OWED, Window


class Group(NamedTuple):
    """Late or overdue dossiers of one source with one attribution, none of them in a living dispute."""

    source_id: int
    blame: str
    n: int


def finished_late(unit_ids: Collection[int], window: Window, procedure: str = "") -> QuerySet[Dossier]:
    """The latest finish first. Reads the partial index of late dossiers."""
    rows = Dossier.objects.filter(
        unit_id__in=list(unit_ids),
        finished_at__gt=F("due_at"),
        finished_at__gte=window.start,
        finished_at__lt=window.end,
    ).exclude(status__in=NO_ANSWER_OWED)
    if procedure:
        rows = rows.filter(procedure__code=procedure)
    return rows.order_by("-finished_at", "-id")


def overdue_now(unit_ids: Collection[int], now: datetime) -> QuerySet[Dossier]:
    return Dossier.objects.filter(
        unit_id__in=list(unit_ids), finished_at__isnull=True, status__in=OPEN_STATES, due_at__lt=now
    )


def undisputed(rows: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Not in a dispute that stands; those that were accepted carry their cause already."""
    return rows.filter(excused="").exclude(pk__in=_disputed())


def groups(rows: QuerySet[Dossier]) -> list[Group]:
    """By source and by whom the lateness was attributed to. One query."""
    whose = Case(When(~Q(excused=""), then=F("excused")), default=F("blame"), output_field=CharField())
    counted = undisputed(rows).order_by().annotate(whose=whose).values("source_id", "whose")
    found = counted.annotate(n=Count("id")).order_by("source_id", "whose")
    return [Group(*row) for row in found.values_list("source_id", "whose", "n")]


def members(rows: QuerySet[Dossier], source_id: int, blame: str, most: int) -> list[int]:
    """Ids of a group, at most `most` + 1 of them (one more says that there are too many)."""
    chosen = undisputed(rows).filter(blamed(blame), source_id=source_id).order_by("id")
    return list(chosen.values_list("id", flat=True)[: most + 1])


def _disputed() -> QuerySet[DisputedDossier, Any]:
    return DisputedDossier.objects.filter(live=True).values("dossier_id")
