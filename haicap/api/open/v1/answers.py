"""How an answer is sent: language, ETag, caching, other origins, and what a refusal looks like."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from haicap import __version__
from haicap.api.access import Access
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.core.languages import LANGUAGES, VI
from haicap.insight import freshness
from haicap.ui import wording

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
MISSING = (".unknown", ".closed", ".forbidden", ".missing")
STATUSES = {
    "key.unauthorised": 401,
    "rate.exceeded": 429,
    "warehouse.unavailable": 503,
    "warehouse.year": 503,
    "address.unknown": 404,
    "method.not_allowed": 405,
}
BUSY_SECONDS = 30
METHODS = ("GET", "HEAD")


class NotModifiedError(Exception):
    """What the caller holds is still right."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


def language_of(request: HttpRequest) -> str:
    """The first language of Accept-Language that the product speaks; no cookie and no session decides."""
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if wanted.split("-")[0] in LANGUAGES:
            return wanted.split("-")[0]
    return VI


def status_of(refusal: Refusal) -> int:
    found = STATUSES.get(refusal.code)
    return found or (404 if refusal.code.endswith(MISSING) else 400)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    return dressed(request, bare_refusal(refusal))


def bare_refusal(refusal: Refusal) -> HttpResponse:
    body = {"code": refusal.code, "message": wording.refusal(refusal), "place": refusal.place}
    status = status_of(refusal)
    answer = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="haicap"'
    if status == 429:
        answer["Retry-After"] = str(refusal.params["seconds"])
    if status == 503:
        answer["Retry-After"] = str(BUSY_SECONDS)
    if status == 405:
        answer["Allow"] = ", ".join(METHODS)
    return answer


def etag_of(request: HttpRequest, access: Access | None) -> str:
    """Code + figures, definitions, units + scope + language + the question (and the day: periods close)."""
    parts = (
        __version__,
        freshness.stamp(),
        clock.today().isoformat(),
        repr((access.roots, access.published)) if access else "",
        get_language() or "",
        request.get_full_path(),
    )
    return '"' + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24] + '"'


def check_fresh(request: HttpRequest, access: Access) -> None:
    """Raises NotModifiedError when the caller already has this answer; notes the ETag for `dressed`."""
    request.answer_etag = etag_of(request, access)  # type: ignore[attr-defined]
    answer = get_conditional_response(request, etag=request.answer_etag)  # type: ignore[attr-defined]
    # If-Match and If-Unmodified-Since belong to writing; a reader gets the answer
    if answer is not None and answer.status_code == 304:
        raise NotModifiedError(answer)


def dressed(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """The same headers on every answer of the open API."""
    access: Access | None = getattr(request, "auth", None)
    shared = access is not None and not access.keyed
    if answer.status_code in (200, 304):
        tag = getattr(request, "answer_etag", None)
        if tag:
            answer["ETag"] = tag
        # stored, but asked again each time: a figure is seen two seconds after its report
        answer["Cache-Control"] = f"{'public' if shared else 'private'}, no-cache"
    else:
        answer["Cache-Control"] = "no-store"
    if shared:
        answer["Access-Control-Allow-Origin"] = "*"
        answer["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    answer["Content-Language"] = translation.get_language() or VI
    patch_vary_headers(answer, ("Accept-Language", "Authorization", "X-API-Key"))
    return answer


def polite(view: Callable[..., Any]) -> Callable[..., HttpResponse]:
    """GET and HEAD in the caller's language; everything else is refused in JSON."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(language_of(request)):
            if request.method not in METHODS:
                return refused(
                    request,
                    Refusal("method.not_allowed", _("Ở đây chỉ đọc được: dùng GET hoặc HEAD.")),
                )
            head, request.method = request.method == "HEAD", "GET"
            try:
                answer: HttpResponse = view(request, *args, **kwargs)
            except Refusal as refusal:
                answer = refused(request, refusal)
            if head:
                request.method = "HEAD"
                length = len(answer.content)
                answer.content = b""
                answer["Content-Length"] = str(length)
            return answer

    answered.csrf_exempt = True  # type: ignore[attr-defined]
    return answered


def bad_parameter(errors: Sequence[Mapping[str, Any]]) -> Refusal:
    """ninja's list of everything that does not fit, as one refusal at the first place."""
    first = errors[0]
    place = str(first["loc"][-1])
    if first["type"] == "missing":
        return Refusal("query.required", _("Thiếu tham số bắt buộc này."), place=place)
    if place == "period" or place in ("from", "to"):
        return Refusal("period.key", key=str(first.get("input", ""))[:40], place=place)
    return Refusal("query.invalid", _("Giá trị của tham số này không đúng."), place=place)
