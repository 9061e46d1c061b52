"""One commune: everything that is known of it for a period."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from haicap.accounts.scopes import Scope, scope_in
from haicap.accounts.strangers import unit_or_404
from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.queries import Catalogue
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.desk import choices, downloads
from haicap.desk.freshness import etag
from haicap.desk.presenters import lineage, panel, profile, recast, sheets, table, words
from haicap.desk.presenters.outstanding import outstanding
from haicap.desk.presenters.why import why
from haicap.desk.views.series import chosen, told_of
from haicap.insight.boards import SCORE
from haicap.insight.freshness import made_at, stamp, steady
from haicap.insight.heatmap import HeatMap, heatmap
from haicap.insight.series import series, window
from haicap.tables import sheets as files
from haicap.ui import charts, wording
from haicap.units import queries as units
from haicap.units.lineage import predecessors
from haicap.units.places import Place
from haicap.units.states import Level


@require_safe
@login_required
@condition(etag_func=etag)
@steady
def page(request: HttpRequest, code: str) -> HttpResponseBase:
    scope = scope_in(request)
    try:
        place = unit_or_404(scope, code, level=Level.COMMUNE)
    except Http404:
        return ended(scope, code)
    assert place.parent_id is not None
    owner = units.by_id(place.parent_id)
    catalogue = catalogue_queries.current()
    try:
        choice = choice_of(request, place, catalogue)
        of = heatmap(owner, choice.period, SCORE)
    except Refusal as refusal:
        return render(request, "desk/refused.html", {"words": wording.refusal(refusal)}, status=400)
    row = next((one for one in of.rows if one.place.id == place.id), None)
    if row is None:
        words_ = _("%(unit)s chưa thành lập trong kỳ đã chọn.") % {"unit": words.place_name(place)}
        way = {"way": reverse("desk:commune", args=[place.code]), "way_to": words.place_name(place)}
        return render(request, "desk/refused.html", {"words": words_, **way}, status=400)
    if file := _file(request, of, place):
        return file
    asked = window(of.period, table.MONTHS, catalogue)
    points = series(owner, [place.id], None, asked)[place.id]
    drawn = [panel.chart_point(point, of) for point in points]
    have, all_of_them = profile.with_value(of.board, place)
    context = {
        "place": place,
        "name": words.place_name(place),
        "home_unit": words.place_name(place),
        "province": words.place_name(owner),
        "sees_province": scope.sees(owner),
        "back": choice.address(unit=place.code),
        "choice": choice,
        "of": of,
        "row": row,
        "value": words.value(row.value, None),
        "judged": sum(1 for one in of.rows if one.rank is not None),
        "before": panel.short_period(of.before.period),
        "coverage": words.number(of.board.scores[place.id].coverage * 100, 0),
        "have": have,
        "all": all_of_them,
        "outstanding": outstanding(of.board, place),
        "blocks": profile.blocks(of.board, place, choice.why),
        "responsible": panel.responsible(place),
        "past": lineage.past(place),
        **_across(place, catalogue, choice.why),
        "trend": charts.trend(drawn, cuts=panel.cuts(of), label=panel.trend_words(of)),
        "points": drawn,
        "trend_caption": panel.trend_words(of),
        "why": why(of.board, place.id, choice.why) if choice.why else None,
        "periods": table.periods_offered(of, choice),
        "csv_href": choice.address() + "&tai=csv",
        "xlsx_href": choice.address() + "&tai=xlsx",
        "made_at": made_at(of.board.snapshot),
        "snapshot": of.board.snapshot,
        "stamp": stamp(),
        "communes": True,
    }
    return render(request, "desk/commune.html", context)


def _file(request: HttpRequest, of: HeatMap, place: Place) -> HttpResponseBase | None:
    """Every indicator; with ?bang= the curve, or of which units the commune was made."""
    if request.GET.get("tai", "") not in (downloads.CSV, downloads.XLSX):
        return None
    if "bang" not in request.GET:
        return downloads.commune_file(of.board, place, request.GET["tai"])
    return files.asked(
        request,
        xu_huong=lambda: sheets.trend(of, place),
        lich_su=lambda: sheets.origins(place, lineage.past(place)),
    )


def ended(scope: Scope, code: str) -> HttpResponseBase:
    """Not a dead end: when the last unit of this code ended, what it reported, and who came after it."""
    last = units.last_of_code(code, Level.COMMUNE)
    if last is None or not scope.sees(last):
        raise Http404
    return redirect("desk:unit_reports", last.uid)


def choice_of(request: HttpRequest, place: Place, catalogue: Catalogue) -> choices.Choice:
    """What the address asks for; without a period one in which the unit exists."""
    query = request.GET.copy()
    query.pop("chi-tieu", None)
    choice = choices.read(query, catalogue)
    if "ky" in query or place.holds_on(choice.period.last_day):
        return choice
    return replace(choice, period=first_period(place, choice.period))


def first_period(place: Place, like: Period) -> Period:
    """The first period of that kind at whose end the unit exists: its page begins there."""
    found = periods.containing(place.valid_from, like.kind, like.rule)
    return found if place.holds_on(found.last_day) else like


def _across(place: Place, catalogue: Catalogue, code: str) -> dict[str, object]:
    """The curve across mergers: of the indicator explained, else of the first; only where units are older."""
    indicator = chosen(catalogue, code)
    if indicator is None or not predecessors(place.id):
        return {}
    told = told_of(place, indicator)
    return {"across": recast.present(told, catalogue), "across_code": indicator.code}
