"""By which channel I want to be told what."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from haicap.accounts import queries as accounts
from haicap.accounts.scopes import scope_in

from .. import actions, queries
from ..forms import AddressForm
from ..states import CHOOSABLE, TOPIC_NAMES, Channel


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choices(request: HttpRequest) -> HttpResponse:
    """POST mail=<topic> for each topic that is wanted by mail; the inbox always has everything."""
    scope = scope_in(request)
    if request.method == "POST":
        chosen = set(request.POST.getlist("mail"))
        wanted = {topic: topic.value in chosen for topic in CHOOSABLE}
        actions.choose(user_id=scope.user_id, ref=scope.ref, wanted=wanted)
        messages.success(request, _("Đã lưu lựa chọn."))
        return HttpResponseRedirect(reverse("notify:choices"))
    return page(request, AddressForm())


def page(request: HttpRequest, form: AddressForm, status: int = 200) -> HttpResponse:
    user_id = scope_in(request).user_id
    wanted = queries.wishes({user_id}, Channel.EMAIL)
    context = {
        "form": form,
        "address": accounts.by_id(user_id).email,
        "mail": settings.MAIL_ENABLED,
        "topics": [(topic.value, TOPIC_NAMES[topic], wanted(user_id, topic)) for topic in CHOOSABLE],
    }
    return render(request, "notify/choices.html", context, status=status)
