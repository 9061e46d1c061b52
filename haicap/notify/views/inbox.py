"""The inbox of a person and the count in the head of every page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haicap.accounts.scopes import scope_in

from .. import actions, permissions, queries
from ..presenters import inbox_lines

PER_PAGE = 30


@login_required
@never_cache
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """?chua-doc=1 shows only what was not read yet; ?trang= is the page."""
    scope, fresh = scope_in(request), request.GET.get("chua-doc") == "1"
    rows = queries.inbox(scope.user_id, only_unread=fresh)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("trang"))
    context = {
        "lines": inbox_lines(queries.inbox_rows(page.object_list)),
        "page": page,
        "fresh": fresh,
        "unread": queries.unread(scope.user_id),
        "office": bool(permissions.offices(scope)),
    }
    return render(request, "notify/inbox.html", context)


@never_cache
@require_safe
def count(request: HttpRequest) -> HttpResponse:
    """The fragment in the head of a page: asked for by the page, so that kept pages never show an old
    count."""
    if not request.user.is_authenticated:
        return HttpResponse(status=204)
    return render(request, "notify/count.html", {"unread": queries.unread(request.user.pk)})


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    actions.mark_read(user_id=scope_in(request).user_id)
    return HttpResponseRedirect(reverse("notify:inbox"))


@login_required
@require_POST
def open_one(request: HttpRequest, receipt_id: int) -> HttpResponse:
    """Marks one message as read and goes where it points; a message of somebody else does not exist."""
    link = actions.mark_read(user_id=scope_in(request).user_id, receipt_id=receipt_id)
    if link is None:
        raise Http404
    return HttpResponseRedirect(link or reverse("notify:inbox"))
