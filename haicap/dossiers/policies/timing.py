"""When a dossier is early, on time, late or overdue, how many working days it took, and when nobody has
touched it for too long. One place decides; pages, files, signals and reminders ask here."""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from haicap.catalogue.calendar import Workdays
from haicap.core import clock


class Timeliness(StrEnum):
    EARLY = "early"
    ON_TIME = "on_time"
    LATE = "late"
    IN_PROCESS = "in_process"
    OVERDUE = "overdue"
    # no date was promised, so there is nothing to be late with
    NO_DUE = "no_due"


def timeliness(due: datetime | None, finished: datetime | None, now: datetime) -> Timeliness:
    """All UTC instants. At the due instant itself a dossier is still on time; early is a day before it."""
    if due is None:
        return Timeliness.NO_DUE
    if finished is None:
        return Timeliness.OVERDUE if now > due else Timeliness.IN_PROCESS
    if finished > due:
        return Timeliness.LATE
    return Timeliness.EARLY if day_of(finished) < day_of(due) else Timeliness.ON_TIME


def day_of(at: datetime) -> date:
    """The date on the wall in Vietnam."""
    return clock.local(at).date()


def working_days_taken(received: date, finished: date, days: Workdays) -> int:
    """0 when it was finished on the day it came (or before it: a wrong date is no negative duration)."""
    return max(0, days.between(received, finished))


def silent_after(received: date, due: date, share: Decimal, days: Workdays) -> date | None:
    """The first day on which a dossier that nobody has touched is a silent one: that share (in %) of its
    working days has passed. None where the term holds no working day: such a dossier is overdue first."""
    term = days.between(received, due)
    if term < 1:
        return None
    passed = (share * term / 100).to_integral_value(ROUND_CEILING)
    return days.add(received, max(1, int(passed)))
