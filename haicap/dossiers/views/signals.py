"""Questions about dossiers: the list, one question with its way, what was declared."""

from __future__ import annotations

from datetime import timedelta
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

from haicap.core.errors import Refusal
from haicap.tables import sheets as files
from haicap.ui import wording
from haicap.units import queries as units

from .. import permissions
from ..actions import asking
from ..permissions import Act
from ..policies.asking import can_be_second, can_weigh
from ..policies.timing import day_of
from ..presenters import said
from ..presenters import signals as words
from ..presenters.tables import Table, day_words
from ..queries import questions as queries
from ..signals import rules
from ..stages import (
    OUTCOME_LABELS,
    SIGNAL_LABELS,
    SIGNAL_NAMES,
    SIGNAL_STEPS,
    Outcome,
    SignalAct,
    SignalState,
)
from . import fields
from .asked import Asked, asked, page_of
from .circumstances import may_declare
from .frame import frame, sheet

DECLARED_BACK = timedelta(days=120)


@login_required
@never_cache
@require_safe
def signals(request: HttpRequest) -> HttpResponseBase:
    what = asked(request)
    if file := files.asked(request, khai_bao=lambda: sheet(declared(what), what)):
        return file
    made, page, found = table(what)
    in_force = rules.in_force()
    states = [(one.value, str(SIGNAL_LABELS[one]), one.value == what.data.get("tt")) for one in SignalState]
    context = frame(
        what,
        "signals",
        table=made,
        page=page,
        found=found,
        states=states,
        declared=declared(what),
        may_declare=may_declare(what),
        thresholds=[(SIGNAL_NAMES[kind], words.threshold(kind, in_force)) for kind in SIGNAL_NAMES]
        if in_force
        else [],
    )
    return render(request, "dossiers/signals.html", context)


def readable(what: Asked) -> frozenset[int]:
    """Units whose questions this reader may read: a question is for the unit and those who weigh it."""
    return frozenset(one.id for one in what.chosen if permissions.can(what.scope, Act.READ_SIGNALS, one))


def table(what: Asked, full: bool = False) -> tuple[Table, Any, str]:
    """Of all months, unless the address names one."""
    rows = queries.listed(readable(what), what.data.get("ky", ""), what.data.get("tt", ""))
    page, found = page_of(rows, what.data)
    cells = words.rows(queries.viewed(rows if full else page.object_list), what.by_id)
    return Table("cau-hoi", gettext("Câu hỏi về hồ sơ"), words.columns(), cells), page, found


def declared(what: Asked) -> Table:
    owners = {grant.unit_id for grant in what.scope.grants}
    above = {int(part) for one in what.chosen for part in one.path.split("/") if part}
    rows = queries.circumstances(what.unit_ids | owners | above, what.now - DECLARED_BACK)
    places = units.by_ids({one.unit_id for one in rows})
    title = gettext("Đã khai báo trong 120 ngày qua")
    return Table("khai_bao", title, words.declared_columns(), words.declared(rows, places))


@login_required
@never_cache
@require_safe
def signal(request: HttpRequest, signal: int) -> HttpResponse:
    return _page(request, signal)


def _page(request: HttpRequest, signal: int, problem: str = "", status: int = 200) -> HttpResponse:
    what, one = asked(request), queries.one(signal)
    place = units.by_id(one.unit_id)
    permissions.check(what.scope, Act.READ_SIGNALS, place)
    asked_under = rules.numbered(one.rules)
    context = frame(
        what,
        "signals",
        one=one,
        place=place,
        name=SIGNAL_NAMES[one.kind],
        seen=words.seen(one),
        threshold=words.threshold(one.kind, asked_under),
        state=SIGNAL_LABELS[one.state],
        month=words.month(one.period),
        until=day_words(one.answer_by),
        innocents=words.innocents(one.kind),
        outcomes=words.outcomes(),
        outcome=OUTCOME_LABELS[Outcome(one.outcome)] if one.outcome else "",
        lines=said.lines(one.said),
        acts=_acts(what, one, place),
        problem=problem,
        typed=request.POST,
    )
    return render(request, "dossiers/signal.html", context, status=status)


def _acts(what: Asked, one: queries.SignalView, place: units.Place) -> dict[str, bool]:
    """Which forms the reader gets; the actions judge again."""
    scope, ref = what.scope, what.scope.ref
    weigh = can_weigh(one.state, one.answer_by, day_of(what.now)) and can_be_second(ref, [one.answered_by])
    close = (one.state, SignalAct.AGREE) in SIGNAL_STEPS
    return {
        "answer": permissions.can(scope, Act.ANSWER, place) and (one.state, SignalAct.ANSWER) in SIGNAL_STEPS,
        "weigh": permissions.can(scope, Act.WEIGH, place) and weigh,
        "close": permissions.can(scope, Act.CLOSE, place)
        and close
        and can_be_second(ref, [one.answered_by, one.weighed_by]),
    }


@login_required
@require_POST
def step(request: HttpRequest, signal: int, act: str) -> HttpResponse:
    what, data = asked(request), request.POST
    told: dict[str, Any] = {
        "by": what.scope.ref,
        "scope": what.scope,
        "signal": signal,
        "seen_version": fields.number(data.get("version")),
        "text": data.get("text", ""),
    }
    try:
        if act == SignalAct.ANSWER:
            asking.answer(**told, choice=data.get("choice", ""))
        elif act == SignalAct.WEIGH:
            asking.weigh(**told, choice=data.get("choice", ""))
        elif act in (SignalAct.AGREE, SignalAct.DISAGREE):
            asking.decide(**told, agree=act == SignalAct.AGREE)
        else:
            raise Http404
    except Refusal as refusal:
        if refusal.code == "dossiers.unknown":
            raise
        status = 403 if refusal.code == "dossiers.not_yours" else 409
        return _page(request, signal, wording.refusal(refusal), status)
    messages.success(request, gettext("Đã ghi."))
    return HttpResponseRedirect(reverse("dossiers:signal", args=[signal]))
