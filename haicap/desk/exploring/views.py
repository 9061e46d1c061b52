"""/kham-pha/: the form, the answer as table, chart or map, its files, and the questions that were kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haicap.accounts.scopes import Scope, scope_in
from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.queries import Catalogue
from haicap.core.errors import Refusal
from haicap.desk.exploring import actions, choices, files, permissions, pictures, saved, wordings
from haicap.desk.exploring.address import (
    CHART,
    ITEMS,
    LONGEST,
    MAP,
    PERIODS,
    SPLIT,
    TABLE,
    UNITS,
    Address,
    read,
)
from haicap.desk.exploring.asking import Wish, wish
from haicap.desk.exploring.origins import finder
from haicap.desk.exploring.pivot import table
from haicap.desk.presenters import words
from haicap.insight.exploring.answers import Answer, answer
from haicap.insight.exploring.question import Objection
from haicap.insight.freshness import made_at, steady
from haicap.ui import wording
from haicap.units import queries as units

FIELDS = (ITEMS, UNITS, PERIODS, SPLIT, "gop")


@require_safe
@login_required
@never_cache
@steady
def page(request: HttpRequest) -> HttpResponseBase:
    """The address is the question (see address.py). 400 where the grammar refuses all of it, 404 where every
    unit named lies out of reach; either way with the form and all that was chosen."""
    scope = scope_in(request)
    if not permissions.can(scope):
        return render(request, "desk/no_position.html")
    return _page(request, scope, read(request.GET))


def _page(
    request: HttpRequest, scope: Scope, address: Address, problem: str = "", name: str = ""
) -> HttpResponseBase:
    catalogue = catalogue_queries.current()
    asked = wish(address, scope, catalogue)
    context, status = _base(scope, address, asked, catalogue), 200
    context |= {"problem": problem, "name": name}
    against = list(asked.objections)
    if not address.blank:
        found = answer(asked.question, catalogue)
        if isinstance(found, Answer) and not _fatal(asked):
            kind = request.GET.get("tai", "")
            shown = table(found, address, catalogue, finder(found, address, catalogue))
            if kind in files.KINDS:
                return files.file(found, shown, catalogue, kind)
            against += found.objections
            context |= _shown(found, address, catalogue) | {"table": shown}
        else:
            against += [] if isinstance(found, Answer) else _unsaid(found, against)
            status = 404 if asked.out_of_reach else 400
    context["against"] = _against(against, asked, catalogue)
    context["refused"] = [text for texts in context["against"].values() for text in texts]
    return render(request, "desk/exploring/page.html", context, status=400 if problem else status)


def _fatal(asked: Wish) -> bool:
    """A split that does not exist would show the whole in its place."""
    return any(one.code == "unknown_split" for one in asked.objections)


def _unsaid(found: list[Objection], against: list[Objection]) -> list[Objection]:
    """ "Choose a unit" is no news beside "there is no such unit"."""
    places = {one.place for one in against}
    return [one for one in found if one.code != "nothing" or one.place not in places]


def _base(scope: Scope, address: Address, asked: Wish, catalogue: Catalogue) -> dict[str, Any]:
    home = scope.home
    return {
        "address": address,
        "form": choices.form(address, asked, scope, catalogue),
        "example": choices.example(scope, asked.offered, catalogue) if address.blank else "",
        "saved": saved.seen_by(scope),
        "query": address.query(),
        "home_unit": words.place_name(units.by_id(home.unit_id)) if home else "",
        "views": [
            (address.query(view=view), said, view == address.view)
            for view, said in ((TABLE, _("Bảng")), (CHART, _("Biểu đồ")), (MAP, _("Bản đồ")))
        ],
    }


def _shown(found: Answer, address: Address, catalogue: Catalogue) -> dict[str, Any]:
    context: dict[str, Any] = {
        "answer": found,
        "covered": files.covered(found),
        "span": wordings.span(found.question.periods),
        "made_at": made_at(found.snapshot),
        "snapshot": found.snapshot,
    }
    if address.view == CHART:
        context["charts"] = pictures.charts_of(found, catalogue)
    if address.view == MAP:
        context["picture"] = pictures.picture(found, address, catalogue, finder(found, address, catalogue))
        context["hidden"] = parse_qsl(address.query(drawn=""))
    return context


def _against(against: list[Objection], asked: Wish, catalogue: Catalogue) -> dict[str, list[str]]:
    """What is said at each part of the form."""
    told: dict[str, list[str]] = {field: [] for field in FIELDS}
    for one in against:
        text = wordings.objection(one, asked.question, catalogue)
        if text not in told[one.place]:
            told[one.place].append(text)
    return told


@require_POST
@login_required
@never_cache
def keep(request: HttpRequest) -> HttpResponseBase:
    """ten=name, cau=question. What was typed and chosen comes back with a refusal."""
    scope, post = scope_in(request), request.POST
    try:
        id = actions.keep(by=scope, name=post.get("ten", ""), query=post.get("cau", ""))
    except Refusal as refusal:
        if not permissions.can(scope):
            raise
        return _again(request, scope, post.get("cau", ""), wording.refusal(refusal), post.get("ten", ""))
    messages.success(request, _("Đã lưu câu hỏi."))
    return redirect("desk:explorer_saved", id)


def _again(request: HttpRequest, scope: Scope, query: str, problem: str, name: str) -> HttpResponseBase:
    return _page(request, scope, read(QueryDict(query[:LONGEST])), problem, name[:200])


@require_safe
@login_required
@never_cache
def opened(request: HttpRequest, id: int) -> HttpResponse:
    """A saved question leads to its address, asked there with the reader's own scope. 404 for a stranger."""
    scope = scope_in(request)
    try:
        permissions.check(scope)
        found = saved.one(scope, id)
    except Refusal as refusal:
        raise Http404 from refusal
    return redirect(f"{reverse('desk:explorer')}?{found.query}")


@require_POST
@login_required
@never_cache
def step(request: HttpRequest, id: int, act: str) -> HttpResponse:
    """chia-se (chung=1|0) or bo, by the owner alone; 404 for everybody else. Back to the question shown."""
    scope = scope_in(request)
    if act == "chia-se":
        shared = request.POST.get("chung") == "1"
        actions.share(by=scope, question_id=id, shared=shared)
        said = _("Đồng nghiệp cùng đơn vị đã xem được câu hỏi này.") if shared else _("Đã thôi chia sẻ.")
    elif act == "bo":
        actions.drop(by=scope, question_id=id)
        said = _("Đã bỏ câu hỏi.")
    else:
        raise Http404
    messages.success(request, said)
    return redirect(f"{reverse('desk:explorer')}?{read_query(request)}")


def read_query(request: HttpRequest) -> str:
    """The question that the page showed, made anew: nothing else of what was sent gets into an address."""
    return read(QueryDict(request.POST.get("cau", "")[:LONGEST])).query()
