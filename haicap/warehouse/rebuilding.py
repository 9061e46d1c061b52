"""A snapshot of the past built again: what the source holds now, and for every slice that was replaced since,
what the first snapshot that replaced it found there (docs/adr/0029).

The moment is resolved through the line of snapshots that readers saw, never through timestamps of rows: a
change that was committed late is where the readers had it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from haicap.core import clock
from haicap.core.errors import Refusal

from . import manifest as manifests
from .archiving import Archives
from .building import Workshop, key_of
from .history import ENGINE, Archive, Former, Key, Moment, summary, unpack
from .loaders.rooms import Rooms
from .loaders.source import Source
from .manifest import Entry, Manifest
from .refresh import readable_manifest, refresh, writing
from .tables import TABLES, Table


@dataclass(frozen=True)
class Rebuilt:
    """`equal`: whether rows and print of every table are those archived; None where the print was made by
    another version of the engine and cannot be compared. `differing` names the tables."""

    snapshot: str
    made_at: datetime
    rows: int
    equal: bool | None
    differing: tuple[str, ...] = ()


def build(
    *, as_of: datetime | str, to: Path, reader: Source | None = None, archive: Archive | None = None
) -> Rebuilt:
    """Build the snapshot that readers saw at that instant (or the one of that id) into the empty folder `to`,
    laid out like the warehouse itself. A refresh waits while the source is read.

    Refusals warehouse.folder, warehouse.before (no snapshot of then is known), warehouse.lost (a file broke
    before it was replaced, and with it what some slices held).
    """
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Refusal("warehouse.folder", _("Thư mục %(path)s phải trống.") % {"path": to})
    source, archive = (reader, archive) if reader else (Rooms(), Archives())
    assert archive is not None
    refresh(reader, archive=archive)
    with writing() as root:
        live = readable_manifest(root)
        line = archive.line(live.id) if live else []
        place = _place(line, as_of)
        target, later = line[place], [one.snapshot for one in reversed(line[:place])]
        assert live is not None
        past = {table.name: _first(archive.formers(later, table.name)) for table in TABLES.values()}
        to.mkdir(parents=True, exist_ok=True)
        shop = Workshop(to, large=True)
        try:
            for table in TABLES.values():
                _stage(shop, table, source, root, live, past[table.name])
        except BaseException:
            shop.close()
            raise
    try:
        files = [shop.build(table, year) for table in TABLES.values() for year in shop.staged_years(table)]
    finally:
        shop.close()
    return _named(to, files, target)


def _place(line: Sequence[Moment], as_of: datetime | str) -> int:
    """Where in the line it stands. A snapshot with a broken file is passed over for the whole one before."""
    for index, one in enumerate(line):
        if not one.damaged and (one.snapshot == as_of if isinstance(as_of, str) else one.made_at <= as_of):
            return index
    if not line:
        raise Refusal("warehouse.before", _("Chưa có ảnh chụp nào được lưu lịch sử."))
    first = f"{clock.local(line[-1].made_at):%Y-%m-%d %H:%M}"
    raise Refusal(
        "warehouse.before",
        _("Không có ảnh chụp của thời điểm ấy; lịch sử bắt đầu từ %(at)s.") % {"at": first},
    )


def _first(formers: Iterable[Former]) -> list[tuple[Former, set[Key]]]:
    """Of what was replaced, oldest first: the slices that each was the first to replace."""
    replaced: set[Key] = set()
    found = []
    for one in formers:
        keys = set(one.slices) - replaced
        if keys and not one.known:
            text = _(
                "%(n)s lát của bảng %(table)s không còn khôi phục được: tệp đã hỏng trước khi được thay."
            )
            raise Refusal("warehouse.lost", text % {"n": len(keys), "table": one.table})
        replaced |= keys
        if keys:
            found.append((one, keys))
    return found


def _stage(
    shop: Workshop,
    table: Table,
    source: Source,
    root: Path,
    live: Manifest,
    past: Sequence[tuple[Former, set[Key]]],
) -> None:
    """The rows of then, in the stage of that table."""
    waiting = _waiting(source, table)
    shop.stage(table, source.batches(table, None))
    # Committed while it was read: half of such a change may be in the rows.
    waiting |= _waiting(source, table)
    replaced = {key for _one, keys in past for key in keys}
    shop.drop(table, waiting | replaced)
    for entry in live.files:
        if entry.table == table.name and waiting - replaced:
            shop.take_from(root / entry.name, table, waiting - replaced)
    for one, keys in past:
        shop.take(table, unpack(one.rows), keys)


def _waiting(source: Source, table: Table) -> set[Key]:
    return {key_of(one.slice) for one in source.pending() if one.slice.room == table.room}


def _named(to: Path, files: Iterable[Entry], target: Moment) -> Rebuilt:
    made = Manifest(
        id=target.snapshot,
        made_at=target.made_at.isoformat(),
        previous=target.previous or None,
        files=tuple(sorted(files, key=lambda one: one.key)),
        since=target.snapshot,
    )
    manifests.swap(to, made)
    found, wanted = summary(made), target.tables
    names = sorted(found.keys() | wanted.keys())
    nothing = {"rows": 0, "print": "0"}
    unlike = tuple(
        name
        for name in names
        if not _same(found.get(name, nothing), wanted.get(name, nothing), target.engine)
    )
    told = target.engine == ENGINE and all(one["print"] for one in wanted.values())
    result = Rebuilt(target.snapshot, target.made_at, made.rows, told or None, unlike)
    return replace(result, equal=False) if unlike else result


def _same(found: dict[str, object], wanted: dict[str, object], engine: str) -> bool:
    comparable = engine == ENGINE and wanted["print"]
    return found["rows"] == wanted["rows"] and (not comparable or found["print"] == wanted["print"])
