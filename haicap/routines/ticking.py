"""The clock's part of the work: which folders of routines are due, and running them in their order.

A folder is due once in each of its spans of local time. After a standstill it runs once, not once per missed
span: every routine looks at what is due now, never at how often it was called.
"""

import logging
from collections.abc import Callable
from datetime import datetime

from haicap.core import clock
from haicap.routines.daily import ORDER as DAILY
from haicap.routines.hourly import ORDER as HOURLY
from haicap.routines.minutely import ORDER as MINUTELY
from haicap.routines.models import Sweep
from haicap.routines.monthly import ORDER as MONTHLY

log = logging.getLogger("haicap.routines")

Routine = Callable[[datetime], object]
FOLDERS: dict[str, tuple[Routine, ...]] = {
    "minutely": MINUTELY,
    "hourly": HOURLY,
    "daily": DAILY,
    "monthly": MONTHLY,
}
SPANS = {"minutely": "%Y-%m-%d %H:%M", "hourly": "%Y-%m-%d %H", "daily": "%Y-%m-%d", "monthly": "%Y-%m"}


def tick(now: datetime, folders: dict[str, tuple[Routine, ...]] | None = None) -> list[str]:
    """Run what is due at `now` (an aware instant); returns the folders that ran."""
    last = dict(Sweep.objects.values_list("folder", "at"))
    due = [name for name in folders or FOLDERS if is_due(name, now, last.get(name))]
    for name in due:
        failures = sweep((folders or FOLDERS)[name], now)
        # recorded last: a sweep cut short by a kill runs again
        Sweep.objects.update_or_create(folder=name, defaults={"at": now, "failures": ", ".join(failures)})
    return due


def is_due(folder: str, now: datetime, last: datetime | None) -> bool:
    # a clock that was set back must not silence the routines until the old time comes again
    return last is None or span(folder, now) != span(folder, last)


def span(folder: str, at: datetime) -> str:
    return clock.local(at).strftime(SPANS[folder])


def sweep(order: tuple[Routine, ...], now: datetime) -> list[str]:
    """Run routines one after the other; one that fails is logged and named, and the others still run."""
    failed = []
    for routine in order:
        try:
            routine(now)
        except Exception:
            name = routine.__module__.rsplit(".", 1)[-1]
            log.exception("routine %s failed", name)
            failed.append(name)
    return failed
