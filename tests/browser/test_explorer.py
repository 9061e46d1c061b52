"""The explorer in a browser: ticked without JavaScript, as table, chart and map, refused, kept and shared;
in three languages and at three widths."""

from tests.browser.conftest import Sit
from tests.browser.test_every_page import MONTH, Tour

PAGE = "/kham-pha/"
ASKED = f"{PAGE}?do=CQ06&do=HS_NHAN&dv=con.66&ky={MONTH}"


def test_a_free_question(sit: Sit) -> None:
    plain = sit("office", js=False).page
    plain.goto(sit("office").product.url + PAGE)
    plain.locator("summary", has_text="Chính quyền số").first.click()
    plain.check("input[name=do][value=CQ06]")
    plain.check("input[name=dv][value='con.66']")
    plain.select_option("#ky", MONTH)
    plain.locator(".explorer__go .button--main").click()
    plain.wait_for_load_state()
    assert plain.locator(".explorer__table tbody tr").count() == 102

    tour = Tour(sit("office"), "vi")
    page = tour.page
    tour.visit(f"{ASKED}&dang=map")
    assert page.locator("svg.map a.hex").count() == 102
    tour.visit(f"{ASKED}&do=DVC_HS&gop=dv&dv=D")
    page.fill("#ten", "Thanh toán")
    page.locator(".explorer__saved form .button").first.click()
    page.locator(".explorer__saved [role=alert], .explorer__saved .govuk-error-message").first.wait_for()
    tour.reader.errors.clear()
    tour.reader.go(ASKED)
    page.fill("#ten", "Thanh toán")
    page.locator(".explorer__saved form .button").first.click()
    page.wait_for_url("**do=CQ06**")
    page.locator(".explorer__saved li .button").first.click()
    page.wait_for_load_state()
    tour.look("a question kept and shared")
    tour.end()

    english = Tour(sit("office", "en"), "en")
    english.visit(f"{ASKED}&dang=chart")
    english.end()
    bengali = Tour(sit("office", "bn"), "bn")
    bengali.visit(f"{ASKED}&ky=2026&gop=ky&xoay=ky&xoay=do", 400)
    bengali.end()
