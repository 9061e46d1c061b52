"""Figures by people and systems: who may, what a dry run leaves, what comes back."""

from __future__ import annotations

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from haicap.api.allowance import purse
from haicap.api.dhis2 import bodies, packs
from haicap.api.dhis2.callers import pairs
from haicap.core import clock
from haicap.reporting.queries import stored
from haicap.units import queries as units
from tests.api import exchange
from tests.api.dhis2 import export
from tests.api.doors import DONE, SETS, Door, key_for, text_of
from tests.cast import BY

DE, OU = "f7n9E0hX8qk", "DiszpKrYNg8"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    pairs.forget()
    purse.forget()


@pytest.fixture
def door(client: Client, tmp_path: Path, db: None) -> Door:
    packs.load(by=BY, folder=exchange.core(tmp_path / "core"))
    return Door(client, key_for(exchange.ROOT))


def values(*figures: tuple[str, str | None], **more: Any) -> dict[str, Any]:
    return {
        "dataValues": [
            {"dataElement": DE, "orgUnit": OU, "period": period, "value": value} | more
            for period, value in figures
        ]
    }


def held() -> dict[str, int]:
    below = [units.by_uid(uid).id for uid in exchange.UNITS]
    return {one.period: int(one.number or 0) for one in stored.stored_values(stored.Wanted(below))}


def counts(answer: HttpResponse) -> dict[str, int]:
    found: dict[str, int] = answer.json()["response"]["cellCount"]
    return found


def test_a_dry_run_says_the_same_and_leaves_nothing(door: Door) -> None:
    """C11"""
    body = values(("202601", "5"), ("202602", "x"))
    dry = door.post(SETS, body, dryRun="true").json()["response"]
    assert held() == {}
    real = door.post(SETS, body).json()["response"]
    assert held() == {"2026-01": 5}
    assert {**dry, "importOptions": 0} == {**real, "importOptions": 0}
    assert real["status"] == "WARNING"
    assert real["rejectedIndexes"] == [1]
    (conflict,) = real["conflicts"]
    assert (conflict["errorCode"], conflict["object"], conflict["indexes"]) == ("E8122", DE, [1])


def test_strategies(door: Door) -> None:
    door.post(SETS, values(("202601", "5")))
    both = values(("202601", "6"), ("202602", "7"))
    create = door.post(SETS, both, importStrategy="CREATE").json()["response"]
    assert (create["importCount"]["updated"], create["rejectedIndexes"]) == (1, [0])
    update = door.post(SETS, values(("202601", "8"), ("202603", "9")), importStrategy="UPDATE").json()
    assert (update["response"]["importCount"]["updated"], update["response"]["rejectedIndexes"]) == (1, [1])
    assert held() == {"2026-01": 8, "2026-02": 7}
    gone = door.post(SETS, values(("202601", None)), importStrategy="DELETE").json()["response"]
    assert gone["importCount"]["deleted"] == 1
    assert held() == {"2026-02": 7}


def test_all_or_nothing(door: Door) -> None:
    answer = door.post(SETS, values(("202601", "5"), ("202602", "x")), atomic="true")
    assert answer.status_code == 409
    assert [one["errorCode"] for one in answer.json()["response"]["conflicts"]] == ["E8122", "E8000"]
    assert answer.json()["response"]["rejectedIndexes"] == [0, 1]
    assert held() == {}


def test_nothing_is_nothing_and_zero_is_a_value(door: Door) -> None:
    """C4, C5"""
    answer = door.post(SETS, values(("202601", "0"), ("202602", None), ("202603", "")))
    assert answer.json()["response"]["rejectedIndexes"] == [1, 2]
    assert answer.json()["response"]["conflicts"][0]["errorCode"] == "E8120"
    assert held() == {"2026-01": 0}
    (row,) = json.loads(text_of(door.get(SETS, dataElement=DE, orgUnit=OU, period=["202601", "202602"])))[
        "dataValues"
    ]
    assert (row["period"], row["value"]) == ("202601", "0")


def test_the_same_key_is_the_same_answer(door: Door) -> None:
    """C15: a system that did not hear the answer sends again."""
    door.headers["Idempotency-Key"] = "lần 1"
    door.headers["Idempotency-Key"] = "send-1"
    first = door.post(SETS, values(("202601", "5")))
    again = door.post(SETS, values(("202601", "5")))
    assert counts(first) == counts(again)
    assert "nothing was done again" in again.json()["response"]["description"]


