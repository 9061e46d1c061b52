"""Disputes of figures that the system counted: say it, see it, decide it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from haicap.accounts.scopes import Scope, scope_in
from haicap.accounts.strangers import stranger_404
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import spoken
from haicap.core.errors import Refusal
from haicap.core.languages import known
from haicap.tables import sheets as files
from haicap.ui import wording
from haicap.units import queries as units

from .. import actions, permissions
from ..presenters import counted, sheets, words
from ..queries import disputes as rows
from ..queries.derived import SystemFigure, system_figures
from ..states import DisputeState
from .lists import seen_by
from .sheets import Sheet, sheet_of

SHOWN = 200


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, form: str, period: str, code: str, element: str) -> HttpResponse:
    """The form in which a commune says that a figure is wrong."""
    sheet = sheet_of(request, form, period, code)
    known_element = catalogue.current().elements.get(element)
    if known_element is None or element not in sheet.form.elements:
        raise Http404
    found = system_figures([sheet.place.id], [sheet.period.key], [known_element.id], sheet.period.rule.value)
    if not found:
        raise Http404
    permissions.check_dispute(sheet.scope, sheet.place)
    problem, status = "", 200
    if request.method == "POST":
        try:
            made = _begun(request, sheet, found[0])
        except Refusal as refusal:
            problem, status = wording.refusal(refusal), 400
        else:
            messages.success(request, _("Đã gửi ý kiến lên tỉnh."))
            return HttpResponseRedirect(reverse("reporting:dispute", args=[made]))
    context = {
        "sheet": sheet,
        "label": spoken(known_element.labels, words.lang()) or element,
        "title": spoken(sheet.form.labels, words.lang()),
        "card": counted.card(found[0], known_element, sheet),
        "cell_url": reverse("reporting:cell", args=[form, period, code, element]),
        "problem": problem,
        "given": {name: request.POST.get(name, "") for name in ("reason", "believed", "evidence")},
        "lang": words.lang(),
    }
    return render(request, "reporting/dispute_begin.html", context, status=status)


def _begun(request: HttpRequest, sheet: Sheet, figure: SystemFigure) -> int:
    data = request.POST
    return actions.dispute(
        by=sheet.scope.ref,
        scope=sheet.scope,
        value=figure.id,
        reason=data.get("reason", ""),
        believed=data.get("believed", ""),
        evidence=data.get("evidence", ""),
        lang=known(data.get("lang")),
    )


@login_required
@never_cache
@require_safe
def listed(request: HttpRequest) -> HttpResponseBase:
    """Open ones first to be decided, then what was decided."""
    places = units.by_ids(seen_by(scope_in(request)))
    every = rows.disputes(places)
    if file := files.asked(request, y_kien=lambda: sheets.disputes(counted.asked(every, places))):
        return file
    found = counted.asked(every[:SHOWN], places)
    context = {
        "open": [one for one in found if one.row.state is DisputeState.OPEN],
        "standing": [one for one in found if one.row.state is DisputeState.UPHELD],
        "done": [one for one in found if one.row.state in (DisputeState.REFUSED, DisputeState.LIFTED)],
        "count": len(every),
        "shown": SHOWN,
    }
    return render(request, "reporting/disputes.html", context)


Decide = Callable[[HttpRequest, Scope, int], None]


def _uphold(request: HttpRequest, scope: Scope, dispute: int) -> None:
    data = request.POST
    actions.uphold(
        by=scope.ref,
        scope=scope,
        dispute=dispute,
        reason=data.get("reason", ""),
        number=data.get("number", ""),
        lang=known(data.get("lang")),
    )


def _refuse(request: HttpRequest, scope: Scope, dispute: int) -> None:
    actions.refuse(by=scope.ref, scope=scope, dispute=dispute, reason=request.POST.get("reason", ""))


def _lift(request: HttpRequest, scope: Scope, dispute: int) -> None:
    actions.lift(by=scope.ref, scope=scope, dispute=dispute, reason=request.POST.get("reason", ""))


DECISIONS: dict[str, Decide] = {"uphold": _uphold, "refuse": _refuse, "lift": _lift}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, dispute_id: int) -> HttpResponse:
    scope, row = scope_in(request), rows.dispute(dispute_id)
    if row is None:
        raise Http404
    place = stranger_404(scope, units.by_id(row.figure.unit_id))
    problem, status = "", 200
    if request.method == "POST":
        decide = DECISIONS.get(request.POST.get("do", ""))
        if decide is None:
            raise Http404
        try:
            decide(request, scope, dispute_id)
        except Refusal as refusal:
            problem = wording.refusal(refusal)
            status = 403 if refusal.code == "report.not_yours" else 400
        else:
            messages.success(request, _("Đã ghi quyết định."))
            return HttpResponseRedirect(reverse("reporting:dispute", args=[dispute_id]))
    decides = permissions.can_decide_dispute(scope, place) and scope.ref != row.by
    (shown,) = counted.asked([row], {place.id: place})
    context = {
        "one": shown,
        "can_decide": decides and row.state is DisputeState.OPEN,
        "can_lift": decides and row.state is DisputeState.UPHELD,
        "problem": problem,
        "given": {name: request.POST.get(name, "") for name in ("reason", "number")},
        "lang": words.lang(),
    }
    return render(request, "reporting/dispute.html", context, status=status)
