"""The import path: values per second beside bare SQL in the same run, and the memory of a million values."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping

from tests.services import postgres

from .figures import Figure, programme

LEAST_RATE, LEAST_RATIO, MOST_MEMORY = 30_000.0, 0.4, 512.0
CASES = {
    "new": ("bare_new", "a month of 3,321 reports of 60 cells, ten hard checks, as drafts"),
    "changed": ("bare_changed", "the same month, every value corrected"),
    "accepted_new": ("", "a form that needs no approval: submitted and accepted in the same transaction"),
    "accepted_changed": ("", "the same again, corrected after acceptance"),
}


@programme("intake")
def importing() -> Iterator[Figure]:
    """Every check, every history row and the audit included; nothing is left for later."""
    try:
        with postgres.running() as url:
            yield from _rates("postgres", _run("rates", url), LEAST_RATE, LEAST_RATIO)
        with postgres.running() as url:
            yield _memory("postgres", _run("million", url))
    except postgres.NotInstalledError as missing:
        yield Figure("intake_postgres_new", None, "values/s", None, f"left out: not installed: {missing}")
    yield from _rates("sqlite", _run("rates"), None, None)
    yield _memory("sqlite", _run("million"))


def _run(what: str, url: str = "") -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory(prefix="haicap-bench-") as place:
        environment = {**os.environ, "HAICAP_DATA_DIR": place, "DATABASE_URL": url, "HAICAP_DEMO": ""}
        command = [sys.executable, "-m", "tests.bench.intakeruns", what]
        output = subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout
    found: dict[str, dict[str, float]] = json.loads(output.splitlines()[-1])
    return found


def _rates(
    database: str, found: Mapping[str, Mapping[str, float]], least: float | None, ratio: float | None
) -> Iterator[Figure]:
    for case, (bare, note) in CASES.items():
        one = found[case]
        rate = one["values"] / one["seconds"]
        extra = f"{note}; {one['values']:,.0f} values, processor of this side {one['processor']:.1f} s"
        yield Figure(f"intake_{database}_{case}", rate, "values/s", None, extra, least)
        if bare:
            base = found[bare]["values"] / found[bare]["seconds"]
            words = f"COPY or executemany into a staging table, upsert, one history row each: {base:,.0f}/s"
            yield Figure(f"intake_{database}_{case}_to_bare_sql", rate / base, "ratio", None, words, ratio)


def _memory(database: str, found: Mapping[str, object]) -> Figure:
    one = {name: float(str(value)) for name, value in found.items()}
    note = (
        f"{one['values']:,.0f} values in one call at {one['values'] / one['seconds']:,.0f}/s; "
        f"{one['before']:.0f} MB before it"
    )
    return Figure(f"memory_intake_{database}_million", one["peak"], "MB", MOST_MEMORY, note)
