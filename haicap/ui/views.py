"""Language and text size of this browser, for people with and without an account."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from haicap.ui.context import TEXT_SIZE_COOKIE, TEXT_SIZES

YEAR = 365 * 24 * 3600


def back(request: HttpRequest) -> str:
    """Where the form was; never another host."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else "/"


def _remember(request: HttpRequest, name: str, value: str) -> HttpResponse:
    response = HttpResponseRedirect(back(request))
    response.set_cookie(name, value, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")
    return response


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("language", "")
    if wanted not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(_("Không có ngôn ngữ này. Hãy chọn một trong ba ngôn ngữ."))
    return _remember(request, settings.LANGUAGE_COOKIE_NAME, wanted)


@require_POST
def text_size(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("size", "")
    if wanted not in {str(size) for size in TEXT_SIZES}:
        return HttpResponseBadRequest(_("Không có cỡ chữ này. Hãy chọn 100, 125 hoặc 150."))
    return _remember(request, TEXT_SIZE_COOKIE, wanted)
