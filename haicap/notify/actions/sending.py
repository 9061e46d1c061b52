"""Telling: the notice, its place in inboxes and its deliveries are written in the transaction of what
happened.

What leaves the house leaves later (queue.py), so a post office that is away never stops a report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction

from haicap.accounts.queries import Receiver
from haicap.audit.slices import Actor, ref_of
from haicap.core import clock

from ..channels import PLANNERS
from ..kinds import kind
from ..models import Notice
from ..receivers import Recipient, found

BATCH = 500


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`key` names the event: the same key is never told twice. `unit_id`: the unit it is about."""

    code: str
    key: str
    to: tuple[Recipient, ...]
    params: Mapping[str, Any] = field(default_factory=dict)
    link: str = ""
    unit_id: int | None = None
    # only for a mail that confirms an address which is not that of the account yet
    address: str = ""


def send(
    *,
    by: Actor | str,
    to: Sequence[Recipient],
    subject_code: str,
    key: str,
    params: Mapping[str, Any] | None = None,
    link: str = "",
    unit_id: int | None = None,
    address: str = "",
) -> bool:
    """Tell one thing; False when it was told before. Refusal notice.kind."""
    one = Outgoing(subject_code, key, tuple(to), params or {}, link, unit_id, address)
    return send_many(by=by, items=[one]) == 1


def send_many(*, by: Actor | str, items: Iterable[Outgoing]) -> int:
    """Tell many things in few statements; returns how many were new. A position is not told what its
    holder did.

    A notice whose receivers do not exist is kept all the same, marked for the office to see.
    """
    fresh = {one.key: one for one in items}
    for one in fresh.values():
        kind(one.code)
    told = 0
    ordered = list(fresh.values())
    for first in range(0, len(ordered), BATCH):
        told += _tell(ref_of(by), ordered[first : first + BATCH])
    return told


def _tell(by: str, items: Sequence[Outgoing]) -> int:
    known = set(Notice.objects.filter(key__in=[one.key for one in items]).values_list("key", flat=True))
    new = [one for one in items if one.key not in known]
    if not new:
        return 0
    try:
        with transaction.atomic():
            return _write(by, new)
    except IntegrityError:
        # somebody else told one of them between the look and the write; his notice stands
        if len(new) == 1:
            return 0
        return sum(_tell(by, [one]) for one in new)


def _write(by: str, items: Sequence[Outgoing]) -> int:
    now = clock.now()
    people = found(recipient for one in items for recipient in one.to)
    plans: list[tuple[Notice, Outgoing, list[Receiver]]] = []
    for one in items:
        meant = [(recipient, person) for recipient in one.to for person in people[recipient]]
        # what one did oneself is no news, but a warning about one's own account is
        told = {p.user_id: p for to, p in meant if isinstance(to, int) or p.ref != by}
        notice = Notice(
            key=one.key,
            code=one.code,
            unit_id=one.unit_id,
            params=dict(one.params),
            link=one.link,
            at=now,
            by=by,
            unreceived=not meant,
        )
        plans.append((notice, one, list(told.values())))
    Notice.objects.bulk_create([notice for notice, _one, _people in plans])
    for planner in PLANNERS:
        planner(plans, now)
    return len(plans)
