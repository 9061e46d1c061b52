"""ADX in and out: dhis2-core's own files, which name the same things by uids, codes and names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from defusedxml import ElementTree
from django.http import HttpResponse
from django.test import Client

from haicap.api import actions
from haicap.api.dhis2 import packs
from haicap.core import clock
from haicap.reporting.queries import stored
from haicap.units import queries as units
from tests.api import exchange
from tests.cast import BY

Land = Callable[..., "Door"]
# dhis2-core's tests name each kind of thing in another way per file
A = {
    "dataSetIdScheme": "CODE",
    "orgUnitIdScheme": "CODE",
    "dataElementIdScheme": "NAME",
    "categoryIdScheme": "NAME",
    "categoryOptionIdScheme": "UID",
    "categoryOptionComboIdScheme": "UID",
}
B = {
    "dataSetIdScheme": "NAME",
    "orgUnitIdScheme": "UID",
    "dataElementIdScheme": "UID",
    "categoryIdScheme": "CODE",
    "categoryOptionIdScheme": "CODE",
    "categoryOptionComboIdScheme": "NAME",
}
C = {
    "dataSetIdScheme": "UID",
    "orgUnitIdScheme": "NAME",
    "dataElementIdScheme": "CODE",
    "categoryIdScheme": "UID",
    "categoryOptionIdScheme": "NAME",
    "categoryOptionComboIdScheme": "CODE",
}


class Door:
    def __init__(self, client: Client, key: str) -> None:
        self.client, self.key = client, key

    def post(self, data: bytes, **query: str) -> dict[str, Any]:
        address = "/api/dataValueSets?" + "&".join(f"{name}={text}" for name, text in query.items())
        answer = self.client.post(
            address,
            data,
            content_type="application/adx+xml",
            headers={"Authorization": f"ApiToken {self.key}"},
        )
        found: dict[str, Any] = answer.json()
        return found

    def get(self, **query: Any) -> bytes:
        answer: HttpResponse = self.client.get(  # type: ignore[assignment]
            "/api/dataValueSets.adx+xml", query, headers={"Authorization": f"ApiToken {self.key}"}
        )
        assert answer.status_code == 200, answer.content
        return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.fixture
def land(client: Client, tmp_path: Path, db: None) -> Land:
    def made(mechanism_period: str = "Quarterly") -> Door:
        packs.load(by=BY, folder=exchange.malaria(tmp_path / "malaria", mechanism_period))
        root = units.by_uid(exchange.ROOT)
        soon = clock.now() + timedelta(days=1)
        key = actions.issue_key(by=BY, label="ADX", unit_id=root.id, writes=True, expires_at=soon)
        return Door(client, key.text)

    return made


def held() -> set[tuple[Any, ...]]:
    below = [units.by_uid(uid).id for uid in exchange.MALARIA_UNITS]
    return {
        (
            units.by_id(one.unit_id).code,
            one.period,
            one.split,
            one.attribution,
            one.text if one.number is None else int(one.number),
            one.why,
        )
        for one in stored.stored_values(stored.Wanted(below))
    }


IMPORTED = {
    ("123", "2020-01", "F_Under5", "", 1, ""),
    ("123", "2020-01", "M_Under5", "", 2, ""),
    ("123", "2020-01", "F_Over5", "", 3, ""),
    ("123", "2020-01", "M_Over5", "", 4, ""),
    ("123", "2020-01", "", "", "0", "Text data value"),
    ("456", "2020-02", "F_Under5", "", 6, ""),
    ("456", "2021-Q1", "F_Under5", "coc_PEPFAR", 10, ""),
    ("456", "2021-Q1", "F_Over5", "coc_McDonalds", 20, ""),
    ("456", "2021-Q1", "M_Under5", "coc_McDonalds", 30, ""),
}


@pytest.mark.parametrize(("name", "schemes"), [("importA", A), ("importB", B), ("importC", C)])
def test_the_same_report_whatever_things_are_called(
    land: Land, shared_data: Path, name: str, schemes: dict[str, str]
) -> None:
    door = land()
    path = shared_data / "trials/dhis2/core-fixtures/adx" / f"{name}.adx.xml"
    body = door.post(path.read_bytes(), **schemes)
    assert body["response"]["status"] == "SUCCESS", body
    assert body["response"]["importCount"]["updated"] == 9
    assert held() == IMPORTED


def test_out_and_in_again_changes_nothing(land: Land) -> None:
    """What was sent, asked for as ADX and sent back: everything is there and nothing is new."""
    door = land()
    group = (
        '<adx xmlns="urn:ihe:qrph:adx:2015"><group dataSet="MalariaMechanismDS" mechanism="PEPFAR"'
        ' period="2021-01-01/P3M" orgUnit="456">'
        '<dataValue dataElement="Mal_num" sex="F" age="under5" value="7">'
        "<annotation>counted twice &amp; right</annotation></dataValue></group></adx>"
    )
    assert door.post(group.encode())["response"]["status"] == "SUCCESS"
    before = held()
    assert before == {("456", "2021-Q1", "F_Under5", "coc_PEPFAR", 7, "counted twice & right")}
    sent = door.get(
        dataSet=exchange.MALARIA_BY_MECHANISM, period="2021Q1", orgUnit=exchange.ROOT, children="true"
    )
    body = door.post(sent)
    assert body["response"]["cellCount"] == {
        "read": 1,
        "new": 0,
        "changed": 0,
        "unchanged": 1,
        "removed": 0,
        "rejected": 0,
    }
    assert held() == before


VALUES = """{"dataValues": [
 {"dataElement": "MalNummmmmm", "period": "202001", "orgUnit": "P1233333333", "dataSet": "x",
  "categoryOptionCombo": "FUnder55555", "value": "1"},
 {"dataElement": "MalTexttttt", "period": "202002", "orgUnit": "P1233333333", "value": "0",
  "comment": "Some text"}], "dataSet": "MalariaDSSS"}"""
BY_MECHANISM = """{"dataSet": "MalariaMech", "period": "202001", "orgUnit": "D4566666666", "dataValues": [
 {"dataElement": "MalNummmmmm", "categoryOptionCombo": "MOver555555", "attributeOptionCombo": "cocMcDonald",
  "value": "2"},
 {"dataElement": "MalNummmmmm", "categoryOptionCombo": "FOver555555", "attributeOptionCombo": "cocPEPFARRR",
  "value": "3"}]}"""


@pytest.mark.parametrize(
    ("name", "schemes", "data_sets", "more"),
    [
        ("exportA", A, [exchange.MALARIA], {}),
        ("exportB", B, [exchange.MALARIA, exchange.MALARIA_BY_MECHANISM], {}),
        ("exportC", C, [exchange.MALARIA, exchange.MALARIA_BY_MECHANISM], {}),
        ("exportD", C, [exchange.MALARIA_BY_MECHANISM], {"attributeOptionCombo": "cocMcDonald"}),
    ],
)
def test_exports_are_those_of_dhis2_core(
    land: Land,
    shared_data: Path,
    name: str,
    schemes: dict[str, str],
    data_sets: list[str],
    more: dict[str, str],
) -> None:
    door = land("Monthly")
    headers = {"Authorization": f"ApiToken {door.key}"}
    for body in (VALUES, BY_MECHANISM):
        answer = door.client.post(
            "/api/dataValueSets", body, content_type="application/json", headers=headers
        )
        assert answer.json()["response"]["status"] == "SUCCESS", answer.json()
    made = door.get(
        dataSet=data_sets,
        period=["202001", "202002"],
        orgUnit=list(exchange.MALARIA_UNITS),
        **schemes,
        **more,
    )
    told = (shared_data / "trials/dhis2/core-fixtures/adx" / f"{name}.adx.xml").read_bytes()
    assert groups(made) == groups(told)


def groups(data: bytes) -> list[tuple[Any, ...]]:
    """Everything that an ADX file says, in an order of its own."""
    found = []
    for group in ElementTree.fromstring(data):
        values = sorted(
            (sorted(value.attrib.items()), [(note.text or "").strip() for note in value]) for value in group
        )
        found.append((sorted(group.attrib.items()), values))
    return sorted(found)
