"""What has not been sent: by unit, with its deadline, over all forms and the periods that still matter."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Subquery

from haicap.catalogue import calendar
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form
from haicap.core.periods import Period
from haicap.units.queries import Place

from ..models import Report, expected_rows
from ..policies import timing
from ..policies.timing import Timeliness
from ..states import Act, State
from .boards import of_last_return, running_and_closed
from .expected import expected

# Older debts stand on the board of each form; here they would bury what can still be helped.
PERIODS_BACK = 12
# In these the commune has still something to do.
HELD_BY_COMMUNE = frozenset({State.OPEN, State.DRAFT, State.READY, State.RETURNED})


@dataclass(frozen=True, slots=True)
class Owed:
    """A report that its commune has not sent, or must send again; `submitted` is the deciding submission."""

    place: Place
    form: Form
    period: Period
    deadline: datetime
    state: State
    submitted: datetime | None
    reopened: bool = False

    def timeliness(self, now: datetime) -> Timeliness:
        return timing.timeliness(self.deadline, self.submitted, now)


def outstanding(
    now: datetime, unit_ids: Collection[int] | None = None, form_code: str = "", back: int = PERIODS_BACK
) -> list[Owed]:
    """Closed windows first deadline first, then unit. One query."""
    sheets = _sheets(now, form_code, back)
    rows = Report.objects.filter(
        expected_rows(), form__in={form.code for form, _p in sheets}, period__in={p.key for _f, p in sheets}
    )
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    rows = rows.annotate(back_act=Subquery(of_last_return().values("act")[:1]))
    fields = ("form", "period", "unit_id", "state", "deadline", "first_submitted_at", "back_act")
    known = {(row[0], row[1], row[2]): row[3:] for row in rows.values_list(*fields)}
    found = [
        owed
        for form, period in sheets
        for owed in _of_sheet(form, period, known, unit_ids)
        if owed.state in HELD_BY_COMMUNE
    ]
    return sorted(found, key=lambda one: (one.deadline, one.form.code, one.place.code))


def _sheets(now: datetime, form_code: str, back: int) -> list[tuple[Form, Period]]:
    forms = catalogue.current().forms.values()
    return [
        (form, period)
        for form in forms
        if not form_code or form.code == form_code
        for period in running_and_closed(form, now, back)
        # a window that is still running asks for nothing yet, unless its regime set an earlier day
        if period.end <= timing.today(now) or calendar.is_late(now, calendar.deadline(form, period))
    ]


def _of_sheet(
    form: Form,
    period: Period,
    known: dict[tuple[str, str, int], tuple[str, datetime, datetime | None, str | None]],
    unit_ids: Collection[int] | None,
) -> Iterator[Owed]:
    deadline = calendar.deadline(form, period)
    for place in expected(form, period):
        if unit_ids is not None and place.id not in unit_ids:
            continue
        nothing = State.OPEN, deadline, None, None
        state, due, submitted, act = known.get((form.code, period.key, place.id), nothing)
        yield Owed(place, form, period, due, State(state), submitted, act == Act.REOPEN)
