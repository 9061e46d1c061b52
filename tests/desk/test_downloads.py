"""The files behind the links of the pages: each opens, says of when it is, holds what its reader may see."""

import csv
import io
import re
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from haicap.reporting.views import paper
from haicap.units.models import Unit
from tests.desk.conftest import Browser

pytestmark = [pytest.mark.once, pytest.mark.django_db]
LINK = re.compile(r'href="([^"]*(?:[?;&]tai=(?:csv|xlsx)|\.(?:csv|xlsx)\b)[^"]*)"')
SHEET = "/bao-cao/CQS-T/2026-10/24505/"
#: page → tables of it that have rows in this land
PAGES = {
    "/tinh/66/": 1,
    "/tinh/66/?chi-tieu=CQ06&xa=24505": 1,
    "/xa/24505/": 2,
    "/xa/24505/chuoi/": 1,
    "/ca-nuoc/": 1,
    "/so-dang-co/?dv=66&pt=HS_NHAN&pt=HS_DXL&loai=month&cs=nd09&ky=2026-10": 1,
    "/ganh-nang/?dv=66": 2,
    "/che-do/": 1,
    "/che-do/CQS-T/": 2,
    "/bao-cao/tong-hop/?mau=CQS-T&ky=2026-10": 1,
    "/bao-cao/dung-han/": 2,
    f"{SHEET}lich-su/": 2,
    f"{SHEET}lich-su/so-sanh/?moi-o=1": 1,
}
#: figures of the warehouse name their snapshot, lists of the database their moment
STATED = {"Bản dữ liệu", "Tính đến", "Kỳ báo cáo", "Kỳ"}


def links(client: Client, page: str) -> list[str]:
    answer = client.get(page)
    assert answer.status_code == 200, page
    path = answer.request["PATH_INFO"]
    found = [one.replace("&amp;", "&") for one in LINK.findall(answer.content.decode())]
    return list(dict.fromkeys(path + one if one.startswith("?") else one for one in found))


def content(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_to_a_file(browser: Browser, page: str) -> None:
    client = browser("office")
    found = links(client, page)
    assert len(found) >= 2 * PAGES[page], found
    for address in found:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert answer.headers["Content-Disposition"].startswith("attachment"), address
        whole = content(answer)
        if "xlsx" in address:
            lines = [[str(one) for one in row if one is not None] for row in
                     load_workbook(io.BytesIO(whole), read_only=True).active.values]  # fmt: skip
            assert STATED & {cell for line in lines[:12] for cell in line}, address
        else:
            rows = list(csv.reader(io.StringIO(whole.decode("utf-8-sig")), delimiter=";"))
            assert STATED & set(rows[0]), address
            assert len(rows) > 1, address
            assert {len(row) for row in rows} == {len(rows[0])}, address


def test_a_file_holds_the_rows_of_its_reader_and_no_formula(browser: Browser) -> None:
    Unit.objects.filter(code="24505").update(name="=HYPERLINK(1)")
    for who, codes in {"office": 3, "commune_officer": 1}.items():
        answer = browser(who).get("/bao-cao/tong-hop/?mau=CQS-T&ky=2026-10&tai=csv")
        rows = list(csv.DictReader(io.StringIO(content(answer).decode("utf-8-sig")), delimiter=";"))
        assert len({row["Mã"] for row in rows}) == codes, who
        assert not any(text.startswith("=") for row in rows for text in row.values())


def test_a_file_goes_on_where_the_page_stops(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paper, "MOST_CHANGES", 3)
    client = browser("office")
    assert "3 lần đổi gần nhất; tệp tải về có đủ" in client.get(f"{SHEET}lich-su/").content.decode()
    answer = client.get(f"{SHEET}lich-su/?tai=csv&bang=doi_so")
    assert len(content(answer).decode().splitlines()) > 30


def test_what_a_page_does_not_have_is_not_found(browser: Browser) -> None:
    client = browser("office")
    for address in (
        "/ganh-nang/?dv=66&tai=csv&bang=x",
        "/che-do/?tai=pdf",
        f"{SHEET}lich-su/?tai=csv&bang=x",
    ):
        assert client.get(address).status_code == 404, address
    stranger = browser("stranger")
    for address in ("/ganh-nang/?dv=66&tai=csv", f"{SHEET}lich-su/?tai=csv", "/xa/24505/?tai=csv"):
        assert stranger.get(address).status_code == 404, address
