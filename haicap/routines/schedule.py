"""When a routine is due: slots of local wall time, so that no zone and no restart moves the work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from haicap.core import clock

Run = Callable[[datetime], object]
FOLDERS = ("minutely", "hourly", "daily", "monthly")
MIDNIGHT = time(0, 0)


@dataclass(frozen=True, slots=True)
class Job:
    """One routine under its key, "daily.reminding". `at`: time of day on the wall for daily and monthly
    ones."""

    key: str
    folder: str
    run: Run
    at: time = MIDNIGHT


def job(folder: str, run: Run) -> Job:
    """A routine of a folder; its module may name its time of day as AT."""
    module = run.__module__
    scope = getattr(run, "__globals__", {})
    return Job(f"{folder}.{module.rsplit('.', 1)[-1]}", folder, run, scope.get("AT", MIDNIGHT))


def slot(folder: str, at: time, now: datetime) -> datetime:
    """The latest slot that has begun, as an aware time on the wall in Vietnam.

    Minutely and hourly: the minute or hour itself. Daily: today at `at`, or yesterday's while that is to
    come. Monthly: the same on the first of the month.
    """
    local = clock.local(now)
    if folder == "minutely":
        return local.replace(second=0, microsecond=0)
    if folder == "hourly":
        return local.replace(minute=0, second=0, microsecond=0)
    day = local.date() if folder == "daily" else local.date().replace(day=1)
    found = datetime.combine(day, at, clock.ZONE)
    if found > local:
        day = day - timedelta(days=1)
        day = day if folder == "daily" else day.replace(day=1)
        found = datetime.combine(day, at, clock.ZONE)
    return found
