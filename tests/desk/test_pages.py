"""The pages themselves: what is kept by browsers, parts for htmx, files, search, three languages."""

import csv
import io
import re
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from haicap.accounts.actions import set_language, set_text_size
from haicap.core import clock
from haicap.units import queries as units
from haicap.units.actions.stamp import touch
from haicap.units.models import Layout, Unit
from haicap.warehouse import store
from tests.desk.conftest import Browser
from tests.world import Land

pytestmark = [pytest.mark.once, pytest.mark.django_db]
PAGES = ("/tinh/66/", "/tinh/66/?chi-tieu=CQ06&xa=24505", "/xa/24505/", "/tinh/66/?wall=1", "/tinh/01/")
VIETNAMESE = re.compile("[ăâđêôơưĂÂĐÊÔƠƯạảấầẩẫậắằẳẵặẹẻẽếềểễệịỉĩọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]")


def text_of(answer: Any) -> str:
    content = b"".join(answer) if answer.streaming else answer.content
    return content.decode("utf-8-sig")  # type: ignore[no-any-return]


@pytest.mark.parametrize("address", PAGES)
def test_an_unchanged_page_is_not_sent_twice(leader: Client, address: str) -> None:
    # the very first page brings the cookie of the form's secret, which is part of the tag
    leader.get(address)
    first = leader.get(address)
    assert first.status_code == 200
    again = leader.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_tag_changes_with_everything_that_the_page_shows(
    leader: Client, browser: Browser, rough: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    leader.get("/tinh/66/")
    seen = {leader.get("/tinh/66/").headers["ETag"]}

    def new(client: Client, address: str = "/tinh/66/", **headers: str) -> bool:
        tag = client.get(address, headers=headers).headers["ETag"]
        known = tag in seen
        seen.add(tag)
        return not known

    assert not new(leader)
    assert new(leader, "/tinh/66/?chi-tieu=CQ06")
    assert new(leader, **{"HX-Request": "true"})
    assert new(browser("office"))
    assert new(browser("commune_officer"))
    set_text_size(by=rough.cast.leader, user=rough.cast.leader, size=150)
    assert new(leader), "the size of letters belongs to the person, not to the cookie alone"
    with clock.frozen("2026-10-28T03:00:00+00:00"):
        assert new(leader)
    monkeypatch.setattr("haicap.desk.freshness.stamp", lambda: "another")
    assert new(leader)


def test_a_part_for_the_panel(leader: Client) -> None:
    whole = leader.get("/tinh/66/?xa=24505").content.decode()
    part = leader.get("/tinh/66/?xa=24505", headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert 'id="h-panel"' in part
    table = leader.get("/tinh/66/", headers={"HX-Request": "true"}).content.decode()
    assert 'id="h-rank"' in table


@pytest.mark.parametrize("address", PAGES)
def test_no_inline_style_or_script(leader: Client, address: str) -> None:
    page = leader.get(address).content.decode()
    assert not re.search(r"<[^>]* style=", page)
    assert not re.search(r"<[^>]* on[a-z]+=", page)
    assert not re.search(r"<script(?![^>]*src=)", page)


def test_the_wall_says_that_figures_are_invented(leader: Client, settings: Any) -> None:
    settings.HAICAP_DEMO = True
    for address in PAGES:
        assert "Dữ liệu minh họa" in leader.get(address).content.decode()


@pytest.mark.parametrize("more", ["", "&muc=red", "&loai=phuong", "&loai=phuong&muc=not_reported"])
@pytest.mark.parametrize("code", ["SCORE", "CQ06", "CQ02"])
def test_the_file_has_the_rows_of_the_screen(leader: Client, code: str, more: str) -> None:
    """C18: as many rows, each saying its period, snapshot and coverage."""
    address = f"/tinh/66/?chi-tieu={code}{more}"
    shown = re.findall(r'data-panel-open data-code="(\d+)"', leader.get(address).content.decode())
    rows = list(csv.reader(io.StringIO(text_of(leader.get(address + "&tai=csv"))), delimiter=";"))
    assert [row[0] for row in rows[1:]] == shown
    for row in rows[1:]:
        assert (row[10], row[11]) == ("2026-10", store.snapshot().id)
        assert re.fullmatch(r"\d/3 .+", row[12])
        assert (row[4] == "") == bool(row[9]), "a reason where there is no value, and only there"
    book = load_workbook(io.BytesIO(b"".join(leader.get(address + "&tai=xlsx"))))
    cells = [str(cell) for row in book.active.iter_rows(values_only=True) for cell in row if cell is not None]
    assert [cell for cell in cells if re.fullmatch(r"\d{5}", cell)] == shown
    everything = " ".join(
        str(cell)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    )
    assert "Tháng 10/2026" in everything
    assert store.snapshot().id in everything
    assert re.search(r"\d/3", everything)


def test_the_file_of_a_commune(leader: Client, rough: Land) -> None:
    rows = list(csv.reader(io.StringIO(text_of(leader.get("/xa/24505/?tai=csv"))), delimiter=";"))
    assert {row[0] for row in rows[1:]} == set(rough.catalogue.indicators)
    by_code = {row[0]: row for row in rows[1:]}
    assert (by_code["CQ01"][4], by_code["CQ01"][9]) == ("", "Không có số liệu: Hệ thống một cửa bị lỗi")
    assert by_code["CQ06"][2] == "2026-10"


def test_files_follow_the_language(browser: Browser, rough: Land) -> None:
    set_language(by=rough.cast.office, user=rough.cast.office, language="en")
    client = browser("office")
    client.cookies["haicap_language"] = "en"
    text = text_of(client.get("/tinh/66/?tai=csv", headers={"Accept-Language": "en"}))
    assert text.startswith("Code,Unit,Rank")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ea knuec", "24505"),
        ("EA KNUẾC", "24505"),
        ("24505", "24505"),
        ("tuy hoa", "22015"),
        ("Tuy Hòa", "22015"),
        ("buon ma thuot", "24133"),
        ("phuong buon ma", "24133"),
    ],
)
def test_search_needs_no_marks(leader: Client, typed: str, found: str) -> None:
    """C26."""
    answer = leader.get("/tim/", {"q": typed})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/xa/{found}/")


def test_search_stays_in_the_scope(browser: Browser) -> None:
    for who in ("leader", "commune_officer", "nobody"):
        page = browser(who).get("/tim/", {"q": "phuc thinh"})
        assert page.status_code == 200
        assert "00466" not in page.content.decode()
    assert browser("stranger").get("/tim/", {"q": "phuc thinh"}).status_code == 302
    assert "Tuy Hoà" not in browser("commune_officer").get("/tim/", {"q": "tuy"}).content.decode()


@pytest.mark.parametrize("typed", ["", " ", "x" * 5000, "💥", "%", "'", "\x00", "<script>"])
def test_search_for_nonsense(leader: Client, typed: str) -> None:
    answer = leader.get("/tim/", {"q": typed})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode().replace("<script src", "")


@pytest.mark.parametrize("lang", ["en", "bn"])
@pytest.mark.parametrize("address", PAGES)
def test_three_languages(browser: Browser, rough: Land, lang: str, address: str) -> None:
    """No Vietnamese word is left, except names of places and people, reasons typed and legal sources."""
    set_language(by=rough.cast.leader, user=rough.cast.leader, language=lang)
    client = browser("leader")
    client.post("/ngon-ngu/", {"language": lang})
    page = client.get(address, headers={"Accept-Language": lang}).content.decode()
    assert f'<html lang="{lang}"' in page
    page = re.sub(r"(?s)<head>.*?</head>|<(script|footer).*?</\1>", "", page)
    page = re.sub(r'(?s)<button class="choice".*?</button>', "", page)
    page = page.replace("Đắk Lắk Số", "")  # the name of an app
    for place in units.by_ids(rough.world.ids.values()).values():
        page = page.replace(place.full_name, "").replace(place.name, "")
    page = page.replace("Người ", "").replace("Hệ thống một cửa bị lỗi", "")
    left = [text for text in re.findall(r">([^<>]+)<", page) if VIETNAMESE.search(text)]
    labels = [t for t in re.findall(r'(?:aria-label|title)="([^"]+)"', page) if VIETNAMESE.search(t)]
    assert [t for t in [*left, *labels] if not re.search("Quyết định|Nghị định|Luật|Kế hoạch", t)] == []


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/tinh/66/", 8),
        ("/tinh/66/?chi-tieu=CQ06", 8),
        ("/tinh/66/?xa=24505", 20),
        ("/xa/24505/", 12),
        ("/xa/24505/?vi-sao=CQ06", 24),
        ("/ca-nuoc/", 10),
        ("/moi/", 6),
    ],
)
def test_queries(leader: Client, address: str, most: int) -> None:
    """The person, the seats, one report: never once per unit, indicator or month.

    The two versions are left out: outside a transaction they are kept for half a second.
    """
    for _time in ("cold", "warm"):
        with CaptureQueriesContext(connection) as done:
            assert leader.get(address).status_code == 200
        asked = [q["sql"] for q in done if "units_stamp" not in q["sql"]]
        asked = [sql for sql in asked if "catalogue_revision" not in sql]
        assert len(asked) <= most, "\n".join(sql[:200] for sql in asked)


def test_a_month_asked_of_a_quarterly_figure_says_that_another_period_is_shown(leader: Client) -> None:
    told = "kỳ gần nhất đã đóng của chỉ tiêu này"
    assert told in leader.get("/tinh/66/?chi-tieu=KT07&ky=2026-10").content.decode()
    assert told not in leader.get("/tinh/66/?chi-tieu=KT07&ky=2026-Q3").content.decode()
    assert told not in leader.get("/tinh/66/?chi-tieu=CQ06&ky=2026-10").content.decode()


def test_a_map_that_is_not_drawn_yet_is_no_file(leader: Client) -> None:
    """An empty file would open as a broken picture."""
    answer = leader.get("/tinh/66/?tai=svg")
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert "tai=svg" not in leader.get("/tinh/66/").content.decode()


@pytest.fixture
def drawn(rough: Land) -> None:
    """A layout that has not heard of Buôn Ma Thuột."""
    Layout.objects.create(
        owner_id=rough.world["66"],
        version="test",
        cells={"24505": [0, 0], "22015": [1, 0]},
        neighbours={},
        made_at=clock.now(),
    )
    touch()


@pytest.mark.usefixtures("drawn")
def test_the_map_shows_what_the_table_shows(leader: Client) -> None:
    """C20: who has no cell is named beside the map."""
    page = leader.get("/tinh/66/?chi-tieu=CQ06").content.decode()
    frame = page[page.index("data-map ") : page.index('id="ben"')]
    assert frame.count("<a ") >= 2
    assert "Phường Tuy Hoà, Đỏ, 0,0 %" in frame
    assert "tạm tính, chưa duyệt" in frame
    assert "Chưa có ô trên bản đồ:" in page
    assert "Phường Buôn Ma Thuột" in page[page.index("Chưa có ô trên bản đồ:") :]


@pytest.mark.usefixtures("drawn")
def test_the_picture_is_a_file_of_its_own(leader: Client) -> None:
    for more in ("", "&muc=red", "&xa=24505", "&chi-tieu=CQ02"):
        answer = leader.get(f"/tinh/66/?tai=svg{more}")
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml")
        tree = fromstring(answer.content)  # noqa: S314 – our own picture
        assert tree.tag == "{http://www.w3.org/2000/svg}svg"
        assert not tree.findall(".//{http://www.w3.org/2000/svg}a")
        assert " style=" not in answer.content.decode()


@pytest.mark.usefixtures("drawn")
def test_the_kept_body_is_kept_for_those_who_may_see_it(browser: Browser) -> None:
    inside = browser("leader").get("/tinh/66/?chi-tieu=CB01").content.decode()
    outside = browser("stranger").get("/tinh/66/?chi-tieu=CB01").content.decode()
    assert "CQ06" in inside
    assert "CQ06" not in outside
    again = browser("office").get("/tinh/66/?chi-tieu=CB01").content.decode()
    assert "CQ06" in again


def test_search_is_not_crowded_out_by_the_rest_of_the_country(
    browser: Browser, rough: Land, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A common syllable has more hits elsewhere than the list has room for."""
    monkeypatch.setattr("haicap.desk.views.search.MOST", 2)
    for number in range(30):
        code = f"{100 + number:05}"
        Unit.objects.create(
            uid=f"C{code}", code=code, level=2, kind="xa", parent_id=rough.world["66"],
            path=f"{rough.place('66').path}9{code}/", name="Phúc", full_name="Xã Phúc", name_en="Phuc",
            folded="xa phuc", valid_from=rough.place("24505").valid_from,
        )  # fmt: skip
    touch()
    assert browser("stranger").get("/tim/", {"q": "phuc"}).headers.get("Location") == "/xa/00466/"
    page = browser("leader").get("/tim/", {"q": "phuc"}).content.decode()
    assert page.count('href="/xa/') == 2
