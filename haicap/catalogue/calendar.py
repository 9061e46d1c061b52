"""Working days, and from them: when a report opens, when it is due, whether it came late.

Windows are local dates; only the deadline is an instant. Holidays are data (packs/calendar); a year without
data has its weekends only.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import UTC, date, datetime, time, timedelta

from haicap.catalogue import models
from haicap.catalogue.definitions import Form
from haicap.catalogue.queries import version
from haicap.core import clock
from haicap.core.periods import Period

SATURDAY = 5
KEEP = 4
_days: OrderedDict[str, dict[date, bool]] = OrderedDict()


def is_working(day: date) -> bool:
    return _is_working(day, _special_days())


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after `day`; with n = 0 the day itself, or the next working day."""
    special = _special_days()
    found = day
    for _step in range(n):
        found = _next_working(found + timedelta(days=1), special)
    return found if n else _next_working(day, special)


def deadline(form: Form, period: Period) -> datetime:
    """UTC instant, at the local time of the form: `deadline_working_days` after the window's last day, or the
    day that a report asked once names."""
    day = form.deadline_on or add_working_days(period.last_day, form.deadline_working_days)
    return datetime.combine(day, form.deadline_time, clock.ZONE).astimezone(UTC)


def opens(form: Form, period: Period) -> datetime:
    """UTC instant of local midnight on the window's first day: figures may be gathered while it runs."""
    return datetime.combine(period.start, time.min, clock.ZONE).astimezone(UTC)


def is_late(submitted: datetime | None, deadline: datetime) -> bool:
    """At the deadline is on time, a moment later is late; without a submission the clock decides.

    `submitted` is the first submission of the version that was accepted, or of the latest while none is
    (domain §5). The screen, the lock, the API and the score all ask here.
    """
    return (clock.now() if submitted is None else submitted) > deadline


def _next_working(day: date, special: dict[date, bool]) -> date:
    while not _is_working(day, special):
        day += timedelta(days=1)
    return day


def _is_working(day: date, special: dict[date, bool]) -> bool:
    return special.get(day, day.weekday() < SATURDAY)


def _special_days() -> dict[date, bool]:
    token = version()
    if token not in _days:
        _days[token] = _read()
        while len(_days) > KEEP:
            _days.popitem(last=False)
    return _days[token]


def _read() -> dict[date, bool]:
    newest: dict[int, int] = dict(models.CalendarVersion.objects.order_by("number").values_list("year", "pk"))
    rows = models.CalendarDay.objects.filter(version__in=list(newest.values()))
    return dict(rows.values_list("day", "working"))
