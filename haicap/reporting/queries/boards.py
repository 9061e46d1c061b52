"""Boards: what a commune owes, how a form stands over the communes of a province."""

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from haicap.catalogue import calendar
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form, spoken
from haicap.core import clock, periods
from haicap.core.periods import Period
from haicap.units import queries as units
from haicap.units.queries import Place

from ..models import CellReturn, Report, expected_rows
from ..policies import workflow
from ..policies.timing import Timeliness, timeliness
from ..states import FINAL, Act, State
from .derived import filled_cells
from .expected import expected

RECENT = 2
Counting = Callable[[int, Form, str, int | None, State], int]
MOST_PERIODS = 36
FILLED = Q(values__raw="") & (Q(values__number__isnull=False) | ~Q(values__no_figure_reason=""))


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One report that a commune owes or has lately given; `report_id` None while nobody has opened it.

    `sent_back`: why it came back, when it did; `reopened`: after it had been accepted.
    """

    report_id: int | None
    form: str
    title: str
    period: Period
    state: State
    deadline: datetime
    submitted: datetime | None
    filled: int
    total: int
    reopened: bool = False
    sent_back: str = ""

    def timeliness(self, now: datetime) -> Timeliness:
        return timeliness(self.deadline, self.submitted, now)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of a form board; `version` goes back with a decision so that it is made on what was seen."""

    place: Place
    report_id: int | None
    state: State
    version: int
    deadline: datetime
    submitted: datetime | None
    submitted_by: str
    filled: int
    reopened: bool = False

    def timeliness(self, now: datetime) -> Timeliness:
        return timeliness(self.deadline, self.submitted, now)


