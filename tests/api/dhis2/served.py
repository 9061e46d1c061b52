"""The product served on loopback with two exports loaded, for clients that want a real address.

`served` is the small land of export.py, `served_sierra` the demo of Sierra Leone on the same server. Each has
an office user for one district, a viewer for the whole tree and a key that sends.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests.api.dhis2 import export
from tests.cast import PASSWORD
from tests.conftest import SHARED

ROOT = Path(__file__).resolve().parents[3]
# one process instead of nine: each takes seconds to start
MANY = (
    "import json, sys; from haicap.config.cli import main; sys.exit(sum(map(main, json.loads(sys.argv[1]))))"
)


@dataclass(frozen=True)
class Served:
    """`url` without a slash at the end; `key` sends figures for the whole tree; both people are English."""

    url: str
    office: str
    viewer: str
    key: str = ""
    password: str = PASSWORD


def environment(data: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {
        **kept,
        "HAICAP_DATA_DIR": str(data),
        "HAICAP_LANGUAGE": "vi",
        "DJANGO_SETTINGS_MODULE": "haicap.config.settings",
    }


def run(data: Path, *commands: list[str], given: str = "") -> list[str]:
    """What the commands said."""
    done = subprocess.run(
        [sys.executable, "-c", MANY, json.dumps(commands)],
        cwd=ROOT, env=environment(data), input=given, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout, done.stderr)
    return done.stdout.strip().splitlines()


def start(data: Path, url: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "haicap", "serve", "--port", url.rsplit(":", 1)[1]]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment(data), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/suc-khoe/", timeout=2):  # noqa: S310
                return process
        except OSError:
            time.sleep(0.2)
    process.kill()
    raise AssertionError("the product did not start")


def settled(data: Path, url: str, folder: Path, root: str, district: str) -> Served:
    """Loads an export and makes its people and its key; `root` and `district` are codes of its units."""
    made = Served(url, f"office.{district.lower()}", f"viewer.{root.lower()}")
    ends = f"{time.localtime().tm_year + 1}-12-31"
    commands = [["load", "dhis2", str(folder)]]
    for name, role, unit in (
        (made.office, "province_office", district),
        (made.viewer, "viewer", root),
    ):
        commands.append(["user", "add", name, "--language", "en"])
        commands.append(["user", "appoint", name, role, unit, "--starts", "2020-01-01"])
    key = ["apikey", "issue", root, "Ministry", "--sends", "*", "--expires", ends, "--rate", "60000"]
    return replace(made, key=run(data, *commands, key, given=f"{PASSWORD}\n{PASSWORD}\n")[-1])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Served | None]]:
    if os.environ.get("DATABASE_URL"):
        pytest.skip("clients are served once, on SQLite")
    data, url = tmp_path_factory.mktemp("served"), f"http://127.0.0.1:{free_port()}"
    run(data, ["upgrade"], ["load", "units"])
    land = settled(data, url, export.write(tmp_path_factory.mktemp("export")), "L_0", "D_1")
    sierra = SHARED / "data" / "trials" / "dhis2"
    other = settled(data, url, sierra, "OU_525", "OU_264") if sierra.is_dir() else None
    process = start(data, url)
    try:
        yield land, other
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


@pytest.fixture(scope="session")
def served(both: tuple[Served, Served | None]) -> Served:
    return both[0]


@pytest.fixture(scope="session")
def served_sierra(both: tuple[Served, Served | None]) -> Served:
    """Its office user sits in the district Bo (OU_264)."""
    if both[1] is None:
        pytest.skip("../shared/data is not beside this checkout")
    return both[1]
