"""Reading the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .models import Event, PendingSlice
from .slices import Slice


@dataclass(frozen=True, slots=True)
class PendingRow:
    id: int
    slice: Slice
    at: datetime


@dataclass(frozen=True, slots=True)
class EventRow:
    id: int
    at: datetime
    by: str
    action: str
    object: str
    reason: str
    detail: Mapping[str, Any]


def pending(limit: int | None = None) -> list[PendingRow]:
    """The oldest tokens that nobody has consumed yet, oldest first."""
    rows = PendingSlice.objects.order_by("id").values_list("id", "room", "form", "period", "unit_id", "at")
    return [
        PendingRow(id_, Slice(room, form, period, unit), at)
        for id_, room, form, period, unit, at in rows[:limit]
    ]


def pending_count() -> int:
    return PendingSlice.objects.count()


def history(object: str, limit: int = 100) -> list[EventRow]:
    """What happened to one object, newest first."""
    return _rows(Event.objects.filter(object=object), limit)


def done_by(ref: str, limit: int = 100) -> list[EventRow]:
    """What one actor did, newest first."""
    return _rows(Event.objects.filter(by=ref), limit)


def _rows(events: Any, limit: int) -> list[EventRow]:
    fields = ("id", "at", "by", "action", "object", "reason", "detail")
    return [EventRow(*row) for row in events.order_by("-id").values_list(*fields)[:limit]]
