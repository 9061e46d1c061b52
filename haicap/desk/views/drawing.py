"""Ask for the hexagons of a province and watch them come."""

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from haicap.accounts.scopes import scope_in
from haicap.core.errors import Refusal
from haicap.desk.jobs import draw_map
from haicap.desk.presenters.front import waiting
from haicap.units import queries as units
from haicap.units.actions import ask_drawing
from haicap.units.places import Place
from haicap.units.states import Level


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def drawing(request: HttpRequest, code: str) -> HttpResponse:
    """POST asks for the layout once; GET is the bar, which reloads the page when the layout is there.

    Where a unit lies is public: every signed-in reader may ask.
    """
    owner = _owner(code)
    if request.method == "POST":
        # the job is queued with the request for it, or neither is
        with transaction.atomic():
            if ask_drawing(by=scope_in(request), owner_id=owner.id):
                draw_map.enqueue(owner.id)
        return redirect(_page(owner))
    share = units.drawing(owner.id)
    answer = render(request, "desk/drawing.html", waiting(owner, share))
    if units.layout(owner.id) is not None or share is None:
        answer["HX-Refresh"] = "true"
    return answer


def _owner(code: str) -> Place:
    try:
        return units.country() if code == "00" else units.by_code(code, level=Level.PROVINCE)
    except Refusal as refusal:
        raise Http404 from refusal


def _page(owner: Place) -> str:
    if owner.level == Level.COUNTRY:
        return reverse("desk:country")
    return reverse("desk:province", args=[owner.code])
