"""The archive of snapshots in the database: it goes into every backup, and outlives the files."""

import json
import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from . import models
from .history import ENGINE, Former, Key, Moment, summary
from .manifest import Manifest
from .models import Archived

PER_QUERY = 500
_FIELDS = ("snapshot", "previous", "made_at", "engine", "damaged", "tables")


class Archives:
    def newest(self) -> str | None:
        return Archived.objects.order_by("-id").values_list("snapshot", flat=True).first()

    @transaction.atomic
    def keep(self, manifest: Manifest, formers: Sequence[Former]) -> None:
        row = Archived.objects.create(
            snapshot=manifest.id,
            previous=manifest.previous or "",
            made_at=datetime.fromisoformat(manifest.made_at),
            engine=ENGINE,
            tables=summary(manifest),
            consumed=manifest.consumed,
            damaged=bool(manifest.damaged),
        )
        models.Former.objects.bulk_create(
            models.Former(
                archived=row, table=one.table, slices=_packed(one.slices), rows=one.rows, known=one.known
            )
            for one in formers
        )

    def line(self, newest: str) -> list[Moment]:
        rows = Archived.objects.values_list(*_FIELDS)
        there = {row[0]: Moment(*row) for row in rows.iterator(chunk_size=5_000)}
        found = []
        while (one := there.pop(newest, None)) is not None:
            found.append(one)
            newest = one.previous
        return found

    def formers(self, snapshots: Sequence[str], table: str) -> Iterator[Former]:
        for first in range(0, len(snapshots), PER_QUERY):
            part = snapshots[first : first + PER_QUERY]
            place = {snapshot: index for index, snapshot in enumerate(part)}
            rows = models.Former.objects.filter(archived__snapshot__in=part, table=table)
            keys = sorted(
                rows.values_list("archived__snapshot", "id"), key=lambda row: (place[row[0]], row[1])
            )
            for _snapshot, id in keys:
                one = models.Former.objects.get(pk=id)
                yield Former(table, _unpacked(bytes(one.slices)), bytes(one.rows), one.known)


def _packed(slices: Sequence[Key]) -> bytes:
    return zlib.compress(json.dumps(slices).encode())


def _unpacked(packed: bytes) -> tuple[Key, ...]:
    return tuple((period, form, unit) for period, form, unit in json.loads(zlib.decompress(packed)))
