"""The whole story with the keyboard alone: sign in, find the report, fill it, pass it on, send it, see it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Reader, Sit
from tests.browser.filling import figures, saved

FAR = 200
WAITS = 20_000


def test_from_the_door_to_the_map(sit: Sit) -> None:
    leader = sit("leader")
    unit, address = one_report_owed(leader)
    leader.go("/")
    mine = leader.page.locator(f"a.hex[data-code='{unit}']")
    expect(mine).to_have_class(re.compile("hex--not-reported"))

    officer = enter(sit, f"{unit}-officer")
    walk_to_report(officer, address)
    tab_to(officer, "input.grid-cell")
    for name, text in figures(officer, "vi"):
        assert officer.evaluate("document.activeElement.name") == name
        officer.keyboard.press("Control+a")
        officer.keyboard.type(text)
        officer.keyboard.press("Enter")
    saved(officer)
    press(officer, ".sheet-acts button.button--main")

    chief = enter(sit, f"{unit}-leader")
    walk_to_report(chief, address)
    press(chief, ".sheet-acts button.button--main")
    expect(mine).not_to_have_class(re.compile("hex--not-reported"), timeout=WAITS)
    assert "tạm tính" in (mine.get_attribute("aria-label") or "")


def one_report_owed(leader: Reader) -> tuple[str, str]:
    """A commune without a colour for want of a single report, and the address of that report."""
    leader.go("/")
    codes = [one.get_attribute("data-code") or "" for one in leader.page.locator("a.hex--not-reported").all()]
    for code in codes:
        leader.go(f"/?xa={code}")
        owed = leader.page.locator(".outstanding li")
        if owed.count() == 1 and "quá hạn" in owed.inner_text():
            return code, owed.locator("a").get_attribute("href") or ""
    raise AssertionError("the demo has no commune that owes one report")


def enter(sit: Sit, user: str) -> Page:
    reader = sit("")
    reader.go("/")
    page = reader.page
    tab_to(page, "input[name=login]")
    page.keyboard.type(user)
    tab_to(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def tab_to(page: Page, selector: str) -> None:
    for _ in range(FAR):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} was not reached with Tab")


def press(page: Page, selector: str) -> None:
    tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def walk_to_report(page: Page, address: str) -> None:
    press(page, "nav a[href='/bao-cao/']")
    press(page, f"a[href='{address}']")