def test_comments_come_back_and_formulas_are_guarded(door: Door) -> None:
    """C17, C19: what a spreadsheet would run is guarded in CSV and comes back as it was."""
    note = '=1+1; "Xã" Ea Knuếc'
    door.post(SETS, values(("202601", "-5"), comment=note))
    query = {"dataSet": exchange.DATA_SET, "orgUnit": OU, "period": "202601"}
    sheet = text_of(door.get(f"{SETS}.csv", **query))
    (row,) = list(csv.DictReader(io.StringIO(sheet)))
    assert row["value"] == "-5"
    assert row["comment"].startswith("'=")
    held_row = json.loads(text_of(door.get(SETS, **query)))["dataValues"][0]
    assert held_row["comment"] == note
    for kind in ("csv", "json", "xml"):
        back = text_of(door.get(f"{SETS}.{kind}", **query))
        types = {"csv": "application/csv", "json": "application/json", "xml": "application/xml"}
        assert counts(door.post(SETS, back, types[kind]))["unchanged"] == 1, back


def test_marks_for_a_second_look_come_back(door: Door) -> None:
    body = values(("202601", "5"), ("202602", "x"), followUp=True)
    door.post(SETS, body, dryRun="true")
    query = {"dataSet": exchange.DATA_SET, "orgUnit": OU, "period": "202601"}
    assert json.loads(text_of(door.get(SETS, **query)))["dataValues"] == []
    door.post(SETS, body)
    for kind, sign in (("json", '"followup": true'), ("xml", 'followUp="true"'), ("csv", ",true,false")):
        assert sign in text_of(door.get(f"{SETS}.{kind}", **query))
    # sent again as it came out it stays; sent without the mark it goes
    door.post(SETS, json.loads(text_of(door.get(SETS, **query))))
    assert json.loads(text_of(door.get(SETS, **query)))["dataValues"][0]["followup"] is True
    door.post(SETS, values(("202601", "5")))
    assert json.loads(text_of(door.get(SETS, **query)))["dataValues"][0]["followup"] is False


def test_what_all_values_share_stands_once(door: Door) -> None:
    door.post(SETS, values(("202601", "5")))
    one = json.loads(text_of(door.get(SETS, dataSet=exchange.DATA_SET, orgUnit=OU, period="202601")))
    assert (one["dataSet"], one["period"], one["orgUnit"]) == (exchange.DATA_SET, "202601", OU)
    assert {"period", "orgUnit"}.isdisjoint(one["dataValues"][0])
    # and what was taken out of the rows is understood when it is sent back
    assert counts(door.post(SETS, one))["unchanged"] == 1
    several = json.loads(
        text_of(
            door.get(SETS, dataSet=exchange.DATA_SET, orgUnit=exchange.ROOT, children="true", period="202601")
        )
    )
    assert several["dataValues"][0]["orgUnit"] == OU


def test_nothing_found_is_an_empty_list(door: Door) -> None:
    found = json.loads(text_of(door.get(SETS, dataSet=exchange.DATA_SET, orgUnit=OU, period="202601")))
    assert found["dataValues"] == []


def test_emptied_cells_are_shown_when_asked_for(door: Door) -> None:
    door.post(SETS, values(("202601", "5"), ("202602", "6")))
    door.delete("/api/dataValues", de=DE, ou=OU, pe="202601")
    query = {"dataSet": exchange.DATA_SET, "orgUnit": OU, "startDate": "2026-01-01", "endDate": "2026-12-31"}
    rows = json.loads(text_of(door.get(SETS, **query)))["dataValues"]
    assert [row["period"] for row in rows] == ["202602"]
    found = json.loads(text_of(door.get(SETS, **query, includeDeleted="true")))
    assert [(row["period"], row["value"], row.get("deleted")) for row in found["dataValues"]] == [
        ("202601", "", True),
        ("202602", "6", None),
    ]
    assert counts(door.post(SETS, found))["unchanged"] == 2


