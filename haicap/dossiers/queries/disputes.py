"""What communes have disputed, and how it was decided."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal

from ..models import Dispute, DisputedDossier, Dossier
from ..stages import DisputeState


@dataclass(frozen=True, slots=True)
class Spoken:
    """One thing that was said about a dispute or a signal; `by` is a reference, `role` the position then."""

    act: str
    at: datetime
    by: str
    role: str
    text: str
    choice: str = ""


@dataclass(frozen=True, slots=True)
class DisputeView:
    id: int
    unit_id: int
    source_id: int
    cause: str
    state: DisputeState
    version: int
    n: int
    at: datetime
    by: str
    said: tuple[Spoken, ...]
    office_by: str


def listed(unit_ids: Collection[int], state: str = "") -> QuerySet[Dispute]:
    """Those that wait first, then the newest."""
    rows = Dispute.objects.filter(unit_id__in=list(unit_ids))
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("-at", "-id")


def viewed(rows: Any) -> list[DisputeView]:
    return [_view(row) for row in rows]


def one(dispute: int) -> DisputeView:
    """Refusal dossiers.unknown."""
    row = Dispute.objects.filter(pk=dispute).first()
    if row is None:
        raise Refusal("dossiers.unknown", gettext_lazy("Không có đề nghị này."))
    return _view(row)


def members(dispute: int) -> QuerySet[Dossier]:
    inside = DisputedDossier.objects.filter(dispute_id=dispute).values("dossier_id")
    return Dossier.objects.filter(pk__in=inside).order_by("due_at", "id")


def _view(row: Dispute) -> DisputeView:
    said = [Spoken("raised", row.at, row.by, row.signed_as, row.reason)]
    if row.office_at is not None:
        said.append(Spoken("office", row.office_at, row.office_by, "province_office", row.office_reason))
    if row.leader_at is not None:
        said.append(Spoken("leader", row.leader_at, row.leader_by, "province_leader", row.leader_reason))
    return DisputeView(
        row.pk,
        row.unit_id,
        row.source_id,
        row.cause,
        DisputeState(row.state),
        row.version,
        row.n,
        row.at,
        row.by,
        tuple(said),
        row.office_by,
    )
