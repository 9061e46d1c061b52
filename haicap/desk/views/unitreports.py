"""The reports of one unit, named by its uid: a code may have passed on, a dissolved unit keeps its own."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.accounts.scopes import scope_in
from haicap.accounts.strangers import stranger_404
from haicap.core.errors import Refusal
from haicap.desk.presenters import lineage, sheets, words
from haicap.reporting.queries.ofunit import reports_of
from haicap.reporting.states import STATE_LABELS
from haicap.tables import sheets as files
from haicap.units import lineage as lines
from haicap.units import queries as units
from haicap.units.states import Level


@require_safe
@login_required
@never_cache
def page(request: HttpRequest, uid: str) -> HttpResponseBase:
    try:
        place = stranger_404(scope_in(request), units.by_uid(uid))
    except Refusal as refusal:
        raise Http404 from refusal
    if place.level != Level.COMMUNE:
        raise Http404
    rows = reports_of(place.id, words.lang())
    if file := files.asked(request, bao_cao=lambda: sheets.unit_reports(place, rows)):
        return file
    context = {
        "place": place,
        "name": words.place_name(place),
        "since": lineage.day(place.valid_from),
        "until": lineage.day(place.valid_to) if place.valid_to else "",
        "heirs": [link.new for link in lines.successors(place.id)],
        "rows": [(row, STATE_LABELS[row.state]) for row in rows],
    }
    return render(request, "desk/unit_reports.html", context)
