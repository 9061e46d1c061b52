"""/api/analytics: the figures of the warehouse by any items, periods and units, as DHIS2 writes them."""

from __future__ import annotations

import base64
import csv
import io
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from haicap.core import periods
from haicap.insight import boards
from tests.cast import PASSWORD
from tests.world import Land

Asked = Callable[..., HttpResponse]


@pytest.fixture
def analytics(client: Client) -> Asked:
    """`analytics("office", dimension=["dx:…", "pe:…"], suffix=".csv")`."""

    def get(who: str, suffix: str = "", **query: Any) -> HttpResponse:
        pair = base64.b64encode(f"{who}:{PASSWORD}".encode()).decode()
        return client.get(  # type: ignore[return-value]
            f"/api/42/analytics{suffix}", query, headers={"Authorization": f"Basic {pair}"}
        )

    return get


def uid(land: Land, code: str) -> str:
    held = (land.catalogue.elements, land.catalogue.indicators, land.catalogue.forms)
    return next(each[code].uid for each in held if code in each)


def element(land: Land) -> Any:
    """A count of the monthly form that adds up in every direction."""
    form = land.catalogue.forms["CQS-T"]
    return next(
        one
        for one in (land.catalogue.elements[code] for code in form.elements)
        if {one.measure.over_time.value, one.measure.over_units.value} == {"sum"}
    )


def cells(answer: HttpResponse) -> dict[tuple[str, ...], str]:
    assert answer.status_code == 200, answer.content
    return {tuple(row[:-1]): row[-1] for row in answer.json()["rows"]}


def test_units_by_months(land: Land, analytics: Asked) -> None:
    """C4: a unit that sent nothing has no row; it is not 0."""
    one = element(land)
    answer = analytics("office", dimension=[f"dx:{one.uid}", "pe:202609;202610", "ou:LEVEL-3"])
    found = cells(answer)
    uids = {code: land.place(code).uid for code in ("24505", "22015", "24133")}
    assert (one.uid, "202609", uids["24133"]) in found
    assert (one.uid, "202610", uids["24133"]) not in found
    assert (one.uid, "202610", uids["24505"]) in found
    body = answer.json()
    assert [header["name"] for header in body["headers"]] == ["dx", "pe", "ou", "value"]
    assert body["metaData"]["dimensions"]["pe"] == ["202609", "202610"]
    assert body["metaData"]["items"][uids["24505"]]["name"] == "Xã Ea Knuếc"
    assert all(isinstance(cell, str) for row in body["rows"] for cell in row)


def test_a_province_is_the_sum_of_its_communes_and_a_quarter_of_its_months(
    land: Land, analytics: Asked
) -> None:
    one = element(land)
    province = land.place("66").uid
    parts = cells(analytics("office", dimension=[f"dx:{one.uid}", "pe:202608;202609", "ou:LEVEL-3"]))
    whole = cells(analytics("office", dimension=[f"dx:{one.uid}", "pe:2026Q3", f"ou:{province}"]))
    assert Decimal(whole[one.uid, "2026Q3", province]) == sum(map(Decimal, parts.values()))
    filtered = cells(
        analytics("office", dimension=f"dx:{one.uid}", filter=["pe:202608;202609", "ou:LEVEL-3"])
    )
    assert list(filtered.values()) == [whole[one.uid, "2026Q3", province]]


def test_an_indicator_says_what_the_map_says(land: Land, analytics: Asked) -> None:
    """C7: a province's ratio is the ratio of the sums, here as on the map."""
    indicator = land.catalogue.indicators["CQ01"]
    province = land.place("66")
    answer = analytics(
        "office",
        dimension=[f"dx:{indicator.uid}", "pe:202609", f"ou:{province.uid};LEVEL-3"],
        includeNumDen="true",
        skipRounding="true",
    )
    rows = {row[2]: row for row in answer.json()["rows"]}
    board = boards.board(province, periods.parse("2026-09"))
    for code in ("24505", "22015"):
        place = land.place(code)
        shown = board.readings[place.id]["CQ01"].value
        row = rows[place.uid]
        assert shown is not None
        assert Decimal(row[3]) == pytest.approx(shown, rel=Decimal("1e-9"))
        assert Decimal(row[3]) == pytest.approx(
            Decimal(row[4]) * Decimal(row[6]) / Decimal(row[5]), rel=Decimal("1e-9")
        )


def test_reporting_rates_lie_between_0_and_100(land: Land, analytics: Asked) -> None:
    """C1: expected is what was owed; two of three communes sent October."""
    form = land.catalogue.forms["CQS-T"].uid
    metrics = ["REPORTING_RATE", "ACTUAL_REPORTS", "EXPECTED_REPORTS", "REPORTING_RATE_ON_TIME"]
    province = land.place("66").uid
    dx = ";".join(f"{form}.{metric}" for metric in metrics)
    found = cells(analytics("office", dimension=[f"dx:{dx}", "pe:202610;202609", f"ou:{province}"]))
    assert found[f"{form}.EXPECTED_REPORTS", "202610", province] == "3"
    assert found[f"{form}.ACTUAL_REPORTS", "202610", province] == "2"
    assert found[f"{form}.REPORTING_RATE", "202610", province] == "66.6667"
    assert found[f"{form}.REPORTING_RATE", "202609", province] == "100"


