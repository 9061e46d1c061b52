"""Opening reports: one by hand, or all that a closing period owes."""

from datetime import date, datetime

from django.db import transaction

from haicap.accounts.scopes import Scope
from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import Slice, ref_of
from haicap.catalogue import calendar
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Form
from haicap.core import clock, periods
from haicap.core.periods import Period
from haicap.units import queries as units

from .. import permissions
from ..models import Report
from ..policies import workflow
from ..queries.expected import expected
from ..states import ROOM, Act, State
from .rows import name_of, slice_of


def blank(form: Form, period: Period, unit_id: int, by: str, at: datetime, deadline: datetime) -> Report:
    """An open report that is not stored yet."""
    return Report(
        unit_id=unit_id,
        form=form.code,
        form_number=form.number,
        period=period.key,
        kind=period.kind.value,
        rule=period.rule.value,
        start=period.start,
        end=period.end,
        deadline=deadline,
        state=State.OPEN.value,
        opened_at=at,
        opened_by=by,
    )


def open_report(*, by: Actor | str, scope: Scope, form: str, period: str, unit_id: int) -> int:
    """The id of the one report of this unit, form and period; it is made if it was not there yet.

    Two openings at the same instant get the same report (unique key). Refusals: report.unknown (stranger),
    form.unknown, period.key, period.kind, period.before_regime, period.not_open, unit.closed,
    unit.not_obliged, report.not_yours.
    """
    place = units.by_id(unit_id)
    permissions.check_view(scope, place)
    sheet = catalogue.form(form)
    window = workflow.check_period(sheet, period)
    workflow.check_obliged(sheet, place, window)
    now = clock.now()
    workflow.check_open(sheet, window, now)
    found = Report.objects.filter(unit_id=unit_id, form=form, period=period).first()
    if found is not None:
        return found.pk
    permissions.check(scope, Act.FILL, place)
    fresh = blank(sheet, window, unit_id, ref_of(by), now, calendar.deadline(sheet, window))
    values = {f.attname: getattr(fresh, f.attname) for f in Report._meta.concrete_fields if not f.primary_key}
    key = {name: values.pop(name) for name in ("unit_id", "form", "period")}
    with transaction.atomic():
        report, made = Report.objects.get_or_create(**key, defaults=values)
        if made:
            audit.record(by=by, action="report.opened", object=name_of(report), slices=[slice_of(report)])
    return report.pk


def open_period(*, by: Actor | str, form: str, period: str) -> int:
    """Make the open reports of every unit that owes the form for the period; returns how many were new.

    Run when a window closes (and again without harm): from then on the obligation stands in the facts,
    whether or not anybody opens the report.
    """
    sheet = catalogue.form(form)
    window = workflow.check_period(sheet, period)
    now = clock.now()
    workflow.check_open(sheet, window, now)
    places, deadline = expected(sheet, window), calendar.deadline(sheet, window)
    with transaction.atomic():
        there = set(Report.objects.filter(form=form, period=period).values_list("unit_id", flat=True))
        missing = [place for place in places if place.id not in there]
        if not missing:
            return 0
        # Somebody may open one of them between the look and the write; the unique key settles it.
        Report.objects.bulk_create(
            [blank(sheet, window, place.id, ref_of(by), now, deadline) for place in missing],
            ignore_conflicts=True,
        )
        audit.record(
            by=by,
            action="reports.opened",
            object=f"form:{form}",
            detail={"period": period, "units": len(missing)},
            slices=[Slice(ROOM, form, period, place.id) for place in missing],
        )
    return len(missing)


def open_closed_periods(*, by: Actor | str) -> int:
    """`open_period` for every closed period since each regime began; catches up after any downtime."""
    today = clock.today()
    return sum(
        open_period(by=by, form=form.code, period=period.key)
        for form in catalogue.current().forms.values()
        for period in _closed(form, today)
    )


def _closed(form: Form, today: date) -> list[Period]:
    """Every window of the regime that is over; of a report asked once the one it has."""
    if form.window is not None:
        return [form.window] if form.window.end <= today else []
    if form.first_day is None:
        return []
    first = periods.containing(form.first_day, form.kind, form.rule)
    last = periods.last_closed(form.kind, today, form.rule)
    return periods.span(first, last) if first.start <= last.start else []
