"""One call per hook and notice, for the hooks of the unit and of the units above it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from haicap.units import queries as units

from ...kinds import kind
from ...models import Delivery, Hook
from ...states import ALWAYS, Channel
from ..contract import Plan


def plan(plans: Sequence[Plan], now: datetime) -> None:
    about = [
        notice for notice, _one, _people in plans if notice.unit_id and kind(notice.code).topic not in ALWAYS
    ]
    if not about:
        return
    hooks = list(Hook.objects.filter(closed_at__isnull=True))
    if not hooks:
        return
    places = units.by_ids({notice.unit_id for notice in about if notice.unit_id})
    Delivery.objects.bulk_create(
        Delivery(notice=notice, channel=Channel.WEBHOOK.value, hook=hook, at=now, next_at=now)
        for notice in about
        for hook in hooks
        if kind(notice.code).topic.value in hook.topics
        and notice.unit_id
        and f"/{hook.unit_id}/" in places[notice.unit_id].path
    )
