"""Who asks: a person with name and password, or a system with a key. Never a cookie.

Name and password are checked on every request, as DHIS2 clients send them on every request. A password is
slow to check on purpose, so a pair that was right is remembered for a minute: as a keyed digest, in this
process alone, together with the stored hash, so that a new password ends it at once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import get_language

from haicap.accounts import queries as accounts
from haicap.accounts.scopes import Grant, Scope, scope_of
from haicap.accounts.states import Role
from haicap.api import access, actions, keys, queries
from haicap.api.actions import USUAL_RATE
from haicap.api.dhis2.messages import UNAUTHORISED, WebMessageError
from haicap.api.queries import Key
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import queries as units

REMEMBERED_SECONDS, REMEMBERED_PAIRS = 60.0, 512
SECOND_STEP = "This account has a second sign-in step, which a program cannot take. Use an ApiToken."
LOCKED = "Too many failed sign-ins. Try again later."


@dataclass(frozen=True)
class Caller:
    """`ref` signs what is written ("user:12", "key:abcd2345"); `key` is None for a person."""

    ref: str
    scope: Scope
    uid: str
    username: str
    name: str
    lang: str
    key: Key | None = None

    def writes(self, form: str) -> bool:
        """False for a key that was not given for this form; for people their positions decide."""
        return self.key is None or self.key.allows(form)


class _Pairs:
    """Which pairs of name and password were right a moment ago."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pepper = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, float] = OrderedDict()

    def mark(self, username: str, password: str, stored: str) -> bytes:
        text = "\0".join((username, password, stored))
        return hmac.new(self._pepper, text.encode(), hashlib.sha256).digest()

    def knows(self, mark: bytes) -> bool:
        with self._lock:
            return self._known.get(mark, 0.0) > time.monotonic()

    def keep(self, mark: bytes) -> None:
        with self._lock:
            self._known[mark] = time.monotonic() + REMEMBERED_SECONDS
            while len(self._known) > REMEMBERED_PAIRS:
                self._known.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._known.clear()


pairs = _Pairs()


def caller_of(request: HttpRequest) -> Caller:
    """WebMessageError 401 without credentials that hold, 429 when they were tried or used too often."""
    scheme, _space, rest = request.headers.get("Authorization", "").partition(" ")
    match scheme.lower():
        case "basic":
            username, password = _pair(rest)
            if keys.prefix_of(password):
                # clients that know Basic alone may send a key where the password goes
                return _system(request, password)
            return _person(request, username, password)
        case "apitoken" | "bearer":
            return _system(request, rest.strip())
    if request.headers.get("X-API-Key"):
        return _system(request, request.headers["X-API-Key"].strip())
    _spend(access.sender(request), access.ADDRESS_RATE)
    raise unauthorised("Unauthorized")


def unauthorised(message: str, code: str = "") -> WebMessageError:
    return WebMessageError(401, message, code, headers={"WWW-Authenticate": UNAUTHORISED})


def _pair(text: str) -> tuple[str, str]:
    try:
        data = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise unauthorised("Unauthorized") from error
    try:
        username, colon, password = data.decode().partition(":")
    except UnicodeDecodeError:
        # requests, and with it two of the three clients, still writes Latin-1
        username, colon, password = data.decode("latin-1").partition(":")
    if not colon or "\0" in username + password:
        raise unauthorised("Unauthorized")
    return username, password


def _person(request: HttpRequest, username: str, password: str) -> Caller:
    try:
        user = accounts.by_username(username)
        mark = pairs.mark(user.username, password, user.password)
    except Refusal:
        user, mark = None, b""
    if user is None or not user.is_active or not pairs.knows(mark):
        # wrong names cost as much as wrong passwords, and both are counted by axes
        _spend(access.sender(request), access.ADDRESS_RATE)
        found = authenticate(request, username=user.username if user else username, password=password)
        if getattr(request, "axes_locked_out", False):
            # the middleware of axes would answer with a page
            del request.axes_locked_out  # type: ignore[attr-defined]
            raise WebMessageError(429, LOCKED)
        if found is None or user is None:
            raise unauthorised("Bad credentials")
        pairs.keep(mark)
    if is_mfa_enabled(user):
        raise unauthorised(SECOND_STEP)
    _spend(user.ref, USUAL_RATE)
    scope = scope_of(user)
    return Caller(user.ref, scope, person_uid(user.pk), user.username, user.get_full_name(), user.language)


def _system(request: HttpRequest, text: str) -> Caller:
    found = queries.holder(text)
    if found is None:
        _spend(access.sender(request), access.ADDRESS_RATE)
        raise unauthorised("API token is not valid", "E1006")
    ref = f"key:{found.prefix}"
    _spend(ref, found.rate)
    if found.last_used != clock.today():
        actions.note_use(prefix=found.prefix)
    place = units.by_id(found.unit_id)
    role = Role.SOURCE if found.writes else Role.VIEWER
    scope = Scope(user_id=0, ref=ref, grants=(Grant(role, place.id, place.path),))
    return Caller(ref, scope, _uid(ref), ref, found.label, get_language() or "vi", found)


def person_uid(user_id: int) -> str:
    return _uid(f"user:{user_id}")


def _uid(ref: str) -> str:
    """Eleven letters and digits that tell nothing about the number behind them."""
    digest = hashlib.sha256(f"haicap:caller:{ref}".encode()).digest()
    text = base64.b64encode(digest, altchars=b"xy").decode().replace("=", "")
    return "u" + text[:10]


def _spend(caller: str, rate: int) -> None:
    try:
        access.spend(caller, rate)
    except Refusal as refusal:
        seconds = str(refusal.params["seconds"])
        raise WebMessageError(429, "Too many requests", headers={"Retry-After": seconds}) from refusal
