"""Language and text size, by plain forms that need neither JavaScript nor an account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haicap.core.errors import Refusal

from ..preferences import choose_language, choose_text_size


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """POST language=vi|en|bn, next=path."""
    response = HttpResponseRedirect(_back(request))
    try:
        choose_language(request, request.POST.get("language", ""), response)
    except Refusal:
        return _no_such_choice(request)
    return response


@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    """POST size=100|125|150, next=path."""
    response = HttpResponseRedirect(_back(request))
    value = request.POST.get("size", "")
    try:
        choose_text_size(request, int(value) if value.isascii() and value.isdigit() else 0, response)
    except Refusal:
        return _no_such_choice(request)
    return response


def _back(request: HttpRequest) -> str:
    """The page the person was on; never another site."""
    for address in (request.POST.get("next", ""), request.headers.get("Referer", "")):
        safe = url_has_allowed_host_and_scheme(
            address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        if address and safe:
            return address
    return "/"


def _no_such_choice(request: HttpRequest) -> HttpResponse:
    text = _("Lựa chọn này không có. Không có gì bị thay đổi.")
    return render(request, "accounts/refused.html", {"text": text, "back": _back(request)}, status=400)
