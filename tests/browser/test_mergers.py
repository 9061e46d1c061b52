"""An act from the first page to the signature and back: by keyboard, and every page through axe."""

import pytest
from playwright.sync_api import Page, expect

from haicap.core import clock
from tests.browser.conftest import Sit
from tests.browser.looking import AXE, problems
from tests.browser.test_keyboard import Hand, enter, press, tab_to

# communes that no other test plays with
FIRST, SECOND = "22075", "22081"
LANGUAGES = pytest.mark.parametrize("lang", ["vi", "en", "bn"])


@LANGUAGES
def test_every_page_of_an_act(sit: Sit, lang: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed")
    reader = sit("office", lang)
    page, found = reader.page, list[str]()
    reader.go("/sap-nhap/")
    found += problems(page, "list", lang)
    page.locator("main form button.button--main").click()
    filled_first(page)
    found += problems(page, "first page with an error", lang)
    page.fill("#add", "")
    page.locator("button[value=next]").click()
    page.select_option("[name='k1.kind']", "xa")
    page.fill("[name='k1.name']", "Thử Nghiệm")
    page.fill("[name='k1.code']", "99901")
    page.locator("button[value=more]").click()
    found += problems(page, "second page", lang)
    page.fill("[name='k2.name']", "Thử Nữa")
    page.locator("button[value=next]").click()
    found += problems(page, "second page with errors", lang)
    page.select_option("[name='k2.kind']", "phuong")
    page.fill("[name='k2.code']", "99902")
    page.locator("button[value=next]").click()
    found += problems(page, "third page", lang)
    amounts = page.locator("input[name^=amount]")
    for number, text in enumerate(("60", "30", "50", "50")):
        amounts.nth(number).fill(text)
    page.locator("main form .button--main").click()
    found += problems(page, "third page with an error", lang)
    page.locator("input[name^=amount]").nth(1).fill("40")
    page.locator("main form .button--main").click()
    found += problems(page, "preview", lang)
    page.locator("button[value=discard]").click()
    reader.go("/xa/24505/chuoi/")
    found += problems(page, "series", lang)
    # the browser itself complains of each page that was sent back with an error
    reader.errors[:] = [error for error in reader.errors if "400 (Bad Request)" not in error]
    assert not found, "\n".join(found)


def filled_first(page: Page) -> None:
    page.fill("#act", "Nghị quyết 1/NQ-HĐND")
    page.fill("#on", clock.today().isoformat())
    for code in (FIRST, SECOND):
        page.fill("#add", code)
        page.locator("button[value=add]").click()
    page.fill("#add", "không có ở đâu")
    page.locator("button[value=next]").click()


def test_prepared_signed_and_taken_back_with_the_keyboard_alone(sit: Sit) -> None:
    office = enter(sit, "office")
    press(office, "a[href='/sap-nhap/']")
    press(office, "main form button.button--main")
    typed(office, "#act", "Nghị quyết 2/NQ-HĐND")
    # a date field takes what the fingers type in the order of the browser's language
    tab_to(office, "#on")
    office.page.evaluate("(day) => { document.activeElement.value = day }", clock.today().isoformat())
    typed(office, "#add", FIRST)
    press(office, "button[value=add]")
    typed(office, "#add", SECOND)
    press(office, "button[value=next]")
    tab_to(office, "[name='k1.kind']")
    office.press("ArrowDown")
    typed(office, "[name='k1.name']", "Thử Nghiệm")
    typed(office, "[name='k1.code']", FIRST)
    press(office, "button[value=next]")
    for _unit in (FIRST, SECOND):
        tab_to(office, "input[type=checkbox]")
        office.press("Space")
    press(office, "main form .button--main")
    press(office, "button[value=fill]")
    press(office, "button[value=hand_in]")
    address = office.page.url

    leader = enter(sit, "leader")
    leader.page.goto(address)
    press(leader, "button[value=sign]")
    expect(leader.page.get_by_text("Đã ký và thực hiện").first).to_be_visible()
    typed(leader, "#reason", "Chỉ là thử")
    press(leader, "button[value=undo]")
    expect(leader.page.get_by_text("Đã hoàn tác").first).to_be_visible()


def typed(hand: Hand, selector: str, text: str) -> None:
    tab_to(hand, selector)
    hand.type(text)
