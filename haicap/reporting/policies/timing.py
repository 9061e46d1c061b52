"""The one place that decides "on time": the screen, the lock, the API and the score all ask here."""

from datetime import datetime
from enum import StrEnum


class Timeliness(StrEnum):
    ON_TIME = "on_time"
    LATE = "late"
    WAITING = "waiting"
    OVERDUE = "overdue"


def on_time(deadline: datetime, submitted: datetime) -> bool:
    """The deadline's own instant is still on time; both are UTC instants."""
    return submitted <= deadline


def timeliness(deadline: datetime, submitted: datetime | None, now: datetime) -> Timeliness:
    """`submitted` is the report's deciding submission (ObligationRow.submitted), None while there is none."""
    if submitted is not None:
        return Timeliness.ON_TIME if on_time(deadline, submitted) else Timeliness.LATE
    return Timeliness.WAITING if on_time(deadline, now) else Timeliness.OVERDUE
