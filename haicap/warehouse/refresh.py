"""The one writer: changed slices become a new snapshot, or nothing changes at all.

Crash at any moment: readers keep the last manifest, tokens that were not consumed are read again,
and half-made files are swept by the next run.
"""

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from haicap.core import clock

from . import manifest as manifests
from . import suspects
from .building import BUILDING, Workshop, years_of
from .loaders.rooms import Rooms
from .loaders.source import Slice, Source, Token
from .manifest import Entry, Manifest
from .places import root_directory
from .tables import TABLES, Table

# Readers detach a replaced file after `store.LONGEST_QUERY`; only then may it leave the disk.
KEEP_SECONDS = 180
# Above this share of appended rows a file is worth sorting again (see `sort`).
LOOSE_SHARE = 0.1


@dataclass(frozen=True)
class RefreshResult:
    """`slices` counts the tokens consumed; `rows` is the whole snapshot's."""

    snapshot: str
    changed: bool
    slices: int
    rows: int
    years: tuple[tuple[str, int], ...]
    seconds: float


def refresh(reader: Source | None = None, *, everything: bool = False) -> RefreshResult:
    """Bring the facts up to date. `everything` builds all files again from the source.

    Waits for another refresh in progress. Raises `UnbalancedError` when counts or sums do not come out,
    and then neither the snapshot nor the tokens have changed.
    """
    source = reader or Rooms()
    started = time.monotonic()
    with writing() as root:
        old = readable_manifest(root)
        tokens = source.pending()
        new = _made(root, source, None if everything else old, old, tokens)
        changed = new is not old
        if changed:
            publish(root, new, old)
        if tokens:
            source.consume([token.id for token in tokens])
        sweep(root)
    years = tuple(sorted(e.key for e in new.files if old is None or e.name not in old.names))
    return RefreshResult(new.id, changed, len(tokens), new.rows, years, time.monotonic() - started)


def sort(*, share: float = LOOSE_SHARE) -> list[tuple[str, int]]:
    """Write files anew whose appended rows exceed that share; a quiet hour's work."""
    with writing() as root:
        old = readable_manifest(root)
        if old is None:
            return []
        worn = [one for one in old.files if one.rows and one.loose > share * one.rows]
        if worn:
            shop = Workshop(root)
            try:
                fresh = {one.key: shop.sort(TABLES[one.table], one) for one in worn}
            finally:
                shop.close()
            publish(root, _next(old, fresh, damaged=old.damaged), old)
        sweep(root)
        return [one.key for one in worn]


