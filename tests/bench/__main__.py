"""`python -m tests.bench [NAME]`: one JSON line per figure, kept in bench/results/latest.jsonl."""

import argparse
import json
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
django.setup()

from tests.bench import (  # noqa: E402,F401  programmes register themselves
    building,
    clusters,
    dossiers,
    intakes,
    pages,
    postgres,
    questions,
    readers,
    slips,
    storm,
    workbooks,
    writing,
)
from tests.bench.figures import PROGRAMMES  # noqa: E402

RESULTS = Path(__file__).resolve().parents[2] / "bench" / "results" / "latest.jsonl"


def machine() -> dict[str, object]:
    info = Path("/proc/cpuinfo")
    names = [line.split(":")[1].strip() for line in info.read_text().splitlines() if "model name" in line]
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    packages = ("django", "duckdb", "ibis-framework", "pyarrow")
    return {
        "machine": platform.machine(),
        "cpu": names[0] if names else platform.processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "memory_gb": round(memory, 1),
        "system": platform.system(),
        "python": platform.python_version(),
        **{name: version(name) for name in packages},
    }


def kept() -> dict[str, str]:
    """The figures of the last run, by name."""
    lines = RESULTS.read_text("utf-8").splitlines()[1:] if RESULTS.exists() else []
    return {json.loads(line)["name"]: line for line in lines}


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description="Measure, print and keep the figures.")
    parser.add_argument("name", nargs="?", help=f"only one of: {', '.join(PROGRAMMES)}")
    name = parser.parse_args().name
    if name and name not in PROGRAMMES:
        parser.error(f"no bench of that name; there are: {', '.join(PROGRAMMES)}")
    first = json.dumps(machine())
    print(first, file=sys.stderr)
    # One bench alone renews its own figures and leaves the others as they were.
    lines, failed, measured = kept() if name else {}, 0, 0
    for one in [name] if name else list(PROGRAMMES):
        for figure in PROGRAMMES[one]():
            print(figure.line(), flush=True)
            lines[figure.name] = figure.line()
            failed += figure.met is False
            measured += 1
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text("\n".join([first, *lines.values()]) + "\n", "utf-8")
    print(f"{measured} figures, {failed} goals not met", file=sys.stderr)
    return 0


sys.exit(main())
