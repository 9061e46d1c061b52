"""The public Sierra Leone demo: a district's year in three formats, with roll-ups computed elsewhere."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from haicap.api import actions
from haicap.api.dhis2 import packs
from haicap.catalogue import queries as catalogue
from haicap.core import clock
from haicap.reporting import actions as reporting
from haicap.reporting.queries import stored
from haicap.units import queries as units
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import store
from tests.cast import BY

pytestmark = pytest.mark.once

COUNTRY, BO = "ImspTQPwCqd", "O6uvpzGd5pu"
CHILD_HEALTH, STOCK = "BfMAe6Itzgt", "TuL8IOPzpHh"
TYPES = {"json": "application/json", "csv": "application/csv", "xml": "application/xml"}
MONTHS = [f"2025{month:02}" for month in range(1, 13)]


class Land:
    def __init__(self, folder: Path, client: Client) -> None:
        self.folder, self.client = folder, client
        soon = clock.now() + timedelta(days=1)
        root = units.by_uid(COUNTRY)
        key = actions.issue_key(
            by=BY, label="Demo", unit_id=root.id, writes=True, expires_at=soon, rate=60_000
        )
        self.headers = {"Authorization": f"ApiToken {key.text}"}

    def post(self, name: str, kind: str) -> dict[str, Any]:
        data = (self.folder / name).read_bytes()
        answer = self.client.post("/api/dataValueSets", data, content_type=TYPES[kind], headers=self.headers)
        assert answer.status_code == 200, answer.content[:2000]
        found: dict[str, Any] = answer.json()["response"]
        return found

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(path, query, headers=self.headers)  # type: ignore[return-value]

    def rows(self, *dimensions: str) -> dict[tuple[str, ...], Decimal]:
        answer = self.get("/api/analytics", dimension=list(dimensions), skipMeta="true")
        assert answer.status_code == 200, answer.content
        return {tuple(row[:-1]): Decimal(row[-1]) for row in answer.json()["rows"]}


@pytest.fixture
def land(shared_data: Path, client: Client, db: None) -> Iterator[Land]:
    folder = shared_data / "trials" / "dhis2"
    packs.load(by=BY, folder=folder)
    yield Land(folder, client)
    store().close()


def sent(land: Land, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(gzip.decompress((land.folder / name).read_bytes()))["dataValues"]
    return found


def held() -> set[tuple[Any, ...]]:
    bo = units.by_uid(BO)
    below = sorted(units.subtree_ids(bo.id))
    return {tuple(one[:8]) for one in stored.stored_values(stored.Wanted(below))}


def test_three_formats_and_the_roll_ups_of_a_district(land: Land) -> None:
    """The first format stores 11,478 values, the others find every one of them there already."""
    counts = [
        land.post(f"dvs_childhealth_bo_2025.{kind}.gz", kind)["cellCount"] for kind in ("json", "csv", "xml")
    ]
    assert counts[0] == {
        "read": 11_478,
        "new": 11_478,
        "changed": 0,
        "unchanged": 0,
        "removed": 0,
        "rejected": 0,
    }
    assert counts[1] == counts[2] == counts[0] | {"new": 0, "unchanged": 11_478}
    told = sent(land, "dvs_childhealth_bo_2025.json.gz")
    assert len(held()) == len(told)
    exported_is_imported(land, told)
    refresh()
    roll_ups(land)


def exported_is_imported(land: Land, told: list[dict[str, Any]]) -> None:
    """C18: as many rows come out as went in."""
    answer = land.get(
        "/api/dataValueSets", dataSet=CHILD_HEALTH, orgUnit=BO, children="true", startDate="2025-01-01",
        endDate="2025-12-31",
    )  # fmt: skip
    got = json.loads(b"".join(answer.streaming_content))["dataValues"]  # type: ignore[attr-defined]
    keys = ("dataElement", "period", "orgUnit", "categoryOptionCombo", "attributeOptionCombo")

    def said(rows: list[dict[str, Any]]) -> Counter[tuple[Any, ...]]:
        return Counter((*(row[key] for key in keys), Decimal(row["value"])) for row in rows)

    assert said(got) == said(told)


def roll_ups(land: Land) -> None:
    right = json.loads((land.folder / "dhis2_rollups.json").read_text())["national_and_district"]
    names = {name.rpartition(" ")[2]: figures["Bo"] for name, figures in right.items()}
    periods = ";".join([*MONTHS, "2025"])
    found = land.rows(f"dx:{';'.join(names)}", f"pe:{periods}", f"ou:{BO};{COUNTRY}")
    for element, figures in names.items():
        for period, figure in figures.items():
            assert found[element, period, BO] == figure, (element, period)
            # only Bo was loaded, so the country is what Bo is
            assert found[element, period, COUNTRY] == figure
    quarters = land.rows(f"dx:{';'.join(names)}", "pe:2025Q1", f"ou:{BO}")
    for element, figures in names.items():
        assert quarters[element, "2025Q1", BO] == sum(figures[month] for month in MONTHS[:3])


def test_reports_of_a_district(land: Land) -> None:
    """C1: 126 clinics of Bo owe Child Health each month; as many reported as have any value."""
    land.post("dvs_childhealth_bo_2025.json.gz", "json")
    form = catalogue.current().by_uid[CHILD_HEALTH]
    for month in MONTHS[:2]:
        reporting.open_period(by=BY, form=form.code, period=f"2025-{month[4:]}")
    refresh()
    told = json.loads((land.folder / "dhis2_rollups.json").read_text())["units_with_any_value"]
    found = land.rows(
        f"dx:{CHILD_HEALTH}.EXPECTED_REPORTS;{CHILD_HEALTH}.ACTUAL_REPORTS",
        "pe:202501;202502",
        f"ou:{BO};{COUNTRY}",
    )
    for month in MONTHS[:2]:
        reported, expected = told["Child Health"][month]["districts"]["Bo"]
        assert found[f"{CHILD_HEALTH}.EXPECTED_REPORTS", month, BO] == expected
        assert found[f"{CHILD_HEALTH}.ACTUAL_REPORTS", month, BO] == reported
        assert found[f"{CHILD_HEALTH}.EXPECTED_REPORTS", month, COUNTRY] == 1161


def test_attribute_option_combos_are_kept(land: Land) -> None:
    """Stock is reported for four projects: none of them becomes "default", together they are the total."""
    counts = land.post("dvs_epistock_bo_2025.json.gz", "json")["cellCount"]
    assert (counts["read"], counts["new"], counts["rejected"]) == (8_705, 8_705, 0)
    told = sent(land, "dvs_epistock_bo_2025.json.gz")
    splits = {one.code: one.uid for one in catalogue.current().splits.values()}
    kept = Counter(splits[one[5]] for one in held())
    assert kept == Counter(one["attributeOptionCombo"] for one in told)
    assert len(kept) == 4
    refresh()
    element = "FTINmL2lehN"
    by_project = land.rows(f"dx:{element}", "pe:202501", f"ou:{BO}", "ao")
    mine = [one for one in told if one["dataElement"] == element and one["period"] == "202501"]
    right: Counter[str] = Counter()
    for one in mine:
        right[one["attributeOptionCombo"]] += int(Decimal(one["value"]))
    assert {key[3]: int(value) for key, value in by_project.items()} == right
    assert land.rows(f"dx:{element}", "pe:202501", f"ou:{BO}")[element, "202501", BO] == sum(right.values())
    stock_of_bcg(land, told)


def stock_of_bcg(land: Land, told: list[dict[str, Any]]) -> None:
    """An indicator of that server, by its own formula over what was stored."""
    added, taken = ("t99PL3gUxIl", "axVhq1itoQD"), ("p1MDHOT6ENy", "cZnQDuF3IDz")
    month = [one for one in told if one["period"] == "202502"]
    right = sum(
        Decimal(one["value"]) * (1 if one["dataElement"] in added else -1)
        for one in month
        if one["dataElement"] in (*added, *taken)
    )
    assert land.rows("dx:OEWO2PpiUKx", "pe:202502", f"ou:{BO}") == {("OEWO2PpiUKx", "202502", BO): right}
