"""Flat rows for the warehouse: the published contract of this room, read by ``warehouse.loaders`` alone.

One row per dossier. Column order is that of the fact table ``dossiers``. No key of a person or of a dossier
leaves the room by this door. ``slices=None`` reads everything.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from django.db.models import QuerySet

from haicap.core import clock, periods

from .models import Dossier
from .states import FORM

# SQLite takes 32,766 parameters at most.
UNITS_PER_QUERY = 2_000
ROWS_PER_FETCH = 10_000


class DossierRow(NamedTuple):
    """`late` is 1 or 0, None without a due date or before the finish; `received`, `due`, `finished` are local
    dates; `start`, `end` the calendar month of receipt; `n` is 1."""

    unit_id: int
    form: str
    period: str
    kind: str
    rule: str
    start: date
    end: date
    procedure: str
    channel: int
    level: str
    submitter: str
    received: date
    due: date | None
    finished: date | None
    late: int | None
    blame: str
    status: int
    fee: Decimal | None
    paid_online: int | None
    digitised_components: int | None
    digitised_result: int | None
    satisfaction: int | None
    n: int


class SliceLike(Protocol):
    @property
    def form(self) -> str: ...
    @property
    def period(self) -> str: ...
    @property
    def unit_id(self) -> int: ...


_COLUMNS = (
    "unit_id", "period", "procedure__code", "channel", "level", "submitter", "received_at", "due_at",
    "finished_at", "blame", "status", "fee", "paid_online", "digitised_components", "digitised_result",
    "satisfaction",
)  # fmt: skip


def dossier_rows(slices: Iterable[SliceLike] | None = None) -> Iterator[DossierRow]:
    """Every dossier of these slices as it stands now."""
    for found in _chosen(slices):
        for row in found.values_list(*_COLUMNS).iterator(chunk_size=ROWS_PER_FETCH):
            yield _row(*row)


def _chosen(slices: Iterable[SliceLike] | None) -> Iterator[QuerySet[Dossier]]:
    if slices is None:
        yield Dossier.objects.all()
        return
    wanted: dict[str, set[int]] = defaultdict(set)
    for one in slices:
        if one.form == FORM:
            wanted[one.period].add(one.unit_id)
    for period, units in sorted(wanted.items()):
        ordered: Sequence[int] = sorted(units)
        for first in range(0, len(ordered), UNITS_PER_QUERY):
            yield Dossier.objects.filter(period=period, unit_id__in=ordered[first : first + UNITS_PER_QUERY])


@lru_cache(maxsize=2_000)
def _month(period: str) -> tuple[date, date]:
    month = periods.parse(period, periods.Rule.CALENDAR)
    return month.start, month.end


def _row(
    unit_id: int, period: str, procedure: str, channel: int, level: str, submitter: str,
    received: datetime, due: datetime | None, finished: datetime | None, blame: str, *rest: Any,
) -> DossierRow:  # fmt: skip
    start, end = _month(period)
    late = None if due is None or finished is None else int(finished > due)
    status, *measures = rest
    return DossierRow(
        unit_id, FORM, period, "month", "calendar", start, end, procedure, channel, level, submitter,
        clock.local(received).date(), _day(due), _day(finished), late, blame, status, *measures, 1,
    )  # fmt: skip


def _day(instant: datetime | None) -> date | None:
    return None if instant is None else clock.local(instant).date()
