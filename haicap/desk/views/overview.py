"""The first page: one province, one figure, one click."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.views.decorators.http import condition, require_safe

from haicap.accounts.scopes import scope_in
from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.queries import Catalogue
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.desk import choices, downloads
from haicap.desk.choices import Choice
from haicap.desk.freshness import etag
from haicap.desk.mergers import permissions as merging
from haicap.desk.presenters import front, sheets, words
from haicap.insight.boards import SCORE
from haicap.insight.freshness import stamp, steady
from haicap.insight.heatmap import HeatMap, heatmap
from haicap.insight.memory import Memory
from haicap.tables import sheets as files
from haicap.ui import wording
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.units.states import Kind, Level

_bodies: Memory[str] = Memory(32)


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponseBase:
    """The reader's own unit: the province's map, a commune's page, or the country."""
    grant = scope_in(request).home
    if grant is None:
        return render(request, "desk/no_position.html", status=200)
    place = units.by_id(grant.unit_id)
    if place.kind == Kind.FOREIGN:
        # another system's tree has reports, and no map with our indicators
        return redirect("reporting:list")
    if place.level == Level.PROVINCE:
        return province(request, place.code)
    name = "desk:commune" if place.level == Level.COMMUNE else "desk:country"
    return redirect(reverse(name, args=[place.code] if place.level == Level.COMMUNE else []))


@require_safe
@login_required
@condition(etag_func=etag)
def province(request: HttpRequest, code: str) -> HttpResponseBase:
    owner, catalogue = readable_province(request, code)
    return show(request, owner, catalogue)


def readable_province(request: HttpRequest, code: str) -> tuple[Place, Catalogue]:
    """The province and what of the catalogue this reader may see of it.

    Published press figures belong to everybody; figures of the reporting system to those in scope (404 else).
    """
    try:
        owner = units.by_code(code, level=Level.PROVINCE)
    except Refusal as refusal:
        raise Http404 from refusal
    if owner.kind == Kind.FOREIGN:
        raise Http404
    catalogue = catalogue_queries.current()
    if scope_in(request).sees(owner):
        return owner, catalogue
    return owner, choices.published_only(catalogue)


@steady
def show(request: HttpRequest, owner: Place, catalogue: Catalogue) -> HttpResponseBase:
    first = SCORE if catalogue.pillars else next(iter(catalogue.indicators), "")
    try:
        choice = choices.read(request.GET, catalogue, first)
        if choice.code == SCORE and not catalogue.pillars:
            raise Http404
        of = heatmap(owner, choice.period, choice.code)
        if file := _trend_file(request, of, choice):
            return file
        wanted = request.GET.get("tai", "")
        if wanted in downloads.KINDS:
            return downloads.heatmap_file(of, choice, wanted)
    except Refusal as refusal:
        return render(request, "desk/refused.html", {"words": wording.refusal(refusal)}, status=400)
    in_scope = scope_in(request).sees(owner)
    if request.headers.get("HX-Request"):
        return render(request, "desk/side.html", front.page(of, choice, catalogue) | {"in_scope": in_scope})
    context = {
        "owner_name": words.place_name(owner),
        "home_unit": words.place_name(owner),
        "figure": words.indicator_name(of.indicator),
        "of": of,
        "units_word": words.units_word(of.board.places),
        "may_merge": merging.can(scope_in(request), merging.Act.VIEW, owner),
        "body": body(request, of, choice, catalogue, in_scope),
    }
    return render(request, "desk/wall.html" if choice.wall else "desk/overview.html", context)


def _trend_file(request: HttpRequest, of: HeatMap, choice: Choice) -> HttpResponseBase | None:
    """The curve of the unit whose panel is open."""
    row = next((one for one in of.rows if one.place.code == choice.unit), None)
    if row is None or "bang" not in request.GET:
        return None
    return files.asked(request, xu_huong=lambda: sheets.trend(of, row.place))


def body(request: HttpRequest, of: HeatMap, choice: Choice, catalogue: Catalogue, in_scope: bool) -> str:
    """The rendered figures, the same for every reader and kept per snapshot.

    An open panel is not kept, since lateness moves on, nor the button that asks for a map.
    """

    def made(own: HttpRequest | None = None) -> str:
        template = "desk/wall_body.html" if choice.wall else "desk/overview_body.html"
        return render_to_string(template, front.page(of, choice, catalogue) | {"in_scope": in_scope}, own)

    if choice.unit or units.layout(of.board.owner.id) is None:
        return made(request)
    scored = bool(catalogue.pillars)
    facts = (stamp(), of.board.catalogue.version)
    key = (facts, clock.today(), words.lang(), of.board.owner.id, choice, in_scope, scored)
    return _bodies.get(key, made)
