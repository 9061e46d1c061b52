"""Lateness in words; whether an instant is late is decided by catalogue.calendar alone."""

from datetime import datetime
from enum import StrEnum

from haicap.catalogue import calendar


class Timeliness(StrEnum):
    ON_TIME = "on_time"
    LATE = "late"
    WAITING = "waiting"
    OVERDUE = "overdue"


def on_time(deadline: datetime, submitted: datetime) -> bool:
    """The deadline's own instant is still on time; both are UTC instants."""
    return not calendar.is_late(submitted, deadline)


def timeliness(deadline: datetime, submitted: datetime | None, now: datetime) -> Timeliness:
    """`submitted` is the report's deciding submission (ObligationRow.submitted), None while there is none."""
    if submitted is not None:
        return Timeliness.ON_TIME if on_time(deadline, submitted) else Timeliness.LATE
    return Timeliness.WAITING if on_time(deadline, now) else Timeliness.OVERDUE
