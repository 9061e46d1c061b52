"""An archive in memory, and what a warehouse directory holds, read without any of the product's code."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import duckdb

from haicap.warehouse import manifest as manifests
from haicap.warehouse.history import ENGINE, Former, Moment, summary
from haicap.warehouse.manifest import Manifest
from haicap.warehouse.tables import TABLES

Content = dict[str, list[str]]


@dataclass
class Memory:
    """Implements `history.Archive`."""

    moments: dict[str, Moment] = field(default_factory=dict)
    kept: dict[str, Sequence[Former]] = field(default_factory=dict)

    def newest(self) -> str | None:
        return next(reversed(self.moments), None)

    def keep(self, manifest: Manifest, formers: Sequence[Former]) -> None:
        made = datetime.fromisoformat(manifest.made_at)
        moment = Moment(
            manifest.id, manifest.previous or "", made, ENGINE, bool(manifest.damaged), summary(manifest)
        )
        self.moments[manifest.id], self.kept[manifest.id] = moment, tuple(formers)

    def line(self, newest: str) -> list[Moment]:
        found = []
        while newest in self.moments:
            found.append(self.moments[newest])
            newest = found[-1].previous
        return found

    def formers(self, snapshots: Sequence[str], table: str) -> Iterator[Former]:
        yield from (one for id in snapshots for one in self.kept[id] if one.table == table)


def content(root: Path) -> Content:
    """Every row of every table as text, sorted."""
    found: Content = {name: [] for name in TABLES}
    for entry in (manifests.read(root) or Manifest("", "", None, ())).files:
        with duckdb.connect(str(root / entry.name), read_only=True) as file:
            found[entry.table] += map(repr, file.execute(f'SELECT * FROM "{entry.table}"').fetchall())
    return {name: sorted(rows) for name, rows in found.items()}
