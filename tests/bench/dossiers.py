"""The import of dossiers: two million records of a province, then the same file again, on both databases.

BENCH_DOSSIERS=200000 takes fewer.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator

from tests.services import postgres

from .figures import Figure, programme

ROWS = int(os.environ.get("BENCH_DOSSIERS", "2000000"))
MOST_SECONDS, MOST_MEMORY, MOST_FACTS = 180.0, 1_024.0, 30.0


@programme("dossiers")
def importing() -> Iterator[Figure]:
    """Read, judged, hashed, stored with audit and slices; the goals are those of two million records."""
    yield from _figures("sqlite", _run())
    try:
        with postgres.running() as url:
            yield from _figures("postgres", _run(url))
    except postgres.NotInstalledError as missing:
        yield Figure("dossiers_postgres_new", None, "s", None, f"left out: not installed: {missing}")


def _run(url: str = "") -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory(prefix="haicap-bench-") as place:
        environment = {**os.environ, "HAICAP_DATA_DIR": place, "DATABASE_URL": url, "HAICAP_DEMO": ""}
        command = [sys.executable, "-m", "tests.bench.dossierruns", str(ROWS)]
        output = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    found: dict[str, dict[str, float]] = json.loads(output.splitlines()[-1])
    return found


def _figures(database: str, found: dict[str, dict[str, float]]) -> Iterator[Figure]:
    whole = ROWS >= 2_000_000
    for case, note in (("new", "every record new"), ("again", "the same file again: nothing changes")):
        one = found[case]
        extra = (
            f"{one['rows']:,.0f} records, {found['file']['megabytes']:.0f} MB, {note}; "
            f"{one['rows'] / one['seconds']:,.0f} records/s, processor of this side {one['processor']:.1f} s"
        )
        yield Figure(
            f"dossiers_{database}_{case}", one["seconds"], "s", MOST_SECONDS if whole else None, extra
        )
    memory = found["memory"]
    note = f"{memory['before']:.0f} MB before it"
    yield Figure(f"memory_dossiers_{database}", memory["peak"], "MB", MOST_MEMORY, note)
    facts = found["facts"]
    note = f"{facts['rows']:,.0f} facts as Arrow; one month of all communes {found['month']['seconds']:.2f} s"
    yield Figure(f"dossiers_{database}_facts", facts["seconds"], "s", MOST_FACTS if whole else None, note)
    elements = "19 elements of 102 communes and 24 months"
    for case, goal, note in (
        ("swapped", None, "all new dossiers become facts"),
        ("counted", 4.0, f"{elements} counted and written"),
        ("shown", 1.0, "the counted figures become facts: on the map with the next look"),
    ):
        seconds = found[case]["seconds"]
        yield Figure(f"dossiers_{database}_{case}", seconds, "s", goal if whole else None, note)
