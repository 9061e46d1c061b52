"""Proof that the warehouse holds what the source holds: every file as written, every slice equal.

A broken file is taken out of service at once: the last good one serves with a warning until the next
refresh has built it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from haicap.core import clock

from . import manifest as manifests
from . import suspects
from .archiving import Archives
from .building import Workshop, key_of
from .history import Archive
from .loaders.rooms import Rooms
from .loaders.source import Source, Token
from .manifest import Damage, Entry, Manifest
from .refresh import publish, readable_manifest, writing
from .tables import TABLES, YEAR, Table

# Enough to see the pattern; a broken loader would otherwise print a million lines.
MOST_DIFFERENCES = 100


@dataclass(frozen=True)
class Difference:
    """One slice that is not equal: rows and sums, source first; equal numbers mean other columns differ."""

    table: str
    form: str
    period: str
    unit_id: int
    source_rows: int
    rows: int
    source_total: Decimal
    total: Decimal


@dataclass(frozen=True)
class Verification:
    """`waiting` slices were changed but not refreshed yet; they are not compared."""

    snapshot: str
    rows: int
    slices: int
    waiting: int
    broken: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def ok(self) -> bool:
        return not self.broken and not self.differences


def verify(reader: Source | None = None, archive: Archive | None = None) -> Verification:
    """Compare every file with its checksum, every slice with the source; a refresh waits meanwhile."""
    source, archive = (reader, archive) if reader else (Rooms(), archive or Archives())
    with writing() as root:
        manifest = readable_manifest(root)
        if manifest is None:
            return Verification("none", 0, 0, 0, ("manifest.json",), ())
        broken = [one for one in manifest.files if not suspects.is_whole(root, one, thorough=True)]
        if broken:
            manifest = _without(root, manifest, broken, archive)
        lost = {one.key for one in manifest.damaged}
        shop = Workshop(root, large=True)
        try:
            waiting = list(source.pending())
            for table in TABLES.values():
                shop.stage(table, source.batches(table, None))
            waiting += source.pending()
            slices, differences = _compare(shop, manifest, waiting, lost)
        finally:
            shop.close()
    names = tuple(one.name for one in broken)
    return Verification(manifest.id, manifest.rows, slices, len(_keys(waiting)), names, tuple(differences))


def _without(root: Path, old: Manifest, broken: Sequence[Entry], archive: Archive | None) -> Manifest:
    """Publish a manifest in which the last good file, if there is one, stands in for each broken one."""
    try:
        before = manifests.read(root, manifests.PREVIOUS)
    except ValueError:
        before = None
    files = {one.key: one for one in old.files}
    damaged = {one.key: one for one in old.damaged}
    for entry in broken:
        del files[entry.key]
        spare = before.get(*entry.key) if before else None
        if spare and suspects.is_whole(root, spare, thorough=True):
            files[entry.key] = spare
        damaged[entry.key] = Damage(*entry.key, served=entry.key in files)
    new = replace(
        old,
        id=manifests.new_id(),
        made_at=clock.now().isoformat(),
        previous=old.id,
        files=tuple(files[key] for key in sorted(files)),
        damaged=tuple(damaged[key] for key in sorted(damaged)),
    )
    if archive:
        archive.keep(new, ())
    publish(root, new, old)
    return new


def _keys(tokens: Sequence[Token]) -> set[tuple[str, str, int]]:
    return {(one.slice.period, one.slice.form, one.slice.unit_id) for one in tokens}


def _compare(
    shop: Workshop, manifest: Manifest, waiting: Sequence[Token], lost: set[tuple[str, int]]
) -> tuple[int, list[Difference]]:
    slices, found = 0, []
    for table in TABLES.values():
        shop.doom([key_of(one.slice) for one in waiting if one.slice.room == table.room])
        held = {one.year for one in manifest.files if one.table == table.name}
        for year in sorted(held | set(shop.staged_years(table))):
            if (table.name, year) not in lost:
                count, differences = _year(shop, table, year, manifest.get(table.name, year))
                slices += count
                found += differences
    return slices, found[:MOST_DIFFERENCES]


def _year(shop: Workshop, table: Table, year: int, entry: Entry | None) -> tuple[int, list[Difference]]:
    source = f'(SELECT * FROM stage."{table.name}" WHERE {YEAR} = {year})'
    with shop.reading(entry, table) as held:
        rows = shop.query(
            f"SELECT coalesce(s.form, w.form), coalesce(s.period, w.period), coalesce(s.unit_id, w.unit_id), "
            f"coalesce(s.n, 0), coalesce(w.n, 0), coalesce(s.total, 0), coalesce(w.total, 0), "
            f"s.print IS DISTINCT FROM w.print FROM ({_prints(source, table)}) s "
            f"FULL JOIN ({_prints(held, table)}) w USING (period, form, unit_id) "
            f"ANTI JOIN doomed USING (period, form, unit_id)"
        )
    return len(rows), [
        Difference(table.name, form, period, unit, n, held_n, Decimal(total), Decimal(held_total))
        for form, period, unit, n, held_n, total, held_total, differs in rows
        if differs
    ]


def _prints(relation: str, table: Table) -> str:
    return (
        f"SELECT period, form, unit_id, count(*) AS n, {table.measure} AS total, {table.print} AS print "
        f"FROM {relation} GROUP BY ALL"
    )
