"""Declare in time what explains a heap: a session of a commune, an outage of a source."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy

from haicap.accounts.scopes import Scope
from haicap.audit import actions as audit
from haicap.audit.actions import Actor
from haicap.audit.slices import ref_of
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import queries as units

from ..models import Circumstance, Source
from ..permissions import Act, check, unknown
from ..policies.asking import check_reason
from ..stages import CircumstanceKind

#: longer than this it is no session and no outage
LONGEST = {CircumstanceKind.SESSION: timedelta(days=3), CircumstanceKind.OUTAGE: timedelta(days=31)}
ACTS = {
    CircumstanceKind.SESSION: Act.DECLARE_SESSION,
    CircumstanceKind.OUTAGE: Act.DECLARE_OUTAGE,
}


def declare(
    *,
    by: Actor | str,
    scope: Scope,
    kind: CircumstanceKind,
    unit_id: int,
    starts: datetime,
    ends: datetime,
    reason: str,
    source: str = "",
) -> int:
    """The id of what was declared. `starts`, `ends`: UTC instants. Refusals: dossiers.unknown,
    dossiers.not_yours, circumstance.window, source.unknown, reason.missing, reason.long."""
    check(scope, ACTS[kind], units.by_id(unit_id))
    if not starts < ends <= starts + LONGEST[kind]:
        raise Refusal(
            "circumstance.window",
            gettext_lazy("Lúc kết thúc phải sau lúc bắt đầu; một đợt dài nhất 3 ngày, một sự cố 31 ngày."),
            place="ends",
        )
    return note(by=by, kind=kind, unit_id=unit_id, starts=starts, ends=ends, reason=reason, source=source)


def note(
    *,
    by: Actor | str,
    kind: CircumstanceKind,
    unit_id: int,
    starts: datetime,
    ends: datetime,
    reason: str,
    source: str = "",
    at: datetime | None = None,
) -> int:
    """The same without asking who may: for `declare`, and for a demo that writes the past (`at`)."""
    with transaction.atomic():
        row = Circumstance.objects.create(
            kind=kind.value,
            unit_id=unit_id,
            source=_source(source),
            starts=starts,
            ends=ends,
            reason=check_reason(reason),
            at=at or clock.now(),
            by=ref_of(by),
        )
        detail = {"kind": kind.value, "starts": starts.isoformat(), "ends": ends.isoformat()}
        audit.record(
            by=by,
            action="circumstance.declared",
            object=f"circumstance:{row.pk}",
            reason=row.reason,
            detail={**detail, "unit": unit_id, "source": source},
        )
    return row.pk


def _source(code: str) -> Source | None:
    if not code:
        return None
    found = Source.objects.filter(code=code).first()
    if found is None:
        raise unknown()
    return found


def withdraw_circumstance(*, by: Actor | str, scope: Scope, circumstance: int) -> None:
    """It explains nothing from now on; what was declared stays readable. Refusal dossiers.unknown."""
    with transaction.atomic():
        row = Circumstance.objects.select_for_update(of=("self",)).filter(pk=circumstance).first()
        if row is None or row.withdrawn_at is not None:
            raise Refusal("dossiers.unknown", gettext_lazy("Không có khai báo này."))
        check(scope, ACTS[CircumstanceKind(row.kind)], units.by_id(row.unit_id))
        row.withdrawn_at, row.withdrawn_by = clock.now(), ref_of(by)
        row.save(update_fields=["withdrawn_at", "withdrawn_by"])
        audit.record(by=by, action="circumstance.withdrawn", object=f"circumstance:{row.pk}")
