"""Language and text size: chosen by anybody, kept in cookies and, once signed in, in the account."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from haicap.core.errors import Refusal
from haicap.ui.context import TEXT_SIZE_COOKIE, TEXT_SIZES

from .actions import set_language, set_text_size
from .models import User

YEAR = 365 * 24 * 3600
# What was chosen before signing in, in this visit, wins over what the account remembers.
LANGUAGE_CHOSEN, TEXT_SIZE_CHOSEN = "language_chosen", "text_size_chosen"


def choose_language(request: HttpRequest, language: str, response: HttpResponse) -> None:
    """Refusal user.language."""
    if isinstance(request.user, User):
        set_language(by=request.user, user=request.user, language=language)
    elif language in dict(settings.LANGUAGES):
        request.session[LANGUAGE_CHOSEN] = language
    else:
        raise Refusal("user.language")
    _cookie(response, settings.LANGUAGE_COOKIE_NAME, language)


def choose_text_size(request: HttpRequest, size: int, response: HttpResponse) -> None:
    """Refusal user.text_size."""
    if isinstance(request.user, User):
        set_text_size(by=request.user, user=request.user, size=size)
    elif size in TEXT_SIZES:
        request.session[TEXT_SIZE_CHOSEN] = size
    else:
        raise Refusal("user.text_size")
    _cookie(response, TEXT_SIZE_COOKIE, str(size))


def remember_at_sign_in(request: HttpRequest, user: User, response: HttpResponse) -> None:
    language = request.session.pop(LANGUAGE_CHOSEN, None)
    size = request.session.pop(TEXT_SIZE_CHOSEN, None)
    if language:
        set_language(by=user, user=user, language=language)
    if size:
        set_text_size(by=user, user=user, size=size)
    _cookie(response, settings.LANGUAGE_COOKIE_NAME, user.language)
    _cookie(response, TEXT_SIZE_COOKIE, str(user.text_size))


def _cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=YEAR, samesite="Lax", secure=bool(settings.SESSION_COOKIE_SECURE), httponly=True
    )
