"""A file of another system in a real browser: every page of its road, in three languages and three widths."""

import io
from pathlib import Path

import openpyxl
import pytest

from tests.browser.conftest import Sit
from tests.browser.looking import AXE
from tests.browser.test_every_page import LANGUAGES, MONTH, Tour

START = "/bao-cao/tep-ngoai/"
FORM = "XHS-T"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    if not AXE.exists():
        pytest.skip("axe-core is not installed")
    book = openpyxl.Workbook()
    for row in (
        ["Lớp bồi dưỡng kỹ năng số"],
        [],
        ["STT", "Mã xã", "Tên xã, phường", "Số người", "Tỷ lệ (%)"],
        [1, "22051", "Phường Sông Cầu", 12, 50.5],
        [2, None, "Xã Ea Súp", "1.234", 20.1],
        [3, None, "Trung tâm học tập", 3, 10],
        [None, None, "Tổng cộng", 99, 30],
    ):
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    path = tmp_path / "lop-boi-duong.xlsx"
    path.write_bytes(target.getvalue())
    return path


@LANGUAGES
def test_the_road_of_a_foreign_file(sit: Sit, file: Path, lang: str) -> None:
    tour = Tour(sit("office", lang), lang)
    page = tour.page
    tour.visit(START)
    page.set_input_files("#tep", str(file))
    page.locator("main form .button--main").first.click()
    page.wait_for_url("**/tep-ngoai/*/")
    tour.look("reading")
    page.select_option("#mau", f"{FORM}|{MONTH}")
    page.locator("button[value=next]").click()
    page.wait_for_url("**/noi/")
    page.select_option("#cot-3", "HD")
    tour.look("joining")
    page.locator("button[value=next]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/xem/")
    tour.look("preview")
    assert "D5" not in page.locator("main").inner_text(), "a name alone is not joined"
    tour.end()