def test_relative_periods_and_the_units_of_the_asker(land: Land, analytics: Asked) -> None:
    one = element(land)
    answer = analytics("commune_officer", dimension=[f"dx:{one.uid}", "pe:LAST_3_MONTHS", "ou:USER_ORGUNIT"])
    # the clock of this land stands in October
    assert answer.json()["metaData"]["dimensions"]["pe"] == ["202607", "202608", "202609"]
    assert answer.json()["metaData"]["dimensions"]["ou"] == [land.place("24505").uid]
    assert len(answer.json()["rows"]) == 2


def test_csv_and_xml_hold_the_same_rows(land: Land, analytics: Asked) -> None:
    one = element(land)
    query = {"dimension": [f"dx:{one.uid}", "pe:202609", "ou:LEVEL-3"]}
    rows = analytics("office", **query).json()["rows"]
    text = b"".join(analytics("office", suffix=".csv", **query).streaming_content).decode()  # type: ignore[attr-defined]
    assert list(csv.reader(io.StringIO(text)))[1:] == rows
    assert analytics("office", suffix=".xml", **query).content.decode().count("<row>") == len(rows)


def test_a_stranger_sees_nothing_of_other_provinces(land: Land, analytics: Asked) -> None:
    one = element(land)
    refused = analytics("stranger", dimension=[f"dx:{one.uid}", "pe:202609", f"ou:{land.place('24505').uid}"])
    assert (refused.status_code, refused.json()["errorCode"]) == (409, "E7120")
    level = analytics("stranger", dimension=[f"dx:{one.uid}", "pe:202609", "ou:LEVEL-3"])
    assert level.json()["metaData"]["dimensions"]["ou"] == [land.place("00466").uid]
    assert level.json()["rows"] == []


REFUSED = [
    ({}, "E7101"),
    ({"dimension": ["pe:202609", "ou:LEVEL-3"]}, "E7102"),
    ({"dimension": ["dx:{dx}", "ou:LEVEL-3"]}, "E7104"),
    ({"dimension": ["dx:{dx}", "pe:202609"]}, "E7143"),
    ({"dimension": ["dx:{dx}", "pe:202609", "ou:LEVEL-99"]}, "E7143"),
    ({"dimension": ["dx:{dx}", "pe:202609", "ou:abcdefghijk"]}, "E7124"),
    ({"dimension": ["dx:abcdefghijk", "pe:202609", "ou:LEVEL-3"]}, "E7124"),
    ({"dimension": ["dx:{dx}", "pe:202613", "ou:LEVEL-3"]}, "E7146"),
    ({"dimension": ["dx:{dx}", "pe:202609", "pe:202610", "ou:LEVEL-3"]}, "E7111"),
    ({"dimension": ["dx:{dx}", "pe:202609", "ou:LEVEL-3"], "filter": "pe:202608"}, "E7103"),
    ({"dimension": ["dx:{dx}", "pe:202609", "ou:LEVEL-3", "xx:1"]}, "E7125"),
    ({"dimension": ["dx:{dx}", "pe:202609", "ou:LEVEL-3"], "startDate": "2026-01-01"}, "E7105"),
    ({"dimension": ["dx:{dx}", "ou:LEVEL-3"], "startDate": "2026-02-01", "endDate": "2026-01-01"}, "E7106"),
    ({"dimension": ["dx:{form}.REPORTING_RATE", "pe:202609", "ou:LEVEL-3", "co"]}, "E7112"),
    ({"dimension": ["dx:{dx}", "pe:202609", "ou:LEVEL-3"], "measureCriteria": "GT:5"}, "E7135"),
]


@pytest.mark.parametrize(("query", "code"), REFUSED)
def test_what_cannot_be_answered_is_refused_by_code(
    land: Land, analytics: Asked, query: dict[str, Any], code: str
) -> None:
    names = {"dx": element(land).uid, "form": land.catalogue.forms["CQS-T"].uid}
    filled = {
        key: [text.format(**names) for text in value] if isinstance(value, list) else value
        for key, value in query.items()
    }
    answer = analytics("office", **filled)
    assert (answer.status_code, answer.json().get("errorCode")) == (409, code)


def test_days_stand_for_the_periods_that_bear_their_names(land: Land, analytics: Asked) -> None:
    """September of Decree 09 runs from 15 August to 14 September; it is September all the same."""
    one = element(land)
    by_days = analytics(
        "office", dimension=[f"dx:{one.uid}", "ou:LEVEL-3"], startDate="2026-09-01", endDate="2026-09-30"
    )
    by_name = analytics("office", dimension=[f"dx:{one.uid}", "ou:LEVEL-3"], filter="pe:202609")
    assert by_days.json()["rows"] == by_name.json()["rows"] != []
