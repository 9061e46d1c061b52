"""What may be committed: names, versions and hashes, and nothing about the machine where it was written."""

import re
import subprocess
from functools import cache
from pathlib import Path

from tests.house.source import ROOT

ADDRESS = re.compile(r"https?://|file:/|git\+|--(?:extra-)?index-url|--find-links|--trusted-host")
# The names stand in a list so that this file does not find itself
MACHINE = re.compile(
    r"(?<![\w.>])/(?:" + "|".join(["work", "root", "home", "tmp", "opt"]) + r")/[A-Za-z0-9_.-]+"
)
KINDS = ["base", "postgres", "scale", "dev", "node"]
LOCKS = [f"requirements/{kind}.txt" for kind in KINDS]
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]+\])?==", re.M)
HASHED = re.compile(
    r"^[A-Za-z0-9._-]+==[^ ]+ (?:; [^\\]+)?\\\n(?:    --hash=sha256:[0-9a-f]{64}.*\n?)+", re.M
)
HEAVY = {
    "pytest",
    "mypy",
    "ruff",
    "playwright",
    "hypothesis",
    "psycopg",
    "weasyprint",
    "pyspark",
    "statsforecast",
}
MADE = re.compile(r"\.(mo|pyc|duckdb|sqlite3)$|^data/|node_modules|/build/")
PLACES_OF_SYSTEMS = {"tests/services/postgres.py", "docs/howto/operator.md"}


@cache
def committed() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True)
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def text(name: str) -> str:
    try:
        return (ROOT / name).read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def names(pattern: re.Pattern[str], file: str) -> set[str]:
    return {found.lower().replace("_", "-") for found in pattern.findall(text(file))}


def test_locks_carry_no_address() -> None:
    found = [name for name in [*LOCKS, "package-lock.json"] if ADDRESS.search(text(name))]
    assert not found


def test_every_locked_package_has_hashes() -> None:
    for name in LOCKS:
        assert names(LOCKED, name), name
        assert len(HASHED.findall(text(name))) == len(LOCKED.findall(text(name))), name


def test_every_wanted_package_is_locked() -> None:
    for kind in KINDS:
        wanted = names(re.compile(r"^([A-Za-z0-9._-]+)", re.M), f"requirements/{kind}.in")
        assert not {name for name in wanted if not name.startswith("-")} - names(
            LOCKED, f"requirements/{kind}.txt"
        )


def test_a_plain_install_stays_light() -> None:
    assert not HEAVY & names(LOCKED, "requirements/base.txt")


def test_no_path_of_a_machine() -> None:
    found = [
        f"{name}: {hit.group()}"
        for name in committed()
        if Path(name).suffix not in {".png", ".woff2"} and name not in PLACES_OF_SYSTEMS
        for hit in MACHINE.finditer(text(name))
    ]
    assert not found


def test_nothing_generated_is_committed() -> None:
    assert not [name for name in committed() if MADE.search(name)]
