"""Every write of this room: keyword-only, one transaction, one audit event."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from haicap.api import keys
from haicap.api.models import ApiKey, FollowUp
from haicap.api.queries import CellName
from haicap.audit import actions as audit
from haicap.audit.slices import Actor, ref_of
from haicap.catalogue import queries as catalogue
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import queries as units

USUAL_RATE, HIGHEST_RATE = 600, 60_000
LONGEST_LABEL = 120


@dataclass(frozen=True)
class Issued:
    """`text` is shown once and kept nowhere."""

    prefix: str
    text: str


def issue_key(
    *,
    by: Actor | str,
    label: str,
    unit_id: int,
    rate: int = USUAL_RATE,
    expires_at: datetime | None = None,
    writes: bool = False,
    forms: Sequence[str] = (),
    sql: bool = False,
) -> Issued:
    """A new key for a unit and everything below it, `rate` requests per minute.

    `writes`: it may also send figures, of these `forms` (of all when none is named); such a key must end.
    `sql`: it may ask by SQL (api/sql).
    Refusals: unit.unknown, key.label, key.rate, key.expires, key.endless, form.unknown.
    """
    label, now = label.strip(), clock.now()
    if not 0 < len(label) <= LONGEST_LABEL:
        words = _("Hãy ghi khóa này dành cho ai (không quá %(most)s ký tự).") % {"most": LONGEST_LABEL}
        raise Refusal("key.label", words, place="label")
    if not 1 <= rate <= HIGHEST_RATE:
        words = _("Số lượt mỗi phút phải từ 1 đến %(most)s.") % {"most": HIGHEST_RATE}
        raise Refusal("key.rate", words, place="rate")
    if expires_at is not None and expires_at <= now:
        raise Refusal("key.expires", _("Ngày hết hạn phải ở tương lai."), place="expires")
    if writes and expires_at is None:
        raise Refusal("key.endless", _("Khóa gửi số liệu phải có ngày hết hạn."), place="expires")
    for code in forms:
        catalogue.form(code)
    place = units.by_id(unit_id)
    prefix, text = keys.fresh()
    with transaction.atomic():
        ApiKey.objects.create(
            prefix=prefix,
            digest=keys.digest(text),
            label=label,
            unit_id=place.id,
            rate=rate,
            created_at=now,
            created_by=ref_of(by),
            expires_at=expires_at,
            writes=writes,
            forms=list(forms),
            sql=sql,
        )
        audit.record(
            by=by,
            action="api.issue_key",
            object=f"apikey:{prefix}",
            detail={
                "unit": place.id,
                "rate": rate,
                "expires": expires_at and expires_at.isoformat(),
                "writes": writes,
                "forms": list(forms),
            },
        )
    return Issued(prefix, text)


def revoke_key(*, by: Actor | str, prefix: str, reason: str = "") -> bool:
    """From this moment the key opens nothing; False if it was revoked before. Refusal key.unknown."""
    with transaction.atomic():
        row = ApiKey.objects.select_for_update().filter(prefix=prefix).first()
        if row is None:
            raise Refusal("key.unknown", _("Không có khóa này."), place="prefix")
        if row.revoked_at is not None:
            return False
        row.revoked_at, row.revoked_by = clock.now(), ref_of(by)
        row.save(update_fields=["revoked_at", "revoked_by"])
        audit.record(by=by, action="api.revoke_key", object=f"apikey:{prefix}", reason=reason)
    return True


def note_use(*, prefix: str) -> None:
    """Remember the day; one write per key and day, and no event, since nothing was decided."""
    today = clock.today()
    fresh = Q(last_used__isnull=True) | Q(last_used__lt=today)
    ApiKey.objects.filter(fresh, prefix=prefix).update(last_used=today)


def note_question(*, prefix: str, sql: str) -> None:
    """That a key asked, and a sum of what it asked; the words may hold what nobody else shall read."""
    with transaction.atomic():
        audit.record(
            by=f"key:{prefix}",
            action="api.sql",
            object=f"key:{prefix}",
            detail={"sql": hashlib.sha256(sql.encode()).hexdigest()},
        )


def follow_up(*, by: Actor | str, marked: Collection[CellName], unmarked: Collection[CellName] = ()) -> int:
    """Mark figures for a second look, or take the mark away; how many marks changed."""
    with transaction.atomic():
        before = FollowUp.objects.count()
        at, who = clock.now(), ref_of(by)
        FollowUp.objects.bulk_create(
            [FollowUp(**cell._asdict(), at=at, by=who) for cell in marked], ignore_conflicts=True
        )
        added = FollowUp.objects.count() - before
        gone = sum(FollowUp.objects.filter(**cell._asdict()).delete()[0] for cell in unmarked)
        if added or gone:
            audit.record(
                by=by, action="api.follow_up", object="followups", detail={"marked": added, "unmarked": gone}
            )
    return added + gone
