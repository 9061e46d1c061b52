"""Signals as they stand: the list, one with all that was said, and what was declared."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal

from ..models import Circumstance, Signal
from ..stages import CircumstanceKind, SignalKind, SignalState
from .disputes import Spoken
from .timely import midnight


@dataclass(frozen=True, slots=True)
class SignalView:
    """`rules`: the number of the version of thresholds it was asked under; `said` in order."""

    id: int
    kind: SignalKind
    unit_id: int
    period: str
    subject: str
    n: int
    seen: Mapping[str, Any]
    rules: int
    state: SignalState
    version: int
    at: datetime
    answer_by: date
    answered_by: str
    weighed_by: str
    outcome: str
    closed_at: datetime | None
    said: tuple[Spoken, ...] = ()


def listed(unit_ids: Collection[int], month: str = "", state: str = "") -> QuerySet[Signal]:
    rows = Signal.objects.filter(unit_id__in=list(unit_ids)).select_related("rules")
    if month:
        rows = rows.filter(period=month)
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("-period", "unit_id", "kind", "id")


def viewed(rows: Any) -> list[SignalView]:
    return [_view(row, ()) for row in rows]


def one(signal: int) -> SignalView:
    """With all that was said. Two queries. Refusal dossiers.unknown."""
    row = Signal.objects.select_related("rules").filter(pk=signal).first()
    if row is None:
        raise Refusal("dossiers.unknown", gettext_lazy("Không có câu hỏi này."))
    said = tuple(
        Spoken(step.act, step.at, step.by, step.signed_as, step.text, step.choice)
        for step in row.steps.order_by("id")
    )
    return _view(row, said)


def _view(row: Signal, said: tuple[Spoken, ...]) -> SignalView:
    return SignalView(
        row.pk,
        SignalKind(row.kind),
        row.unit_id,
        row.period,
        row.subject,
        row.n,
        row.seen,
        row.rules.number,
        SignalState(row.state),
        row.version,
        row.at,
        row.answer_by,
        row.answered_by,
        row.weighed_by,
        row.outcome,
        row.closed_at,
        said,
    )


@dataclass(frozen=True, slots=True)
class CircumstanceView:
    id: int
    kind: CircumstanceKind
    unit_id: int
    source: str
    starts: datetime
    ends: datetime
    reason: str
    at: datetime


def circumstances(unit_ids: Collection[int], since: datetime) -> list[CircumstanceView]:
    """What was declared for these units and stands, the newest first. One query."""
    rows = (
        Circumstance.objects.filter(unit_id__in=list(unit_ids), withdrawn_at__isnull=True, ends__gte=since)
        .select_related("source")
        .order_by("-starts", "-id")
    )
    return [
        CircumstanceView(
            row.pk,
            CircumstanceKind(row.kind),
            row.unit_id,
            row.source.name if row.source else "",
            row.starts,
            row.ends,
            row.reason,
            row.at,
        )
        for row in rows
    ]


def declared_by(by: str, since: date) -> bool:
    """Whether this actor has declared anything that began on that local day or later. One query."""
    return Circumstance.objects.filter(by=by, starts__gte=midnight(since)).exists()
