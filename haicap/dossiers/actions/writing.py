"""A chunk of judged rows into the table: one transaction, one audit event, the slices it touched."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from haicap.audit import actions as audit
from haicap.audit import bulk
from haicap.audit.actions import Actor, Slice
from haicap.core import clock

from ..models import Dossier, DossierVersion, Source
from ..policies.parts import CONTENT, PERIOD, UNIT, Judged
from ..states import FORM, ROOM

COLUMNS = ("id", "key", "row_digest", "blame", *CONTENT)
VERSION = ("dossier_id", "version", "old")
PER_QUERY = 5_000


@dataclass
class Written:
    """What became of the rows of a chunk; read = created + updated + unchanged."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def write(
    *, by: Actor | str, source_id: int, batch_id: int, rows: Sequence[Judged], dry_run: bool = False
) -> Written:
    """Every row is new, changed or as it was; each key stands in `rows` once.

    What a change replaced is kept as a version. A dry run is the same, rolled back."""
    with transaction.atomic():
        # Two imports of one source take turns, so that both see what the other has stored.
        Source.objects.select_for_update().get(pk=source_id)
        done = _write(by, source_id, batch_id, rows)
        if dry_run:
            transaction.set_rollback(True)
    return done


def _write(by: Actor | str, source_id: int, batch_id: int, rows: Sequence[Judged]) -> Written:
    known = {
        getattr(key, "hex", key): (id, digest)
        for id, key, digest in bulk.among(
            Dossier, ("id", "key", "row_digest"), "key", [row.key for row in rows], {"source_id": source_id}
        )
    }
    new: list[Judged] = []
    changed: list[tuple[int, Judged]] = []
    for row in rows:
        found = known.get(row.key)
        if found is None:
            new.append(row)
        elif found[1] != row.digest:
            changed.append((found[0], row))
    done = Written(len(new), len(changed), len(rows) - len(new) - len(changed))
    if not new and not changed:
        return done
    old = contents([id for id, _row in changed])
    places = {(row.content[UNIT], row.content[PERIOD]) for row in (*new, *(row for _id, row in changed))}
    places |= {(was["unit_id"], was["period"]) for _version, was in old.values()}
    event = audit.record(
        by=by,
        action="dossiers.imported",
        object=f"dossier-import:{batch_id}",
        detail={"created": done.created, "updated": done.updated},
        slices=(Slice(ROOM, FORM, period, unit_id) for unit_id, period in sorted(places)),
    )
    _insert(new, source_id, batch_id, event)
    _update(changed, old, batch_id, event)
    return done


def _insert(new: Sequence[Judged], source_id: int, batch_id: int, event: int) -> None:
    ids = iter(bulk.draw_ids(Dossier, len(new)))
    constants = {
        "source_id": source_id, "last_import_id": batch_id, "version": 1,
        "created_event": event, "event_id": event,
    }  # fmt: skip
    lines = ((next(ids), row.key, row.digest, row.blame, *row.content) for row in new)
    bulk.insert(Dossier, COLUMNS, lines, constants, ready=True)


def _update(
    changed: Sequence[tuple[int, Judged]],
    old: dict[int, tuple[int, dict[str, Any]]],
    batch_id: int,
    event: int,
) -> None:
    if not changed:
        return
    keep_versions(((id, *old[id]) for id, _row in changed), batch_id, event)
    bulk.update(
        Dossier,
        ("row_digest", "blame", *CONTENT, "version"),
        ((row.digest, row.blame, *row.content, old[id][0] + 1, id) for id, row in changed),
        {"last_import_id": batch_id, "event_id": event},
    )


def keep_versions(olds: Iterable[tuple[int, int, dict[str, Any]]], batch_id: int | None, event: int) -> None:
    """(dossier id, its version, what it held) → the history, before the row is changed."""
    bulk.insert(
        DossierVersion,
        VERSION,
        ((id, version, json.dumps(was)) for id, version, was in olds),
        {"at": clock.now(), "batch_id": batch_id, "event_id": event},
    )


def contents(ids: Sequence[int]) -> dict[int, tuple[int, dict[str, Any]]]:
    """id → (version, {column: what it holds now}), in the plain words of JSON."""
    found = {}
    names = (*CONTENT, "blame", "excused")
    for first in range(0, len(ids), PER_QUERY):
        rows = Dossier.objects.filter(pk__in=ids[first : first + PER_QUERY])
        for id, version, *values in rows.values_list("id", "version", *names):
            found[id] = (version, dict(zip(names, map(plain, values), strict=True)))
    return found


def plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(value, UUID):
        return value.hex
    return f"{value:f}" if isinstance(value, Decimal) else value
