"""The load that forms put on communes: cells and minutes by the week in which the deadline falls.

Worked out from published forms × obligations alone; nothing that anybody typed is looked at. Cells that the
system counts itself cost nobody a minute. A deadline that
is too short counts against the one who asks, not against the one who answers (domain §11).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from haicap.catalogue import calendar, gate
from haicap.catalogue.definitions import Burden, Form
from haicap.core import clock, periods
from haicap.core.errors import Refusal
from haicap.core.periods import Period

MOST_PERIODS = 400
ZERO = Decimal(0)
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Due:
    """One form for one period whose deadline falls into the weeks looked at; `short`: too short a time."""

    form: Form
    period: Period
    deadline: date
    week: date
    short: bool
    units: frozenset[int]
    minutes: Decimal

    @property
    def cells(self) -> int:
        return self.form.typed_cells


@dataclass
class Load:
    """Of one unit; `weeks`: Monday → minutes."""

    unit_id: int
    reports: int = 0
    cells: int = 0
    minutes: Decimal = ZERO
    weeks: dict[date, Decimal] = field(default_factory=lambda: defaultdict(lambda: ZERO))

    def peak(self) -> tuple[date | None, Decimal]:
        """The heaviest week."""
        if not self.weeks:
            return None, ZERO
        week = max(self.weeks, key=lambda one: (self.weeks[one], -one.toordinal()))
        return week, self.weeks[week]

    def over(self, budget: int) -> int:
        """Weeks above the budget."""
        return sum(minutes > budget for minutes in self.weeks.values())


@dataclass
class Asking:
    """Of one asker: how much was asked of all units together."""

    asker: str
    forms: set[str] = field(default_factory=set)
    reports: int = 0
    cells: int = 0
    minutes: Decimal = ZERO
    requests: int = 0
    short: int = 0


@dataclass(frozen=True)
class Board:
    """`first` … `last`: Mondays, both weeks in; `units`: how many units owed anything."""

    first: date
    last: date
    policy: Burden
    dues: tuple[Due, ...]
    loads: dict[int, Load]
    askers: tuple[Asking, ...]

    @property
    def weeks(self) -> int:
        return (self.last - self.first).days // 7 + 1

    def average(self, load: Load) -> Decimal:
        """Minutes per week over all weeks looked at, also those without a deadline."""
        return load.minutes / self.weeks


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def board(forms: Iterable[Form], policy: Burden, first: date, last: date) -> Board:
    """`first` and `last` are Mondays. The week of a report is that of its deadline."""
    dues = tuple(due for form in forms for due in _dues(form, policy, first, last + _WEEK))
    loads: dict[int, Load] = {}
    askers: dict[str, Asking] = {}
    for due in dues:
        for unit in due.units:
            load = loads.setdefault(unit, Load(unit))
            load.reports += 1
            load.cells += due.cells
            load.minutes += due.minutes
            load.weeks[due.week] += due.minutes
        _count(askers.setdefault(due.form.asker, Asking(due.form.asker)), due)
    ordered = sorted(askers.values(), key=lambda one: (-one.minutes, one.asker))
    return Board(first, last, policy, dues, loads, tuple(ordered))


def _count(asking: Asking, due: Due) -> None:
    asking.forms.add(due.form.code)
    asking.requests += 1
    asking.short += due.short
    asking.reports += len(due.units)
    asking.cells += due.cells * len(due.units)
    asking.minutes += due.minutes * len(due.units)


def _dues(form: Form, policy: Burden, first: date, end: date) -> Iterable[Due]:
    minutes = (form.minutes_per_cell or policy.minutes_per_cell) * form.typed_cells
    for period in _periods(form, first, end):
        day = clock.local(calendar.deadline(form, period)).date()
        if not first <= day < end:
            continue
        owing = frozenset(place.id for place in gate.owing(form, period.last_day))
        if owing:
            short = is_short(form, period, day, policy)
            yield Due(form, period, day, monday(day), short, owing, minutes)


def is_short(form: Form, period: Period, deadline: date, policy: Burden) -> bool:
    """Less than the least working days between the close of the window and the deadline; a report asked once
    is counted from the day of asking, when that is later."""
    begins = period.last_day
    if form.window is not None and form.published_on is not None:
        begins = max(begins, form.published_on)
    return deadline < calendar.add_working_days(begins, policy.least_working_days)


def _periods(form: Form, first: date, end: date) -> Sequence[Period]:
    """Periods whose deadline may fall into the range: from the last one that closes in it back in time."""
    if form.window is not None:
        return [form.window]
    found: list[Period] = []
    try:
        period = periods.last_closed(form.kind, end, form.rule)
        while len(found) < MOST_PERIODS:
            if form.first_day is not None and period.end <= form.first_day:
                break
            if clock.local(calendar.deadline(form, period)).date() < first:
                break
            found.append(period)
            period = periods.shift(period, -1)
    except Refusal:
        pass  # the calendar of periods ends here
    return found
