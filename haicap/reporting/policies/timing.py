"""Lateness, locks and reminders; whether an instant is late is decided by catalogue.calendar alone."""

from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from haicap.catalogue import calendar
from haicap.catalogue.queries import Form
from haicap.core import clock

# When the unsent are reminded: early enough to act on the same day.
REMIND_AT = time(7, 30)
# A reminder that could not go out for longer than this is not made up for: the next one is nearer the truth.
CATCH_UP = timedelta(days=7)


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


def locks_at(form: Form, deadline: datetime, accepted: datetime) -> datetime | None:
    """When an accepted report is locked, as a UTC instant; None where the regime never locks.

    `form.lock_after` working days after the deadline, or after the acceptance when that came later, at the
    regime's time of day: nobody loses the days for corrections because somebody else was late.
    """
    if form.lock_after is None:
        return None
    from_day = clock.local(max(deadline, accepted)).date()
    day = calendar.add_working_days(from_day, form.lock_after)
    return max(accepted, datetime.combine(day, form.deadline_time, clock.ZONE).astimezone(UTC))


def lock_due(at: datetime | None, now: datetime) -> bool:
    """As with deadlines: at the instant itself the report is still open, a moment later it is locked."""
    return at is not None and calendar.is_late(now, at)


def working_days_before(day: date, n: int) -> date:
    """The n-th working day before `day`."""
    for _step in range(n):
        day -= timedelta(days=1)
        while not calendar.is_working(day):
            day -= timedelta(days=1)
    return day


def reminder_at(deadline: datetime, offset: int) -> datetime:
    """UTC instant of the reminder `offset` working days from the deadline's day; negative is before it."""
    day = clock.local(deadline).date()
    if offset:
        day = calendar.add_working_days(day, offset) if offset > 0 else working_days_before(day, -offset)
    return datetime.combine(day, REMIND_AT, clock.ZONE).astimezone(UTC)


def reminder_due(form: Form, deadline: datetime, now: datetime) -> int | None:
    """The offset of the latest reminder whose time has come and is not too long past, or None.

    Only the latest: after a standstill nobody is told "three days left" and "today" in one breath.
    """
    come = [(reminder_at(deadline, offset), offset) for offset in form.reminders]
    past = [(at, offset) for at, offset in come if at <= now]
    if not past:
        return None
    at, offset = max(past)
    return offset if now - at <= CATCH_UP else None


def soon(now: datetime, working_days: int) -> datetime:
    """The end of the n-th working day from today: deadlines up to it are near."""
    day = calendar.add_working_days(clock.local(now).date(), working_days)
    return datetime.combine(day + timedelta(days=1), time.min, clock.ZONE).astimezone(UTC)


def today(now: datetime) -> date:
    return clock.local(now).date()


def working_days_left(deadline: datetime, now: datetime) -> int:
    """Working days from today until the deadline's day: 0 on that day and after it, 1 on the working day
    before."""
    day, last, left = today(now), clock.local(deadline).date(), 0
    while day < last:
        day += timedelta(days=1)
        left += calendar.is_working(day)
    return left
