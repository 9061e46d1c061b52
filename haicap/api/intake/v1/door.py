"""The address where systems of departments send figures: POST /api/intake/v1/values."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable
from functools import wraps
from typing import IO, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _

from haicap.accounts.scopes import Grant, Scope
from haicap.accounts.states import Role
from haicap.api import access, actions, queries
from haicap.api.intake.v1 import records, taking
from haicap.api.intake.v1.taking import Wish
from haicap.api.open.v1.answers import language_of, status_of
from haicap.api.queries import Key
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.reporting.actions import Strategy
from haicap.ui import wording
from haicap.units import queries as units

IN_MEMORY, PIECE = 4 * 1024 * 1024, 1024 * 1024
LONGEST_KEY = 64
STATUSES = {"method.not_allowed": 405, "key.read_only": 403, "body.kind": 415, "body.too_big": 413}
# which sources there are is nobody else's business, but the address itself is there
STATUSES |= {"source.unknown": 400, "key.form": 403}
STATUSES |= {"key.other_content": 409, "intake.key_taken": 409}
STATUSES |= {"key.no_sql": 403, "sql.busy": 429}
TRUE = {"true": True, "false": False}
MODES = {"partial": False, "all_or_nothing": True}


def answering(
    view: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """In the caller's language; a refusal is JSON. Only a key lets somebody in, so there is no CSRF here."""

    @wraps(view)
    def answered(request: HttpRequest) -> HttpResponseBase:
        with translation.override(language_of(request)):
            try:
                answer = view(request)
            except Refusal as refusal:
                answer = refused(refusal)
            answer["Cache-Control"] = "no-store"
            answer["Content-Language"] = translation.get_language() or "vi"
            patch_vary_headers(answer, ("Accept-Language", "Authorization", "X-API-Key"))
            return answer

    answered.csrf_exempt = True  # type: ignore[attr-defined]
    return answered


@answering
def values(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        raise Refusal("method.not_allowed", _("Ở đây chỉ gửi được: dùng POST."))
    key = writing_key(request)
    place = units.by_id(key.unit_id)
    scope = Scope(user_id=0, ref=f"key:{key.prefix}", grants=(Grant(Role.SOURCE, place.id, place.path),))
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as body:
        size, digest = spooled(request, body)
        wish = _wish(request, digest)
        kind = (request.content_type or "").lower()
        status, answer = taking.take(records.read(body, kind, size), key, scope, wish)
    return JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})


def writing_key(request: HttpRequest) -> Key:
    """Refusals key.unauthorised (401), key.read_only (403), rate.exceeded (429)."""
    found = good_key(request)
    if not found.writes:
        raise Refusal("key.read_only", _("Khóa này chỉ dùng để đọc."), place="Authorization")
    return found


def good_key(request: HttpRequest) -> Key:
    """Refusals key.unauthorised (401), rate.exceeded (429)."""
    found = queries.holder(access.given(request))
    if found is None:
        access.spend(access.sender(request), access.ADDRESS_RATE)
        raise Refusal(
            "key.unauthorised",
            _("Cần một khóa còn hiệu lực, gửi trong “Authorization: Bearer …” hoặc “X-API-Key”."),
            place="Authorization",
        )
    access.spend(f"key:{found.prefix}", found.rate)
    if found.last_used != clock.today():
        actions.note_use(prefix=found.prefix)
    return found


def spooled(request: HttpRequest, target: IO[bytes]) -> tuple[int, str]:
    """The body beside, not in memory; (bytes, SHA-256). Refusal body.too_big."""
    size, digest = 0, hashlib.sha256()
    while piece := request.read(PIECE):
        size += len(piece)
        if size > settings.INTAKE_MAX_SIZE:
            text = _("Dữ liệu lớn hơn %(most)s MB; hãy chia nhỏ.")
            raise Refusal("body.too_big", text % {"most": settings.INTAKE_MAX_SIZE // 1024 // 1024})
        digest.update(piece)
        target.write(piece)
    target.seek(0)
    return size, digest.hexdigest()


def _wish(request: HttpRequest, digest: str) -> Wish:
    check_query(request, frozenset({"mode", "dry_run", "strategy"}))
    strategies = {one.value: one for one in Strategy}
    # The wish is part of what was sent: another strategy under the same key is another request.
    parts = sorted(f"{name}={value}" for name, value in request.GET.items() if name != "dry_run")
    content = hashlib.sha256("\0".join([digest, *parts]).encode()).hexdigest()
    return Wish(
        strategy=choice(request, "strategy", strategies, Strategy.CREATE_AND_UPDATE),
        whole=choice(request, "mode", MODES, False),
        dry_run=choice(request, "dry_run", TRUE, False),
        key=idempotency_key(request),
        digest=content if parts else digest,
    )


def check_query(request: HttpRequest, known: frozenset[str]) -> None:
    strange = sorted(set(request.GET) - known)
    if strange:
        raise Refusal("query.invalid", _("Không có tham số này."), place=strange[0][:60])


def idempotency_key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if len(key) > LONGEST_KEY or not key.isprintable():
        text = _("Khóa chống gửi trùng dài nhất %(most)s ký tự.") % {"most": LONGEST_KEY}
        raise Refusal("query.invalid", text, place="Idempotency-Key")
    return key


def choice(request: HttpRequest, name: str, choices: dict[str, Any], default: Any) -> Any:
    given = request.GET.get(name)
    if given is None:
        return default
    if given not in choices:
        text = _("Dùng được: %(choices)s.") % {"choices": ", ".join(choices)}
        raise Refusal("query.invalid", text, place=name)
    return choices[given]


def refused(refusal: Refusal) -> HttpResponse:
    body = {"code": refusal.code, "message": wording.refusal(refusal), "place": refusal.place}
    status = STATUSES.get(refusal.code) or status_of(refusal)
    answer = JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="haicap"'
    if status == 405:
        answer["Allow"] = "POST"
    if status == 429:
        answer["Retry-After"] = str(refusal.params["seconds"])
    return answer
