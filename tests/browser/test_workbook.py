"""The file door in a real browser: download, fill, bring back, look, write; keyboard and no JavaScript."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from haicap.core import numbers, periods
from tests.browser.conftest import Reader, Sit
from tests.browser.looking import AXE, problems
from tests.reporting.workbook_desk import Book

FORM = "CQS-T"
# a commune per language that no other test plays with
OWN = {"vi": "22075", "en": "22081", "bn": "22090"}
MANY = {"vi": ("24133", "22051"), "en": ("22057", "22060")}


def taken(reader: Reader, selector: str) -> bytes:
    with reader.page.expect_download() as download:
        reader.page.locator(selector).first.click()
    return Path(download.value.path()).read_bytes()


def first_codes(book: Book) -> list[str]:
    """Codes of the cells that can be filled in."""
    column = book.column("@code")
    codes = [
        book.sheet.cell(line, column).value
        for line in range(book.heading()[0].row + 2, book.sheet.max_row + 1)
    ]
    return [code for code in codes if code and not book.cell(code).protection.locked]


@pytest.fixture(autouse=True)
def _axe_is_there() -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed")


def running(reader: Reader) -> str:
    """The month that is open now and that no other test fills."""
    return periods.shift(periods.parse(reader.product.month), 1).key


@pytest.mark.parametrize("lang", ["vi", "en", "bn"])
def test_a_form_goes_home_and_comes_back(sit: Sit, lang: str, tmp_path: Path) -> None:
    unit = OWN[lang]
    reader, found = sit(f"{unit}-officer", lang), list[str]()
    page = reader.page
    reader.go(f"/bao-cao/{FORM}/{running(reader)}/{unit}/")
    page.locator(".sheet-links a[href$='/tep/']").click()
    page.wait_for_load_state()
    found += problems(page, "the file page", lang)

    book = Book(taken(reader, "a[href$='/tai/xlsx/']"))
    codes = first_codes(book)
    book.cell(codes[0]).value = 412
    book.cell(codes[1]).value = 5000
    book.cell(codes[2]).value = "1.234"
    book.cell(codes[3]).value = "nhiều"
    file = tmp_path / "bao-cao.xlsx"
    file.write_bytes(book.data())
    page.set_input_files("#file", file)
    page.locator("#file").press("Tab")
    page.keyboard.press("Enter")
    page.locator(".tiles").wait_for()
    found += problems(page, "the preview", lang)
    picture(page, f"workbook-preview-{lang}")

    marked = Book(taken(reader, "a[href$='/loi/']"))
    assert marked.cell(codes[2]).comment is not None
    page.locator("button[value=apply]").focus()
    page.keyboard.press("Enter")
    page.locator(".notice--warning").wait_for()
    found += problems(page, "after writing", lang)
    reader.go(f"/bao-cao/{FORM}/{running(reader)}/{unit}/")
    expect(page.locator(f"#v-{codes[0]}")).to_have_value(numbers.format(412, lang))
    assert not found, "\n".join(found)


def test_without_a_script_and_with_the_wrong_file(sit: Sit, tmp_path: Path) -> None:
    reader = sit(f"{OWN['vi']}-officer", width=360, js=False, clean=False)
    page = reader.page
    reader.go(f"/bao-cao/{FORM}/{running(reader)}/{OWN['vi']}/tep/")
    file = tmp_path / "bao-cao.pdf"
    file.write_bytes(b"%PDF-1.7 ...")
    page.set_input_files("#file", file)
    page.locator("main form button").first.click()
    expect(page.locator(".notice--error")).to_contain_text("Đây là tệp PDF")
    picture(page, "workbook-refused-360")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_all_communes_in_one_file(sit: Sit, lang: str, tmp_path: Path) -> None:
    reader, found = sit("office", lang), list[str]()
    page = reader.page
    reader.go(f"/bao-cao/tong-hop/?mau={FORM}&ky={running(reader)}")
    page.locator(f"a[href$='/tong-hop/tep/{FORM}/{running(reader)}/']").click()
    page.wait_for_load_state()
    found += problems(page, "the file page of all", lang)
    book = Book(taken(reader, "a[href$='/tai/xlsx/']"))
    codes = [cell.value for cell in book.heading()][2:5]
    for unit in MANY[lang]:
        book.at(unit, codes[0]).value = 700
        book.at(unit, codes[1]).value = "1.234"
    file = tmp_path / "tat-ca.xlsx"
    file.write_bytes(book.data())
    page.set_input_files("#file", file)
    page.locator("main form button").first.click()
    page.locator(".tiles").wait_for()
    found += problems(page, "the preview of all", lang)
    picture(page, f"workbook-all-{lang}")
    page.locator("button[value=drop]").click()
    page.locator(".notice--info").first.wait_for()
    assert not found, "\n".join(found)


def picture(page: Page, name: str) -> None:
    """Kept where HAICAP_PICTURES says, for people to look at."""
    folder = os.environ.get("HAICAP_PICTURES")
    if folder:
        for width in (1440, 360):
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1440, "height": 900})
