"""The whole story with the keyboard alone: sign in, find the report, fill it, pass it on, send it, see it.

How long a person needs for it is counted, not clocked: the seconds of the keystroke-level model of Card,
Moran and Newell (1980) for an average typist, for every key that was really pressed, and a thought before
each field and each decision. What the product itself takes is not in it: this machine may be busy.
"""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, Reader, Sit
from tests.browser.filling import figures, saved

FAR = 200
KEY_SECONDS, THOUGHT_SECONDS, MOST_SECONDS = 0.2, 1.35, 180.0
WAITS = 20_000


class Hand:
    """Counts the keys and the thoughts of one person at one page."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys, self.thoughts = page, 0, 0

    def press(self, key: str) -> None:
        self.keys += 1 + key.count("+")
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.thoughts += 1
        self.page.keyboard.type(text)

    @property
    def seconds(self) -> float:
        return self.keys * KEY_SECONDS + self.thoughts * THOUGHT_SECONDS


def test_from_the_door_to_the_map(sit: Sit) -> None:
    leader = sit("leader")
    unit, address = one_report_owed(leader)
    leader.go("/")
    mine = leader.page.locator(f"a.hex[data-code='{unit}']")
    expect(mine).to_have_class(re.compile("hex--not-reported"))

    officer = enter(sit, f"{unit}-officer")
    walk_to_report(officer, address)
    tab_to(officer, "input.grid-cell")
    for name, text in figures(officer.page, "vi"):
        assert officer.page.evaluate("document.activeElement.name") == name
        officer.type(text)
        officer.press("Enter")
    saved(officer.page)
    press(officer, ".sheet-acts button.button--main")

    chief = enter(sit, f"{unit}-leader")
    walk_to_report(chief, address)
    press(chief, ".sheet-acts button.button--main")
    assert officer.seconds + chief.seconds < MOST_SECONDS
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


def enter(sit: Sit, user: str) -> Hand:
    reader = sit("")
    reader.go("/")
    hand = Hand(reader.page)
    tab_to(hand, "input[name=login]")
    hand.type(user)
    tab_to(hand, "input[name=password]")
    hand.type(PASSWORD)
    with hand.page.expect_navigation():
        hand.press("Enter")
    return hand


def tab_to(hand: Hand, selector: str) -> None:
    hand.thoughts += 1
    for _ in range(FAR):
        hand.press("Tab")
        if hand.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"{selector} was not reached with Tab")


def press(hand: Hand, selector: str) -> None:
    tab_to(hand, selector)
    with hand.page.expect_navigation():
        hand.press("Enter")


def walk_to_report(hand: Hand, address: str) -> None:
    press(hand, "nav a[href='/bao-cao/']")
    press(hand, f"a[href='{address}']")
