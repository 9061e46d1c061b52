"""Where a figure comes from, and what changed between two submissions."""

from collections.abc import Sequence

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import spoken
from haicap.tables import sheets as files

from .. import queries
from ..presenters import counted, provenance, sheets, words
from ..presenters.provenance import Choice, Side
from ..queries.derived import system_figures
from ..queries.provenance import contents, counts, origins, submissions
from .sheets import Sheet, sheet_of


@login_required
@never_cache
@require_safe
def cell(request: HttpRequest, form: str, period: str, code: str, element: str) -> HttpResponseBase:
    """The life of one cell: who, in which position, when, by which door, from which file, why."""
    sheet = sheet_of(request, form, period, code)
    found = next((one for one in sheet.form.cells if one.element == element), None)
    known = catalogue.current().elements.get(element)
    if found is None or known is None:
        raise Http404
    report = queries.report_id(sheet.place.id, sheet.form.code, sheet.period.key)
    figures = system_figures([sheet.place.id], [sheet.period.key], [known.id], sheet.period.rule.value)
    life = origins(report, known.id) if report else []
    counted_so_far = counts(figures[0].id) if figures else []
    about = (element, sheet.form, sheet.period, sheet.place)
    file = files.asked(
        request,
        doi_so=lambda: sheets.life(life, *about),
        lan_dem=lambda: sheets.counts(counted_so_far, *about),
    )
    if file:
        return file
    context = {
        "sheet": sheet,
        "element": element,
        "system": counted.card(figures[0], known, sheet) if figures else None,
        "counts": counted.steps(counted_so_far),
        "number": found.number,
        "label": spoken(found.labels, words.lang()),
        "title": spoken(sheet.form.labels, words.lang()),
        "feeds": provenance.feeds(element, sheet.form, sheet.place),
        "steps": provenance.steps(life),
    }
    return render(request, "reporting/provenance.html", context)


@login_required
@never_cache
@require_safe
def compare(request: HttpRequest, form: str, period: str, code: str) -> HttpResponseBase:
    """?truoc=1&sau=2&moi-o=1: two submissions, or "" for what the report holds now. By default the last
    submission and now; where they are the same, the last two submissions."""
    sheet = sheet_of(request, form, period, code)
    report = queries.report_id(sheet.place.id, sheet.form.code, sheet.period.key)
    sent = {str(one.cycle): one for one in submissions(report)} if report else {}
    last = next(reversed(sent), "")
    first = request.GET.get("truoc", last)
    second = request.GET.get("sau", "")
    if report is None or not {first, second} <= {"", *sent}:
        raise Http404
    moments = [sent[key].at if key else None for key in (first, second)]
    before, after = contents(report, moments)
    if "truoc" not in request.GET and "sau" not in request.GET and before == after and len(sent) > 1:
        first, second = list(sent)[-2:]
        before, after = contents(report, [sent[first].at, sent[second].at])
    rows = provenance.sides(sheet.form, before, after)
    everything = request.GET.get("moi-o", "") == "1"
    shown = [row for row in rows if everything or not row.same]
    choices = provenance.choices(list(sent.values()))
    if file := files.asked(request, o=lambda: _sides(shown, choices, (first, second), sheet)):
        return file
    context = {
        "sheet": sheet,
        "title": spoken(sheet.form.labels, words.lang()),
        "choices": choices,
        "first": first,
        "second": second,
        "everything": everything,
        "changed": sum(not row.same for row in rows),
        "all": len(rows),
        "rows": shown,
    }
    return render(request, "reporting/compare.html", context)


def _sides(
    rows: Sequence[Side], choices: Sequence[Choice], chosen: tuple[str, str], sheet: Sheet
) -> files.Sheet:
    said = {one.value: one.words for one in choices}
    between = " → ".join(said[one] for one in chosen)
    return sheets.sides(rows, between, sheet.form, sheet.period, sheet.place)
