"""Reading: the inbox of a person, what waits or failed on its way out, what nobody received."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from .models import Choice, Delivery, Hook, Notice, Receipt
from .states import ALWAYS, BY_MAIL_UNLESS_TOLD, Channel, Sending, Topic

# lines of a page; a file has all
MOST = 200


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One notice in the inbox; `code`, `params` and `unit_id` become words when it is shown (wording.py)."""

    id: int
    code: str
    params: dict[str, Any]
    unit_id: int | None
    link: str
    at: datetime
    read: bool


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """A delivery that did not go out (yet). `target`: the name of the hook; people are not named here."""

    id: int
    code: str
    unit_id: int | None
    channel: str
    target: str
    state: str
    tries: int
    error: str
    at: datetime
    next_at: datetime


@dataclass(frozen=True, slots=True)
class LostRow:
    """A notice whose receivers do not exist."""

    id: int
    code: str
    params: dict[str, Any]
    unit_id: int | None
    link: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HookRow:
    id: int
    unit_id: int
    label: str
    url: str
    topics: tuple[str, ...]
    opened_at: datetime
    waiting: int
    dead: int


def unread(user_id: int) -> int:
    return Receipt.objects.filter(user_id=user_id, read_at__isnull=True).count()


def inbox(user_id: int, only_unread: bool = False) -> QuerySet[Receipt, Any]:
    """Newest first, lazily: rows of InboxRow's fields in order, for a paginator."""
    rows = Receipt.objects.filter(user_id=user_id).order_by("-id")
    if only_unread:
        rows = rows.filter(read_at__isnull=True)
    return rows.values_list(
        "id", "notice__code", "notice__params", "notice__unit_id", "notice__link", "notice__at", "read_at"
    )


def inbox_rows(rows: Iterable[tuple[Any, ...]]) -> list[InboxRow]:
    return [
        InboxRow(id_, code, params, unit_id, link, at, read_at is not None)
        for id_, code, params, unit_id, link, at, read_at in rows
    ]


def wishes(user_ids: Collection[int], channel: Channel) -> Callable[[int, Topic], bool]:
    """A function (user, topic) → wanted, for these people. One query, none for nobody."""
    told = {}
    if user_ids:
        rows = Choice.objects.filter(user_id__in=list(user_ids), channel=channel.value)
        told = {
            (user, topic): wanted for user, topic, wanted in rows.values_list("user_id", "topic", "wanted")
        }
    return lambda user, topic: topic in ALWAYS or told.get((user, topic.value), topic in BY_MAIL_UNLESS_TOLD)


def stuck(unit_ids: Collection[int] | None, limit: int | None = MOST) -> list[DeliveryRow]:
    """Deliveries about these units (None: all) that failed at least once or are dead, newest first.

    What is about a person alone has no unit and is seen by operators only.
    """
    failing = Q(state=Sending.DEAD.value) | Q(state=Sending.WAITING.value, tries__gt=0) | ~Q(error="")
    about = Q()
    if unit_ids is not None:
        about = Q(notice__unit_id__in=list(unit_ids))
    rows = Delivery.objects.filter(about, failing).exclude(
        state__in=[Sending.SENT.value, Sending.DROPPED.value]
    )
    return [
        DeliveryRow(
            id=row.pk,
            code=row.notice.code,
            unit_id=row.notice.unit_id,
            channel=row.channel,
            target=row.hook.label if row.hook else "",
            state=row.state,
            tries=row.tries,
            error=row.error,
            at=row.at,
            next_at=row.next_at,
        )
        for row in rows.select_related("notice", "hook").order_by("-id")[:limit]
    ]


def lost(unit_ids: Collection[int], limit: int | None = MOST) -> list[LostRow]:
    """What was meant for positions of these units that nobody holds, newest first, until somebody settles
    it."""
    rows = Notice.objects.filter(unreceived=True, settled_at__isnull=True, unit_id__in=list(unit_ids))
    fields = ("id", "code", "params", "unit_id", "link", "at")
    return [LostRow(*row) for row in rows.order_by("-id").values_list(*fields)[:limit]]


def hooks(unit_ids: Collection[int]) -> list[HookRow]:
    """Open hooks of these units with what waits for them and what was given up."""
    rows = (
        Hook.objects.filter(closed_at__isnull=True, unit_id__in=list(unit_ids))
        .annotate(
            waiting=Count("deliveries", filter=Q(deliveries__state=Sending.WAITING.value)),
            dead=Count("deliveries", filter=Q(deliveries__state=Sending.DEAD.value)),
        )
        .order_by("id")
    )
    return [
        HookRow(
            one.pk, one.unit_id, one.label, one.url, tuple(one.topics), one.opened_at, one.waiting, one.dead
        )
        for one in rows
    ]


def dead_ids() -> list[int]:
    dead = Delivery.objects.filter(state=Sending.DEAD.value).order_by("id")
    return list(dead.values_list("id", flat=True))


def backlog() -> dict[str, int]:
    """state → how many deliveries, for operators."""
    rows = Delivery.objects.values_list("state").annotate(n=Count("id"))
    return dict(rows.order_by("state"))
