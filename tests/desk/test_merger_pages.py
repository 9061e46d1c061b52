"""What people meet the morning after an act: boards of the past, their own page, the page of what ended."""

from typing import Any

import pytest
from django.test import Client

from haicap.core import clock
from haicap.units import mergers
from tests.world import Land

from .merging import merged, signed

pytestmark = [pytest.mark.once, pytest.mark.django_db]
MORNING = "2026-10-20T09:00"


@pytest.fixture
def after(land: Land) -> Any:
    """Ea Knuếc (24505) and Buôn Ma Thuột (24133) have become one, which keeps 24505."""
    with clock.frozen(MORNING):
        signed(land.cast, land.world, merged(land.world))
        yield land


def test_c1_a_closed_period_keeps_its_units_on_every_board(after: Land, client: Client) -> None:
    """Expected are the units that existed when the window closed, whatever an act has done to them since."""
    client.force_login(after.cast.office)
    for period in ("2026-09", "2026-10"):
        page = client.get("/bao-cao/tong-hop/", {"mau": "CQS-T", "ky": period})
        assert page.status_code == 200
        words = page.content.decode()
        assert page.context["found"].expected == 3
        for code in ("24505", "22015", "24133"):
            assert f"/bao-cao/CQS-T/{period}/{code}/" in words, code
    late = client.get("/bao-cao/dung-han/").content.decode()
    assert "Buôn Ma Thuột" in late
    assert client.get("/bao-cao/tong-hop/tep/CQS-T/2026-10/").status_code == 200


def test_a_merged_commune_has_a_page_at_once(after: Land, client: Client) -> None:
    client.force_login(after.cast.office)
    page = client.get("/xa/24505/")
    assert page.status_code == 200
    assert page.context["choice"].period.key == "2026-11"
    asked = client.get("/xa/24505/?ky=2026-09")
    assert asked.status_code == 400
    assert 'href="/xa/24505/"' in asked.content.decode()


def test_people_of_a_merged_commune_come_in(after: Land, client: Client) -> None:
    client.force_login(after.cast.commune_leader)
    assert client.get("/", follow=True).status_code == 200


def test_an_ended_commune_leads_to_what_it_reported_and_to_its_heirs(after: Land, client: Client) -> None:
    client.force_login(after.cast.office)
    page = client.get("/xa/24133/", follow=True)
    assert page.status_code == 200
    words = page.content.decode()
    assert "kết thúc ngày" in words
    assert "/xa/24505/" in words
    # what the pages list can be had as files: its reports, the acts, one act, of what the heir was made
    (act,) = mergers.of_owner(after.world["66"])
    for address, found in {
        f"{page.request['PATH_INFO']}?tai=csv": "CQS-T",
        "/sap-nhap/?tai=csv": "Ea Knuếc",
        f"/sap-nhap/{act.id}/?tai=csv&bang=phan_chia": "toàn bộ",
        f"/sap-nhap/{act.id}/?tai=csv&bang=da_thuc_hien": "Chuyển sang",
        f"/sap-nhap/{act.id}/?tai=csv&bang=cac_buoc": "Ký",
        "/xa/24505/?tai=csv&bang=lich_su": "24133",
    }.items():
        assert found in b"".join(client.get(address)).decode("utf-8-sig"), address
    client.force_login(after.cast.stranger_office)
    assert client.get(f"/sap-nhap/{act.id}/?tai=csv").status_code == 404
    assert client.get("/xa/24133/").status_code == 404


def test_the_people_of_both_communes_are_told(after: Land, client: Client) -> None:
    """Of the day and of where the work goes on, by a message whose link leads to the heirs."""
    for who in ("commune_leader", "commune_officer", "office"):
        client.force_login(getattr(after.cast, who))
        page = client.get("/thong-bao/")
        assert page.status_code == 200
        assert "sắp xếp đơn vị từ ngày 20/10/2026" in page.content.decode(), who
    client.force_login(after.cast.stranger)
    assert "sắp xếp đơn vị" not in client.get("/thong-bao/").content.decode()
