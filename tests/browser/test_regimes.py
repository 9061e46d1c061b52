"""The office makes a form without JavaScript; what is held is answered; every page in three languages."""

import pytest

from tests.browser.conftest import Reader, Sit
from tests.browser.looking import AXE, problems

HELD = "/so-dang-co/?dv=66&pt=HS_NHAN&pt=HS_DXL&loai=month&cs=nd09"


def press(reader: Reader, wish: str) -> None:
    """A button of the editor; each brings the whole page back."""
    with reader.page.expect_navigation():
        reader.page.locator(f'button[value="{wish}"]:not([hidden])').first.click()


def begin(reader: Reader, link: str = "Lập mẫu mới") -> None:
    with reader.page.expect_navigation(url="**/ban-thao/**"):
        reader.page.get_by_role("button", name=link).click()


def test_a_form_from_nothing_without_javascript(sit: Sit) -> None:
    reader = sit("office", js=False, clean=False)
    page = reader.page
    reader.go("/che-do/")
    begin(reader)
    page.fill("[name=find]", "tong so ho so tiep nhan")
    press(reader, "find")
    press(reader, "cell-add:HS_NHAN")
    assert page.locator(".part-cell").count() == 1
    press(reader, "new-add")
    page.fill("[name='n0.code']", "TRAM_QT")
    press(reader, "save")
    press(reader, "cell-add:TRAM_QT")
    assert page.locator(".part-cell").count() == 2
    press(reader, "cell-up:0:1")
    assert "TRAM_QT" in page.locator(".part-cell").first.inner_text()
    press(reader, "check-add")
    page.fill("[name='k0.expression']", "TRAM_QT <= (9")
    page.fill("[name=first_day]", "hôm nào đó")
    press(reader, "publish")
    assert page.locator("[name=first_day]").input_value() == "hôm nào đó"
    assert page.locator("[id='f-k0.expression-error1']").inner_text().strip().endswith("ở ký tự 12.")
    # the cell that is held says so
    assert "Đã có: mẫu CQS-T" in page.locator(".part-cell.is-held").inner_text()


def test_a_held_form_is_answered(sit: Sit) -> None:
    reader = sit("office", clean=False)
    page = reader.page
    reader.go("/che-do/")
    begin(reader)
    # htmx finds while the word is typed
    page.locator("[name=find]").press_sequentially("tong so ho so tiep nhan", delay=20)
    page.locator("#found button").first.wait_for()
    press(reader, "cell-add:HS_NHAN")
    with page.expect_navigation():
        page.get_by_role("link", name="Xem câu trả lời từ số đang có").click()
    text = page.locator("main").inner_text()
    assert "Trả lời từ số đang có" in text
    assert "bản dữ liệu" in text
    assert page.locator("tbody tr").count() == 103


@pytest.mark.parametrize("lang", ["vi", "en", "bn"])
def test_every_page_of_regimes(sit: Sit, lang: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed")
    reader = sit("office", lang)
    page = reader.page
    found: list[str] = []
    reader.go("/che-do/XHS-N/")
    with page.expect_navigation(url="**/ban-thao/**"):
        page.locator("main form button.button--main").first.click()
    draft = page.url.removeprefix(reader.product.url)
    page.fill("[name=deadline_days]", "6")
    press(reader, "save")
    preview = draft.replace("/che-do/ban-thao", "/bao-cao/xem-truoc")
    for path in (draft, preview, f"{draft}thay-doi/", "/che-do/", "/che-do/CQS-T/", HELD, "/ganh-nang/"):
        assert reader.go(path) == 200, path
        found += problems(page, path, lang)
    assert not found, "\n".join(found)
