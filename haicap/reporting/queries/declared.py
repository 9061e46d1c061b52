"""The declared layer: published figures with their source, outside the reporting regime."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ..models import DeclaredValue


@dataclass(frozen=True, slots=True)
class DeclaredRow:
    unit_id: int
    element_id: int
    period: str
    kind: str
    rule: str
    start: date
    end: date
    number: Decimal | None
    missing: str
    low: Decimal | None
    high: Decimal | None
    grade: str
    source: str
    note: str


def declared(
    unit_ids: Collection[int] | None = None, periods: Collection[str] | None = None
) -> list[DeclaredRow]:
    """Declared figures of these units and period keys, or all; by unit, period, element."""
    rows = DeclaredValue.objects.order_by("unit_id", "period", "element_id")
    if unit_ids is not None:
        rows = rows.filter(unit_id__in=list(unit_ids))
    if periods is not None:
        rows = rows.filter(period__in=list(periods))
    return [DeclaredRow(*row) for row in rows.values_list(*DeclaredRow.__slots__)]
