"""Working days, and from them: when a report opens, when it is due, whether it came late.

Windows are local dates; only the deadline is an instant. Holidays are data (packs/calendar); a year without
data has its weekends only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

from haicap.catalogue import models
from haicap.catalogue.definitions import Form
from haicap.catalogue.queries import version
from haicap.core import clock
from haicap.core.periods import Period

SATURDAY = 5
KEEP = 4
_books: OrderedDict[str, Workdays] = OrderedDict()


def is_working(day: date) -> bool:
    return workdays().is_working(day)


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after `day`; with n = 0 the day itself, or the next working day."""
    return workdays().add(day, n)


@dataclass(frozen=True)
class Workdays:
    """The working-day calendar in force, read once: whoever judges thousands of dossiers asks this."""

    special: dict[date, bool]
    moved: list[int]
    sums: list[int]

    def is_working(self, day: date) -> bool:
        return _is_working(day, self.special)

    def add(self, day: date, n: int) -> date:
        """The n-th working day after `day`; with n = 0 the day itself, or the next working day."""
        found = day
        for _step in range(n):
            found = _next_working(found + timedelta(days=1), self.special)
        return found if n else _next_working(day, self.special)

    def between(self, after: date, until: date) -> int:
        """Working days after the one day up to and with the other; below 0 when `until` is earlier.

        0 from Friday to Sunday, 1 from Friday to Monday. Costs no walk from day to day."""
        if until < after:
            return -self.between(until, after)
        return self._passed(until) - self._passed(after)

    def _passed(self, day: date) -> int:
        """Working days since the first Monday of all (1/1/1) up to this day."""
        weeks, rest = divmod(day.toordinal(), 7)
        return weeks * SATURDAY + min(rest, SATURDAY) + self.sums[bisect_right(self.moved, day.toordinal())]


def workdays() -> Workdays:
    """At most one query; the answer may be kept for as long as one question lasts."""
    token = version()
    if token not in _books:
        special = _read()
        # days that are not what their weekday says, and how many working days they make up
        moved = sorted((day, on) for day, on in special.items() if on is not (day.weekday() < SATURDAY))
        sums = accumulate((1 if working else -1 for _day, working in moved), initial=0)
        _books[token] = Workdays(special, [day.toordinal() for day, _working in moved], list(sums))
        while len(_books) > KEEP:
            _books.popitem(last=False)
    return _books[token]


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


def _read() -> dict[date, bool]:
    newest: dict[int, int] = dict(models.CalendarVersion.objects.order_by("number").values_list("year", "pk"))
    rows = models.CalendarDay.objects.filter(version__in=list(newest.values()))
    return dict(rows.values_list("day", "working"))
