""" "Not this unit's fault": the list, one dispute, raising it, deciding it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haicap.catalogue import calendar
from haicap.core import numbers
from haicap.core.errors import Refusal
from haicap.tables import sheets as files
from haicap.ui import wording
from haicap.units import queries as units

from .. import permissions
from ..actions import disputing
from ..permissions import Act
from ..policies.asking import can_be_second, can_dispute
from ..presenters import disputes as words
from ..presenters import queue as lists
from ..presenters import said
from ..presenters.tables import Table, lang
from ..queries import disputes as queries
from ..queries import queue
from ..queries.late import members
from ..stages import DISPUTE_LABELS, DisputeAct, DisputeState
from ..states import HOLDER_LABELS, Holder
from . import fields
from .asked import Asked, asked, page_of
from .frame import frame, sheet
from .queue import late_rows, overdue_page

#: how many of its dossiers the page of a dispute shows; the file has them all
SHOWN = 50


@login_required
@never_cache
@require_safe
def disputes(request: HttpRequest) -> HttpResponse:
    what = asked(request)
    made, page, found = table(what)
    states = [(one.value, str(DISPUTE_LABELS[one]), one.value == what.data.get("tt")) for one in DisputeState]
    context = frame(what, "disputes", table=made, page=page, found=found, states=states)
    return render(request, "dossiers/disputes.html", context)


def table(what: Asked, full: bool = False) -> tuple[Table, Any, str]:
    rows = queries.listed(what.unit_ids, what.data.get("tt", ""))
    page, found = page_of(rows, what.data)
    cells = words.rows(queries.viewed(rows if full else page.object_list), what.by_id, what.sources)
    return Table("de-nghi", gettext("Đề nghị xem lại"), words.columns(), cells), page, found


@login_required
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """A refusal brings the list back with its reason; what was typed stays."""
    what, late_ones = asked(request), bool(request.POST.get("tre"))
    if what.unit is None:
        raise Http404
    try:
        ids = fields.ticked(request.POST, "dossier")
        group = fields.group(request.POST)
        if group is not None:
            ids += members(late_rows(what, late_ones), *group, most=disputing.MOST)
        made = disputing.dispute(
            by=what.scope.ref,
            scope=what.scope,
            unit_id=what.unit.id,
            dossiers=ids,
            cause=request.POST.get("cause", ""),
            reason=request.POST.get("reason", ""),
        )
    except Refusal as refusal:
        if refusal.code == "dossiers.unknown":
            raise
        status = 403 if refusal.code == "dossiers.not_yours" else 409
        return overdue_page(request, what, late_ones, wording.refusal(refusal), status)
    messages.success(request, gettext("Đã gửi đề nghị lên tỉnh."))
    return HttpResponseRedirect(reverse("dossiers:dispute", args=[made]))


@login_required
@never_cache
@require_safe
def dispute(request: HttpRequest, dispute: int) -> HttpResponseBase:
    """The file of it has every dossier of the dispute, however many the page shows."""

    def of_dispute() -> files.Sheet:
        what, one = asked(request), queries.one(dispute)
        return sheet(_members(what, _place(what, one), one, None), what)

    return files.asked(request, ho_so=of_dispute) or _page(request, dispute)


def _place(what: Asked, one: queries.DisputeView) -> units.Place:
    place = units.by_id(one.unit_id)
    if not what.scope.sees(place):
        raise Http404
    return place


def _members(what: Asked, place: units.Place, one: queries.DisputeView, most: int | None) -> Table:
    rows, days = queries.members(one.id)[:most], calendar.workdays()
    cells = [
        lists.late_row(row, what.names, {place.id: place}, what.sources, days, False)
        for row in queue.opened(rows)
    ]
    title = gettext("Hồ sơ trong đề nghị (%(shown)s/%(n)s)") % {
        "shown": numbers.format(len(cells), lang()),
        "n": numbers.format(one.n, lang()),
    }
    return Table("ho_so", title, lists.late_columns(False), cells)


def _page(request: HttpRequest, dispute: int, problem: str = "", status: int = 200) -> HttpResponse:
    what, one = asked(request), queries.one(dispute)
    place = _place(what, one)
    context = frame(
        what,
        "disputes",
        one=one,
        place=place,
        source=what.sources.get(one.source_id),
        cause=HOLDER_LABELS[Holder(one.cause)],
        state=DISPUTE_LABELS[one.state],
        lines=said.lines(one.said),
        table=_members(what, place, one, SHOWN),
        acts=_acts(what, one, place),
        problem=problem,
        typed=request.POST,
    )
    return render(request, "dossiers/dispute.html", context, status=status)


def _acts(what: Asked, one: queries.DisputeView, place: units.Place) -> dict[str, bool]:
    """Which buttons the reader gets; the actions judge again."""
    scope = what.scope
    other = can_be_second(scope.ref, [one.by])
    decide = permissions.can(scope, Act.DECIDE, place) and other and can_dispute(one.state, DisputeAct.ACCEPT)
    second = can_be_second(scope.ref, [one.by, one.office_by])
    leader = permissions.can(scope, Act.CONFIRM, place) and second
    return {
        "withdraw": permissions.can(scope, Act.DISPUTE, place)
        and can_dispute(one.state, DisputeAct.WITHDRAW),
        "decide": decide,
        "confirm": leader and can_dispute(one.state, DisputeAct.CONFIRM),
    }


@login_required
@require_POST
def step(request: HttpRequest, dispute: int, act: str) -> HttpResponse:
    what, data = asked(request), request.POST
    told: dict[str, Any] = {
        "by": what.scope.ref,
        "scope": what.scope,
        "dispute": dispute,
        "seen_version": fields.number(data.get("version")),
    }
    reason = data.get("reason", "")
    try:
        if act == DisputeAct.WITHDRAW:
            disputing.withdraw(**told)
        elif act == DisputeAct.ACCEPT:
            disputing.accept(**told, reason=reason)
        elif act == DisputeAct.REFUSE:
            disputing.refuse(**told, reason=reason)
        elif act in (DisputeAct.CONFIRM, DisputeAct.OVERRULE):
            disputing.confirm(**told, agree=act == DisputeAct.CONFIRM, reason=reason)
        else:
            raise Http404
    except Refusal as refusal:
        if refusal.code == "dossiers.unknown":
            raise
        status = 403 if refusal.code == "dossiers.not_yours" else 409
        return _page(request, dispute, wording.refusal(refusal), status)
    messages.success(request, gettext("Đã ghi."))
    return HttpResponseRedirect(reverse("dossiers:dispute", args=[dispute]))
