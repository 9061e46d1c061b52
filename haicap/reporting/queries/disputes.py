"""Disputes of figures that the system counted, for those who ask and those who decide."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ..models import DerivedValue, Dispute
from ..states import DisputeState
from .derived import SystemFigure, figures_of


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """`number`, `records`, `snapshot`: the figure as it was disputed; `figure`: as it stands now."""

    id: int
    figure: SystemFigure
    state: DisputeState
    version: int
    number: Decimal
    records: int
    snapshot: str
    believed: Decimal | None
    reason: str
    evidence: str
    at: datetime
    by: str
    corrected: Decimal | None
    decision: str
    decided_at: datetime | None
    decided_by: str
    lifted_at: datetime | None
    lifted_by: str
    lifted_why: str


_FIELDS = (
    "state", "version", "number", "records", "snapshot", "believed", "reason", "evidence", "at", "by",
    "corrected", "decision", "decided_at", "decided_by", "lifted_at", "lifted_by", "lifted_why",
)  # fmt: skip


def disputes(unit_ids: Collection[int], states: Collection[DisputeState] | None = None) -> list[DisputeRow]:
    """Of these units, the newest first. Two queries."""
    rows = Dispute.objects.filter(value__unit_id__in=list(unit_ids)).order_by("-at", "-id")
    if states is not None:
        rows = rows.filter(state__in=list(states))
    return _rows(rows)


def of_figure(value_id: int) -> list[DisputeRow]:
    """Every dispute of one figure, the newest first."""
    return _rows(Dispute.objects.filter(value_id=value_id).order_by("-at", "-id"))


def dispute(dispute_id: int) -> DisputeRow | None:
    return next(iter(_rows(Dispute.objects.filter(pk=dispute_id))), None)


def open_count(unit_ids: Collection[int]) -> int:
    return Dispute.objects.filter(value__unit_id__in=list(unit_ids), state=DisputeState.OPEN).count()


def _rows(found: Iterable[Dispute]) -> list[DisputeRow]:
    kept = list(found)
    values = DerivedValue.objects.filter(pk__in={row.value_id for row in kept})
    figures = {one.id: one for one in figures_of(values)} if kept else {}
    return [
        DisputeRow(
            row.pk,
            figures[row.value_id],
            DisputeState(row.state),
            *(getattr(row, name) for name in _FIELDS[1:]),
        )
        for row in kept
    ]
