"""The version of everything a page shows: its ETag and the token of the badge."""

import hashlib
from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import get_language

from haicap import __version__
from haicap.catalogue import queries as catalogue
from haicap.core import clock
from haicap.units import queries as units
from haicap.warehouse import store
from haicap.warehouse.store import Snapshot


def stamp() -> str:
    """Changes when a figure, a definition or a unit changes."""
    snapshot = store.snapshot()
    return f"{snapshot.id}.{catalogue.version()}.{units.version()}.{'w' if snapshot.warning else ''}"


def etag(request: HttpRequest, *_args: object, **_kwargs: object) -> str | None:
    """Code + figures + scope + language + the address; none while a message waits to be shown once."""
    if request.COOKIES.get("messages") or "_messages" in getattr(request, "session", {}):
        return None
    parts = (
        __version__,
        stamp(),
        clock.today().isoformat(),
        str(getattr(request.user, "pk", "")),
        repr(request.scope),  # type: ignore[attr-defined]
        get_language() or "",
        request.COOKIES.get("haicap_text_size", ""),
        request.headers.get("HX-Request", ""),
        request.get_full_path(),
    )
    return '"' + hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24] + '"'


def made_at(snapshot: Snapshot) -> datetime | None:
    return datetime.fromisoformat(snapshot.made_at) if snapshot.made_at else None
