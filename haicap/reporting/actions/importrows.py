"""What a bulk import is told about a report: everything with its own instant and its own hand."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from ..states import State


class Signed(NamedTuple):
    """Who did it, when (aware instant)."""

    at: datetime
    by: str


class ImportedStep(NamedTuple):
    """One earlier or later content of a cell; the last step is what stands now."""

    at: datetime
    by: str
    number: Decimal | None
    no_figure_reason: str = ""
    cycle: int = 0
    why: str = ""


class ImportedCell(NamedTuple):
    """`steps` empty: typed once, by the report's `typed`. Otherwise the last step must equal the content."""

    element: str
    number: Decimal | None
    no_figure_reason: str = ""
    steps: Sequence[ImportedStep] = ()


class ImportedReturn(NamedTuple):
    """`element` "" is about the whole report; `cycle` is the submission that was returned, from 1."""

    cycle: int
    element: str
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class ImportedReport:
    """One report with its whole life. The signatures must fit `state` (see importing._check_life)."""

    unit_id: int
    form: str
    period: str
    state: State
    typed: Signed
    cells: Sequence[ImportedCell]
    ready: Signed | None = None
    submissions: Sequence[Signed] = ()
    returns: Sequence[ImportedReturn] = ()
    accepted: Signed | None = None
    locked: Signed | None = None
    notes: Sequence[tuple[str, str, str]] = field(default=())


@dataclass(frozen=True, slots=True)
class ImportResult:
    """reports + unchanged = rows read; `values` and `changes` are what was written."""

    reports: int
    unchanged: int
    values: int
    changes: int
