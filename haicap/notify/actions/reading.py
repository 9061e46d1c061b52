"""What a person does with the own inbox, and by which channel they want to be told."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from haicap.audit import actions as audit
from haicap.core import clock

from ..models import Choice, Receipt
from ..states import CHOOSABLE, Channel, Topic


def mark_read(*, user_id: int, receipt_id: int | None = None) -> str | None:
    """One message, or all of them; the link of the one, None when there is no such message for this
    person."""
    mine = Receipt.objects.filter(user_id=user_id)
    if receipt_id is None:
        mine.filter(read_at__isnull=True).update(read_at=clock.now())
        return ""
    found = mine.select_related("notice").filter(pk=receipt_id).first()
    if found is None:
        return None
    mine.filter(pk=receipt_id, read_at__isnull=True).update(read_at=clock.now())
    return found.notice.link


def choose(*, user_id: int, ref: str, wanted: Mapping[Topic, bool], channel: Channel = Channel.EMAIL) -> None:
    """Keep what a person wants by a channel. Topics about the safety of the account cannot be turned off."""
    with transaction.atomic():
        for topic in CHOOSABLE:
            if topic in wanted:
                Choice.objects.update_or_create(
                    user_id=user_id,
                    topic=topic.value,
                    channel=channel.value,
                    defaults={"wanted": wanted[topic]},
                )
        detail = {topic.value: value for topic, value in wanted.items() if topic in CHOOSABLE}
        audit.record(by=ref, action="user.notices", object=ref, detail={"channel": channel.value, **detail})
