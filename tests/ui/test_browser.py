"""What a person does on a page: keys, mouse, finger, no JavaScript, large text."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Open = Callable[..., Page]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def focused(page: Page) -> str:
    return str(
        page.evaluate("document.activeElement?.getAttribute('data-code') ?? document.activeElement?.id")
    )


def test_the_map_is_one_tab_stop_and_arrows_move(patterns: Open) -> None:
    page = patterns(query="?xa=24010")
    assert page.locator("#desk a.hex[tabindex='0']").count() == 1
    page.locator("#desk a.hex[tabindex='0']").focus()
    assert focused(page) == "24010"
    right = page.locator("#desk a.hex[data-code='24009']").get_attribute("data-right")
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "24009"
    page.keyboard.press("ArrowRight")
    assert focused(page) == right
    assert page.locator("#desk a.hex[tabindex='0']").get_attribute("data-code") == right


def test_enter_opens_the_panel_and_escape_returns(patterns: Open) -> None:
    page = patterns()
    page.locator("#desk a.hex[data-code='24001']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#khung-ben h2").first).to_have_text("Ea H’Leo")
    expect(page.locator("#khung-ben h2").first).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?xa=24001$"))
    ring = page.locator("#desk .map-ring")
    cell = page.locator("#desk a.hex[data-code='24001']")
    assert ring.get_attribute("transform") == cell.get_attribute("transform")
    page.keyboard.press("Escape")
    expect(cell).to_be_focused()
    expect(ring).to_have_attribute("visibility", "hidden")
    expect(page).to_have_url(re.compile(r"/ui/mau/$"))


def test_mouse_opens_from_the_map_and_from_the_table(patterns: Open) -> None:
    page = patterns()
    page.locator("#desk a.hex[data-code='24002']").click()
    expect(page.locator("#khung-ben h2").first).to_have_text("Xuân Cảnh")
    page.get_by_role("link", name="Sông Cầu", exact=True).click()
    expect(page.locator("#khung-ben h2").first).to_have_text("Sông Cầu")
    expect(page.locator("#desk a.hex[aria-current]")).to_have_attribute("data-code", "24003")
    page.get_by_role("link", name="Đóng").click()
    expect(page.locator("#desk a.hex[data-code='24003']")).to_be_focused()


def test_a_finger_beside_a_hexagon_opens_the_nearest(patterns: Open) -> None:
    page = patterns(width=360)
    cell = page.locator("#desk a.hex[data-code='24000'] .hex-fill")
    cell.scroll_into_view_if_needed()
    box = cell.bounding_box()
    assert box
    page.mouse.click(box["x"] - 6, box["y"] + box["height"] / 2)
    expect(page.locator("#khung-ben h2").first).to_have_text("Ia Lốp")


def test_without_javascript_every_commune_is_a_link(patterns: Open) -> None:
    page = patterns(js=False)
    assert page.locator("#desk a.hex[tabindex='-1']").count() == 0
    page.locator("#desk a.hex[data-code='24001']").click()
    expect(page).to_have_url(re.compile(r"\?xa=24001$"))
    expect(page.locator("#khung-ben h2").first).to_have_text("Ea H’Leo")


def test_menus_open_without_javascript_and_close_with_escape(patterns: Open) -> None:
    page = patterns(js=False)
    page.locator("details.menu summary").first.click()
    expect(page.get_by_role("button", name="English")).to_be_visible()
    page = patterns()
    summary = page.locator("details.menu summary").first
    summary.click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="English")).to_be_hidden()
    expect(summary).to_be_focused()


def test_errors_take_the_focus(patterns: Open) -> None:
    page = patterns(query="?loi=1")
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Họ và tên").click()
    expect(page.locator("#id_name")).to_be_focused()


@pytest.mark.parametrize("width", [320, 360, 768, 1440])
@pytest.mark.parametrize("size", [100, 150])
def test_no_sideways_scrolling(patterns: Open, width: int, size: int) -> None:
    page = patterns(width=width)
    page.context.add_cookies([{"name": "haicap_text_size", "value": str(size), "url": page.url}])
    page.reload()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_targets_on_a_phone_are_48_px(patterns: Open) -> None:
    page = patterns(width=360)
    small = page.evaluate(
        """() => [...document.querySelectorAll(
            '.button, .tabbar a, .segments a, .govuk-input, .govuk-select, .menu summary, .choice'
        )]
        .filter(e => e.offsetParent)
        .map(e => [e.textContent.trim().slice(0, 20), e.getBoundingClientRect().height])
        .filter(([, height]) => height < 47.5)"""
    )
    assert small == []


@pytest.mark.parametrize("lang", ["vi", "en", "bn"])
@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing(patterns: Open, lang: str, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed")
    page = patterns(width=width, lang=lang, query="?loi=1")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")["violations"]
    assert [(v["id"], [n["html"][:120] for n in v["nodes"]]) for v in found] == []


def test_new_figures_renew_the_page_and_keep_the_focus(patterns: Open) -> None:
    page = patterns(query="?moi=/suc-khoe-mau/", badge=iter(["a", "a", "b", *["b"] * 20]))
    page.locator("#desk a.hex[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    before = focused(page)
    with page.expect_navigation(timeout=15_000):
        pass
    expect(page.locator(f"#desk a.hex[data-code='{before}']")).to_be_focused()


def test_new_figures_wait_for_somebody_who_is_typing(patterns: Open) -> None:
    page = patterns(query="?moi=/suc-khoe-mau/", badge=iter(["a", *["b"] * 40]))
    page.locator("#id_name").fill("H’Ngân")
    page.wait_for_timeout(5000)
    expect(page.locator("#id_name")).to_have_value("H’Ngân")
