"""What happened to the values of a report."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from ..models import Submission, ValueChange


@dataclass(frozen=True, slots=True)
class ChangeRow:
    at: datetime
    by: str
    door: str
    cycle: int
    element_id: int
    before: Decimal | None
    after: Decimal | None
    before_reason: str
    after_reason: str
    why: str


FIELDS = (
    "at",
    "by",
    "door",
    "cycle",
    "value__element_id",
    "from_number",
    "to_number",
    "from_reason",
    "to_reason",
    "why",
)


def changes(report_id: int, limit: int | None = None) -> list[ChangeRow]:
    """Every change of every cell of a report, newest first."""
    rows = ValueChange.objects.filter(value__report_id=report_id).order_by("-at", "-id")
    return [ChangeRow(*row) for row in rows.values_list(*FIELDS)[:limit]]


def value_history(report_id: int, element_id: int) -> list[ChangeRow]:
    """The life of one cell, newest first."""
    rows = ValueChange.objects.filter(value__report_id=report_id, value__element_id=element_id)
    return [ChangeRow(*row) for row in rows.order_by("-at", "-id").values_list(*FIELDS)]


def hands(report_id: int) -> frozenset[str]:
    """Everybody who ever typed a value of the report or submitted it: none of them may accept it."""
    typed = ValueChange.objects.filter(value__report_id=report_id).values_list("by", flat=True).distinct()
    sent = Submission.objects.filter(report_id=report_id).values_list("by", flat=True).distinct()
    return frozenset(typed) | frozenset(sent)
