"""The one writer: changed slices become a new snapshot, or nothing changes at all.

Crash at any moment: readers keep the last manifest, tokens that were not consumed are read again,
and half-made files are swept by the next run.
"""

import fcntl
import os
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from haicap.audit.moment import one_moment
from haicap.core import clock

from . import manifest as manifests
from . import retention, suspects
from .archiving import Archives
from .building import BUILDING, Workshop, key_of, years_of
from .history import Archive, Former, Key
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


def refresh(
    reader: Source | None = None, *, everything: bool = False, archive: Archive | None = None
) -> RefreshResult:
    """Bring the facts up to date. `everything` builds all files again from the source.

    What is replaced goes into the archive: that of the product, or none with a `reader` of one's own.
    Waits for another refresh in progress. Raises `UnbalancedError` when counts or sums do not come out, and
    then neither the snapshot nor the tokens have changed.
    """
    source, archive = (reader, archive) if reader else (Rooms(), archive or Archives())
    started = time.monotonic()
    with writing() as root:
        old = readable_manifest(root)
        with nullcontext() if reader else one_moment():
            tokens = source.pending()
            work = _Work(root, source, old, tokens, keeps=archive is not None)
            new = _made(work, everything)
            if old is None and archive and (before := archive.newest()):
                # The files are gone, what was archived is not: the line goes on.
                new = replace(new, previous=before)
                work.formers += _forgotten(work)
        changed = new is not old
        if changed:
            if archive:
                if old and archive.newest() is None:
                    archive.keep(old, ())
                archive.keep(new, work.formers)
            publish(root, new, old)
        if tokens:
            source.consume([token.id for token in tokens])
        sweep(root)
    years = tuple(sorted(e.key for e in new.files if old is None or e.name not in old.names))
    return RefreshResult(new.id, changed, len(tokens), new.rows, years, time.monotonic() - started)


def sort(*, share: float = LOOSE_SHARE, archive: Archive | None = None) -> list[tuple[str, int]]:
    """Write files anew whose appended rows exceed that share; a quiet hour's work. Content stays as it is."""
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
            new = _next(old, fresh, damaged=old.damaged)
            if archive:
                archive.keep(new, ())
            publish(root, new, old)
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
    if old:
        retention.keep_day(root, old, new)
    manifests.swap(root, new)
    for name in (old.names if old else frozenset()) - new.names:
        path = root / name
        if path.exists():
            # The file's age now counts from its retirement.
            os.utime(path)
        suspects.clear(root, name)


def sweep(root: Path) -> None:
    """Delete files that no manifest names, no rule keeps and no reader can still be asking."""
    try:
        wanted = retention.wanted(root)
    except ValueError:
        return
    for path in root.glob("*.duckdb"):
        if path.name not in wanted and time.time() - path.stat().st_mtime > KEEP_SECONDS:
            path.unlink(missing_ok=True)


@dataclass
class _Work:
    """One refresh in progress; `formers` fills with what it replaces, `corrected` with how many facts of
    closed periods it changes. Without an archive nothing is kept."""

    root: Path
    source: Source
    old: Manifest | None
    tokens: Sequence[Token]
    keeps: bool
    formers: list[Former] = field(default_factory=list)
    corrected: dict[str, int] = field(default_factory=dict)

    def slices(self, table: Table) -> list[Slice]:
        """The changed slices of this table's room, each once."""
        own = (token.slice for token in self.tokens if token.slice.room == table.room)
        return list({key_of(one): one for one in own}.values())


def _made(work: _Work, everything: bool) -> Manifest:
    """The manifest to be; the old one itself when there is nothing to do."""
    base = None if everything else work.old
    touched = years_of(token.slice for token in work.tokens)
    broken = (
        {one.key for one in base.damaged} | suspects.confirmed(work.root, base, touched) if base else set()
    )
    if base is not None and not work.tokens and not broken:
        return base
    shop = Workshop(work.root, large=base is None or bool(broken))
    try:
        if base is None:
            return _everything(work, shop)
        new = _changes(work, shop, base, broken)
    finally:
        shop.close()
    return base if new.names == base.names and not base.damaged else new


