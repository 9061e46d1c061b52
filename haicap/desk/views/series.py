"""One figure of one commune through time, across mergers: as reported and as the units are today."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from haicap.accounts.scopes import scope_in
from haicap.accounts.strangers import unit_or_404
from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.queries import Catalogue, Indicator
from haicap.core import clock, periods
from haicap.desk import downloads
from haicap.desk.freshness import etag
from haicap.desk.presenters import recast, words
from haicap.insight.freshness import made_at, stamp, steady
from haicap.insight.recast import Story, asked_periods, story
from haicap.tables.excel import About
from haicap.tables.responses import csv_response, xlsx_response
from haicap.units.places import Place
from haicap.units.states import Level


@require_safe
@login_required
@condition(etag_func=etag)
@steady
def page(request: HttpRequest, code: str) -> HttpResponseBase:
    """?chi-tieu=indicator&doc=hom-nay|da-bao-cao&tai=csv|xlsx"""
    place = unit_or_404(scope_in(request), code, level=Level.COMMUNE)
    catalogue = catalogue_queries.current()
    indicator = chosen(catalogue, request.GET.get("chi-tieu", ""))
    if indicator is None:
        text = _("Không có chỉ tiêu mang mã này. Hãy chọn lại trong danh sách.")
        return render(request, "desk/refused.html", {"words": text}, status=400)
    told = told_of(place, indicator)
    if request.GET.get("tai", "") in (downloads.CSV, downloads.XLSX):
        return _file(told, request.GET["tai"])
    mode = recast.REPORTED if request.GET.get("doc") == recast.REPORTED else recast.TODAY
    context = {
        "place": place,
        "name": words.place_name(place),
        "home_unit": words.place_name(place),
        "indicator": indicator,
        "offered": [(one.code, words.indicator_name(one)) for one in recast.pickable(catalogue)],
        "mode": mode,
        "TODAY": recast.TODAY,
        "REPORTED": recast.REPORTED,
        "series": recast.present(told, catalogue, mode),
        "made_at": made_at(told.snapshot),
        "snapshot": told.snapshot,
        "stamp": stamp(),
    }
    return render(request, "desk/series.html", context)


def chosen(catalogue: Catalogue, code: str) -> Indicator | None:
    """The indicator of the address, else the first of the catalogue; None for what does not exist."""
    if code:
        found = catalogue.indicators.get(code)
        return found if found in recast.pickable(catalogue) else None
    return next(iter(recast.pickable(catalogue)), None)


def told_of(place: Place, indicator: Indicator) -> Story:
    last = periods.last_closed(indicator.period_kind, clock.today(), indicator.rule)
    return story(place, indicator, asked_periods(place, indicator, last))


def _file(told: Story, kind: str) -> HttpResponseBase:
    name = f"haicap-{told.place.code}-{told.indicator.code}-chuoi.{kind}"
    if kind == downloads.CSV:
        return csv_response(recast.rows(told), recast.header(), name, lang=words.lang())
    title = f"{words.indicator_name(told.indicator)} · {words.place_name(told.place)}"
    span = f"{told.periods[0].key} – {told.periods[-1].key}" if told.periods else words.DASH
    about = About(title=title, period=span, snapshot=told.snapshot.id)
    return xlsx_response(recast.rows(told), recast.header(), name, about=about)
