"""The address where systems send dossiers: POST /api/intake/v1/dossiers?source=CODE."""

from __future__ import annotations

import hashlib
import tempfile
from typing import IO, Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from haicap.accounts.scopes import Grant, Scope
from haicap.accounts.states import Role
from haicap.api.intake.v1 import door, records
from haicap.api.intake.v1.records import JSON, LINES, Wrong
from haicap.core.errors import Refusal
from haicap.dossiers.actions import Outcome, take_batch
from haicap.dossiers.queries.reasons import reason
from haicap.units import queries as units

KINDS = (JSON, LINES)
KNOWN = frozenset({"source", "mode", "dry_run"})
MOST_REJECTIONS = 10_000


@door.answering
def dossiers(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        raise Refusal("method.not_allowed", _("Ở đây chỉ gửi được: dùng POST."))
    key = door.writing_key(request)
    place = units.by_id(key.unit_id)
    scope = Scope(user_id=0, ref=f"key:{key.prefix}", grants=(Grant(Role.SOURCE, place.id, place.path),))
    if key.forms:
        # a key for some forms of reports is no key for records about people's business
        raise Refusal("key.form", _("Khóa này không được gửi mẫu này."), place="Authorization")
    door.check_query(request, KNOWN)
    dry_run = door.choice(request, "dry_run", door.TRUE, False)
    whole = door.choice(request, "mode", door.MODES, False)
    with tempfile.SpooledTemporaryFile(max_size=door.IN_MEMORY) as body:
        size, digest = door.spooled(request, body)
        rows = _records(body, (request.content_type or "").lower(), size)
    source = request.GET.get("source", "")
    done = take_batch(
        by=scope.ref, scope=scope, source=source, records=rows, dry_run=dry_run, all_or_nothing=whole,
        key=door.idempotency_key(request),
        digest=hashlib.sha256("\0".join([digest, source, str(whole)]).encode()).hexdigest(),
    )  # fmt: skip
    answer = _answer(done, dry_run)
    status = 422 if answer["status"] == "rejected" else 200
    return JsonResponse(answer, status=status, json_dumps_params={"ensure_ascii": False})


def _records(body: IO[bytes], kind: str, size: int) -> list[tuple[int, Any]]:
    if not size:
        raise Refusal("body.empty", _("Không có dữ liệu nào được gửi."))
    if kind not in KINDS:
        text = _("Hãy gửi JSON, JSON lines hoặc CSV (Content-Type: %(kinds)s).") % {"kinds": ", ".join(KINDS)}
        raise Refusal("body.kind", text, place="Content-Type")
    found = records.json_list(body, size, "dossiers") if kind == JSON else records.json_lines(body)
    return [(index, None if isinstance(one, Wrong) else one) for index, _place, one in found]


def _answer(done: Outcome, dry_run: bool) -> dict[str, Any]:
    kept = done.created + done.updated + done.unchanged
    return {
        "status": "accepted" if not done.rejected else "partial" if kept else "rejected",
        "dry_run": dry_run,
        "repeated": done.repeated,
        "intake": done.intake,
        "read": done.read,
        "created": done.created,
        "updated": done.updated,
        "unchanged": done.unchanged,
        "rejected": done.rejected,
        # fields that nobody reads, such as names of persons
        "dropped": list(done.dropped),
        "rejections_left_out": max(0, done.rejected - min(len(done.rejections), MOST_REJECTIONS)),
        "rejections": [
            {"index": one.row, "code": one.code, "field": one.column, "message": reason(one.code)}
            for one in done.rejections[:MOST_REJECTIONS]
        ],
    }
