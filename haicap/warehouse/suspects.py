"""Files that a reader stumbled over: a marker tells the writer, which proves it before it rebuilds.

A reader never mends anything; it serves the snapshot before and says so.
"""

from collections.abc import Set
from pathlib import Path

from .manifest import Entry, Manifest, checksum

_MARK = ".suspect-"


def report(root: Path, name: str) -> None:
    (root / f"{_MARK}{name}").touch()


def clear(root: Path, name: str) -> None:
    (root / f"{_MARK}{name}").unlink(missing_ok=True)


def confirmed(root: Path, manifest: Manifest, years: Set[int]) -> set[tuple[str, int]]:
    """(table, year) of files that are gone, cut short, or not what was written.

    The checksum is read of files that are marked, and of `years`: those are about to be copied.
    """
    broken = set()
    for entry in manifest.files:
        marked = (root / f"{_MARK}{entry.name}").exists()
        if not is_whole(root, entry, thorough=marked or entry.year in years):
            broken.add(entry.key)
        elif marked:
            clear(root, entry.name)
    return broken


def is_whole(root: Path, entry: Entry, *, thorough: bool) -> bool:
    """Size as written; with `thorough` the checksum too (0.05 s for a year of the country)."""
    path = root / entry.name
    try:
        return path.stat().st_size == entry.bytes and (not thorough or checksum(path) == entry.sha256)
    except OSError:
        return False
