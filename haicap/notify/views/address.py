"""The address of a person's mail: asked for with the password, valid once the mail to it was answered."""

from __future__ import annotations

from collections.abc import Callable

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
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
            proven = _counted(request, scope.user_id)
            request_address(user_id=scope.user_id, address=data["address"], password=data["password"])
            proven()
        except Refusal as refusal:
            form.add_error(refusal.place or None, wording.refusal(refusal))
        else:
            text = _("Đã gửi thư xác nhận. Địa chỉ có hiệu lực sau khi bạn mở địa chỉ trong thư đó.")
            messages.success(request, text)
            return HttpResponseRedirect(reverse("notify:choices"))
    return page(request, form, status=422)


def _counted(request: HttpRequest, user_id: int) -> Callable[[], None]:
    """Count one more guess of this person's password, from whatever session; the answer forgets them all.

    As often as codes of the second step may be guessed. Refusal user.too_many_guesses.
    """
    key = f"address-user-{user_id}"
    if not ratelimit.consume(request, action="login_failed", key=key):
        raise Refusal(
            "user.too_many_guesses",
            gettext_lazy("Bạn đã thử quá nhiều lần. Hãy đợi vài phút rồi thử lại."),
            place="password",
        )
    return lambda: ratelimit.clear(request, action="login_failed", key=key)


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