@contextmanager
def writing() -> Iterator[Path]:
    """The warehouse directory, locked against every other writer; half-made files of a crash are gone."""
    root = root_directory()
    root.mkdir(parents=True, exist_ok=True)
    with (root / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for leftover in root.glob(f"{BUILDING}*"):
            if leftover.is_file():
                leftover.unlink()
        yield root


def readable_manifest(root: Path) -> Manifest | None:
    try:
        return manifests.read(root)
    except ValueError:
        # A manifest that cannot be read names nothing: everything is built again from the source.
        return None


def publish(root: Path, new: Manifest, old: Manifest | None) -> None:
    manifests.swap(root, new)
    for name in (old.names if old else frozenset()) - new.names:
        path = root / name
        if path.exists():
            # The file's age now counts from its retirement.
            os.utime(path)
        suspects.clear(root, name)


def sweep(root: Path) -> None:
    """Delete files that no manifest names and no reader can still be asking."""
    wanted: set[str] = set()
    for name in (manifests.NAME, manifests.PREVIOUS):
        try:
            found = manifests.read(root, name)
        except ValueError:
            return
        wanted |= found.names if found else set()
    for path in root.glob("*.duckdb"):
        if path.name not in wanted and time.time() - path.stat().st_mtime > KEEP_SECONDS:
            path.unlink(missing_ok=True)


def _made(
    root: Path, source: Source, base: Manifest | None, old: Manifest | None, tokens: Sequence[Token]
) -> Manifest:
    """The manifest to be; `old` itself when there is nothing to do."""
    touched = years_of(token.slice for token in tokens)
    broken = {one.key for one in base.damaged} | suspects.confirmed(root, base, touched) if base else set()
    if base is not None and not tokens and not broken:
        return base
    shop = Workshop(root, large=base is None or bool(broken))
    try:
        if base is None:
            return _everything(shop, source, old)
        new = _changes(shop, source, base, tokens, broken)
    finally:
        shop.close()
    return base if new.names == base.names and not base.damaged else new


def _everything(shop: Workshop, source: Source, old: Manifest | None) -> Manifest:
    files: list[Entry] = []
    for table in TABLES.values():
        shop.stage(table, source.batches(table, None))
        files.extend(shop.build(table, year) for year in shop.staged_years(table))
    return _manifest(files, old, (), whole=True)


def _changes(
    shop: Workshop, source: Source, old: Manifest, tokens: Sequence[Token], broken: set[tuple[str, int]]
) -> Manifest:
    slices = list({_key(token.slice): token.slice for token in tokens}.values())
    fresh = _rebuilt(shop, source, broken)
    for table in TABLES.values():
        if own := [one for one in slices if one.room == table.room]:
            fresh |= _replaced(shop, source, old, table, own, skip=broken)
    return _next(old, fresh, tokens=tokens, gone=broken - fresh.keys(), whole=bool(broken))


def _key(piece: Slice) -> tuple[str, str, str, int]:
    return piece.room, piece.form, piece.period, piece.unit_id


def _replaced(
    shop: Workshop,
    source: Source,
    old: Manifest,
    table: Table,
    slices: Sequence[Slice],
    *,
    skip: set[tuple[str, int]],
) -> dict[tuple[str, int], Entry]:
    shop.doom(slices)
    shop.stage(table, source.batches(table, slices))
    fresh = {}
    staged = set(shop.staged_years(table))
    for year in sorted(years_of(slices) | staged):
        entry = old.get(table.name, year)
        if (table.name, year) in skip:
            continue
        if entry is None and year in staged:
            fresh[table.name, year] = shop.build(table, year)
        elif entry is not None and not shop.same(table, year, entry):
            fresh[entry.key] = shop.patch(table, year, entry)
    return fresh


def _rebuilt(shop: Workshop, source: Source, broken: set[tuple[str, int]]) -> dict[tuple[str, int], Entry]:
    fresh = {}
    for table in TABLES.values():
        years = [year for name, year in broken if name == table.name]
        if years:
            shop.stage(table, source.batches(table, None))
            for year in set(years) & set(shop.staged_years(table)):
                fresh[table.name, year] = shop.build(table, year)
    return fresh


def _next(
    old: Manifest,
    fresh: dict[tuple[str, int], Entry],
    *,
    tokens: Sequence[Token] = (),
    gone: frozenset[tuple[str, int]] | set[tuple[str, int]] = frozenset(),
    damaged: tuple[manifests.Damage, ...] = (),
    whole: bool = False,
) -> Manifest:
    kept = [one for one in old.files if one.key not in fresh and one.key not in gone]
    return _manifest([*kept, *fresh.values()], old, tokens, damaged, whole=whole)


def _manifest(
    files: Sequence[Entry],
    old: Manifest | None,
    tokens: Sequence[Token],
    damaged: tuple[manifests.Damage, ...] = (),
    *,
    whole: bool = False,
) -> Manifest:
    """`whole`: files were built from the source, and nothing computed earlier may be taken as still true."""
    id = manifests.new_id()
    anew = whole or old is None or not old.since
    changed = {} if anew or old is None else old.changed
    return Manifest(
        id=id,
        since=id if anew or old is None else old.since,
        changed=changed | {token.slice.period: id for token in tokens},
        made_at=clock.now().isoformat(),
        previous=old.id if old else None,
        files=tuple(sorted(files, key=lambda one: one.key)),
        consumed=manifests.runs(token.id for token in tokens),
        damaged=damaged,
    )
