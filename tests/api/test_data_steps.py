"""The steps of a report at the doors of figures: who fills, who signs, who sees a draft."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from haicap.accounts.scopes import scope_of
from haicap.api.allowance import purse
from haicap.api.dhis2.callers import pairs
from haicap.reporting import actions as reporting
from haicap.reporting.queries import State, stored
from tests.api.doors import DONE, SETS, Door, key_for, text_of
from tests.world import Land


@pytest.fixture(autouse=True)
def _fresh() -> None:
    pairs.forget()
    purse.forget()


def figures(land: Land, period: str) -> dict[str, Any]:
    """Every cell of the monthly form of Ea Knuếc, with figures of a month that raised no question."""
    form, book = land.catalogue.forms["CQS-T"], land.catalogue.elements_by_id
    place = land.place("24505")
    wanted = stored.Wanted([place.id], forms=[form.code], periods=["2026-09"])
    before = {book[one.element_id].code: one.number for one in stored.stored_values(wanted)}
    return {
        "dataSet": form.uid,
        "period": period,
        "orgUnit": land.place("24505").uid,
        "dataValues": [
            {"dataElement": land.catalogue.elements[code].uid, "value": f"{before[code]:.0f}"}
            for code in form.elements
        ],
    }


def test_an_officer_fills_and_the_leader_completes(land: Land, client: Client) -> None:
    """The steps of the house hold at this door: the officer fills and says ready, the leader signs."""
    officer, leader = (Door(client, who) for who in ("commune_officer", "commune_leader"))
    body = figures(land, "202611")
    assert officer.post(SETS, body).json()["response"]["status"] == "SUCCESS"
    form, place = land.catalogue.forms["CQS-T"], land.place("24505")
    report = stored.report_id(place.id, "CQS-T", "2026-11")
    assert report is not None
    assert stored.state_of(report) is State.DRAFT
    one = {"dataSet": form.uid, "period": "202611", "organisationUnit": place.uid}
    refused = officer.post(DONE, {"completeDataSetRegistrations": [one]})
    assert refused.status_code == 409
    assert refused.json()["response"]["conflicts"][0]["errorCode"] == "E8033"
    assert stored.state_of(report) is State.DRAFT
    scope = scope_of(land.cast.commune_officer)
    reporting.say_ready(by=land.cast.commune_officer, scope=scope, report=report)
    dry = leader.post(DONE, {"completeDataSetRegistrations": [one]}, dryRun="true")
    assert dry.json()["response"]["cellCount"]["changed"] == 1
    assert stored.state_of(report) is State.READY
    signed = leader.post(DONE, {"completeDataSetRegistrations": [one]})
    assert signed.json()["response"]["status"] == "SUCCESS"
    assert stored.state_of(report) is State.SUBMITTED
    # the leader cannot take back what was sent; the office gives it back
    where = {"ds": form.uid, "pe": "202611", "ou": place.uid}
    assert leader.delete(DONE, **where).status_code == 409
    assert Door(client, "office").delete(DONE, **where).status_code == 204
    assert stored.state_of(report) is State.RETURNED


def test_a_closed_report_takes_no_figures(land: Land, client: Client) -> None:
    answer = Door(client, "commune_officer").post(SETS, figures(land, "202610"))
    assert answer.status_code == 409
    assert {one["errorCode"] for one in answer.json()["response"]["conflicts"]} == {"E8033"}


@pytest.mark.parametrize(
    ("who", "code"),
    [("viewer", "E8010"), ("analyst", "E8010"), ("stranger", "E8011"), ("other_officer", "E8011")],
)
def test_who_may_not_write_is_told_why(land: Land, client: Client, who: str, code: str) -> None:
    answer = Door(client, who).post(SETS, figures(land, "202611"))
    assert answer.status_code == 409
    assert {one["errorCode"] for one in answer.json()["response"]["conflicts"]} == {code}
    assert stored.report_id(land.place("24505").id, "CQS-T", "2026-11") is None


def test_drafts_are_for_those_who_fill_them(land: Land, client: Client) -> None:
    body = figures(land, "202611")
    Door(client, "commune_officer").post(SETS, body)
    query = {"dataSet": body["dataSet"], "orgUnit": body["orgUnit"], "period": "202611"}
    mine = json.loads(text_of(Door(client, "commune_officer").get(SETS, **query)))
    assert len(mine["dataValues"]) == len(body["dataValues"])
    reader = Door(client, key_for(land.place("66").uid, writes=False))
    assert json.loads(text_of(reader.get(SETS, **query)))["dataValues"] == []
    sent = json.loads(text_of(reader.get(SETS, **query | {"period": "202609"})))
    assert len(sent["dataValues"]) == len(body["dataValues"])
