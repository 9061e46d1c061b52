"""Imports and their rejected rows, as frozen values."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ..models import Import, Rejected
from ..policies import questions
from ..policies.questions import Column
from ..states import ImportState

MOST = 50
PER_FETCH = 5_000


@dataclass(frozen=True)
class Batch:
    """One import. `share` (0…1) is how far its present step is; `same_as` the token of an earlier import of
    the very same file."""

    token: str
    source: str
    source_name: str
    owner_id: int
    name: str
    at: datetime
    state: ImportState
    dry_run: bool
    rows: int
    read: int
    created: int
    updated: int
    unchanged: int
    rejected: int
    share: float
    dropped: tuple[tuple[str, str], ...] = ()
    reasons: dict[str, int] = field(default_factory=dict)
    failure: str = ""
    same_as: str = ""
    columns: tuple[Column, ...] = ()
    answers: dict[str, object] = field(default_factory=dict)
    finished_at: datetime | None = None
    kind: str = ""
    encoding: str = ""


def recent(sources: Collection[str], most: int | None = MOST) -> list[Batch]:
    """The newest imports of these sources (codes); `most` None: all. One query."""
    rows = Import.objects.filter(source__code__in=sources).exclude(door="api").select_related("source")
    return [_batch(row) for row in rows.order_by("-id")[:most]]


def by_token(token: str) -> Batch | None:
    """One query."""
    row = Import.objects.filter(token=token).select_related("source").first()
    return None if row is None else _batch(row, whole=True)


def rejected(token: str) -> Iterator[tuple[int, str, str, str]]:
    """(row of the file, code of the reason, column, value), in the order of the file. Streamed."""
    rows = Rejected.objects.filter(batch__token=token).order_by("row", "id")
    yield from rows.values_list("row", "code", "column", "value").iterator(chunk_size=PER_FETCH)


def _batch(row: Import, *, whole: bool = False) -> Batch:
    return Batch(
        token=row.token, source=row.source.code, source_name=row.source.name, owner_id=row.source.owner_id,
        name=row.name, at=row.at, state=ImportState(row.state), dry_run=row.dry_run, rows=row.rows,
        read=row.read, created=row.created, updated=row.updated, unchanged=row.unchanged,
        rejected=row.rejected, share=_share(row), dropped=tuple((one[0], one[1]) for one in row.dropped),
        reasons=row.reasons, failure=row.failure, same_as=row.found.get("same_as", ""),
        columns=questions.restored(row.found.get("columns", [])) if whole else (),
        answers=row.answers, finished_at=row.finished_at, kind=row.found.get("kind", ""),
        encoding=row.found.get("encoding", ""),
    )  # fmt: skip


def _share(row: Import) -> float:
    if row.state == ImportState.READING.value:
        return row.bytes_read / row.size if row.size else 0.0
    if row.chunks:
        return min(1.0, row.checkpoint.get("chunk", 0) / row.chunks)
    return 0.0
