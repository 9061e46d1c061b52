"""How old what a source told us is. A stale source is shown grey with its age, never green or red."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max

from ..models import Import, Source
from ..states import ImportState


@dataclass(frozen=True, slots=True)
class Freshness:
    """`at`: the last import that was completed (None: never); `days` since then, whole ones."""

    source_id: int
    code: str
    name: str
    has_steps: bool
    demo: bool
    at: datetime | None
    days: int | None
    stale: bool


def freshness(now: datetime) -> Mapping[int, Freshness]:
    """source id → how fresh it is. Two queries."""
    done = Import.objects.filter(state=ImportState.DONE.value, dry_run=False)
    last = dict(done.values("source").annotate(last=Max("finished_at")).values_list("source", "last"))
    return {one.pk: _of(one, last.get(one.pk), now) for one in Source.objects.order_by("name", "id")}


def _of(source: Source, at: datetime | None, now: datetime) -> Freshness:
    days = None if at is None else max(0, (now - at).days)
    stale = at is None or now - at > timedelta(days=source.stale_after_days)
    return Freshness(source.pk, source.code, source.name, source.has_steps, source.demo, at, days, stale)
