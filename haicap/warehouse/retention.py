"""Which files stay: of the current snapshot, the one before, the last of each recent day, and pinned ones.

Content never depends on it: an older snapshot is built again from history (rebuilding.py).
"""

from datetime import date, datetime, timedelta
from pathlib import Path

from haicap.core import clock

from . import manifest as manifests
from .manifest import Manifest

# The last snapshot of a day keeps its files this many days: enough to see what changed since last week.
DAYS = 7
DAILY, PINNED = "daily", "pinned"


def day_of(manifest: Manifest) -> date:
    return clock.local(datetime.fromisoformat(manifest.made_at)).date()


def keep_day(root: Path, old: Manifest, new: Manifest) -> None:
    """The first snapshot of a day leaves the one before as the last of its own day."""
    if not old.damaged and day_of(old) < day_of(new):
        manifests.store(root, f"{DAILY}/{day_of(old).isoformat()}.json", old)


def kept(root: Path) -> dict[str, Manifest]:
    """Manifests kept by rule, by the name of their file. ValueError when one cannot be read."""
    found = {}
    for folder in (DAILY, PINNED):
        for path in sorted((root / folder).glob("*.json")):
            name = f"{folder}/{path.name}"
            if one := manifests.read(root, name):
                found[name] = one
    return found


def wanted(root: Path) -> set[str]:
    """Names of the files that may not be swept. ValueError when a manifest cannot be read."""
    names: set[str] = set()
    for name in (manifests.NAME, manifests.PREVIOUS):
        if found := manifests.read(root, name):
            names |= found.names
    for one in kept(root).values():
        names |= one.names
    return names


def prune(root: Path, *, today: date | None = None, days: int = DAYS) -> int:
    """Let go of the daily snapshots of longer ago; how many. Their files go with the next sweep."""
    oldest = (today or clock.today()) - timedelta(days=days)
    gone = [path for path in (root / DAILY).glob("*.json") if path.stem < oldest.isoformat()]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)
