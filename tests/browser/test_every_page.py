"""Every page of ours, in three languages and at three widths: axe finds nothing, nothing scrolls sideways,
the console is silent, and no Vietnamese is left where another language was chosen."""

import base64
import hmac
import re
import time

import pytest
from playwright.sync_api import Page

from haicap.core import clock, periods
from haicap.core.periods import Kind
from tests.browser.conftest import PASSWORD, Reader, Sit
from tests.browser.filling import cell, saved
from tests.browser.looking import AXE, PHONE, SIDEWAYS, problems

LANGUAGES = pytest.mark.parametrize("lang", ["vi", "en", "bn"])
MONTH = periods.last_closed(Kind.MONTH, clock.today()).key
BUTTON = "main form button[type=submit]"
# communes that no other test plays with, one per language: a test may leave its traces
OWN = {"vi": "22051", "en": "22057", "bn": "22060"}


@pytest.fixture(autouse=True)
def _axe_is_there() -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed")


class Tour:
    """Visits pages, collects what is wrong with each, and says it at the end."""

    def __init__(self, reader: Reader, lang: str) -> None:
        self.reader, self.lang, self.found = reader, lang, list[str]()

    @property
    def page(self) -> Page:
        return self.reader.page

    def look(self, name: str) -> None:
        self.found += problems(self.page, name, self.lang)
        self.found += [f"{name} {self.lang}: console: {error}" for error in self.reader.errors]
        self.reader.errors.clear()

    def visit(self, path: str, status: int = 200) -> None:
        answered = self.reader.go(path)
        if answered != status:
            self.found.append(f"{path}: answered {answered}")
        if status >= 400:
            # the browser itself reports the status that was asked for
            self.reader.errors[:] = [e for e in self.reader.errors if "Failed to load resource" not in e]
        self.look(path)

    def follow(self, selector: str, name: str) -> None:
        link = self.page.locator(selector).first
        if not link.count():
            self.found.append(f"{name}: there is nothing to see")
            return
        link.click()
        self.page.wait_for_load_state()
        self.look(name)

    def end(self) -> None:
        assert not self.found, "\n".join(self.found)


@LANGUAGES
def test_at_the_door(sit: Sit, lang: str) -> None:
    tour = Tour(sit("", lang), lang)
    page = tour.page
    tour.visit("/dang-nhap/")
    page.fill("input[name=login]", "nobody")
    page.fill("input[name=password]", "not-the-password")
    page.locator("main form button").first.click()
    page.locator(".govuk-error-summary").wait_for()
    tour.look("sign-in with an error")
    tour.visit("/api/open/v1/")
    tour.visit("/khong-co-trang-nay/", 404)
    tour.visit("/ui/mau/?loi=1")
    tour.end()


@LANGUAGES
def test_refused_at_the_door(sit: Sit, lang: str) -> None:
    """The browser reports every refusal in its console; ours must say it on the page."""
    tour = Tour(sit("", lang, clean=False), lang)
    page = tour.page
    tour.reader.go("/dang-nhap/")
    page.evaluate("document.querySelector('main input[name=csrfmiddlewaretoken]').value = 'old'")
    attempt(page, f"nobody-{lang}")
    assert page.locator("h1").count() == 1
    tour.look("403, an old page")
    tour.reader.go("/dang-nhap/")
    for _ in range(9):
        if not page.locator("input[name=password]").count():
            break
        attempt(page, f"nobody-{lang}")
    assert not page.locator("input[name=password]").count()
    tour.look("locked after too many attempts")
    tour.end()


def attempt(page: Page, name: str) -> None:
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", "not-the-password")
    with page.expect_navigation():
        page.locator("main form button").first.click()


@LANGUAGES
def test_a_leader_looks(sit: Sit, lang: str) -> None:
    tour = Tour(sit("leader", lang), lang)
    for path in (
        f"/?ky={MONTH}",
        "/?chi-tieu=CQ06",
        "/?muc=red",
        "/?muc=not_applicable",
        "/?xa=24211&vi-sao=CQ06",
        "/?xa=24505",
        "/?wall=1",
    ):
        tour.visit(path)
    tour.end()


@LANGUAGES
def test_a_leader_goes_further(sit: Sit, lang: str) -> None:
    tour = Tour(sit("leader", lang), lang)
    for path in (
        "/xa/24211/?vi-sao=CQ06",
        "/xa/24505/",
        "/ca-nuoc/",
        "/tinh/01/",
        "/tim/?q=ea",
        "/tim/?q=khong-thay",
        "/bao-cao/",
        "/bao-cao/tong-hop/",
        "/tai-khoan/",
        "/tai-khoan/mat-khau/",
        "/dang-xuat/",
    ):
        tour.visit(path)
    tour.visit("/?chi-tieu=KHONG-CO", 400)
    tour.end()


