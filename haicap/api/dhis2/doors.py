"""The frame of every address under /api/: who asks, in which language, and what a failure looks like."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.urls import re_path
from django.urls.resolvers import URLPattern
from django.utils import translation
from django.utils.cache import patch_vary_headers

from haicap.accounts.scopes import Scope
from haicap.api.dhis2.callers import Caller, caller_of
from haicap.api.dhis2.messages import WebMessageError, bad_parameter, web_message
from haicap.api.open.v1.answers import language_of, status_of
from haicap.core.errors import Refusal
from haicap.ui import wording

# /api/dataElements, /api/42/dataElements, /api/42/dataElements.json
ADDRESS = r"^(?:(?P<version>[0-9]{2,3})/)?%s(?:\.(?P<suffix>json|xml|csv|geojson|adx\+xml))?/?$"
TRUE, FALSE = ("true", "1", ""), ("false", "0")


@dataclass(frozen=True)
class Ask:
    """One request. `suffix` is what follows the last dot of the address ("json", "csv"…), "" for nothing;
    `version` the number in /api/42/…, None without."""

    request: HttpRequest
    caller: Caller
    version: int | None
    suffix: str
    query: QueryDict

    @property
    def scope(self) -> Scope:
        return self.caller.scope

    def text(self, name: str, default: str = "") -> str:
        return str(self.query.get(name, default)).strip()

    def flag(self, name: str, default: bool) -> bool:
        value = self.query.get(name)
        if value is None:
            return default
        if value.lower() not in (*TRUE, *FALSE):
            raise bad_parameter(name, value, "true or false")
        return value.lower() in TRUE

    def whole(self, name: str, default: int, *, least: int = 0, most: int = 2**31 - 1) -> int:
        value = self.query.get(name)
        if value is None:
            return default
        # isascii: "²" is a digit to Python and no number to anybody
        digits = value.strip().removeprefix("-")
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 10 or int(value) > most:
            raise bad_parameter(name, value, "a whole number")
        return max(least, int(value))

    def each(self, name: str) -> list[str]:
        """Values of a parameter that may be repeated or hold several, with commas or semicolons between."""
        parts = ";".join(self.query.getlist(name)).replace(",", ";").split(";")
        return [part.strip() for part in parts if part.strip()]


Handler = Callable[..., dict[str, Any] | list[Any] | HttpResponseBase]


def door(**handlers: Handler) -> Callable[..., HttpResponseBase]:
    """A view out of one handler per method: `door(GET=listed, POST=taken)`.

    Only Authorization lets somebody in, never a cookie, so there is no session for another site to abuse and
    nothing for a CSRF token to protect.
    """

    def view(
        request: HttpRequest, version: str | None = None, suffix: str | None = None, **parts: str
    ) -> HttpResponseBase:
        with translation.override(language_of(request)):
            try:
                answer = _answer(request, handlers, version, suffix, parts)
            except WebMessageError as error:
                answer = web_message(
                    error.status, error.message, error.code, response=error.response, headers=error.headers
                )
            except Refusal as refusal:
                answer = refused(refusal)
        answer.headers.setdefault("Cache-Control", "no-store")
        patch_vary_headers(answer, ("Authorization", "Accept", "Accept-Language"))
        return answer

    view.csrf_exempt = True  # type: ignore[attr-defined]
    return view


def _answer(
    request: HttpRequest,
    handlers: dict[str, Handler],
    version: str | None,
    suffix: str | None,
    parts: dict[str, str],
) -> HttpResponseBase:
    caller = caller_of(request)
    method = "GET" if request.method == "HEAD" else request.method or ""
    handler = handlers.get(method)
    if handler is None:
        allowed = ", ".join(sorted(handlers))
        raise WebMessageError(405, f"Request method '{method}' is not supported", headers={"Allow": allowed})
    if "\0" in request.get_full_path() or any("\0" in v for _n, each in request.GET.lists() for v in each):
        raise WebMessageError(400, "The request holds a character that is not allowed")
    ask = Ask(request, caller, int(version) if version else None, suffix or "", request.GET)
    found = handler(ask, **parts)
    if isinstance(found, HttpResponseBase):
        return found
    return JsonResponse(found, safe=False, json_dumps_params={"ensure_ascii": False})


def refused(refusal: Refusal) -> HttpResponse:
    """A refusal of the house in DHIS2's envelope; what we call a wrong request DHIS2 calls a conflict."""
    status = status_of(refusal)
    return web_message(409 if status == 400 else status, wording.refusal(refusal))


def at(address: str, name: str, **handlers: Handler) -> URLPattern:
    """An address with and without version and suffix; `address` is a regular expression."""
    return re_path(ADDRESS % address, door(**handlers), name=name)
