"""How punctual units have been over closed periods: counts, and rates computed from the counts anew."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from haicap.catalogue import calendar
from haicap.catalogue.queries import Form
from haicap.core.periods import Period
from haicap.units.queries import Place

from ..models import Report
from ..policies import timing
from ..policies.timing import Timeliness, timeliness
from .boards import running_and_closed
from .expected import expected


@dataclass(frozen=True, slots=True)
class Tally:
    """Reports that were owed; each is in exactly one of the four counts."""

    on_time: int = 0
    late: int = 0
    missing: int = 0
    waiting: int = 0

    @property
    def expected(self) -> int:
        return self.on_time + self.late + self.missing + self.waiting

    @property
    def judged(self) -> int:
        """Those about which the clock has decided."""
        return self.on_time + self.late + self.missing

    @property
    def rate(self) -> Decimal | None:
        """On time of those judged, in %, unrounded; between 0 and 100 because it counts parts of one whole.

        None while nothing has been judged.
        """
        return Decimal(100 * self.on_time) / self.judged if self.judged else None

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.on_time + other.on_time,
            self.late + other.late,
            self.missing + other.missing,
            self.waiting + other.waiting,
        )


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """`marks`: (form, period key) → how it came, for what this unit owed."""

    place: Place
    marks: dict[tuple[str, str], Timeliness]
    tally: Tally


@dataclass(frozen=True, slots=True)
class History:
    """`sheets`: the forms and periods that were looked at, oldest first."""

    sheets: tuple[tuple[Form, Period], ...]
    rows: tuple[HistoryRow, ...]

    @property
    def total(self) -> Tally:
        return sum((row.tally for row in self.rows), Tally())


def history(forms: Iterable[Form], back: int, unit_ids: Collection[int], now: datetime) -> History:
    """The last `back` closed periods of each form, over these units, by unit code. One query."""
    sheets = _sheets(forms, back, now)
    known = _known(sheets, unit_ids)
    marks: dict[int, dict[tuple[str, str], Timeliness]] = defaultdict(dict)
    places: dict[int, Place] = {}
    for form, period in sheets:
        usual = calendar.deadline(form, period)
        for place in expected(form, period):
            if place.id not in unit_ids:
                continue
            deadline, submitted = known.get((form.code, period.key, place.id), (usual, None))
            places[place.id] = place
            marks[place.id][form.code, period.key] = timeliness(deadline, submitted, now)
    rows = [HistoryRow(places[id_], found, tally(found.values())) for id_, found in marks.items()]
    return History(tuple(sheets), tuple(sorted(rows, key=lambda row: row.place.code)))


def tally(marks: Iterable[Timeliness]) -> Tally:
    how = Counter(marks)
    return Tally(
        how[Timeliness.ON_TIME], how[Timeliness.LATE], how[Timeliness.OVERDUE], how[Timeliness.WAITING]
    )


def _sheets(forms: Iterable[Form], back: int, now: datetime) -> list[tuple[Form, Period]]:
    """Closed windows only, oldest first: a window that is running has nothing to be late with."""
    found = []
    for form in forms:
        closed = [one for one in running_and_closed(form, now, back) if one.end <= timing.today(now)]
        found += [(form, period) for period in reversed(closed[:back])]
    return found


def _known(
    sheets: Sequence[tuple[Form, Period]], unit_ids: Collection[int]
) -> dict[tuple[str, str, int], tuple[datetime, datetime | None]]:
    if not sheets or not unit_ids:
        return {}
    rows = Report.objects.filter(
        form__in={form.code for form, _period in sheets},
        period__in={period.key for _form, period in sheets},
        unit_id__in=list(unit_ids),
    ).values_list("form", "period", "unit_id", "deadline", "first_submitted_at")
    return {(form, key, unit): (deadline, submitted) for form, key, unit, deadline, submitted in rows}
