"""Declare a session of a commune or an outage of a source, before anybody has to ask."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from haicap.accounts.states import Role
from haicap.core.errors import Refusal
from haicap.ui import wording
from haicap.units import queries as units
from haicap.units.queries import Place

from ..actions import declaring
from ..permissions import OWN_UNIT, Act
from ..queries.naming import source_codes
from ..stages import CIRCUMSTANCE_LABELS, CircumstanceKind
from . import fields
from .asked import Asked, asked
from .frame import frame

#: who declares what for the unit of the own position
KINDS = {Act.DECLARE_SESSION: CircumstanceKind.SESSION, Act.DECLARE_OUTAGE: CircumstanceKind.OUTAGE}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    what = asked(request)
    kind, place = _mine(what)
    if request.method != "POST":
        return _page(request, what, kind, place)
    data = request.POST
    try:
        declaring.declare(
            by=what.scope.ref,
            scope=what.scope,
            kind=kind,
            unit_id=place.id,
            starts=fields.instant(data, "starts"),
            ends=fields.instant(data, "ends"),
            reason=data.get("reason", ""),
            source=data.get("source", "")[:40],
        )
    except Refusal as refusal:
        return _page(request, what, kind, place, wording.refusal(refusal), 409)
    messages.success(request, gettext("Đã khai báo."))
    return HttpResponseRedirect(reverse("dossiers:signals"))


def _mine(what: Asked) -> tuple[CircumstanceKind, Place]:
    """An officer declares for the own commune, the office of the province for its sources."""
    for grant in what.scope.grants:
        for act, kind in KINDS.items():
            if grant.role in OWN_UNIT[act]:
                return kind, units.by_id(grant.unit_id)
    raise Http404


def may_declare(what: Asked) -> bool:
    roles: set[Role] = {grant.role for grant in what.scope.grants}
    return any(roles & OWN_UNIT[act] for act in KINDS)


def _page(
    request: HttpRequest,
    what: Asked,
    kind: CircumstanceKind,
    place: Place,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = frame(
        what,
        "signals",
        kind=CIRCUMSTANCE_LABELS[kind],
        outage=kind is CircumstanceKind.OUTAGE,
        place=place,
        choices=source_codes(),
        problem=problem,
        typed=request.POST,
    )
    return render(request, "dossiers/declare.html", context, status=status)
