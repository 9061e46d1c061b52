"""What waits goes out, at most once a minute; what failed is tried again, ever more rarely, and then given
up."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from haicap.audit import actions as audit
from haicap.audit.slices import Actor, ref_of
from haicap.core import clock

from ..channels import SENDERS, Failure, Sender
from ..models import Delivery, Notice
from ..states import BACKOFF, LEASE, STALE, Channel, Sending

log = logging.getLogger("haicap.notify")

# A sweep shares its thread with the other routines of the minute.
MOST_PER_SWEEP = 600
# Per channel. What is not reached stays due and comes first in the next sweep.
SWEEP_SECONDS = 30.0
KEEP_SENT, KEEP_NOTICES = timedelta(days=90), timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Swept:
    sent: int = 0
    failed: int = 0
    dead: int = 0
    dropped: int = 0


def send_due(*, now: datetime, limit: int = MOST_PER_SWEEP) -> Swept:
    """Every delivery that is due, oldest first. Safe to be killed anywhere and to be run by two at once:
    an attempt is claimed before it is made, and a claim that was cut off is free again after LEASE."""
    count: Counter[str] = Counter()
    for channel, make in SENDERS.items():
        waiting = Delivery.objects.filter(
            channel=channel.value, state=Sending.WAITING.value, next_at__lte=now
        ).order_by("next_at", "id")
        due = list(waiting.values_list("pk", flat=True)[:limit])
        if due:
            with make() as sender:
                count += _channel(sender, channel, due, now)
    return Swept(count["sent"], count["failed"], count["dead"], count["dropped"])


def _channel(sender: Sender, channel: Channel, due: Sequence[int], now: datetime) -> Counter[str]:
    count: Counter[str] = Counter()
    until = time.monotonic() + SWEEP_SECONDS
    for pk in due:
        if time.monotonic() >= until:
            log.warning("%s: the time of the sweep is over", channel.value)
            break
        delivery = _claim(pk, now)
        if delivery is None:
            continue
        try:
            wanted = sender.send(delivery)
        except Failure as failure:
            _failed(delivery, failure, now, count)
            if failure.outage:
                log.warning("%s: %s", channel.value, failure.code)
                break
            if delivery.hook_id:
                _rest(delivery.hook_id, now)
        except Exception as error:
            # a letter that cannot even be written must not hold up the others
            log.error("%s %s cannot be made: %s", channel.value, pk, type(error).__name__)
            _failed(delivery, Failure(f"made.{type(error).__name__}"[:60]), now, count)
        else:
            state = Sending.SENT if wanted else Sending.DROPPED
            count[state.value] += 1
            Delivery.objects.filter(pk=pk).update(
                state=state.value, sent_at=now if wanted else None, error=""
            )
    return count


def _claim(pk: int, now: datetime) -> Delivery | None:
    """The delivery, with its attempt counted; None when somebody else has it."""
    mine = Delivery.objects.filter(pk=pk, state=Sending.WAITING.value, next_at__lte=now)
    if not mine.update(tries=F("tries") + 1, next_at=now + LEASE):
        return None
    return Delivery.objects.select_related("notice", "hook").get(pk=pk)


def _rest(hook_id: int, now: datetime) -> None:
    """What else waits for a hook that has just failed is not tried in this sweep, and no attempt is counted.

    It is put behind what waits for the others: else it would fill every sweep to come.
    """
    waiting = Delivery.objects.filter(hook_id=hook_id, state=Sending.WAITING.value, next_at__lte=now)
    waiting.update(next_at=now + BACKOFF[0])


def _failed(delivery: Delivery, failure: Failure, now: datetime, count: Counter[str]) -> None:
    tries = delivery.tries - 1 if failure.outage else delivery.tries
    over = now - delivery.at > STALE if failure.outage else tries > len(BACKOFF)
    dead = failure.final or over
    pause = BACKOFF[0] if failure.outage else BACKOFF[min(tries, len(BACKOFF)) - 1]
    count["dead" if dead else "failed"] += 1
    Delivery.objects.filter(pk=delivery.pk).update(
        state=Sending.DEAD.value if dead else Sending.WAITING.value,
        tries=tries,
        next_at=now + pause,
        error=failure.code[:60],
    )
    if dead:
        log.warning("%s %s is given up: %s", delivery.channel, delivery.pk, failure.code)


def try_again(*, by: Actor | str, delivery_ids: Sequence[int]) -> int:
    """Deliveries that were given up start anew; returns how many. For operators, after the cause is
    mended."""
    with transaction.atomic():
        dead = Delivery.objects.filter(pk__in=list(delivery_ids), state=Sending.DEAD.value)
        count = dead.update(state=Sending.WAITING.value, tries=0, next_at=clock.now(), at=clock.now())
        if count:
            audit.record(by=by, action="notices.retried", object="deliveries", detail={"count": count})
    return count


def settle(*, by: Actor | str, notice_id: int, unit_ids: Sequence[int]) -> bool:
    """Somebody has taken care of a notice that nobody received."""
    with transaction.atomic():
        open_ones = Notice.objects.filter(
            pk=notice_id, unit_id__in=list(unit_ids), unreceived=True, settled_at__isnull=True
        )
        done = open_ones.update(settled_at=clock.now(), settled_by=ref_of(by))
        if done:
            audit.record(by=by, action="notice.settled", object=f"notice:{notice_id}")
    return bool(done)


def forget(*, now: datetime) -> None:
    """Old news goes: deliveries that went out, then notices with all that hangs on them."""
    done = [Sending.SENT.value, Sending.DROPPED.value]
    Delivery.objects.filter(state__in=done, at__lt=now - KEEP_SENT).delete()
    Notice.objects.filter(at__lt=now - KEEP_NOTICES).delete()
