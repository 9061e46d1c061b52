"""A foreign tree with forms of its own beside ours: our pages stay as they are, theirs do not break."""

import pytest
from django.test import Client

from haicap.accounts import actions as accounts
from haicap.accounts.states import Role
from haicap.core import clock
from haicap.insight.warming import warm
from haicap.reporting.actions import open_period
from haicap.units import queries as units
from tests.api.dhis2.conftest import Call
from tests.api.dhis2.export import COUNTRY, NORTH
from tests.cast import BY, PASSWORD, SINCE
from tests.world import Land

pytestmark = pytest.mark.once

OURS = ("/", "/bao-cao/", "/ca-nuoc/", "/tinh/66/", "/xa/24505/", "/tim/?q=North", "/tim/?q=Ph%C3%B2ng")


def pages(client: Client, addresses: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for address in addresses:
        answer = client.get(address, follow=True)
        assert answer.status_code in (200, 403, 404), address
        found[address] = answer.content.decode()
    return found


def test_our_pages_do_not_speak_of_the_other_tree(client: Client, land: Land, exported: object) -> None:
    for person in (land.cast.office, land.cast.leader, land.cast.commune_officer, land.cast.analyst):
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        for address, text in pages(client, OURS).items():
            for word in ("Monthly report", "Land of Tests", "Doses", "Bờ Sông"):
                assert word not in text.replace("q=", ""), (person, address, word)


@pytest.mark.parametrize(("role", "uid"), [(Role.PROVINCE_OFFICE, NORTH), (Role.VIEWER, COUNTRY)])
def test_their_people_find_no_broken_page(
    client: Client, land: Land, exported: object, role: Role, uid: str
) -> None:
    user = accounts.create_user(by=BY, username="foreign", password=PASSWORD, name="Foreign office")
    accounts.appoint(by=BY, user=user, role=role, unit_id=units.by_uid(uid).id, starts=SINCE)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    code = units.by_uid(uid).code
    pages(client, (*OURS, "/bao-cao/tong-hop/", "/bao-cao/dung-han/", f"/xa/{code}/", "/xa/K_1/"))
    assert client.get("/").headers["Location"] == "/bao-cao/"
    assert client.get(f"/tinh/{code}/").status_code == 404
    assert client.get("/xa/24505/").status_code == 404


def test_periods_open_and_boards_warm_up_for_both(land: Land, exported: object) -> None:
    opened = open_period(by=BY, form="DS_M", period="2026-10")
    assert opened == 2
    assert warm() > 0


def test_their_keys_read_nothing_of_ours(call: Call, land: Land, foreign_key: str) -> None:
    assert clock.today()
    for path in ("indicators", "dataSets", "dataElements"):
        for one in call(f"/api/{path}", key=foreign_key, fields="code", paging="false").json()[path]:
            assert not one["code"].startswith(("CQ", "HS_", "KT"))
    headers = {"Authorization": f"Bearer {foreign_key}"}
    found = call("/api/open/v1/units", headers=headers).json()["units"]
    assert {one["code"] for one in found} == {"L_0", "D_1", "D_2", "K_1", "Clinic00002"}
    assert call("/api/open/v1/heatmap", headers=headers, province="66", indicator="SCORE").status_code == 404
