"""What a sender at the doors of figures must be told, and what a reader must not see."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from haicap.api import queries as api
from haicap.api.allowance import purse
from haicap.api.dhis2 import completing, packs
from haicap.api.dhis2.callers import pairs
from haicap.catalogue import queries as catalogue
from haicap.catalogue.queries import Check, Form
from haicap.reporting.actions import intakerules
from haicap.reporting.queries import State, stored
from haicap.units import queries as units
from tests.api import exchange
from tests.api.doors import DONE, SETS, Door, key_for, text_of
from tests.api.test_data_steps import figures
from tests.cast import BY
from tests.world import Land

OU = "DiszpKrYNg8"
SMALL, LARGE = "f7n9E0hX8qk", "Ix2HsbDMLea"
WORDS = "A không lớn hơn B"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    pairs.forget()
    purse.forget()


@pytest.fixture
def door(client: Client, tmp_path: Any, db: None) -> Door:
    packs.load(by=BY, folder=exchange.core(tmp_path / "core"))
    return Door(client, key_for(exchange.ROOT))


@pytest.fixture
def checked(door: Door, monkeypatch: pytest.MonkeyPatch) -> Door:
    """The data set of three elements needs no approval and has a hard check: the first is not larger."""

    parsed = intakerules.Rules.hard

    def hard(self: intakerules.Rules, form: Form) -> list[intakerules.HardCheck]:
        codes = {one.uid: one.code for one in catalogue.current().elements.values()}
        small, large = codes[SMALL], codes[LARGE]
        check = Check("X", "hard", f"{small} <= {large}", {"vi": WORDS}, (small, large))
        return parsed(self, replace(form, checks=(check,)))

    monkeypatch.setattr(intakerules.Rules, "hard", hard)
    return door


def pair(first: str, second: str, period: str = "202601", **more: Any) -> list[dict[str, Any]]:
    cell = {"orgUnit": OU, "period": period} | more
    return [cell | {"dataElement": SMALL, "value": first}, cell | {"dataElement": LARGE, "value": second}]


def body(*values: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"dataSet": exchange.DATA_SET, "dataValues": list(values)} | more


def held() -> int:
    return len(list(stored.stored_values(stored.Wanted([units.by_uid(OU).id]))))


def told(answer: HttpResponse) -> dict[str, Any]:
    found: dict[str, Any] = answer.json()["response"]
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("dry", ["false", "true"])
def test_all_or_nothing_says_that_a_hard_check_kept_it_out(checked: Door, dry: str) -> None:
    sent = body(
        *pair("9", "1", followUp=True),
        *pair("1", "2", "202602", followUp=True),
        completeDate="2026-03-01",
        period="202602",
        orgUnit=OU,
    )
    answer = checked.post(SETS, sent, atomic="true", dryRun=dry)
    found = told(answer)
    assert (answer.status_code, found["status"]) == (409, "ERROR")
    assert found["rejectedIndexes"] == [0, 1, 2, 3]
    assert [(one["value"], one["indexes"]) for one in found["conflicts"]] == [
        (WORDS, [0, 1]),
        ("Only 2 of 4 values are valid, none was stored", []),
    ]
    assert found["importCount"]["ignored"] == 4
    assert found["dataSetComplete"] == "false"
    assert held() == 0
    assert api.followed([units.by_uid(OU).id]) == frozenset()


def test_a_report_kept_as_a_draft_is_a_conflict_in_words(checked: Door) -> None:
    answer = checked.post(SETS, body(*pair("9", "1"), *pair("1", "2", "202602")))
    found = told(answer)
    assert (answer.status_code, found["status"]) == (200, "WARNING")
    assert "only as drafts" in found["description"]
    assert [(one["value"], one["indexes"]) for one in found["conflicts"]] == [
        (f"Kept as a draft: {WORDS}", [0, 1])
    ]
    assert found["rejectedIndexes"] == []
    assert held() == 4


def test_all_or_nothing_names_every_value_when_our_rules_refuse_one(door: Door) -> None:
    """The rules of the house come after DHIS2's own, and reject the others as well."""
    door.post(SETS, body(*pair("1", "2")))
    both = body(*pair("5", "6")[:1], *pair("3", "4", "202602"))
    answer = door.post(SETS, both, atomic="true", importStrategy="CREATE")
    assert (answer.status_code, told(answer)["rejectedIndexes"]) == (409, [0, 1, 2])
    assert held() == 2


def test_marks_do_not_outlive_their_value(door: Door) -> None:
    door.post(SETS, body(*pair("1", "2", followUp=True)))
    assert len(api.followed([units.by_uid(OU).id])) == 2
    door.post(SETS, body(*pair("1", "2", followUp=True)), importStrategy="DELETE")
    assert held() == 0
    assert api.followed([units.by_uid(OU).id]) == frozenset()


