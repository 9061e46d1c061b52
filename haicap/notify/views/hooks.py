"""Setting up and closing web hooks."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from haicap.accounts.scopes import scope_in
from haicap.core.errors import Refusal
from haicap.ui import wording

from .. import actions
from ..forms import HookForm
from ..states import Topic
from .office import own_units, page


@login_required
@never_cache
@require_POST
def open_one(request: HttpRequest) -> HttpResponse:
    """The answer shows the secret; it is in no other page, so the answer is not kept."""
    own_units(request)
    scope, form = scope_in(request), HookForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            _id, secret = actions.open_hook(
                by=scope.ref,
                scope=scope,
                unit_id=data["unit"],
                label=data["label"],
                url=data["url"],
                topics=[Topic(topic) for topic in data["topics"]],
            )
        except Refusal as refusal:
            place = refusal.place if refusal.place in form.fields else None
            form.add_error(place, wording.refusal(refusal))
        else:
            return page(request, fresh=(data["label"], secret))
    return page(request, form, status=422)


@login_required
@require_POST
def close_one(request: HttpRequest, hook_id: int) -> HttpResponse:
    scope = scope_in(request)
    actions.close_hook(by=scope.ref, scope=scope, hook_id=hook_id)
    messages.success(request, _("Đã đóng địa chỉ gọi."))
    return HttpResponseRedirect(reverse("notify:office"))
