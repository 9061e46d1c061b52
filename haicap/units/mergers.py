"""Acts that merge or split units, as other rooms see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal
from haicap.units import merging
from haicap.units.merging import MergerState, Plan
from haicap.units.models import Merger
from haicap.units.succession import Change


@dataclass(frozen=True)
class Act:
    """One act with its plan; `ids` are the new units by key, once they exist."""

    id: int
    owner_id: int
    act: str
    on: date | None
    state: MergerState
    plan: Plan
    choices: Mapping[str, str]
    journal: Mapping[str, Any]
    version: int
    prepared_at: datetime
    prepared_by: str
    handed_at: datetime | None
    handed_by: str
    signed_at: datetime | None
    signed_by: str
    undone_at: datetime | None
    undone_by: str
    reason: str

    @property
    def ids(self) -> Mapping[str, int]:
        found: Mapping[str, int] = self.journal.get("units", {}).get("made", {})
        return found

    def change(self) -> Change:
        """What the rooms are told. Refusal merger.share for amounts that cannot be read; the day is known."""
        assert self.on is not None
        return Change(
            merger=self.id,
            on=self.on,
            act=self.act,
            owner_id=self.owner_id,
            olds=self.plan.olds,
            news=self.plan.news,
            shares=merging.shares(self.plan),
            ids=self.ids,
        )


def act_of(row: Merger) -> Act:
    return Act(
        id=row.pk,
        owner_id=row.owner_id,
        act=row.act,
        on=row.on,
        state=MergerState(row.state),
        plan=merging.read(row.plan),
        choices=row.choices,
        journal=row.journal,
        version=row.version,
        prepared_at=row.prepared_at,
        prepared_by=row.prepared_by,
        handed_at=row.handed_at,
        handed_by=row.handed_by,
        signed_at=row.signed_at,
        signed_by=row.signed_by,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
        reason=row.reason,
    )


def unknown() -> Refusal:
    return Refusal("merger.unknown", gettext_lazy("Không có hồ sơ sắp xếp đơn vị này."))


def by_id(merger_id: int) -> Act:
    """Refusal merger.unknown."""
    row = Merger.objects.filter(pk=merger_id).first()
    if row is None:
        raise unknown()
    return act_of(row)


def of_owner(owner_id: int) -> list[Act]:
    """The acts of one province, the newest first."""
    return [act_of(row) for row in Merger.objects.filter(owner_id=owner_id).order_by("-id")]