@dataclass(frozen=True, slots=True)
class LateRow:
    unit_id: int
    form: str
    period: str
    state: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a form has come; every expected unit is in exactly one of the last four counts."""

    expected: int
    states: dict[State, int]
    on_time: int
    late: int
    waiting: int
    overdue: int


def running_and_closed(form: Form, now: datetime, back: int) -> list[Period]:
    """The running period when it is open, then up to `back` closed ones of the regime, newest first."""
    if form.window is not None:
        return [form.window] if workflow.is_open(form, form.window, now) else []
    today = clock.local(now).date()
    closed = periods.last_closed(form.kind, today, form.rule)
    found = [periods.shift(closed, 1), *(periods.shift(closed, -step) for step in range(back))]
    return [
        period
        for period in found
        if (form.first_day is None or period.end > form.first_day)
        and (form.obliged_to is None or period.last_day < form.obliged_to)
        and workflow.is_open(form, period, now)
    ]


def open_forms(now: datetime, unit_ids: Collection[int] | None = None) -> list[tuple[Form, list[Period]]]:
    """Forms with their periods, newest first; with `unit_ids` only forms that one of them owes. No query."""
    places = None if unit_ids is None else units.by_ids(unit_ids).values()
    found = []
    for form in catalogue.current().forms.values():
        keys = running_and_closed(form, now, MOST_PERIODS)
        owed = places is None or any(
            workflow.is_obliged(form, place, p) for place in places for p in keys[:3]
        )
        if keys and owed:
            found.append((form, keys))
    return found


def board(unit_id: int, now: datetime, lang: str) -> list[BoardRow]:
    """Everything unfinished, plus the running and the last closed periods: most urgent first. One query, one
    more where the system counts a cell."""
    place = units.by_id(unit_id)
    forms = catalogue.current().forms
    recent = {
        (form.code, period.key): period
        for form in forms.values()
        for period in running_and_closed(form, now, RECENT)
        if workflow.is_obliged(form, place, period)
    }
    wanted = ~Q(state__in=FINAL) | Q(period__in={key for _, key in recent})
    found = _counted(Report.objects.filter(unit_id=unit_id).filter(expected_rows()).filter(wanted))
    rows = [_row(report, forms.get(report.form), lang) for report in found]
    known = {(row.form, row.period.key) for row in rows}
    rows += [
        _unopened(forms[code], period, lang)
        for (code, key), period in recent.items()
        if (code, key) not in known
    ]
    count = filled_cells([unit_id], forms.values(), {row.period.key for row in rows})
    rows = [_with_counted(row, unit_id, forms.get(row.form), count) for row in rows]
    return sorted(rows, key=_urgency)


def _with_counted(row: BoardRow, unit_id: int, form: Form | None, count: Counting) -> BoardRow:
    if form is None or not form.counted:
        return row
    return replace(row, filled=row.filled + count(unit_id, form, row.period.key, row.report_id, row.state))


def _urgency(row: BoardRow) -> tuple[int, float, str]:
    at = row.deadline.timestamp()
    if row.state is State.RETURNED:
        # somebody is waiting for these, whatever their deadline was
        return (-1, at, row.form)
    done = row.state in (State.SUBMITTED, State.ACCEPTED, State.LOCKED)
    return (1, -at, row.form) if done else (0, at, row.form)


def _counted(reports: QuerySet[Report]) -> QuerySet[Report]:
    """With the number of filled cells and, of what came back, the act and its first reason."""
    last = of_last_return()
    return reports.annotate(
        filled_cells=Count("values", filter=FILLED),
        back_act=Subquery(last.values("act")[:1]),
        back_reason=Subquery(last.values("reason")[:1]),
    )


def of_last_return() -> QuerySet[CellReturn]:
    """Inside a query of reports: why each came back last, what was said of the whole report first."""
    back = CellReturn.objects.filter(report=OuterRef("pk"), cycle=OuterRef("cycle"))
    return back.order_by(F("element").asc(nulls_first=True), "-id")


def reopened(report: Report) -> bool:
    """Whether a row of `_counted` came back after it had been accepted."""
    return report.state == State.RETURNED and report.back_act == Act.REOPEN  # type: ignore[attr-defined]


def _row(report: Report, form: Form | None, lang: str) -> BoardRow:
    return BoardRow(
        report_id=report.pk,
        form=report.form,
        title=spoken(form.labels, lang) if form else report.form,
        period=periods.parse(report.period, periods.Rule(report.rule)),
        state=State(report.state),
        deadline=report.deadline,
        submitted=report.first_submitted_at,
        filled=report.filled_cells,  # type: ignore[attr-defined]
        total=len(form.cells) if form else 0,
        reopened=reopened(report),
        sent_back=(report.back_reason or "") if report.state == State.RETURNED else "",  # type: ignore[attr-defined]
    )


def _unopened(form: Form, period: Period, lang: str) -> BoardRow:
    title, deadline = spoken(form.labels, lang), calendar.deadline(form, period)
    return BoardRow(None, form.code, title, period, State.OPEN, deadline, None, 0, len(form.cells))


def form_board(form: Form, period: Period, unit_ids: Collection[int] | None = None) -> list[UnitRow]:
    """Every unit that owes the form for the period, opened or not, by code. One query, one more
    where the system counts a cell of the form."""
    places = [p for p in expected(form, period) if unit_ids is None or p.id in unit_ids]
    reports = _counted(Report.objects.filter(form=form.code, period=period.key))
    by_unit = {report.unit_id: report for report in reports}
    deadline = calendar.deadline(form, period)
    rows = [_unit_row(place, by_unit.get(place.id), deadline) for place in places]
    if not form.counted:
        return rows
    count = filled_cells([place.id for place in places], [form], [period.key])
    return [
        replace(row, filled=row.filled + count(row.place.id, form, period.key, row.report_id, row.state))
        for row in rows
    ]


def _unit_row(place: Place, report: Report | None, deadline: datetime) -> UnitRow:
    if report is None:
        return UnitRow(place, None, State.OPEN, 0, deadline, None, "", 0)
    return UnitRow(
        place=place,
        report_id=report.pk,
        state=State(report.state),
        version=report.version,
        deadline=report.deadline,
        submitted=report.first_submitted_at,
        submitted_by=report.submitted_by,
        filled=report.filled_cells,  # type: ignore[attr-defined]
        reopened=reopened(report),
    )


def progress(rows: Collection[UnitRow], now: datetime) -> Progress:
    """The counts over a form board."""
    how = Counter(row.timeliness(now) for row in rows)
    return Progress(
        expected=len(rows),
        states={state: sum(row.state is state for row in rows) for state in State},
        on_time=how[Timeliness.ON_TIME],
        late=how[Timeliness.LATE],
        waiting=how[Timeliness.WAITING],
        overdue=how[Timeliness.OVERDUE],
    )


def late(unit_ids: Collection[int], now: datetime) -> list[LateRow]:
    """Reports of these units whose deadline has passed without a submission, oldest deadline first."""
    found = Report.objects.filter(
        expected_rows(), unit_id__in=list(unit_ids), first_submitted_at__isnull=True, deadline__lt=now
    )
    rows = found.order_by("deadline", "id").values_list("unit_id", "form", "period", "state", "deadline")
    return [LateRow(*row) for row in rows]


def form_and_period(form_code: str, key: str) -> tuple[Form, Period]:
    """Refusal form.unknown, period.key, period.kind or period.before_regime."""
    form = catalogue.form(form_code)
    return form, workflow.check_period(form, key)
