"""Where each figure of a report comes from, and what the report held when it was submitted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from ..models import Submission, ValueChange

Cell = tuple[int, str, str]
"""(element id, split, attribution)"""


@dataclass(frozen=True, slots=True)
class Held:
    """What a cell holds; all empty where it holds nothing."""

    number: Decimal | None = None
    reason: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """One step in the life of a cell; `file` and `source` are those of the batch it came with, or ""."""

    at: datetime
    by: str
    door: str
    cycle: int
    cell: Cell
    before: Held
    after: Held
    why: str
    file: str
    source: str


@dataclass(frozen=True, slots=True)
class Sent:
    """One submission; `cycle` counts from 1."""

    cycle: int
    at: datetime
    by: str


_FIELDS = (
    "at", "by", "door", "cycle", "value__element_id", "value__split", "value__attribution", "from_number",
    "from_reason", "from_text", "to_number", "to_reason", "to_text", "why", "intake__file_name",
    "intake__source",
)  # fmt: skip


def origins(report_id: int, element_id: int) -> list[Origin]:
    """The life of one element of a report, with all its splits, newest first. One query."""
    rows = ValueChange.objects.filter(value__report_id=report_id, value__element_id=element_id)
    return _origins(rows.order_by("-at", "-id").values_list(*_FIELDS))


def submissions(report_id: int) -> list[Sent]:
    """Every submission, the first one first. One query."""
    rows = Submission.objects.filter(report_id=report_id).order_by("cycle")
    return [Sent(*row) for row in rows.values_list("cycle", "at", "by")]


def contents(report_id: int, moments: Iterable[datetime | None]) -> list[dict[Cell, Held]]:
    """What every cell held at each of these instants; None is now. One query."""
    rows = ValueChange.objects.filter(value__report_id=report_id).order_by("at", "id")
    steps = _origins(rows.values_list(*_FIELDS))
    found = []
    for moment in moments:
        found.append({one.cell: one.after for one in steps if moment is None or one.at <= moment})
    return found


def _origins(rows: Iterable[tuple[Any, ...]]) -> list[Origin]:
    return [
        Origin(
            at=row[0],
            by=row[1],
            door=row[2],
            cycle=row[3],
            cell=(row[4], row[5], row[6]),
            before=Held(*row[7:10]),
            after=Held(*row[10:13]),
            why=row[13],
            file=row[14] or "",
            source=row[15] or "",
        )
        for row in rows
    ]
