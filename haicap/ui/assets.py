"""Names of the built files, read from Vite's manifest."""

import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

BUILD = Path(__file__).resolve().parent / "static" / "ui" / "build"
MANIFEST = BUILD / "manifest.json"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """Files of one entry point, relative to static/: one script and its style sheets."""

    script: str
    styles: tuple[str, ...]


@lru_cache(maxsize=4)
def _entries(changed: int) -> dict[str, Entry]:
    manifest = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return {
        key.removeprefix("src/"): Entry(
            f"ui/build/{found['file']}", tuple(f"ui/build/{sheet}" for sheet in found.get("css", ()))
        )
        for key, found in manifest.items()
        if found.get("isEntry")
    }


def entry(name: str) -> Entry | None:
    """Files of "main.ts"; None while the assets are not built (the pages work without them, unstyled)."""
    try:
        found = _entries(MANIFEST.stat().st_mtime_ns)
    except FileNotFoundError:
        log.warning("The assets are not built; run make run, or npm run build")
        return None
    return found[name]
