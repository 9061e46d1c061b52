"""Who is told by mail: those with a confirmed address who want the topic by mail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from ...kinds import kind
from ...models import Delivery
from ...queries import wishes
from ...states import Channel
from ..contract import Plan


def plan(plans: Sequence[Plan], now: datetime) -> None:
    """Nothing is queued while the installation has no mail server: old news would all go out at once
    later."""
    if not settings.MAIL_ENABLED:
        return
    reachable = {
        person.user_id for _n, one, people in plans for person in people if person.email or one.address
    }
    wanted = wishes(reachable, Channel.EMAIL)
    Delivery.objects.bulk_create(
        Delivery(
            notice=notice,
            channel=Channel.EMAIL.value,
            user_id=person.user_id,
            address=one.address,
            at=now,
            next_at=now,
        )
        for notice, one, people in plans
        for person in people
        if (person.email or one.address) and wanted(person.user_id, kind(notice.code).topic)
    )
