"""Publish the thresholds of signals; what was asked under a version keeps it."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from django.db import transaction

from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.core import clock

from ..models import SignalRules
from ..signals import rules


def load_rules(*, by: Actor | str, path: Path) -> tuple[int, bool] | None:
    """(number of the version in force, whether it is new); None where the folder has no signals.yaml.

    The same content writes nothing. Refusal pack.invalid."""
    if not (path / rules.FILE).exists():
        return None
    content = rules.read(path / rules.FILE)
    digest = sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    with transaction.atomic():
        newest = SignalRules.objects.order_by("-number").first()
        if newest is not None and newest.digest == digest:
            return newest.number, False
        row = SignalRules.objects.create(
            number=1 if newest is None else newest.number + 1,
            content=content,
            digest=digest,
            published_at=clock.now(),
            published_by=ref_of(by),
        )
        detail = {"number": row.number, "digest": digest}
        audit.record(by=by, action="signals.rules", object=f"signal_rules:{row.number}", detail=detail)
    return row.number, True