def test_limits_and_changes_since(door: Door) -> None:
    door.post(SETS, values(*((f"2025{month:02}", "1") for month in range(1, 13))))
    query = {"dataSet": exchange.DATA_SET, "orgUnit": OU}
    days = {"startDate": "2025-01-01", "endDate": "2025-12-31"}
    assert len(json.loads(text_of(door.get(SETS, **query, **days, limit="5")))["dataValues"]) == 5
    # both days count: the last month ends on the last day asked
    assert len(json.loads(text_of(door.get(SETS, **query, **days)))["dataValues"]) == 12
    assert len(json.loads(text_of(door.get(SETS, **query, lastUpdatedDuration="1h")))["dataValues"]) == 12
    later = (clock.now() + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert json.loads(text_of(door.get(SETS, **query, lastUpdated=later)))["dataValues"] == []


def test_codes_instead_of_uids(door: Door) -> None:
    body = {"dataValues": [{"dataElement": "DE_A", "orgUnit": "OU_A", "period": "202601", "value": 5}]}
    assert door.post(SETS, body, idScheme="code").json()["response"]["status"] == "SUCCESS"
    found = json.loads(
        text_of(door.get(SETS, dataSet=exchange.DATA_SET, orgUnit=OU, period="202601", idScheme="CODE"))
    )
    assert (found["dataSet"], found["orgUnit"], found["dataValues"][0]["dataElement"]) == (
        "DS_A",
        "OU_A",
        "DE_A",
    )
    unknown = door.post(
        SETS, {"dataValues": [body["dataValues"][0] | {"dataElement": "DE_X"}]}, idScheme="code"
    )
    assert unknown.status_code == 409
    assert unknown.json()["response"]["conflicts"][0]["errorCode"] == "E8103"


def test_booleans_are_true_and_false(door: Door) -> None:
    one = {"dataElement": exchange.BOOLEAN, "orgUnit": OU, "value": "yes", "period": "202601"}
    two = one | {"value": "F", "period": "202602"}
    assert door.post(SETS, {"dataValues": [one, two]}).json()["response"]["status"] == "SUCCESS"
    rows = json.loads(
        text_of(door.get(SETS, dataElement=exchange.BOOLEAN, orgUnit=OU, period=["202601", "202602"]))
    )
    assert [row["value"] for row in rows["dataValues"]] == ["true", "false"]


def test_one_value_by_address(door: Door) -> None:
    where = {"de": DE, "ou": OU, "pe": "202601"}
    assert (
        door.post("/api/dataValues", "", "application/x-www-form-urlencoded", **where, value="7").status_code
        == 201
    )
    assert door.get("/api/dataValues", **where).json() == ["7"]
    body = {"dataElement": DE, "orgUnit": OU, "period": "202601", "value": "8"}
    assert door.post("/api/dataValues", body).status_code == 201
    assert door.get("/api/dataValues", **where).json() == ["8"]
    refused = door.post("/api/dataValues", body | {"value": "many"})
    assert (refused.status_code, refused.json()["errorCode"]) == (409, "E8122")
    assert door.delete("/api/dataValues", **where).status_code == 204
    assert door.get("/api/dataValues", **where).json()["errorCode"] == "E2032"


REFUSED = [
    ({"orgUnit": OU, "period": "202601"}, "E2001"),
    ({"dataSet": exchange.DATA_SET, "orgUnit": OU}, "E2002"),
    ({"dataSet": exchange.DATA_SET, "orgUnit": OU, "period": "202601", "startDate": "2026-01-01"}, "E2003"),
    (
        {"dataSet": exchange.DATA_SET, "orgUnit": OU, "startDate": "2026-02-01", "endDate": "2026-01-01"},
        "E2004",
    ),
    ({"dataSet": exchange.DATA_SET, "orgUnit": OU, "lastUpdatedDuration": "5y"}, "E2005"),
    ({"dataSet": exchange.DATA_SET, "period": "202601"}, "E2006"),
    ({"dataSet": "abcdefghijk", "orgUnit": OU, "period": "202601"}, "E1005"),
]


@pytest.mark.parametrize(("query", "code"), REFUSED)
def test_questions_that_cannot_be_answered(door: Door, query: dict[str, str], code: str) -> None:
    answer = door.get(SETS, **query)
    assert (answer.status_code, answer.json()["errorCode"]) == (409, code)


def test_a_key_that_only_reads_writes_nothing(door: Door, client: Client) -> None:
    reader = Door(client, key_for(exchange.ROOT, writes=False))
    answer = reader.post(SETS, values(("202601", "5")))
    assert answer.status_code == 409
    assert answer.json()["response"]["conflicts"][0]["errorCode"] == "E8010"
    assert held() == {}


def test_a_key_of_one_unit_reaches_no_other(door: Door, client: Client) -> None:
    other = Door(client, key_for("BdfsJfj87js"))
    answer = other.post(SETS, values(("202601", "5")))
    assert answer.json()["response"]["conflicts"][0]["errorCode"] == "E8011"
    door.post(SETS, values(("202601", "5")))
    query = {"dataSet": exchange.DATA_SET, "period": "202601"}
    assert other.get(SETS, orgUnit=OU, **query).json()["errorCode"] == "E2012"
    assert other.get(SETS, orgUnit=exchange.ROOT, children="true", **query).json()["errorCode"] == "E2012"
    assert other.get("/api/dataValues", de=DE, ou=OU, pe="202601").json()["errorCode"] == "E2012"


def test_what_is_paid_for_by_a_project_that_had_not_begun(client: Client, tmp_path: Path, db: None) -> None:
    """Water was paid for from 2024 on: a figure for 2023 names a project that was not."""
    packs.load(by=BY, folder=export.write(tmp_path / "export"))
    door = Door(client, key_for(export.COUNTRY))
    one = {
        "dataElement": export.BORN,
        "orgUnit": export.CLINIC,
        "attributeOptionCombo": export.WATER,
        "value": "3",
    }
    early = door.post(SETS, {"dataSet": export.YEARLY, "dataValues": [one | {"period": "2023"}]})
    assert [found["errorCode"] for found in early.json()["response"]["conflicts"]] == ["E8032"]
    right = door.post(SETS, {"dataSet": export.YEARLY, "dataValues": [one | {"period": "2024"}]})
    assert right.json()["response"]["status"] == "SUCCESS"


def test_queries_do_not_grow_with_figures(door: Door, django_assert_max_num_queries: Any) -> None:
    door.post(SETS, values(("202001", "1")))
    report = [
        {"dataElement": uid, "orgUnit": OU, "period": "202002", "value": "1"} for uid in exchange.ELEMENTS
    ]
    with django_assert_max_num_queries(30):
        assert counts(door.post(SETS, {"dataValues": report}))["new"] == 3
    query = {"dataSet": exchange.DATA_SET, "orgUnit": exchange.ROOT, "children": "true"}
    with django_assert_max_num_queries(9):
        text_of(door.get(SETS, **query, startDate="2020-01-01", endDate="2020-12-31"))
    dimensions = [f"dx:{DE}", "pe:202001;202002;2020", "ou:LEVEL-2"]
    with django_assert_max_num_queries(8):
        assert door.get("/api/analytics", dimension=dimensions).status_code == 200


def test_registrations_are_reports_that_came(door: Door) -> None:
    query = {"dataSet": exchange.DATA_SET, "orgUnit": exchange.ROOT, "children": "true", "period": "202601"}
    assert json.loads(text_of(door.get(DONE, **query))) == {"completeDataSetRegistrations": []}
    door.post(SETS, values(("202601", "5")))
    (one,) = json.loads(text_of(door.get(DONE, **query)))["completeDataSetRegistrations"]
    assert (one["dataSet"], one["period"], one["organisationUnit"]) == (exchange.DATA_SET, "202601", OU)
    # a form without approval is complete with its figures; to say so again changes nothing
    for body, kind in (
        ({"completeDataSetRegistrations": [one]}, "application/json"),
        (text_of(door.get(f"{DONE}.xml", **query)), "application/xml"),
        (text_of(door.get(f"{DONE}.csv", **query)), "application/csv"),
    ):
        answer = door.post(DONE, body, kind).json()["response"]
        assert (answer["status"], answer["cellCount"]["unchanged"]) == ("SUCCESS", 1)


def test_registrations_that_make_no_sense_are_conflicts(door: Door) -> None:
    wrong = [
        {"dataSet": "x", "period": "202601", "organisationUnit": OU},
        {"dataSet": exchange.DATA_SET, "period": "20x", "organisationUnit": OU},
        {"dataSet": exchange.DATA_SET, "period": "202601", "organisationUnit": "nowhere"},
    ]
    answer = door.post(DONE, {"completeDataSetRegistrations": wrong})
    assert answer.status_code == 409
    summary = answer.json()["response"]
    assert [one["errorCode"] for one in summary["conflicts"]] == ["E8005", "E8100", "E8011"]
    assert summary["rejectedIndexes"] == [0, 1, 2]


def test_nobody_is_asked_for_a_name(client: Client, db: None) -> None:
    for path in (SETS, "/api/dataValues", DONE, "/api/analytics"):
        assert client.get(path).status_code == 401


def test_too_much_is_refused_before_it_is_read_whole(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "UNPACKED_LIMIT", 1000)
    monkeypatch.setattr(bodies.of, "__defaults__", (1000,))
    answer = door.post(SETS, b"x" * 2000, "application/json")
    assert answer.status_code == 413
    assert "larger than" in answer.json()["message"]