@LANGUAGES
def test_dossiers(sit: Sit, lang: str) -> None:
    tour = Tour(sit("leader", lang), lang)
    for path in ("/ho-so/", "/ho-so/thu-tuc/", "/ho-so/im-lang/", "/ho-so/de-nghi/", "/ho-so/tin-hieu/"):
        tour.visit(path)
    tour.follow("main table tbody th a", "a question")
    officer = Tour(sit(f"{OWN[lang]}-officer", lang), lang)
    for path in ("/ho-so/", "/ho-so/tin-hieu/khai-bao/"):
        officer.visit(path)
    tour.found += officer.found
    tour.end()


@LANGUAGES
def test_an_officer_types(sit: Sit, lang: str) -> None:
    unit = OWN[lang]
    tour = Tour(sit(f"{unit}-officer", lang), lang)
    page = tour.page
    tour.visit("/bao-cao/")
    sheet = page.locator("a[href*='/CQS-T/']").first.get_attribute("href") or ""
    tour.visit(sheet)
    cell(page, "A1").fill("100")
    cell(page, "A2").fill("250")
    cell(page, "A3").fill("x")
    cell(page, "A4").fill("-3")
    cell(page, "A4").press("Tab")
    saved(page)
    page.locator("tr.grid-row details.none summary").nth(5).click()
    tour.look("grid with errors")
    tour.visit(f"{sheet}lich-su/")
    tour.visit(f"{sheet}ban-in/")
    tour.visit(f"/xa/{unit}/")
    tour.end()


@LANGUAGES
@pytest.mark.parametrize("state", ["submitted", "returned", "accepted"])
def test_the_office_reads(sit: Sit, lang: str, state: str) -> None:
    tour = Tour(sit("office", lang), lang)
    board = next(
        (
            f"/bao-cao/tong-hop/?mau={form}&ky={MONTH}&tt={state}"
            for form in ("CQS-T", "KTS-T", "XHS-T")
            if lines_of(tour, f"/bao-cao/tong-hop/?mau={form}&ky={MONTH}&tt={state}")
        ),
        "",
    )
    assert board, f"the demo has no report that is {state}"
    tour.visit(board)
    tour.follow("table.lines-table tbody th a", f"{state} report")
    for more in ("lich-su/", "ban-in/"):
        tour.visit(tour.page.url.split(tour.reader.product.url)[1] + more)
        tour.page.go_back()
    tour.end()


def lines_of(tour: Tour, board: str) -> int:
    tour.reader.go(board)
    return tour.page.locator("table.lines-table tbody th a").count()


@LANGUAGES
def test_two_steps(sit: Sit, lang: str) -> None:
    tour = Tour(sit(f"{OWN[lang]}-deputy", lang), lang)
    page = tour.page
    tour.visit("/tai-khoan/hai-buoc/")
    tour.reader.go("/tai-khoan/hai-buoc/bat/")
    again(tour)
    tour.look("two steps: turn on")
    secret = page.locator("#secret").input_value()
    with page.expect_navigation():
        page.fill("input[name=code]", code_now(secret))
        page.locator(BUTTON).first.click()
    tour.look("two steps: after turning on")
    for path in ("", "ma-du-phong/", "ma-du-phong/moi/", "tat/"):
        tour.visit(f"/tai-khoan/hai-buoc/{path}")
    guest = Tour(sit("", lang), lang)
    guest.reader.go("/")
    guest.page.fill("input[name=login]", f"{OWN[lang]}-deputy")
    guest.page.fill("input[name=password]", PASSWORD)
    with guest.page.expect_navigation():
        guest.page.locator("main form button").first.click()
    assert guest.page.locator("input[name=code]").count()
    guest.look("the second step")
    tour.found += guest.found
    tour.end()


def again(tour: Tour) -> None:
    """Where safety is concerned the password is asked once more, when some time has passed."""
    if not re.search("xac-nhan", tour.page.url):
        tour.visit("/tai-khoan/xac-nhan/?next=/tai-khoan/hai-buoc/bat/")
    else:
        tour.look("password asked again")
    tour.page.fill("input[name=password]", PASSWORD)
    with tour.page.expect_navigation():
        tour.page.locator(BUTTON).first.click()


def code_now(secret: str) -> str:
    """What an authenticator application would show (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, (int(time.time()) // 30).to_bytes(8, "big"), "sha1").digest()
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def test_a_name_without_a_space_widens_no_page(sit: Sit) -> None:
    """Whatever people call a source, a file, a procedure or a unit."""
    reader = sit("office", width=PHONE)
    for path in ("/ho-so/", "/ho-so/nguon/", "/ho-so/nhap/", "/ho-so/tin-hieu/", "/bao-cao/lech/"):
        assert reader.go(path) == 200
        reader.page.evaluate(
            """for (const one of document.querySelectorAll('main [lang=vi]'))
                 if (!one.children.length) one.textContent = 'n'.repeat(110)"""
        )
        assert reader.page.evaluate(SIDEWAYS) == 0, path
