"""Server time of the first page, on the demo: the province's 102 communes and the country."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from .figures import Figure, Taken, programme

STEPS = (
    ("upgrade",),
    ("load", "units"),
    ("load", "pack", "packs/calendar"),
    ("load", "pack", "packs/dak-lak"),
    ("load", "pack", "packs/published"),
    ("demo",),
)
PAGES = (
    # name, goal, note
    ("first_page_102", 60.0, "each with another indicator or month, nothing kept from before"),
    ("first_page_102_again", 60.0, "the same page for the next reader"),
    (
        "country_page",
        None,
        "34 provinces over 3,321 communes; figures of the demo's province and published ones",
    ),
)


def demo() -> dict[str, str]:
    """The environment of a demo of the bench's own, made once (minutes)."""
    place = Path(settings.DATA_DIR) / "bench" / "demo"
    environment = {**os.environ, "HAICAP_DATA_DIR": str(place), "HAICAP_DEMO": "1"}
    done = place / ".bench-demo"
    if not done.exists():
        place.mkdir(parents=True, exist_ok=True)
        for step in STEPS:
            print(f"haicap {' '.join(step)} …", file=sys.stderr, flush=True)
            command = [sys.executable, "-m", "haicap", *step]
            subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
        done.touch()
    return environment


@programme("pages")
def pages() -> Iterator[Figure]:
    command = [sys.executable, "-m", "tests.bench.browsing"]
    output = subprocess.run(command, env=demo(), check=True, stdout=subprocess.PIPE, text=True).stdout
    found = json.loads(output.splitlines()[-1])
    for name, goal, note in PAGES:
        taken = Taken(**found[name])
        yield taken.p95(f"{name}_p95", goal, f"{len(taken.wall)} pages; {note}")
