"""A commune's report becomes a colour on the province's map: by mouse, by keyboard, without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Reader, Sit
from tests.browser.filling import cell, figures, fill, saved, says

FORMS = ("CQS-T", "KTS-T", "XHS-T")
# each test plays with a commune of its own
TAKEN = {"24505"}
MAIN = ".sheet-acts button.button--main"


def press_main(page: Page) -> None:
    with page.expect_navigation():
        page.locator(MAIN).click()


def hexagon(page: Page, code: str):  # type: ignore[no-untyped-def]
    return page.locator(f"a.hex[data-code='{code}']")


def silent_unit(leader: Reader, taken: set[str]) -> str:
    """A commune that has sent none of its monthly reports, other than those another test plays with."""
    leader.go("/")
    codes = [one.get_attribute("data-code") or "" for one in leader.page.locator("a.hex--not-reported").all()]
    for code in codes:
        if code in taken:
            continue
        leader.go(f"/?xa={code}")
        if leader.page.locator(".outstanding li").count() == len(FORMS):
            leader.go("/")
            taken.add(code)
            return code
    raise AssertionError("the demo has no silent commune left")


def hand_in(sit: Sit, unit: str, lang: str, width: int) -> None:
    """Officer fills and says ready, the leader submits, for every monthly form."""
    officer = sit(f"{unit}-officer", lang, width)
    chief = sit(f"{unit}-leader", lang, width)
    for form in FORMS:
        officer.report(form, unit)
        fill(officer.page, lang)
        saved(officer.page)
        press_main(officer.page)
        chief.report(form, unit)
        press_main(chief.page)


@pytest.mark.parametrize(
    ("lang", "width", "provisional"),
    [("vi", 1440, "tạm tính"), ("en", 360, "provisional"), ("bn", 1440, "সাময়িক")],
)
def test_report_to_map_by_mouse(sit: Sit, lang: str, width: int, provisional: str) -> None:
    leader = sit("leader", lang, width)
    leader.go("/")
    unit = "24505" if lang == "vi" else silent_unit(leader, TAKEN)
    expect(hexagon(leader.page, unit)).to_have_class("hex hex--not-reported")

    hand_in(sit, unit, lang, width)
    # the first page looks by itself and shows the colour, still unaccepted
    expect(hexagon(leader.page, unit)).not_to_have_class("hex hex--not-reported", timeout=15_000)
    spoken = hexagon(leader.page, unit).get_attribute("aria-label") or ""
    assert provisional in spoken

    office = sit("office", lang, width)
    for form in FORMS:
        office.report(form, unit)
        press_main(office.page)
        expect(office.page.locator(MAIN)).to_have_count(0)
    if unit == "24505":
        # elsewhere a quarterly report of the demo may still wait, and the score with it
        plain = hexagon(leader.page, unit)
        expect(plain).to_have_attribute("aria-label", _without(spoken), timeout=15_000)


def _without(spoken: str) -> re.Pattern[str]:
    name = spoken.split(",")[0]
    return re.compile(rf"^{re.escape(name)},(?!.*(tạm tính|provisional|সাময়িক)).*$")


def test_two_clicks_from_red_to_its_cause(sit: Sit) -> None:
    leader = sit("leader")
    leader.go("/")
    leader.page.locator("a.hex--red").first.click()
    panel = leader.page.locator("section.panel")
    expect(panel.locator(".losses tbody tr")).to_have_count(3)
    expect(panel.locator(".why")).to_be_visible()
    panel.locator(".losses a").nth(1).click()
    why = leader.page.locator(".why")
    expect(why.locator("h3")).to_contain_text(panel.locator(".losses tr[aria-current] td").first.inner_text())
    for word in ("Tử số", "Mẫu số", "Ngưỡng", "Người gửi", "Người duyệt"):
        expect(why).to_contain_text(word)


def test_the_map_by_keyboard_alone(sit: Sit) -> None:
    leader = sit("leader")
    leader.go("/")
    page = leader.page
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('hex')"):
            break
    else:
        raise AssertionError("the map was not reached with Tab")
    first = page.evaluate("document.activeElement.dataset.code")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    second = page.evaluate("document.activeElement.dataset.code")
    assert second != first
    page.keyboard.press("Enter")
    expect(page.locator("section.panel [data-panel-title]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("section.panel")).to_have_count(0)
    expect(hexagon(page, second)).to_be_focused()


def test_entry_by_keyboard_alone(sit: Sit) -> None:
    officer = sit("22015-officer")
    # the running month of another commune: open, empty, nobody else's
    officer.go("/bao-cao/")
    officer.page.locator("a[href*='/KTS-T/']").first.focus()
    officer.page.keyboard.press("Enter")
    officer.page.wait_for_load_state()
    page = officer.page
    cell(page, "A1").focus()
    page.keyboard.type("1200")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.dataset.number") == "A2"
    page.keyboard.type("900")
    # the cell that was left echoes its figure, grouped
    expect(cell(page, "A1")).to_have_value("1.200")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.dataset.number") == "A1"
    saved(page)
    page.reload()
    expect(cell(page, "A2")).to_have_value("900")


@pytest.mark.parametrize(("lang", "width"), [("vi", 360), ("en", 1440)])
def test_entry_and_map_without_javascript(sit: Sit, lang: str, width: int) -> None:
    leader = sit("leader", lang, width, js=False)
    leader.go("/")
    unit = silent_unit(leader, TAKEN)
    officer = sit(f"{unit}-officer", lang, width, js=False)
    officer.report("KTS-T", unit)
    typed = figures(officer.page, lang)
    for name, text in typed:
        officer.page.fill(f"input[name='{name}']", text)
    officer.page.locator("button[value='save']:visible").first.click()
    officer.report("KTS-T", unit)
    for name, text in typed:
        expect(officer.page.locator(f"input[name='{name}']")).to_have_value(text)
    hexagon(leader.page, unit).focus()
    leader.page.keyboard.press("Enter")
    leader.page.wait_for_load_state()
    expect(leader.page.locator("section.panel h2")).to_be_visible()
    leader.page.locator("select[name='chi-tieu']").select_option("CQ06")
    leader.page.locator("form.pickers button").first.click()
    expect(leader.page).to_have_url(re.compile("chi-tieu=CQ06"))


def test_wrong_figures_are_answered_at_the_cell(sit: Sit) -> None:
    officer = sit("22045-officer")
    officer.go("/bao-cao/")
    officer.page.locator("a[href*='/CQS-T/']").first.click()
    page = officer.page
    for number, text in (("A1", "nhiều lắm"), ("A2", "-3"), ("A5", "1.23")):
        cell(page, number).fill(text)
        cell(page, number).press("Tab")
    cell(page, "A7").fill("10")
    cell(page, "A8").fill("25")
    cell(page, "A8").press("Tab")
    saved(page)
    for number in ("A1", "A2", "A5", "A8"):
        expect(says(page, number).locator(".says--hard")).to_be_visible()
    # what was typed is still there, also for whoever comes back tomorrow
    page.reload()
    expect(cell(page, "A1")).to_have_value("nhiều lắm")
    expect(cell(page, "A5")).to_have_value("1.23")
    expect(page.locator(MAIN)).to_be_disabled()


def test_a_stranger_sees_nothing(sit: Sit) -> None:
    stranger = sit("24505-officer", clean=False)
    month = stranger.product.month
    for path in ("/xa/24211/", f"/bao-cao/CQS-T/{month}/24211/", f"/bao-cao/CQS-T/{month}/24211/lich-su/"):
        assert stranger.go(path) == 404
