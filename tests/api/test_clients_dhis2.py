"""Three clients by three authors against a served Haicap: what they write comes back as they wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from dhis2 import Api, RequestException, import_response_ok
from dhis2_client import DHIS2Client
from dhis2_client.errors import DHIS2HTTPError
from dhis2_fetch import Dhis2Client

from haicap.api import actions
from haicap.api.dhis2 import packs
from haicap.core import clock
from haicap.units import queries as units
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import store
from tests.api import exchange
from tests.cast import BY

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
DISTRICT = "D4566666666"
PROVINCIAL = "P1233333333"


@dataclass(frozen=True)
class Served:
    url: str
    key: str


@pytest.fixture
def served(live_server: Any, tmp_path: Path) -> Iterator[Served]:
    packs.load(by=BY, folder=exchange.malaria(tmp_path / "malaria", "Monthly"))
    root = units.by_uid(exchange.ROOT)
    soon = clock.now() + timedelta(days=1)
    key = actions.issue_key(by=BY, label="Client", unit_id=root.id, writes=True, expires_at=soon, rate=6000)
    yield Served(live_server.url, key.text)
    store().close()


def values(*figures: tuple[str, str, str, str]) -> list[dict[str, str]]:
    return [
        {
            "dataElement": exchange.NUMERIC,
            "orgUnit": unit,
            "period": period,
            "categoryOptionCombo": combo,
            "value": value,
        }
        for unit, period, combo, value in figures
    ]


FIGURES = values(
    (PROVINCIAL, "202601", "FUnder55555", "4"),
    (PROVINCIAL, "202601", "MUnder55555", "0"),
    (DISTRICT, "202601", "FUnder55555", "10"),
    (DISTRICT, "202602", "MOver555555", "7"),
)


def told(rows: list[dict[str, Any]], head: dict[str, Any] | None = None) -> set[tuple[str, ...]]:
    held = head or {}
    return {
        (
            row["dataElement"],
            row.get("orgUnit") or held["orgUnit"],
            row.get("period") or held["period"],
            row["categoryOptionCombo"],
            row["value"],
        )
        for row in rows
    }


def test_dhis2_client(served: Served) -> None:
    client = DHIS2Client(served.url, token=served.key)
    answer = client.post_data_value_set({"dataSet": exchange.MALARIA, "dataValues": FIGURES})
    assert answer["response"]["importCount"]["updated"] == 4
    got = client.get_data_value_set(
        {
            "dataSet": exchange.MALARIA,
            "startDate": "2026-01-01",
            "endDate": "2026-12-31",
            "orgUnit": exchange.ROOT,
            "children": "true",
        }
    )
    assert told(got["dataValues"]) == told(FIGURES)

    # one value: written, read, taken away
    combo = "FOver555555"
    client.set_data_value(exchange.NUMERIC, "202603", DISTRICT, 5, co=combo)
    assert client.get_data_value(exchange.NUMERIC, "202603", DISTRICT, co=combo) == ["5"]
    client.delete_data_value(exchange.NUMERIC, "202603", DISTRICT, co=combo)
    with pytest.raises(DHIS2HTTPError) as gone:
        client.get_data_value(exchange.NUMERIC, "202603", DISTRICT, co=combo)
    assert gone.value.status_code == 409

    refresh()
    grid = client.get_analytics_data(dx=exchange.NUMERIC, pe=["202601", "2026"], ou=[exchange.ROOT, DISTRICT])
    found = {tuple(row[:3]): row[3] for row in grid["rows"]}
    assert found == {
        (exchange.NUMERIC, "202601", exchange.ROOT): "14",
        (exchange.NUMERIC, "202601", DISTRICT): "10",
        (exchange.NUMERIC, "2026", exchange.ROOT): "21",
        (exchange.NUMERIC, "2026", DISTRICT): "17",
    }
    latest = client.analytics_latest_period_for_level(exchange.NUMERIC, 2)
    assert latest["existing"]["id"] == "202602"
    assert latest["next"]["id"] == "202603"

    with pytest.raises(DHIS2HTTPError) as refused:
        client.post_data_value_set({"dataValues": values((DISTRICT, "202601", "FUnder55555", "many"))})
    assert refused.value.status_code == 409
    assert refused.value.payload["response"]["conflicts"][0]["errorCode"] == "E8122"
    client.close()


def test_dhis2_py(served: Served) -> None:
    api = Api(served.url, "system", served.key, api_version=42)
    assert api.version_int >= 40
    answer = api.post("dataValueSets", json={"dataValues": FIGURES})
    assert answer.status_code == 200
    assert import_response_ok(answer.json()["response"])
    # the same again, in pieces
    for piece in api.post_partitioned("dataValueSets", json={"dataValues": FIGURES}, thresh=2):
        assert piece.json()["response"]["cellCount"]["unchanged"] == 2
    one_month = {"dataSet": exchange.MALARIA, "period": "202601", "orgUnit": DISTRICT}
    got = api.get("dataValueSets", params=one_month).json()
    # what all values share stands once, at the top
    assert (got["period"], got["orgUnit"]) == ("202601", DISTRICT)
    assert told(got["dataValues"], got) == told(values((DISTRICT, "202601", "FUnder55555", "10")))
    assert "orgUnit" not in got["dataValues"][0]
    csv = api.get("dataValueSets", file_type="csv", params=one_month).text
    assert csv.splitlines()[1].startswith(f"{exchange.NUMERIC},202601,{DISTRICT},FUnder55555,HllvX50cXC0,10,")
    refresh()
    dimensions = {"dimension": [f"dx:{exchange.NUMERIC}", "pe:202601", "ou:LEVEL-2", "co"]}
    rows = api.get("analytics", params=dimensions).json()["rows"]
    assert [exchange.NUMERIC, "202601", PROVINCIAL, "MUnder55555", "0"] in rows
    assert len(rows) == 3
    with pytest.raises(RequestException) as refused:
        api.post("dataValueSets", json={"dataValues": values((DISTRICT, "2026Q1", "FUnder55555", "1"))})
    assert refused.value.code == 409


def test_dhis2_fetch(served: Served, tmp_path: Path) -> None:
    Api(served.url, "system", served.key).post("dataValueSets", json={"dataValues": FIGURES})
    refresh()
    client = Dhis2Client(served.url, "system", served.key, max_attempts=1, quiet=True)
    items = client.fetch_data_items()
    assert {exchange.NUMERIC, exchange.MALARIA} <= set(items["dataid"])
    frame = client.download_data(
        [exchange.NUMERIC],
        "202601",
        "202602",
        "Month",
        2,
        boundary_ou_uid=exchange.ROOT,
        country_name="Root",
        ou_attributes=False,
        output_dir=str(tmp_path / "out"),
        force=True,
    )
    assert frame.attrs["data_available"]["Yes"] == [exchange.NUMERIC]
    numbers = sorted(frame["Malaria numeric"].dropna().astype(float))
    assert numbers == [4.0, 7.0, 10.0]
    raw = client.download_dataset_values(
        str(tmp_path / "raw.db"),
        [exchange.MALARIA],
        [exchange.NUMERIC],
        ["202601", "202602"],
        [PROVINCIAL, DISTRICT],
    )
    assert raw["Yes"]
    assert raw["Failed"] == raw["Skipped"] == []
