"""Which browsers a person has signed in with, kept in the browser itself; what a browser calls itself, in
words."""

from __future__ import annotations

import hashlib
import re

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE, SALT = "haicap_device", "haicap.notify.device"
YEAR = 365 * 24 * 3600
# A browser of a shared office desk knows several people
MOST_PEOPLE = 20
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("coc_coc", "Cốc Cốc"), ("Firefox", "Firefox"),
            ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def is_known(request: HttpRequest, ref: str, password: str) -> bool:
    """Whether this browser carries our mark for this person. A new password makes every mark worthless."""
    return _mark(ref, password) in _marks(request)


def remember(request: HttpRequest, response: HttpResponse, ref: str, password: str) -> None:
    mark = _mark(ref, password)
    marks = [mark, *(one for one in _marks(request) if one != mark)][:MOST_PEOPLE]
    response.set_cookie(
        COOKIE,
        signing.dumps(marks, salt=SALT),
        max_age=YEAR,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
        httponly=True,
    )


def described(request: HttpRequest) -> str:
    """ "Chrome, Windows"; "" for a browser that says nothing we know."""
    agent = request.headers.get("User-Agent", "")
    found = (
        next((name for sign, name in table if re.search(sign, agent)), "") for table in (BROWSERS, SYSTEMS)
    )
    return ", ".join(name for name in found if name)


def _mark(ref: str, password: str) -> str:
    return hashlib.sha256(f"{SALT} {ref} {password} {settings.SECRET_KEY}".encode()).hexdigest()[:24]


def _marks(request: HttpRequest) -> list[str]:
    try:
        marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=YEAR)
    except signing.BadSignature:
        return []
    return [one for one in marks if isinstance(one, str)] if isinstance(marks, list) else []