def test_a_mark_that_fails_takes_the_figures_back(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_more: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("haicap.api.dhis2.importing.room.follow_up", broken)
    with pytest.raises(RuntimeError):
        door.post(SETS, body(*pair("1", "2", followUp=True)))
    assert held() == 0


def test_a_key_with_other_options_is_another_request(door: Door) -> None:
    """C15"""
    door.headers["Idempotency-Key"] = "send-1"
    sent = body(*pair("1", "2"))
    assert door.post(SETS, sent, importStrategy="UPDATE").status_code == 409
    door.headers["Idempotency-Key"] = "send-2"
    assert told(door.post(SETS, sent))["status"] == "SUCCESS"
    assert "nothing was done again" in told(door.post(SETS, sent, dryRun="false"))["description"]
    for options in ({"importStrategy": "DELETE"}, {"atomic": "true"}):
        answer = door.post(SETS, sent, **options)
        assert answer.status_code == 409
        assert "response" not in answer.json()
    assert door.post(SETS, body(*pair("1", "2", followUp=True))).status_code == 409
    assert held() == 2


def test_a_long_key_is_refused_and_not_cut(door: Door) -> None:
    """C15"""
    door.headers["Idempotency-Key"] = "k" * 65
    answer = door.post(SETS, body(*pair("1", "2")))
    assert answer.status_code == 400
    assert "at most 64" in answer.json()["message"]
    assert held() == 0
    door.headers["Idempotency-Key"] = "k" * 64
    assert door.post(SETS, body(*pair("1", "2"))).status_code == 200


def test_completions_have_a_number(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completing, "MOST", 2)
    one = {"dataSet": exchange.DATA_SET, "period": "202601", "organisationUnit": OU}
    assert door.post(DONE, {"completeDataSetRegistrations": [one] * 2}).status_code != 413
    answer = door.post(DONE, {"completeDataSetRegistrations": [one] * 3})
    assert answer.status_code == 413
    assert "At most 2" in answer.json()["message"]
    group = (
        f'<group dataSet="{exchange.DATA_SET}" period="2026-01-01/P1M" orgUnit="{OU}"'
        ' completeDate="2026-02-01"/>'
    )
    adx = f'<adx xmlns="urn:ihe:qrph:adx:2015">{group * 3}</adx>'
    assert door.post(SETS, adx, "application/adx+xml", idScheme="UID").status_code == 413


def test_drafts_are_for_the_officer_and_the_systems_of_the_form(land: Land, client: Client) -> None:
    sent = figures(land, "202611")
    Door(client, "commune_officer").post(SETS, sent)
    query = {"dataSet": sent["dataSet"], "orgUnit": sent["orgUnit"], "period": "202611"}
    cell = {"de": sent["dataValues"][0]["dataElement"], "pe": "202611", "ou": sent["orgUnit"]}
    province = land.place("66").uid
    keys = {name: key_for(province, forms=forms) for name, forms in (("own", ("CQS-T",)), ("all", ()))}
    for who in ("commune_officer", *keys.values()):
        rows = json.loads(text_of(Door(client, who).get(SETS, **query)))["dataValues"]
        assert len(rows) == len(sent["dataValues"])
        assert Door(client, who).get("/api/dataValues", **cell).status_code == 200
    other = next(code for code in land.catalogue.forms if code != "CQS-T")
    for who in ("viewer", "analyst", key_for(province, forms=(other,))):
        found = Door(client, who)
        assert json.loads(text_of(found.get(SETS, **query)))["dataValues"] == []
        assert found.get("/api/dataValues", **cell).status_code == 409
        was_sent = json.loads(text_of(found.get(SETS, **query | {"period": "202609"})))
        assert len(was_sent["dataValues"]) == len(sent["dataValues"])


def test_a_key_writes_its_own_forms_alone(land: Land, client: Client) -> None:
    sent = figures(land, "202611")
    other = next(code for code in land.catalogue.forms if code != "CQS-T")
    system = Door(client, key_for(land.place("66").uid, forms=(other,)))
    named = sent | {"completeDate": "2026-12-01"}
    unnamed = {
        "dataValues": [
            one | {"period": sent["period"], "orgUnit": sent["orgUnit"]} for one in sent["dataValues"]
        ]
    }
    for each in (named, unnamed):
        answer = system.post(SETS, each)
        assert answer.status_code == 409
        assert {one["errorCode"] for one in told(answer)["conflicts"]} == {"E8010"}
    cell = {"de": sent["dataValues"][0]["dataElement"], "pe": "202611", "ou": sent["orgUnit"]}
    written = system.post("/api/dataValues", "", "application/x-www-form-urlencoded", value="1", **cell)
    assert written.json()["errorCode"] == "E8010"
    assert system.delete("/api/dataValues", **cell).json()["errorCode"] == "E8010"
    where = {"ds": sent["dataSet"], "pe": "202610", "ou": sent["orgUnit"]}
    assert system.delete(DONE, **where).json()["errorCode"] == "E8010"
    one = {"dataSet": sent["dataSet"], "period": "202610", "organisationUnit": sent["orgUnit"]}
    assert told(system.post(DONE, {"completeDataSetRegistrations": [one]}))["rejectedIndexes"] == [0]
    # a body that only completes passes no value by which it could be refused
    done = told(system.post(SETS, {**where_of(sent), "completeDate": "2026-12-01", "dataValues": []}))
    assert "No permission" in done["description"]
    assert stored.report_id(land.place("24505").id, "CQS-T", "2026-11") is None
    assert done["dataSetComplete"] == "false"


def where_of(sent: dict[str, Any]) -> dict[str, Any]:
    # accepted already, which would answer "true" to anybody
    return {"dataSet": sent["dataSet"], "period": "202609", "orgUnit": sent["orgUnit"]}


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("who", ["viewer", ""])
def test_a_body_of_forty_megabytes_is_answered_in_words(
    land: Land, client: Client, who: str, kind: str
) -> None:
    caller = Door(client, who or key_for(land.place("66").uid))
    answer = caller.post(SETS, b'{"dataValues": [' + b" " * 40 * 1024 * 1024 + b"]}", kind)
    assert answer.status_code == 413
    assert "32 MB" in answer.json()["message"]


def test_state_of_the_land(land: Land) -> None:
    """What `where_of` relies on."""
    report = stored.report_id(land.place("24505").id, "CQS-T", "2026-09")
    assert report is not None
    assert stored.state_of(report) in {State.ACCEPTED, State.SUBMITTED, State.LOCKED}
