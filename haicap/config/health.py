"""The address that a supervisor or a load balancer asks: is the database there, and how old are the facts."""

from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.audit import queries as audit
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.routines import queries as routines
from haicap.warehouse import store

# Facts are due within two seconds of a commit; this much later the worker is not working
LATE_SECONDS = 60


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when all is well; 503 with the same keys when the database is away or the worker stands still."""
    try:
        found = {"database": "ok", **facts(), **worker()}
    except DatabaseError:
        found = {"database": "unavailable"}
    well = found["database"] == "ok" and (found["waiting_seconds"] or 0) < LATE_SECONDS
    return JsonResponse({"status": "ok" if well else "unavailable", **found}, status=200 if well else 503)


def facts() -> dict[str, Any]:
    try:
        held = store.snapshot()
    except Refusal as refusal:
        return {"snapshot": None, "snapshot_age_seconds": None, "facts": refusal.code}
    made_at = datetime.fromisoformat(held.made_at) if held.made_at else None
    return {
        "snapshot": held.id,
        "snapshot_age_seconds": age(made_at),
        "facts": "damaged" if held.warning else "ok",
    }


def worker() -> dict[str, Any]:
    oldest = audit.pending(limit=1)
    return {
        "waiting_seconds": age(oldest[0].at) if oldest else None,
        "sweep_age_seconds": age(routines.last_sweep("minutely")),
        "failing_routines": sorted(routines.failures()),
    }


def age(at: datetime | None) -> float | None:
    return None if at is None else round((clock.now() - at).total_seconds(), 1)
