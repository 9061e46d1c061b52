"""The version of everything a page shows: its ETag."""

import hashlib

from django.http import HttpRequest
from django.utils.translation import get_language

from haicap import __version__
from haicap.accounts.scopes import scope_in
from haicap.core import clock
from haicap.insight.freshness import stamp
from haicap.ui.context import text_size


def etag(request: HttpRequest, *_args: object, **_kwargs: object) -> str | None:
    """Code + figures + scope + language + the address; none while a message waits to be shown once."""
    if request.COOKIES.get("messages") or "_messages" in getattr(request, "session", {}):
        return None
    parts = (
        __version__,
        stamp(),
        # lateness, names and seats change without a snapshot: no answer is kept beyond its minute
        f"{clock.local(clock.now()):%Y-%m-%d %H:%M}",
        # a page holds a token that dies with the next sign-in
        request.COOKIES.get("csrftoken", ""),
        str(getattr(request.user, "pk", "")),
        # the grants, not the scope: a lazy object prints its address in memory until it is used
        repr(scope_in(request).grants),
        get_language() or "",
        str(text_size(request)),
        request.headers.get("HX-Request", ""),
        request.get_full_path(),
    )
    return '"' + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24] + '"'
