"""Both runs of the tests, SQLite and PostgreSQL, and one summary of the two as the last line.

Arguments are handed to pytest, e.g. `make test ARGS="tests/reporting -k submit"`.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.services import postgres  # noqa: E402

PLUGIN = ["-p", "tests.services.selection"]
PYTEST = [sys.executable, "-m", "pytest", *PLUGIN, "-q", "-n", "2"]
EXIT_NO_TESTS = 5


def run(title: str, arguments: list[str], folder: Path, url: str = "") -> Counter[str]:
    print(f"\n=== {title}", flush=True)
    report = folder / f"{title.split()[0]}.xml"
    data = folder / title.split()[0]
    environment = {**os.environ, "HAICAP_DATA_DIR": str(data), "DATABASE_URL": url, "HAICAP_DEMO": ""}
    started = time.monotonic()
    code = subprocess.run(
        [*PYTEST, f"--junitxml={report}", *arguments], cwd=ROOT, env=environment, check=False
    ).returncode
    print(f"=== {title}: {time.monotonic() - started:.0f} s", flush=True)
    counted = counts(report)
    if code not in (0, EXIT_NO_TESTS) and not counted["failed"]:
        # a run that broke down (collection, a worker killed) has failed, whatever it counted
        counted["failed"] += 1
    return counted


def counts(report: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    if not report.exists():
        return found
    for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314 - our own file
        total, skipped = int(suite.get("tests", 0)), int(suite.get("skipped", 0))
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        found.update(passed=max(0, total - skipped - failed), failed=failed, skipped=skipped)
    return found


def ended(number: int, frame: object) -> None:
    """A word from outside must still stop the database and remove what was made."""
    raise SystemExit(128 + number)


def main(arguments: list[str]) -> int:
    signal.signal(signal.SIGTERM, ended)
    left_out = []
    with tempfile.TemporaryDirectory(prefix="haicap-tests-") as name:
        folder = Path(name)
        total = run("SQLite", ["-m", "not soak", *arguments], folder)
        try:
            with postgres.running() as url:
                total += run("PostgreSQL", ["-m", "not soak", "--database-only", *arguments], folder, url)
        except postgres.NotInstalledError as missing:
            left_out.append(f"the run on PostgreSQL: not installed: {missing}")
    for each in left_out:
        print(f"LEFT OUT: {each}")
    print(f"{total['passed']} passed, {total['failed']} failed, {total['skipped']} skipped", flush=True)
    return 1 if total["failed"] or not total["passed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
