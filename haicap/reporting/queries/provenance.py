"""Where each figure of a report comes from, and what the report held when it was submitted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from ..models import DerivedHistory, Report, Submission, ValueChange
from ..states import FACTS

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
    """What every cell held at each of these instants, None is now: what the system counted goes before what
    was typed. Three queries."""
    rows = ValueChange.objects.filter(value__report_id=report_id).order_by("at", "id")
    steps = _origins(rows.values_list(*_FIELDS))
    counted, sent = _counts(report_id), Report.objects.filter(pk=report_id, state__in=FACTS).exists()
    found = []
    for moment in moments:
        held = {one.cell: one.after for one in steps if moment is None or one.at <= moment}
        last = {one.cell: one for one in counted if moment is None or one.at <= moment}
        # At a submission stands what was frozen with it; in a report that is being filled what is counted.
        free = moment is None and not sent
        held |= {
            cell: Held(one.number)
            for cell, one in last.items()
            if one.number is not None and (free or one.act in STANDING)
        }
        found.append(held)
    return found


@dataclass(frozen=True, slots=True)
class Count:
    """One step in the life of a counted figure: `number` stood after it, `counted` was counted."""

    at: datetime
    act: str
    cell: Cell
    number: Decimal | None
    counted: Decimal | None
    records: int
    snapshot: str


STANDING = ("freeze", "later")


def _counts(report_id: int) -> list[Count]:
    """Of the cells of a report, in the order of time."""
    report = Report.objects.filter(pk=report_id)
    rows = DerivedHistory.objects.filter(
        value__unit__in=report.values("unit"),
        value__period__in=report.values("period"),
        value__rule__in=report.values("rule"),
    )
    return _as_counts(rows.order_by("at", "id"))


def counts(value_id: int) -> list[Count]:
    """The life of one counted figure, newest first. One query."""
    return _as_counts(DerivedHistory.objects.filter(value_id=value_id).order_by("-at", "-id"))


def _as_counts(rows: QuerySet[DerivedHistory]) -> list[Count]:
    fields = rows.values_list(
        "at", "act", "value__element_id", "value__split", "value__attribution", "to_number", "counted",
        "records", "snapshot",
    )  # fmt: skip
    return [Count(row[0], row[1], (row[2], row[3], row[4]), *row[5:]) for row in fields]


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
