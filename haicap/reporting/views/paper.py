"""What happened to a report, and the report on paper."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.audit import queries as audit
from haicap.core import clock
from haicap.tables import sheets as files

from .. import queries
from ..presenters import sheets, words
from ..presenters.grid import grid
from ..presenters.history import change_lines, event_lines
from .sheets import sheet_of

MOST_CHANGES = 500


@login_required
@never_cache
@require_safe
def history(request: HttpRequest, form: str, period: str, code: str) -> HttpResponseBase:
    sheet = sheet_of(request, form, period, code)
    report = queries.report_id(sheet.place.id, sheet.form.code, sheet.period.key)
    events = event_lines(audit.history(f"report:{report}")) if report else []
    about = (sheet.form, sheet.period, sheet.place)
    file = files.asked(
        request,
        cac_buoc=lambda: sheets.events(events, *about),
        doi_so=lambda: sheets.changes(queries.changes(report) if report else [], *about),
    )
    if file:
        return file
    context = {
        "sheet": sheet,
        "detail": queries.detail(sheet.place, sheet.form.code, sheet.period, words.lang()),
        "events": events,
        "changes": change_lines(queries.changes(report, MOST_CHANGES), sheet.form) if report else [],
        "most": MOST_CHANGES,
    }
    return render(request, "reporting/history.html", context)


@login_required
@never_cache
@require_safe
def paper(request: HttpRequest, form: str, period: str, code: str) -> HttpResponse:
    sheet = sheet_of(request, form, period, code)
    detail = queries.detail(sheet.place, sheet.form.code, sheet.period, words.lang())
    context = {
        "sheet": sheet,
        "grid": grid(detail, sheet.scope, clock.now()),
        "now": words.moment(clock.now()),
    }
    return render(request, "reporting/print.html", context)
