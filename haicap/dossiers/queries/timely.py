"""Early, on time, late, overdue over a window of days, counted in the database; rates from the counts anew.

A dossier belongs to a window when it was finished in it, or when it was due before its end and not finished
by then: what is unfinished and overdue stays in the denominator. The first part reads the index
(unit, finished_at), the second the small partial indexes of open and of late dossiers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from decimal import Decimal

from django.db.models import Count, F, Q, QuerySet

from haicap.catalogue.calendar import Workdays
from haicap.core import clock
from haicap.core.periods import Period

from ..models import Dossier
from ..policies.timing import working_days_taken
from ..states import CLOSED_WITHOUT_RESULT, Holder, Submitter
from .days import LocalDay
from .queue import OPEN_STATES

#: whose time the law does not hold against the unit
NOT_OURS = (Holder.OTHER.value, Holder.CITIZEN.value, Holder.SYNC.value)
_EXCUSED = Q(excused__in=NOT_OURS) | Q(excused="", blame__in=NOT_OURS)
_UNSAID = Q(excused="", blame="")
BY = ("unit_id", "procedure__code")
NO_ANSWER_OWED = [one.value for one in CLOSED_WITHOUT_RESULT]


@dataclass(frozen=True, slots=True)
class Tally:
    """Dossiers of a window; early, on_time, late and overdue exclude each other.

    `not_ours` and `unsaid` are parts of late + overdue: attributed to somebody else, and attributed to nobody
    because the source gives no status times."""

    early: int = 0
    on_time: int = 0
    late: int = 0
    overdue: int = 0
    not_ours: int = 0
    unsaid: int = 0

    @property
    def judged(self) -> int:
        """n of the official rate."""
        return self.early + self.on_time + self.late + self.overdue

    @property
    def good(self) -> int:
        return self.early + self.on_time

    @property
    def official(self) -> Decimal | None:
        """In %, unrounded; None without a denominator."""
        return Decimal(100 * self.good) / self.judged if self.judged else None

    @property
    def own_judged(self) -> int:
        """n of the attributable rate: what belongs to somebody else is left out, neither good nor bad."""
        return self.judged - self.not_ours

    @property
    def attributable(self) -> Decimal | None:
        """In %, unrounded. None where lateness is there and nobody says whose: then only the official figure
        can be given. Lateness that nobody explains counts as the unit's own."""
        if not self.own_judged or (self.unsaid and self.unsaid == self.late + self.overdue):
            return None
        return Decimal(100 * self.good) / self.own_judged

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Window:
    """Half-open UTC instants of a period; `until` is not after now, so that nothing is overdue in advance."""

    start: datetime
    end: datetime
    until: datetime

    @classmethod
    def of(cls, period: Period, now: datetime) -> Window:
        start, end = (midnight(day) for day in (period.start, period.end))
        return cls(start, end, min(end, now))


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, clock.ZONE).astimezone(UTC)


def tallies(
    unit_ids: Collection[int], window: Window, by: str, procedure: str = ""
) -> dict[tuple[int | str, int], Tally]:
    """(unit id or procedure code, source id) → counts. `by` is one of BY. Three queries."""
    found: dict[tuple[int | str, int], Tally] = defaultdict(Tally)
    finished = _of(unit_ids, procedure).filter(finished_at__gte=window.start, finished_at__lt=window.end)
    rows = (
        finished.filter(due_at__isnull=False)
        .exclude(status__in=NO_ANSWER_OWED)
        .values(by, "source_id")
        .annotate(
            judged=Count("id"),
            late=Count("id", filter=_LATE),
            early=Count("id", filter=Q(finished_day__lt=F("due_day"))),
            not_ours=Count("id", filter=_LATE & _EXCUSED),
            unsaid=Count("id", filter=_LATE & _UNSAID),
        )
    )
    for key, source, judged, late, early, not_ours, unsaid in rows.values_list(
        by, "source_id", "judged", "late", "early", "not_ours", "unsaid"
    ):
        found[key, source] += Tally(early, judged - late - early, late, 0, not_ours, unsaid)
    for overdue in _overdue(unit_ids, window, procedure):
        counted = overdue.values(by, "source_id").annotate(
            n=Count("id"), not_ours=Count("id", filter=_EXCUSED), unsaid=Count("id", filter=_UNSAID)
        )
        for key, source, n, not_ours, unsaid in counted.values_list(
            by, "source_id", "n", "not_ours", "unsaid"
        ):
            found[key, source] += Tally(overdue=n, not_ours=not_ours, unsaid=unsaid)
    return dict(found)