def _everything(work: _Work, shop: Workshop) -> Manifest:
    files: list[Entry] = []
    for table in TABLES.values():
        shop.stage(table, work.source.batches(table, None))
        files.extend(shop.build(table, year) for year in shop.staged_years(table))
        if work.old and work.keeps:
            work.formers += _differing(work, shop, table, work.old)
    return _manifest(files, work.old, (), whole=True)


def _differing(work: _Work, shop: Workshop, table: Table, old: Manifest) -> list[Former]:
    """What a whole build changes: after an upgrade more may differ than the log tells."""
    entries = [one for one in old.files if one.table == table.name]
    broken = {one.key for one in entries if not suspects.is_whole(work.root, one, thorough=True)}
    whole = [one for one in entries if one.key not in broken]
    held = {entry.year for entry in entries}
    keys = [key for entry in whole for key in shop.differing(table, entry)]
    keys += [key for year in shop.staged_years(table) if year not in held for key in shop.slices(table, year)]
    found = [_former(shop, table, keys, whole)] if keys else []
    return found + _unknown(work, {table.name: {year for _table, year in broken | _lost(old, table)}})


def _lost(old: Manifest, table: Table) -> set[tuple[str, int]]:
    return {one.key for one in old.damaged if one.table == table.name}


def _former(shop: Workshop, table: Table, keys: Sequence[Key], entries: Sequence[Entry]) -> Former:
    shop.doom(keys)
    return Former(table.name, tuple(sorted(set(keys))), shop.former(table, entries))


def _unknown(work: _Work, years: Mapping[str, Set[int]]) -> list[Former]:
    """Slices that changed while their file was broken: what they held before is nowhere any more.

    A change that was committed while the file was built again counts too: it may be in it already.
    """
    tokens = [*work.tokens, *work.source.pending()] if any(years.values()) else []
    found = []
    for name, some in years.items():
        room = TABLES[name].room
        keys = {
            key_of(one.slice) for one in tokens if one.slice.room == room and years_of([one.slice]) <= some
        }
        if keys:
            found.append(Former(name, tuple(sorted(keys)), known=False))
    return found


def _forgotten(work: _Work) -> list[Former]:
    """The same for everything, where a restored installation has no files at all."""
    tokens = [*work.tokens, *work.source.pending()]
    years = years_of(token.slice for token in tokens)
    return _unknown(work, dict.fromkeys(TABLES, years))


def _changes(work: _Work, shop: Workshop, old: Manifest, broken: set[tuple[str, int]]) -> Manifest:
    fresh = _rebuilt(shop, work.source, broken)
    work.formers += _unknown(
        work, {name: {year for table, year in broken if table == name} for name in TABLES}
    )
    for table in TABLES.values():
        if slices := work.slices(table):
            fresh |= _replaced(work, shop, table, slices, old, broken)
    new = _next(old, fresh, tokens=work.tokens, gone=broken - fresh.keys(), whole=bool(broken))
    before = old.corrected if retention.day_of(old) == retention.day_of(new) else {}
    return replace(new, corrected=dict(Counter(before) + Counter(work.corrected)))


def _replaced(
    work: _Work,
    shop: Workshop,
    table: Table,
    slices: Sequence[Slice],
    old: Manifest,
    broken: set[tuple[str, int]],
) -> dict[tuple[str, int], Entry]:
    keys = [key_of(one) for one in slices]
    shop.doom(keys)
    shop.stage(table, work.source.batches(table, slices))
    fresh = {}
    staged = set(shop.staged_years(table))
    years = sorted(year for year in years_of(slices) | staged if (table.name, year) not in broken)
    for year in years:
        entry = old.get(table.name, year)
        if entry is None and year in staged:
            fresh[table.name, year] = shop.build(table, year)
        elif entry is not None and not shop.same(table, year, entry):
            fresh[entry.key] = shop.patch(table, year, entry)
            if table.moving is not None and (n := shop.corrected(table, entry, clock.today())):
                work.corrected[table.name] = work.corrected.get(table.name, 0) + n
    if fresh and work.keeps:
        held = [entry for year in years if (entry := old.get(table.name, year))]
        known = [one for one in slices if not {(table.name, year) for year in years_of([one])} & broken]
        work.formers.append(_former(shop, table, [key_of(one) for one in known], held))
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
        corrected=old.corrected if old else {},
    )
