"""Find a commune by name, with or without marks, or by code."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from haicap.accounts.scopes import scope_in
from haicap.desk.presenters import words
from haicap.units import queries as units
from haicap.units.states import Level

PAGES: dict[int, str] = {Level.COMMUNE: "desk:commune", Level.PROVINCE: "desk:province"}
MOST = 50
LONGEST = 100


@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:LONGEST]
    scope = scope_in(request)
    # asked unit by unit: a cut of the whole country could leave out the reader's own
    reach = {grant.unit_id for grant in scope.grants}
    hits = {place.id: place for unit in sorted(reach) for place in units.search(text, unit, limit=MOST)}
    found = list(hits.values())[:MOST]
    communes = [place for place in found if place.level == Level.COMMUNE]
    if len(communes) == 1 and len(found) == 1:
        return redirect("desk:commune", communes[0].code)
    parents = units.by_ids(place.parent_id for place in found if place.parent_id)
    rows = [
        {
            "code": place.code,
            "name": words.place_name(place),
            "parent": words.place_name(parents[place.parent_id]) if place.parent_id in parents else "",
            "url": PAGES.get(place.level, ""),
        }
        for place in found
    ]
    return render(request, "desk/search.html", {"search_words": text, "rows": rows, "most": MOST})
