"""The rows of a file judged and dealt out by month; what is wrong goes to the list of rejected rows."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from haicap.audit import bulk
from haicap.catalogue import calendar
from haicap.units import queries as units

from ..models import Import, Rejected, Source
from ..policies import questions
from ..policies.judging import Judge
from ..policies.mapping import Plan
from ..policies.parts import PERIOD, Judged
from ..policies.questions import Column
from ..policies.rejecting import Rejection
from .procedures import Book
from .spool import Spool

CHUNK = 50_000


def judge_of(batch: Import, source: Source, plan: Plan, columns: Iterable[Column]) -> Judge:
    columns = tuple(columns)
    book = Book(batch.by, declare_new=plan.declare_new, dry_run=batch.dry_run)
    return Judge(
        questions.settled(columns, plan, batch.answers),
        questions.usable(columns, plan),
        units.by_id(source.owner_id),
        book.find,
        calendar.workdays(),
        [one.heading for one in columns if one.native],
    )


def sort(*, batch: Import, judge: Judge, spool: Spool) -> None:
    """Begins anew when it was cut off: nothing of it counts before its last transaction."""
    Rejected.objects.filter(batch_id=batch.pk).delete()
    months, seen, reasons = spool.months(), Codes(), Counter[str]()
    for part in spool.parts():
        taken, rejected = judge.judge(part)
        seen.add(taken)
        by_month: dict[str, list[Judged]] = defaultdict(list)
        for row in taken:
            by_month[row.content[PERIOD]].append(row)
        for period, rows in by_month.items():
            months.add(period, rows)
        reject(batch_id=batch.pk, rejections=rejected)
        reasons.update(one.code for one in rejected)
    months.close()
    later = seen.superseded()
    reject(batch_id=batch.pk, rejections=[Rejection(row, "row.later") for row in later])
    if later:
        reasons["row.later"] = len(later)
    batch.rejected, batch.reasons = sum(reasons.values()), dict(reasons)
    batch.checkpoint = {"chunk": 0, "plan": months.chunks(CHUNK), "later": later}
    batch.chunks = len(batch.checkpoint["plan"])
    batch.save(update_fields=["rejected", "reasons", "checkpoint", "chunks"])


def reject(*, batch_id: int, rejections: Iterable[Rejection]) -> None:
    """Onto the list that the person downloads."""
    rows = [(one.row, one.code, one.column, one.value) for one in rejections]
    if rows:
        with transaction.atomic():
            bulk.insert(Rejected, ("row", "code", "column", "value"), rows, {"batch_id": batch_id})


class Codes:
    """Which code stands in a file more than once: 64 bits per row are held, whatever the size of the file."""

    def __init__(self) -> None:
        self._keys, self._rows = array("Q"), array("Q")

    def add(self, rows: Iterable[Judged]) -> None:
        for row in rows:
            self._keys.append(int(row.key[:16], 16))
            self._rows.append(row.row)

    def superseded(self) -> list[int]:
        """The numbers of rows whose code stands again in a later row of the file, which is the one taken."""
        if not self._keys:
            return []
        counted = pc.value_counts(
            pa.Array.from_buffers(pa.uint64(), len(self._keys), [None, pa.py_buffer(self._keys)])
        )
        twice = set(counted.field(0).filter(pc.greater(counted.field(1), 1)).to_pylist())
        if not twice:
            return []
        last: dict[int, int] = {}
        stale: list[int] = []
        for key, row in self._repeated(twice):
            if key in last:
                stale.append(last[key])
            last[key] = row
        return sorted(stale)

    def _repeated(self, twice: set[int]) -> Iterator[tuple[int, int]]:
        return ((key, row) for key, row in zip(self._keys, self._rows, strict=True) if key in twice)
