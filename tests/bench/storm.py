"""How long 250 officers wait while they fill and hand on forms of sixty cells in the same ten minutes."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.services import postgres
from tests.soak.storm import storm

from .figures import Figure, programme

OFFICERS, SECONDS, GOAL = 250, 600.0, 500.0


@programme("storm")
def waiting() -> Iterator[Figure]:
    try:
        postgres.programs()
    except postgres.NotInstalledError as missing:
        yield Figure("storm_save_p95", None, "ms", GOAL, str(missing))
        return
    with postgres.running() as url, tempfile.TemporaryDirectory() as place:
        ledger, found = storm(Path(place), url, OFFICERS, SECONDS)
    told = f"{OFFICERS} officers, {len(ledger.typed):,} cells, {len(ledger.submitted)} reports submitted"
    yield Figure("storm_errors", float(len(ledger.errors)), "requests", 0.0, "; ".join(ledger.errors[:3]))
    lost = len(ledger.typed) - sum(
        found["cells"].get(f"{unit} {code}") == text for (unit, code), text in ledger.typed.items()
    )
    yield Figure("storm_lost", float(lost), "cells", 0.0)
    for kind in ("save", "open", "ready", "submit"):
        count = len(ledger.waits.get(kind, []))
        note = f"{count:,} requests; {told}; client, server and PostgreSQL on the same machine"
        yield Figure(f"storm_{kind}_p95", 1000 * ledger.p95(kind), "ms", GOAL, note)
