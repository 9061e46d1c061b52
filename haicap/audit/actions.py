"""Writing to the log. Everything here belongs into the transaction of the change that it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import transaction

from haicap.core import clock

from .models import Event, PendingSlice
from .slices import Actor, Entry, Slice, ref_of

__all__ = ["Actor", "Entry", "Slice", "consume", "record", "record_many"]

T = TypeVar("T")

BATCH = 1000
# Below SQLite's oldest limit of 999 parameters in a statement.
IDS_PER_QUERY = 900


def record(
    *,
    by: Actor | str,
    action: str,
    object: str,
    detail: Mapping[str, Any] | None = None,
    reason: str = "",
    slices: Iterable[Slice] = (),
) -> int:
    """Append one event and the slices it touched; returns the event's id."""
    entry = Entry(action=action, object=object, detail=detail or {}, reason=reason, slices=tuple(slices))
    return record_many(by=by, entries=[entry])[0]


def is_inside() -> bool:
    """Whether a transaction is open in which the event stands or falls with its change."""
    return transaction.get_connection().in_atomic_block


def record_many(*, by: Actor | str, entries: Iterable[Entry]) -> list[int]:
    """Append many events of one actor in a few statements; returns their ids in the order given."""
    # An event in a transaction of its own could outlive a change that was rolled back.
    if not is_inside():
        raise transaction.TransactionManagementError("record inside the transaction of the change")
    ref, at = ref_of(by), clock.now()
    ids: list[int] = []
    for batch in _batches(entries, BATCH):
        events = Event.objects.bulk_create(
            Event(
                at=at,
                by=ref,
                action=one.action,
                object=one.object,
                reason=one.reason,
                detail=dict(one.detail),
            )
            for one in batch
        )
        tokens = (
            PendingSlice(
                room=s.room, form=s.form, period=s.period, unit_id=s.unit_id, at=at, event_id=event.pk
            )
            for event, one in zip(events, batch, strict=True)
            for s in one.slices
        )
        for part in _batches(tokens, BATCH):
            PendingSlice.objects.bulk_create(part)
        ids.extend(event.pk for event in events)
    return ids


def consume(*, ids: Sequence[int]) -> None:
    """Delete exactly these tokens: what was committed since they were read stays for the next refresh."""
    loose: list[int] = []
    with transaction.atomic():
        for first, last in _runs(ids):
            if last - first < 2:
                loose.extend(range(first, last + 1))
            else:
                PendingSlice.objects.filter(id__range=(first, last)).delete()
        for part in _batches(loose, IDS_PER_QUERY):
            PendingSlice.objects.filter(id__in=part).delete()


def _runs(ids: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Unbroken runs: such a range holds nothing that was not given, and 100,000 ids become few statements."""
    ordered = sorted(set(ids))
    start = 0
    for index in range(1, len(ordered) + 1):
        if index == len(ordered) or ordered[index] != ordered[index - 1] + 1:
            yield ordered[start], ordered[index - 1]
            start = index


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch
