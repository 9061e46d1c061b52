"""C16: two browsers on one report: who is told what, what an old page may still decide; the pages of messages
in three languages."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import Reader, Sit
from tests.browser.filling import fill, saved
from tests.browser.test_every_page import LANGUAGES, Tour, _axe_is_there
from tests.browser.test_story import TAKEN, silent_unit

__all__ = ["_axe_is_there"]
MAIN = ".sheet-acts button.button--main"
BELL = ".nav__bell"
FORM = "CQS-T"


def press_main(reader: Reader) -> None:
    with reader.page.expect_navigation():
        reader.page.locator(MAIN).click()


def unread(reader: Reader) -> int:
    """What the bell says once it has asked."""
    with reader.page.expect_response(lambda answer: answer.url.endswith("/thong-bao/so/")):
        reader.page.reload()
    reader.page.wait_for_timeout(200)
    count = reader.page.locator(f"{BELL} .nav__count")
    return int(count.inner_text()) if count.count() else 0


def test_c16_two_browsers_on_one_report(sit: Sit) -> None:
    """C16: officer, leader and office at their screens: each step is told at once to whom it concerns, and a
    page that has grown old decides nothing."""
    head = sit("leader", clean=False)
    head.go("/")
    head.page.locator(BELL).wait_for()
    unit = silent_unit(head, TAKEN)
    officer, leader = sit(f"{unit}-officer", clean=False), sit(f"{unit}-leader", clean=False)
    office = sit("office", clean=False)
    officer.report(FORM, unit)
    leader.go("/thong-bao/")
    before = unread(leader)
    fill(officer.page, "vi")
    saved(officer.page)
    press_main(officer)
    assert unread(leader) == before + 1
    leader.page.locator(".notices__one").first.locator("button").click()
    leader.page.wait_for_load_state()
    assert f"/bao-cao/{FORM}/" in leader.page.url
    press_main(leader)
    # the office looks at the list in one browser and sends the report back in another
    office.go(f"/bao-cao/tong-hop/?mau={FORM}&ky={office.product.month}&tt=submitted")
    row = office.page.locator("tr", has=office.page.locator(f"a[href$='/{unit}/']"))
    row.locator("input.tick").check()
    second = sit("office", clean=False)
    second.report(FORM, unit)
    second.page.fill("#reason", "Xem lại số hồ sơ trực tuyến")
    with second.page.expect_navigation():
        second.page.locator("button", has_text=re.compile("^Trả lại$")).click()
    with office.page.expect_navigation():
        office.page.locator("button", has_text="Duyệt các báo cáo đã chọn").first.click()
    refused = office.page.locator("tr", has=office.page.locator(f"a[href$='/{unit}/']"))
    expect(refused.locator(".govuk-error-message")).to_contain_text("Bị trả lại")
    officer.go("/thong-bao/")
    expect(officer.page.locator(".notices__one").first).to_contain_text("Xem lại số hồ sơ trực tuyến")


@LANGUAGES
def test_pages_of_messages(sit: Sit, lang: str) -> None:
    tour = Tour(sit("office", lang), lang)
    for path in ("/thong-bao/", "/thong-bao/lua-chon/", "/thong-bao/duong-gui/", "/bao-cao/dung-han/"):
        tour.visit(path)
        expect(tour.page.locator(BELL)).to_be_visible()
    tour.visit("/bao-cao/dung-han/?mau=CQS-T&so=3")
    tour.end()


@LANGUAGES
def test_pages_of_a_forgotten_password(sit: Sit, lang: str) -> None:
    tour = Tour(sit("", lang), lang)
    for path in ("/quen-mat-khau/", "/quen-mat-khau/da-gui/", "/quen-mat-khau/xong/"):
        tour.visit(path)
    tour.visit("/quen-mat-khau/1-abc/", 404)
    tour.visit("/quen-mat-khau/1/abc/")
    tour.end()
