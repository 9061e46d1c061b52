"""API keys when units merge: carried to a new unit or revoked, as the act says. See units.succession."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from haicap.api.models import ApiKey
from haicap.audit.actions import Actor, record
from haicap.audit.slices import ref_of
from haicap.core import clock
from haicap.units.succession import TO, Answer, Change, Option, Question, hangs, to_each

REVOKE = "revoke"


def preview(change: Change) -> Answer:
    """One question per key of an old unit that still opens something."""
    questions = [
        Question(
            key=f"key.{row.pk}",
            unit_id=row.unit_id,
            words=f"{row.label} · {row.prefix}",
            detail=_("đọc và gửi số liệu") if row.writes else _("chỉ đọc"),
            options=(*to_each(change, row.unit_id), Option(REVOKE, _("Thu hồi khóa"))),
        )
        for row in _keys(change)
    ]
    return Answer(_("Khóa API"), tuple(questions))


def _keys(change: Change) -> QuerySet[ApiKey]:
    good = Q(expires_at__isnull=True) | Q(expires_at__gt=clock.now())
    return ApiKey.objects.filter(good, unit_id__in=change.olds, revoked_at__isnull=True).order_by(
        "unit__code", "id"
    )


def carry(*, by: Actor | str, change: Change, choices: Mapping[str, str]) -> dict[str, Any]:
    done = []
    for row in _keys(change).select_for_update(of=("self",)):
        choice, old = choices[f"key.{row.pk}"], row.unit_id
        if choice.startswith(TO):
            row.unit_id = change.id_of(choice)
        else:
            row.revoked_at, row.revoked_by = clock.now(), ref_of(by)
        row.save(update_fields=["unit", "revoked_at", "revoked_by"])
        done.append({"key": row.pk, "unit": old, "revoked": row.revoked_at is not None})
    if done:
        record(by=by, action="keys.merged", object=f"merger:{change.merger}", detail={"keys": len(done)})
    return {"keys": done}


def undo(*, by: Actor | str, change: Change, journal: Mapping[str, Any]) -> None:
    """Refusal merger.hangs when a key was issued for a new unit since. A key revoked since stays revoked."""
    carried = [one["key"] for one in journal["keys"]]
    if ApiKey.objects.filter(unit_id__in=change.new_ids).exclude(pk__in=carried).exists():
        raise hangs(_("Đã cấp khóa API cho đơn vị mới."))
    for one in journal["keys"]:
        row = ApiKey.objects.select_for_update().get(pk=one["key"])
        row.unit_id = one["unit"]
        if one["revoked"]:
            row.revoked_at, row.revoked_by = None, ""
        row.save(update_fields=["unit", "revoked_at", "revoked_by"])
    if carried:
        record(by=by, action="keys.unmerged", object=f"merger:{change.merger}")