_LATE = Q(finished_at__gt=F("due_at"))


def _of(unit_ids: Collection[int], procedure: str) -> QuerySet[Dossier]:
    rows = Dossier.objects.filter(unit_id__in=list(unit_ids))
    if procedure:
        rows = rows.filter(procedure__code=procedure)
    return rows.annotate(finished_day=LocalDay("finished_at"), due_day=LocalDay("due_at"))


def _overdue(unit_ids: Collection[int], window: Window, procedure: str) -> Iterable[QuerySet[Dossier]]:
    """Those that are open still, and those that were finished after the window."""
    rows = _of(unit_ids, procedure)
    yield rows.filter(finished_at__isnull=True, status__in=OPEN_STATES, due_at__lt=window.until)
    if window.until == window.end:
        later = rows.filter(_LATE, finished_at__gte=window.end, due_at__lt=window.end)
        yield later.exclude(status__in=NO_ANSWER_OWED)


def medians(unit_ids: Collection[int], window: Window, days: Workdays) -> dict[str, tuple[int, int]]:
    """procedure code → (median of the working days from receipt to the finish, n finished). One query.

    Dossiers that came on one day and were finished on one day are counted together in the database."""
    rows = (
        Dossier.objects.filter(
            unit_id__in=list(unit_ids), finished_at__gte=window.start, finished_at__lt=window.end
        )
        .exclude(status__in=NO_ANSWER_OWED)
        .annotate(received_day=LocalDay("received_at"), finished_day=LocalDay("finished_at"))
        .values("procedure__code", "received_day", "finished_day")
        .annotate(n=Count("id"))
    )
    taken: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    for code, received, finished, n in rows.values_list(
        "procedure__code", "received_day", "finished_day", "n"
    ).iterator():
        taken[code][working_days_taken(received, finished, days)] += n
    return {code: (_median(counts), sum(counts.values())) for code, counts in taken.items()}


def _median(counts: Mapping[int, int]) -> int:
    """The lower middle one of values that come with how often they occur."""
    half, passed, value = (sum(counts.values()) + 1) // 2, 0, 0
    for value in sorted(counts):
        passed += counts[value]
        if passed >= half:
            break
    return value


@dataclass(frozen=True, slots=True)
class Handed:
    """Dossiers received in a window, by who handed them in; `unknown` where the source does not say.

    `unreasoned` is the part of `behalf` that gives no reason or mandate."""

    alone: int = 0
    helped: int = 0
    behalf: int = 0
    unknown: int = 0
    unreasoned: int = 0

    @property
    def n(self) -> int:
        return self.alone + self.helped + self.behalf + self.unknown

    def __add__(self, other: Handed) -> Handed:
        return Handed(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


def handed_in(unit_ids: Collection[int], months: Collection[str]) -> dict[tuple[int, int], Handed]:
    """(unit, source) → who handed in what was received in these calendar months. One query, by (unit,
    period)."""
    rows = Dossier.objects.filter(unit_id__in=list(unit_ids), period__in=list(months))
    counted = rows.values("unit_id", "source_id").annotate(
        alone=Count("id", filter=Q(submitter=Submitter.SELF.value)),
        helped=Count("id", filter=Q(submitter=Submitter.HELPED.value)),
        behalf=Count("id", filter=Q(submitter=Submitter.BEHALF.value)),
        unknown=Count("id", filter=Q(submitter="")),
        unreasoned=Count("id", filter=Q(submitter=Submitter.BEHALF.value, behalf_reason="")),
    )
    names = ("alone", "helped", "behalf", "unknown", "unreasoned")
    return {
        (unit, source): Handed(*counts)
        for unit, source, *counts in counted.values_list("unit_id", "source_id", *names)
    }
