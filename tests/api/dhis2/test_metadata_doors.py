"""Who gets in under /api/, and what a refusal looks like there."""

import base64
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from haicap.accounts.actions import set_password
from haicap.api import actions
from haicap.api.allowance import purse
from haicap.api.dhis2 import callers
from tests.api.dhis2.conftest import Call, basic
from tests.cast import BY, PASSWORD, Cast, World


@pytest.fixture(autouse=True)
def _empty_purse() -> None:
    purse.forget()


def test_a_person_and_a_key_get_in_with_and_without_a_version(call: Call, cast: Cast) -> None:
    for path in ("/api/system/info", "/api/38/system/info", "/api/42/system/info.json"):
        assert call(path).json()["version"].startswith("2.")
        assert call(path, headers=basic("office")).status_code == 200
    assert call("/api/system/ping").content == b"pong"


def test_a_key_may_come_in_four_ways(client: Client, country_key: str) -> None:
    for headers in (
        {"Authorization": f"ApiToken {country_key}"},
        {"Authorization": f"Bearer {country_key}"},
        {"X-API-Key": country_key},
        basic("apikey", country_key),
    ):
        assert client.get("/api/system/info", headers=headers).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("office", "sai"),
        basic("nobody-of-this-name", "sai"),
        {"Authorization": "Basic ???"},
        {"Authorization": "Basic "},
        {"Authorization": "ApiToken haicap_aaaaaaaa_" + "a" * 40},
        {"Authorization": "Digest abc"},
    ],
)
def test_without_good_credentials_the_answer_is_401_in_dhis2s_shape(
    call: Call, cast: Cast, headers: dict[str, str]
) -> None:
    answer = call("/api/system/info", headers=headers)
    assert answer.status_code == 401
    body = answer.json()
    assert (body["httpStatus"], body["httpStatusCode"], body["status"]) == ("Unauthorized", 401, "ERROR")
    assert body["message"]
    assert answer["WWW-Authenticate"].startswith("Basic ")


def test_a_session_cookie_opens_nothing(client: Client, cast: Cast) -> None:
    client.force_login(cast.office, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/api/system/info").status_code == 401


def test_no_csrf_token_is_asked_of_a_program(country_key: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/api/nothing", headers={"Authorization": f"ApiToken {country_key}"})
    assert answer.status_code == 404
    assert answer.json()["httpStatusCode"] == 404


def test_guessing_is_stopped(call: Call, cast: Cast, settings: Any) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    for _time in range(3):
        call("/api/system/info", headers=basic("office", "sai"))
    answer = call("/api/system/info", headers=basic("office"))
    assert answer.status_code == 429
    assert answer.json()["httpStatusCode"] == 429


def test_a_password_alone_does_not_pass_a_second_step(call: Call, cast: Cast) -> None:
    Authenticator.objects.create(user=cast.office, type=Authenticator.Type.TOTP, data={})
    answer = call("/api/system/info", headers=basic("office"))
    assert answer.status_code == 401
    assert "ApiToken" in answer.json()["message"]


def test_a_password_is_checked_once_and_a_new_one_ends_the_old(
    call: Call, cast: Cast, monkeypatch: Any
) -> None:
    checks = []
    real = callers.authenticate

    def counted(*given: Any, **more: Any) -> Any:
        checks.append(given)
        return real(*given, **more)

    monkeypatch.setattr(callers, "authenticate", counted)
    for _time in range(3):
        assert call("/api/system/info", headers=basic("office")).status_code == 200
    assert len(checks) == 1
    set_password(by=BY, user=cast.office, password="mot-mat-khau-khac-2026")
    assert call("/api/system/info", headers=basic("office", PASSWORD)).status_code == 401


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_password_with_marks_is_read_however_the_client_writes_it(
    call: Call, cast: Cast, encoding: str
) -> None:
    password = "tám-chín-không-có-gì"
    set_password(by=BY, user=cast.office, password=password)
    given = base64.b64encode(f"office:{password}".encode(encoding)).decode()
    assert call("/api/system/info", headers={"Authorization": f"Basic {given}"}).status_code == 200


def test_who_left_is_refused_at_once(call: Call, cast: Cast) -> None:
    assert call("/api/system/info", headers=basic("office")).status_code == 200
    cast.office.is_active = False
    cast.office.save()
    assert call("/api/system/info", headers=basic("office")).status_code == 401


def test_a_key_is_used_no_more_often_than_it_allows(call: Call, world: World) -> None:
    key = actions.issue_key(by=BY, label="Chậm", unit_id=world["66"], rate=2).text
    statuses = [call("/api/system/info", key=key).status_code for _time in range(3)]
    assert statuses in ([200, 200, 429], [200, 200, 200])  # the minute may turn in between


def test_unknown_addresses_and_methods_are_told_in_json(call: Call, client: Client, country_key: str) -> None:
    assert call("/api/nothing/here").json()["httpStatus"] == "Not Found"
    answer = client.delete("/api/system/info", headers={"Authorization": f"ApiToken {country_key}"})
    assert answer.status_code == 405
    assert answer["Allow"] == "GET"


def test_the_open_api_keeps_its_addresses(call: Call, country_key: str) -> None:
    headers = {"Authorization": f"Bearer {country_key}"}
    assert "units" in call("/api/open/v1/units", headers=headers).json()
    assert call("/api/open/v1/nothing").json()["code"] == "address.unknown"


def test_ids_begin_with_a_letter(call: Call) -> None:
    codes = call("/api/system/id", limit=5).json()["codes"]
    assert len(set(codes)) == 5
    assert all(len(one) == 11 and one[0].isalpha() and one.isalnum() for one in codes)
    assert call("/api/system/id", limit="ba").status_code == 400
