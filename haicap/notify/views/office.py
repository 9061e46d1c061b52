"""For the office of a unit: what did not go out, what nobody received, and the hooks."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from haicap.accounts.scopes import scope_in
from haicap.tables import sheets as files
from haicap.units import queries as units

from .. import actions, permissions, presenters, queries
from ..forms import HookForm


@login_required
@never_cache
@require_safe
def office(request: HttpRequest) -> HttpResponseBase:
    own = own_units(request)
    seen = _below(own)
    file = files.asked(
        request,
        khong_nguoi_nhan=lambda: presenters.lost_sheet(queries.lost(seen, None)),
        chua_gui=lambda: presenters.stuck_sheet(queries.stuck(seen, None)),
        he_thong_nhan=lambda: presenters.hook_sheet(queries.hooks(own)),
    )
    return file or page(request)


def page(
    request: HttpRequest,
    form: HookForm | None = None,
    fresh: tuple[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """`fresh`: name and secret of a hook that was just set up; shown in this answer and never again."""
    own = own_units(request)
    seen = _below(own)
    context = {
        "mail": settings.MAIL_ENABLED,
        "stuck": presenters.stuck_lines(queries.stuck(seen)),
        "lost": presenters.lost_lines(queries.lost(seen)),
        "hooks": presenters.hook_lines(queries.hooks(own)),
        "most": queries.MOST,
        "here": reverse("notify:office"),
        "form": form or HookForm(initial={"unit": own[0]}),
        "fresh": fresh,
    }
    return render(request, "notify/office.html", context, status=status)


@login_required
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """POST delivery=<id> for each delivery to start anew; only those about units of this office."""
    seen = {row.id for row in queries.stuck(_below(own_units(request)))}
    asked = {int(text) for text in request.POST.getlist("delivery") if text.isascii() and text.isdigit()}
    count = actions.try_again(by=scope_in(request).ref, delivery_ids=sorted(asked & seen))
    messages.success(request, _("Sẽ gửi lại %(n)s tin trong phút tới.") % {"n": count})
    return HttpResponseRedirect(reverse("notify:office"))


@login_required
@require_POST
def settle(request: HttpRequest, notice_id: int) -> HttpResponse:
    seen = _below(own_units(request))
    if not actions.settle(by=scope_in(request).ref, notice_id=notice_id, unit_ids=sorted(seen)):
        raise Http404
    messages.success(request, _("Đã ghi là xong."))
    return HttpResponseRedirect(reverse("notify:office"))


def own_units(request: HttpRequest) -> tuple[int, ...]:
    """The units whose office this person is; for anybody else the page does not exist."""
    own = permissions.offices(scope_in(request))
    if not own:
        raise Http404
    return own


def _below(own: tuple[int, ...]) -> frozenset[int]:
    found: set[int] = set()
    for unit_id in own:
        found |= units.subtree_ids(unit_id)
    return frozenset(found)
