"""The address of a person's mail: asked for with the password, valid once the mail to it was answered."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from haicap.accounts.scopes import scope_in
from haicap.core.errors import Refusal
from haicap.ui import wording

from ..actions import confirm_address, request_address
from ..forms import AddressForm
from ..links import confirmed
from .choices import page


@login_required
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST)
    if not settings.MAIL_ENABLED:
        form.add_error(None, _("Hệ thống chưa có máy chủ thư, nên chưa nhận thư được."))
    if form.is_valid():
        scope, data = scope_in(request), form.cleaned_data
        try:
            request_address(user_id=scope.user_id, address=data["address"], password=data["password"])
        except Refusal as refusal:
            form.add_error(refusal.place or None, wording.refusal(refusal))
        else:
            text = _("Đã gửi thư xác nhận. Địa chỉ có hiệu lực sau khi bạn mở địa chỉ trong thư đó.")
            messages.success(request, text)
            return HttpResponseRedirect(reverse("notify:choices"))
    return page(request, form, status=422)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what will happen: programs that look into mails must not confirm by looking. POST does it."""
    found = confirmed(token)
    if found is None:
        return render(request, "notify/confirm.html", {"address": ""}, status=410)
    if request.method == "POST":
        confirm_address(user_id=found[0], address=found[1])
        return render(request, "notify/confirm.html", {"address": found[1], "done": True})
    return render(request, "notify/confirm.html", {"address": found[1]})
