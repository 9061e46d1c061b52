"""Six patterns in dossiers that the system asks about, and two that only look like them.

Pure: a month and a few communes in, records and declarations out, the same every time. The records have the
fields of an import (dossiers/policies/mapping.py); times are wall time, "05/10/2026 14:05".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from haicap.catalogue.calendar import Workdays
from haicap.core import periods
from haicap.core.clock import ZONE
from haicap.core.periods import Period
from haicap.dossiers.stages import CircumstanceKind, SignalKind

Record = dict[str, str]
OPEN, DONE, WITHDRAWN = "4", "10", "7"
TERM = 7


@dataclass(frozen=True)
class Told:
    """What is declared: for a commune, or for the province ("")."""

    kind: CircumstanceKind
    unit: str
    starts: datetime
    ends: datetime
    at: datetime
    reason: str


@dataclass
class Patterns:
    """`first`: a file; `again`: the file that changes some of its dates later; `expected`: (kind, commune)
    that must be asked, and nothing else."""

    first: list[Record] = field(default_factory=list)
    again: list[Record] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    expected: set[tuple[SignalKind, str]] = field(default_factory=set)


@dataclass(frozen=True)
class Stage:
    """`days`: the working days of the month; `procedure`: what all of these dossiers are about."""

    month: Period
    days: tuple[date, ...]
    book: Workdays
    procedure: str

    def record(self, name: str, unit: str, came: datetime, **given: str) -> Record:
        due = at(self.book.add(came.date(), TERM), 17)
        plain = {
            "code": f"MH.{self.month.key}.{unit}.{name}",
            "unit": unit,
            "procedure": self.procedure,
            "received": said(came),
            "due": said(due),
            "finished": "",
            "status": OPEN,
            "channel": "2",
            "level": "full",
            "submitter": "helped",
        }
        return plain | given

    def done(self, name: str, unit: str, came: datetime, working_days: int, **given: str) -> Record:
        """Finished so many working days after it came, at ten in the morning."""
        finished = at(self.book.add(came.date(), working_days), 10, 5 * working_days)
        return self.record(name, unit, came, **({"finished": said(finished), "status": DONE} | given))


def patterns(month: Period, book: Workdays, units: Sequence[str], procedure: str) -> Patterns:
    """`month`: a closed calendar month; `units`: eight communes, which may repeat."""
    first, last = month.start, month.last_day
    days = tuple(
        day for n in range((last - first).days + 1) if book.is_working(day := first + timedelta(days=n))
    )
    stage, made = Stage(month, days, book, procedure), Patterns()
    for story, unit in zip(STORIES, units, strict=True):
        story(stage, unit, made)
    return made


def _off_hours(stage: Stage, unit: str, made: Patterns) -> None:
    """One account in the evening, two or three dossiers at a time."""
    for n in range(24):
        came = at(stage.days[n % 12], 19 + n // 12, 7 * (n % 5))
        made.first.append(stage.done(f"toi-{n}", unit, came, 3, account="tai-khoan-toi"))
    for n in range(4):
        came = at(stage.days[n], 9, 10 * n)
        made.first.append(stage.done(f"ngay-{n}", unit, came, 3, account="tai-khoan-toi"))
    made.expected.add((SignalKind.OFF_HOURS, unit))


def _burst(stage: Stage, unit: str, made: Patterns) -> None:
    for n in range(18):
        came = at(stage.days[12], 14, 5 + 2 * n)
        made.first.append(stage.done(f"don-{n}", unit, came, 4, account="tai-khoan-don"))
    made.expected.add((SignalKind.BURST, unit))


def _stopped_clock(stage: Stage, unit: str, made: Patterns) -> None:
    """Withdrawn on the sixth of seven working days, lodged again the next day."""
    for n in range(6):
        came = at(stage.days[n // 3], 8, 20 * (n % 3))
        stopped = at(stage.book.add(came.date(), 6), 15, n)
        again = at(stage.book.add(stopped.date(), 1), 9, n)
        gone = {"status": WITHDRAWN, "last_step": said(stopped), "account": f"nguoi-nop-{n}"}
        made.first.append(stage.record(f"dung-{n}", unit, came, **gone))
        made.first.append(stage.done(f"lai-{n}", unit, again, 3, account=f"nguoi-nop-{n}"))
    made.expected.add((SignalKind.STOPPED_CLOCK, unit))


def _bunching(stage: Stage, unit: str, made: Patterns) -> None:
    """Four of five finished in the last hour of the due day, long after the outage of the other story."""
    _heap(stage, unit, made, "hen", stage.days[5])
    made.expected.add((SignalKind.BUNCHING, unit))


def _heap(stage: Stage, unit: str, made: Patterns, name: str, came: date) -> None:
    due = stage.book.add(came, TERM)
    for n in range(44):
        finished = said(at(due, 16, n))
        record = stage.record(f"{name}-{n}", unit, at(came, 8, n), finished=finished, status=DONE)
        made.first.append(record)
    for n in range(10):
        made.first.append(stage.done(f"{name}-som-{n}", unit, at(came, 13, n), 4))


def _late_edits(stage: Stage, unit: str, made: Patterns) -> None:
    """Of the month before: late in the first file, in time in the second."""
    before = periods.shift(stage.month, -1)
    for n in range(7):
        came = at(stage.book.add(before.start, n % 3), 9, n)
        late = stage.done(f"sua-{n}", unit, came, TERM + 3)
        made.first.append(late)
        made.again.append(stage.done(f"sua-{n}", unit, came, TERM - 1))
    made.expected.add((SignalKind.LATE_EDITS, unit))


def _shrinking(stage: Stage, unit: str, made: Patterns) -> None:
    """Fifty a month and one in five late; then twenty, and none."""
    for back in (3, 2, 1, 0):
        month = periods.shift(stage.month, -back)
        for n in range(20 if back == 0 else 50):
            came = at(stage.book.add(month.start, n % 4), 8, n)
            late = back > 0 and n % 5 == 0
            made.first.append(stage.done(f"mau-{back}-{n}", unit, came, TERM + 1 if late else 5))
    made.expected.add((SignalKind.SHRINKING, unit))


def _mobile_day(stage: Stage, unit: str, made: Patterns) -> None:
    """Innocent: a registration day in a village, on a Saturday, declared beforehand."""
    saturday = stage.days[0] + timedelta(days=(5 - stage.days[0].weekday()) % 7 + 7)
    for n in range(25):
        came = at(saturday, 8, 30 + 2 * n) if n < 15 else at(saturday, 9, 2 * n - 30)
        made.first.append(stage.done(f"luu-dong-{n}", unit, came, 5, account="tai-khoan-luu-dong"))
    starts, ends = at(saturday, 7), at(saturday, 12)
    reason = "Ngày tiếp nhận lưu động tại nhà văn hóa thôn (dữ liệu minh họa)"
    told = Told(CircumstanceKind.SESSION, unit, starts, ends, starts - timedelta(days=2), reason)
    made.told.append(told)


def _outage(stage: Stage, unit: str, made: Patterns) -> None:
    """Innocent: the system stood still for two days, and what was due is finished in a heap after it."""
    came = stage.days[0]
    due = stage.book.add(came, TERM)
    _heap(stage, unit, made, "don-viec", came)
    starts = at(due - timedelta(days=2), 8)
    reason = "Hệ thống một cửa của tỉnh gián đoạn hai ngày (dữ liệu minh họa)"
    made.told.append(Told(CircumstanceKind.OUTAGE, "", starts, at(due, 9), at(due, 10), reason))


STORIES: tuple[Callable[[Stage, str, Patterns], None], ...] = (
    _off_hours,
    _burst,
    _stopped_clock,
    _bunching,
    _late_edits,
    _shrinking,
    _mobile_day,
    _outage,
)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour), ZONE) + timedelta(minutes=minute)


def said(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y %H:%M}"
