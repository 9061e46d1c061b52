"""Who may read what, as a truth table: caller × question × own / other / parent unit."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from haicap.api import actions
from haicap.api.models import ApiKey
from haicap.core import clock
from tests.api.conftest import ROOT, Ask
from tests.cast import BY
from tests.world import Land

pytestmark = pytest.mark.django_db

OK, NOT, KEY = 200, 404, 401
QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "own province, score": ("heatmap", {"province": "66"}),
    "own province, press": ("heatmap", {"province": "66", "indicator": "CB01"}),
    "other province, score": ("heatmap", {"province": "01"}),
    "other province, press": ("heatmap", {"province": "01", "indicator": "CB01"}),
    "country, score": ("heatmap", {"province": "00"}),
    "country, press": ("heatmap", {"province": "00", "indicator": "CB01"}),
    "own commune": ("series", {"unit": "24505", "from": "2026-10"}),
    "commune beside": ("series", {"unit": "22015", "from": "2026-10"}),
    "commune elsewhere": ("series", {"unit": "00466", "from": "2026-10"}),
    "commune elsewhere, press": ("series", {"unit": "00466", "indicator": "CB01"}),
    "province as a unit": ("series", {"unit": "66", "from": "2026-10"}),
    "units of own province": ("units", {"province": "66"}),
    "units of other province": ("units", {"province": "01"}),
    "units": ("units", {}),
    "indicators": ("indicators", {}),
}
#                              nobody  demo  commune  province  country
TABLE: dict[str, tuple[int, int, int, int, int]] = {
    "own province, score": (KEY, OK, NOT, OK, OK),
    "own province, press": (KEY, OK, NOT, OK, OK),
    "other province, score": (KEY, NOT, NOT, NOT, OK),
    "other province, press": (KEY, OK, NOT, NOT, OK),
    "country, score": (KEY, NOT, NOT, NOT, OK),
    "country, press": (KEY, OK, NOT, NOT, OK),
    "own commune": (KEY, OK, OK, OK, OK),
    "commune beside": (KEY, OK, NOT, OK, OK),
    "commune elsewhere": (KEY, NOT, NOT, NOT, OK),
    "commune elsewhere, press": (KEY, OK, NOT, NOT, OK),
    "province as a unit": (KEY, OK, NOT, OK, OK),
    "units of own province": (KEY, OK, NOT, OK, OK),
    "units of other province": (KEY, OK, NOT, NOT, OK),
    "units": (KEY, OK, OK, OK, OK),
    "indicators": (KEY, OK, OK, OK, OK),
}
CALLERS = ("nobody", "demo", "commune", "province", "country")
UNITS = {"commune": "24505", "province": "66", "country": "00"}


def test_the_table_is_complete() -> None:
    assert TABLE.keys() == QUESTIONS.keys()


def test_who_may_read_what(land: Land, ask: Ask, settings: Any) -> None:
    for caller in CALLERS:
        settings.HAICAP_DEMO = caller == "demo"
        unit = UNITS.get(caller)
        key = actions.issue_key(by=BY, label=caller, unit_id=land.world[unit]).text if unit else ""
        for name, (what, query) in QUESTIONS.items():
            answer = ask(what, key=key, **query)
            assert answer.status_code == TABLE[name][CALLERS.index(caller)], (caller, name, answer.content)


def test_a_unit_out_of_scope_looks_like_one_that_does_not_exist(
    land: Land, ask: Ask, province_key: str
) -> None:
    for other, made_up in (("01", "99"), ("00", "98")):
        real = ask("heatmap", key=province_key, province=other)
        invented = ask("heatmap", key=province_key, province=made_up)
        assert (real.status_code, real.content) == (invented.status_code, invented.content)
    real = ask("series", key=province_key, unit="00466")
    assert real.content == ask("series", key=province_key, unit="00999").content


def test_the_register_shows_only_what_is_in_scope(
    land: Land, ask: Ask, commune_key: str, province_key: str
) -> None:
    def seen(key: str) -> list[str]:
        return [unit["code"] for unit in ask("units", key=key).json()["units"]]

    assert seen(commune_key) == ["24505"]
    assert seen(province_key) == ["66", "22015", "24133", "24505"]


@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_a_key_is_taken_from_either_header(
    land: Land, client: Client, province_key: str, header: str
) -> None:
    text = f"bearer {province_key}" if header == "Authorization" else province_key
    answer = client.get(ROOT + "heatmap", {"province": "66"}, headers={header: text})
    assert answer.status_code == 200


def test_a_bad_key_opens_nothing_even_in_the_demo(
    land: Land, ask: Ask, demo: None, province_key: str
) -> None:
    wrong = province_key[:-1] + ("a" if province_key[-1] != "a" else "b")
    for text in (wrong, province_key + "a", province_key[:20], "haicap_x_y", "é", "-"):
        answer = ask("indicators", key=text)
        assert (answer.status_code, answer.json()["code"]) == (401, "key.unauthorised"), text
        assert answer.headers["WWW-Authenticate"] == 'Bearer realm="haicap"'
    assert ask("indicators", headers={"Authorization": "Bearer "}).status_code == 401
    # another door's scheme says nothing about a key
    assert ask("indicators", headers={"Authorization": "Basic eDp5"}).status_code == 200


def test_a_key_ends_when_it_expires_or_is_revoked(land: Land, ask: Ask) -> None:
    ends = clock.now() + timedelta(hours=1)
    issued = actions.issue_key(by=BY, label="ngắn hạn", unit_id=land.world["66"], expires_at=ends)
    with clock.frozen(ends - timedelta(seconds=1)):
        assert ask("indicators", key=issued.text).status_code == 200
    with clock.frozen(ends):
        assert ask("indicators", key=issued.text).status_code == 401
    assert ask("indicators", key=issued.text).status_code == 200
    actions.revoke_key(by=BY, prefix=issued.prefix)
    assert ask("indicators", key=issued.text).status_code == 401


def test_the_day_of_use_is_remembered_once(land: Land, ask: Ask, province_key: str) -> None:
    ask("indicators", key=province_key)
    assert ApiKey.objects.get().last_used == clock.today()
    with clock.frozen(clock.now() - timedelta(days=3)):
        ask("indicators", key=province_key)
    assert ApiKey.objects.get().last_used == clock.today()


def test_signing_in_is_no_key(land: Land, client: Client) -> None:
    client.force_login(land.cast.leader)
    assert client.get(ROOT + "indicators").status_code == 401
