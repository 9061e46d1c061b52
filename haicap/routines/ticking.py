"""The clock's part of the work: which routines are due, and running them in the order of their folder.

A routine is due once in each of its slots (schedule.py). After a standstill it runs once, for the latest
slot,
not once per missed slot: every routine looks at what is due now, never at how often it was called. Which slot
was worked is kept under (key of the job, slot), so a restart or a second worker doubles nothing. A routine
that somebody works on is left to him, in whatever slot; one that was cut off is free again after its LEASE.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from haicap.core import clock
from haicap.routines.daily import ORDER as DAILY
from haicap.routines.hourly import ORDER as HOURLY
from haicap.routines.minutely import ORDER as MINUTELY
from haicap.routines.models import Run, Sweep
from haicap.routines.monthly import ORDER as MONTHLY
from haicap.routines.schedule import Job, job, slot

log = logging.getLogger("haicap.routines")

ORDERS = {"minutely": MINUTELY, "hourly": HOURLY, "daily": DAILY, "monthly": MONTHLY}
JOBS: tuple[Job, ...] = tuple(job(folder, run) for folder, order in ORDERS.items() for run in order)
# One that fails is tried again with the next ticks of its slot, but not for ever.
TRIES = 3
# Longer than a routine takes; the post of the minute must not be away for long after a kill.
LEASE = {
    "minutely": timedelta(minutes=5),
    "hourly": timedelta(minutes=30),
    "daily": timedelta(hours=1),
    "monthly": timedelta(hours=1),
}


def tick(now: datetime, jobs: Sequence[Job] = JOBS) -> list[str]:
    """Run what is due at `now` (an aware instant); returns the keys of the jobs that ran."""
    started = clock.now()
    slots = {one.key: slot(one.folder, one.at, now) for one in jobs}
    done = _worked(slots)
    ran: dict[str, list[tuple[Job, bool]]] = {}
    for one in jobs:
        row = None if one.key in done else _claim(one, slots[one.key], now + (clock.now() - started))
        if row is not None:
            ran.setdefault(one.folder, []).append((one, _work(one, row, now)))
    for folder, results in ran.items():
        failures = ", ".join(one.key.rsplit(".", 1)[-1] for one, well in results if not well)
        Sweep.objects.update_or_create(folder=folder, defaults={"at": now, "failures": failures})
    return [one.key for results in ran.values() for one, _well in results]


def _worked(slots: dict[str, datetime]) -> set[str]:
    """Jobs whose slot is worked or given up. One query."""
    if not slots:
        return set()
    rows = Run.objects.filter(job__in=list(slots), slot__gte=min(slots.values()))
    return {
        row.job
        for row in rows
        if row.slot == slots[row.job] and (row.finished_at is not None or row.tries >= TRIES)
    }


def _claim(one: Job, at: datetime, now: datetime) -> Run | None:
    """The row, with its attempt counted; None when somebody else has this routine."""
    if _taken(one, now):
        return None
    row, _made = Run.objects.get_or_create(job=one.key, slot=at)
    # Counted before the work: what takes the process down each time must not keep it down. Whoever counts
    # first works; another one who looked at the same moment finds the number changed.
    mine = Run.objects.filter(pk=row.pk, tries=row.tries, finished_at__isnull=True)
    if not mine.update(tries=row.tries + 1, claimed_at=now):
        return None
    if _taken(one, now, but=row.pk):
        # Two who claimed different slots at the same moment: both step back, and try again with a next tick.
        Run.objects.filter(pk=row.pk).update(tries=row.tries, claimed_at=None)
        return None
    return row


def _taken(one: Job, now: datetime, but: int | None = None) -> bool:
    """Does somebody work on it, in whatever slot (but not in the row `but`)?"""
    live = Run.objects.filter(job=one.key, finished_at__isnull=True, claimed_at__gt=now - LEASE[one.folder])
    return (live if but is None else live.exclude(pk=but)).exists()


def _work(one: Job, row: Run, now: datetime) -> bool:
    """False when it failed; it is logged and named, and the others still run."""
    try:
        one.run(now)
    except Exception as error:
        log.exception("routine %s failed", one.key)
        row.failure, row.claimed_at = type(error).__name__[:60], None
        row.save(update_fields=["failure", "claimed_at"])
        return False
    row.finished_at, row.failure = now, ""
    row.save(update_fields=["finished_at", "failure"])
    return True
