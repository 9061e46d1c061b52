"""dhis2-core's own files of data values, each with the outcome that dhis2-core asserts for it."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from haicap.api import actions
from haicap.api.dhis2 import packs
from haicap.core import clock
from haicap.reporting.queries import stored
from haicap.units import queries as units
from tests.api import exchange
from tests.cast import BY

OUTCOMES = Path(__file__).resolve().parents[3] / "shared/data/trials/dhis2/dhis2_core_import_outcomes.csv"
ROWS = list(csv.DictReader(OUTCOMES.open(encoding="utf-8"))) if OUTCOMES.is_file() else []
Send = Callable[..., HttpResponse]


def ids(row: dict[str, str]) -> str:
    return row["test"]


def query_of(row: dict[str, str]) -> dict[str, str]:
    """The options that are parameters; the others describe the objects."""
    return dict(re.findall(r"(\w+)=(\w+)", row["options"].replace("idScheme=code in payload", "")))


def usable(row: dict[str, str]) -> tuple[str, ...]:
    """For one file the third unit does not report the data set."""
    every = tuple(exchange.UNITS)
    return every[:2] if row["options"] == "org unit not usable with the data set" else every


def steps(row: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """(file, parameters) in order; "then" parts them."""
    parts = row["fixture"].split(" then ")
    folder = parts[0].rpartition("/")[0]
    made = []
    for part in parts:
        name = part.partition(" ")[0]
        if name == "the":
            name = parts[0].rpartition("/")[2]
        strategy = {"importStrategy": "DELETE"} if "DELETE" in part else {}
        path = name if "/" in name else f"{folder}/{name}"
        made.append((path, query_of(row) | strategy))
    return made


@pytest.fixture
def send(client: Client, tmp_path: Path, db: None) -> Callable[..., Send]:
    def within(usable_units: tuple[str, ...]) -> Send:
        packs.load(by=BY, folder=exchange.core(tmp_path / "core", usable_units))
        root = units.by_uid(exchange.ROOT)
        key = actions.issue_key(
            by=BY, label="Core", unit_id=root.id, writes=True, expires_at=clock.now() + timedelta(days=1)
        )

        def post(data: bytes, content_type: str, **query: str) -> HttpResponse:
            address = "/api/dataValueSets?" + "&".join(f"{name}={text}" for name, text in query.items())
            return client.post(  # type: ignore[return-value]
                address,
                data,
                content_type=content_type,
                headers={"Authorization": f"ApiToken {key.text}", "Accept-Language": "en"},
            )

        return post

    return within


def count_stored() -> int:
    below = [units.by_uid(uid).id for uid in exchange.UNITS]
    return len(list(stored.stored_values(stored.Wanted(below))))


def numbers(text: str) -> list[int]:
    return [int(one) for one in re.findall(r"\d+", text)]


@pytest.mark.parametrize("row", ROWS, ids=ids)
def test_every_file_ends_as_dhis2_core_says(row: dict[str, str], send: Any, shared_data: Path) -> None:
    post = send(usable(row))
    expected = row["expected_updated"].split(" then ")
    bodies: list[dict[str, Any]] = []
    for name, query in steps(row):
        path = shared_data / "trials" / "dhis2" / "core-fixtures" / name
        kind = {"xml": "application/xml", "csv": "application/csv", "json": "application/json"}[
            path.suffix[1:]
        ]
        answer = post(path.read_bytes(), kind, **query)
        assert answer.status_code < 500
        bodies.append(answer.json())
    last = bodies[-1]
    if row["expected_status"].startswith("REJECTED"):
        words = row["expected_status"].partition("'")[2].rstrip("'")
        assert (last["httpStatusCode"], last["message"]) == (409, words)
        return
    summary = last["response"]
    assert summary["status"] == row["expected_status"], summary
    for body, told in zip(bodies, expected, strict=len(bodies) == len(expected)):
        counts = body["response"]["importCount"]
        if told:
            kind = "deleted" if "deleted" in told else "updated"
            wanted = numbers(told)[0] if numbers(told) else counts[kind]
            assert counts[kind] == wanted, body
            assert counts["imported"] == 0
    check_rejected(row, summary)
    if row["stored_after"]:
        assert count_stored() == int(row["stored_after"])


def check_rejected(row: dict[str, str], summary: dict[str, Any]) -> None:
    counts, conflicts = summary["importCount"], summary["conflicts"]
    if row["expected_ignored"]:
        assert counts["ignored"] == numbers(row["expected_ignored"])[0]
    wanted = row["expected_conflict"]
    if wanted.startswith("rejectedIndexes"):
        assert summary["rejectedIndexes"] == numbers(wanted)
    elif wanted:
        assert [one["errorCode"] for one in conflicts] == [wanted.partition(" ")[0]]
    if row["expected_status"] == "SUCCESS":
        assert conflicts == []
        assert summary["rejectedIndexes"] == []
    else:
        assert conflicts
        assert all(one["value"] for one in conflicts)


def test_the_outcomes_are_all_there(shared_data: Path) -> None:
    assert len(ROWS) == 24
