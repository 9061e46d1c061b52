"""The editor. Each button saves everything that stands on the page first, so nothing typed is ever lost."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haicap.catalogue import permissions, queries
from haicap.catalogue.drafts import actions, posting
from haicap.catalogue.drafts import queries as drafts
from haicap.catalogue.drafts.queries import Draft
from haicap.catalogue.drafts.reading import read
from haicap.catalogue.presenters import editor, regimes, sheets
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.tables import sheets as files
from haicap.ui import wording

from .asking import draft_or_404, scope_in


@login_required
@never_cache
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A new draft, or one of a published form (field `form`)."""
    scope, form = scope_in(request), request.POST.get("form", "")
    editable = permissions.editable_units(scope)
    try:
        owner = queries.form(form).owner_unit_id if form else next(iter(editable), None)
        if owner is None:
            raise permissions.unknown()
        draft = actions.begin(by=scope.ref, scope=scope, owner_id=owner, form=form)
    except Refusal as refusal:
        messages.error(request, wording.refusal(refusal))
        return HttpResponseRedirect(reverse("catalogue:list"))
    return HttpResponseRedirect(reverse("catalogue:draft", args=[draft]))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    found = draft_or_404(scope_in(request), draft_id)
    return _posted(request, found) if request.method == "POST" else _page(request, found, found.content)


def _page(
    request: HttpRequest, found: Draft, content: dict[str, Any], problem: str = "", status: int = 200
) -> HttpResponse:
    book = queries.current()
    reading = read(content, book, found.owner, found.base)
    find = request.POST.get("find", request.GET.get("find", ""))
    context = {
        "draft": found,
        "page": editor.page(found, content, reading, book, clock.today()),
        "show_problems": found.version > 1 or bool(problem),
        "problem": problem,
        "base": content["base"],
        "outdated": found.base is not None and content["base"] != str(found.base.number) and not found.closed,
        "find": find,
        "target": request.POST.get("target", request.GET.get("target", "")),
        "found": editor.search(find, reading.elements, content),
        "searched": bool(find.strip()),
    }
    return render(request, "catalogue/editor.html", context, status=status)


def _posted(request: HttpRequest, found: Draft) -> HttpResponse:
    scope, wish = scope_in(request), request.POST.get("do", "save")
    content = posting.content_of(request.POST)
    seen = int(request.POST["seen"]) if request.POST.get("seen", "").isdecimal() else 0
    used = drafts.used_codes(found.form)
    target = request.POST.get("target", "")
    if wish == "rebase" and found.base is not None:
        # The reader has seen what the later version changed and wants the draft to follow it.
        content["base"] = str(found.base.number)
    anchor = posting.operate(content, wish, used, target)
    try:
        version = actions.save(by=scope.ref, scope=scope, draft_id=found.id, content=content, seen=seen)
        if wish == "publish":
            return _published(request, found, version)
    except Refusal as refusal:
        fresh = draft_or_404(scope, found.id)
        shown = content if refusal.code == "draft.stale" else fresh.content
        status = (
            409 if refusal.code in ("draft.stale", "draft.closed", "draft.same", "draft.outdated") else 400
        )
        return _page(request, fresh, shown, wording.refusal(refusal), status)
    messages.success(request, _("Đã lưu bản thảo."))
    find = {"find": request.POST.get("find", ""), "target": target}
    query = f"?{urlencode(find)}" if find["find"] else ""
    address = reverse("catalogue:draft", args=[found.id])
    if wish == "find":
        anchor = "find"
    return HttpResponseRedirect(f"{address}{query}{'#' + anchor if anchor else ''}")


def _published(request: HttpRequest, found: Draft, version: int) -> HttpResponse:
    scope = scope_in(request)
    form = actions.publish(by=scope.ref, scope=scope, draft_id=found.id, seen=version)
    told = {"code": form.code, "number": form.number}
    messages.success(request, _("Đã công bố mẫu %(code)s, bản %(number)s.") % told)
    return HttpResponseRedirect(reverse("catalogue:regime", args=[form.code]))


@login_required
@never_cache
@require_POST
def set_aside(request: HttpRequest, draft_id: int) -> HttpResponse:
    scope = scope_in(request)
    found = draft_or_404(scope, draft_id)
    try:
        actions.set_aside(by=scope.ref, scope=scope, draft_id=found.id)
    except Refusal as refusal:
        messages.error(request, wording.refusal(refusal))
    else:
        messages.success(request, _("Đã bỏ bản thảo."))
    return HttpResponseRedirect(reverse("catalogue:list"))


@login_required
@never_cache
@require_safe
def find(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The results of the search alone, for htmx."""
    found = draft_or_404(scope_in(request), draft_id)
    book = queries.current()
    reading = read(found.content, book, found.owner, found.base)
    text = request.GET.get("find", "")
    context = {
        "found": editor.search(text, reading.elements, found.content),
        "searched": bool(text.strip()),
    }
    return render(request, "catalogue/found.html", context)


@login_required
@never_cache
@require_safe
def changes(request: HttpRequest, draft_id: int) -> HttpResponseBase:
    """What would change against the version in force."""
    found = draft_or_404(scope_in(request), draft_id)
    base = found.base
    reading = read(found.content, queries.current(), found.owner, base)
    rows = regimes.differences(base, reading.form) if base else []
    if file := files.asked(request, thay_doi=lambda: sheets.differences(rows, base, reading.form)):
        return file
    context = {
        "draft": found,
        "old": base,
        "new": reading.form,
        "rows": rows,
    }
    return render(request, "catalogue/changes.html", context)
