"""What was typed arrives: closed browsers, a lost network, a killed server, two people in a cell, a paste."""

import os
import signal
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from haicap.core import numbers
from tests.browser.conftest import Product, Reader, Sit
from tests.browser.filling import cell, figures, fill, saved, says

WAITS = 20_000
MAIN = ".sheet-acts button.button--main"


def sheet(reader: Reader, form: str = "CQS-T") -> str:
    """Open the running period of this form: open, and no other test's."""
    reader.go("/bao-cao/")
    links = reader.page.locator(f"a[href*='/{form}/']").all()
    address = max(link.get_attribute("href") or "" for link in links)
    reader.go(address)
    return address


def elsewhere(sit: Sit, user: str, address: str) -> Page:
    """The same report as the server has it, on another machine."""
    other = sit(user, clean=False)
    other.go(address)
    return other.page


def test_a_page_closed_at_once(sit: Sit) -> None:
    officer = sit("22075-officer")
    address = sheet(officer)
    cell(officer.page, "A1").press_sequentially("321")
    officer.page.close()
    officer.page = officer.context.new_page()
    officer.go(address)
    expect(cell(officer.page, "A1")).to_have_value("321")
    saved(officer.page)
    expect(cell(elsewhere(sit, "22075-officer", address), "A1")).to_have_value("321")


def test_a_lost_network(sit: Sit) -> None:
    officer = sit("22075-officer", clean=False)
    address = sheet(officer)
    page = officer.page
    officer.context.set_offline(True)
    cell(page, "A5").fill("12")
    cell(page, "A5").press("Enter")
    cell(page, "A6").fill("300")
    expect(page.locator("[data-offline]")).to_be_visible(timeout=WAITS)
    expect(page.locator("#saved")).to_contain_text("Chưa lưu, giữ trên máy này")
    expect(cell(page, "A5")).to_have_value("12")
    officer.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden(timeout=WAITS)
    saved(page)
    there = elsewhere(sit, "22075-officer", address)
    expect(cell(there, "A5")).to_have_value("12")
    expect(cell(there, "A6")).to_have_value("300")


def test_a_browser_closed_without_a_network(sit: Sit) -> None:
    officer = sit("22075-officer", clean=False)
    address = sheet(officer)
    officer.context.set_offline(True)
    cell(officer.page, "A7").press_sequentially("44")
    expect(officer.page.locator("[data-offline]")).to_be_visible(timeout=WAITS)
    officer.page.close()
    officer.context.set_offline(False)
    officer.page = officer.context.new_page()
    officer.go(address)
    expect(cell(officer.page, "A7")).to_have_value("44")
    saved(officer.page)
    expect(cell(elsewhere(sit, "22075-officer", address), "A7")).to_have_value("44")


def test_a_killed_server(sit: Sit, product: Product) -> None:
    officer = sit("22076-officer", clean=False)
    address = sheet(officer)
    page = officer.page
    killed = web_processes(product)
    assert killed
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
    cell(page, "A1").press_sequentially("654")
    cell(page, "A1").press("Enter")
    expect(page.locator("#saved.is-waiting")).to_have_count(0, timeout=45_000)
    assert not set(killed) & set(web_processes(product))
    expect(cell(elsewhere(sit, "22076-officer", address), "A1")).to_have_value("654")


def web_processes(product: Product) -> list[int]:
    """gunicorn and its workers, below the supervisor that this test session started."""
    assert product.process is not None
    return [
        pid for child in below(product.process.pid) if "gunicorn" in command(child) for pid in family(child)
    ]


def family(pid: int) -> list[int]:
    return [pid, *(found for child in below(pid) for found in family(child))]


def below(pid: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


@pytest.mark.parametrize("decision", ["mine", "theirs"])
def test_two_people_in_one_cell(sit: Sit, decision: str) -> None:
    """C16: two browsers, one cell: the later save shows both figures and overwrites neither."""
    number = {"mine": "A1", "theirs": "A4"}[decision]
    first, second = sit("22081-officer"), sit("22081-officer")
    address = sheet(first)
    second.go(address)
    cell(first.page, number).fill("110")
    cell(first.page, number).press("Tab")
    saved(first.page)
    cell(second.page, number).fill("120")
    cell(second.page, number).press("Tab")
    conflict = says(second.page, number).locator(".says--conflict")
    expect(conflict).to_be_visible(timeout=WAITS)
    expect(conflict).to_contain_text("110")
    expect(conflict).to_contain_text("120")
    conflict.locator(f"[data-{decision}]").click()
    expect(conflict).to_have_count(0, timeout=WAITS)
    saved(second.page)
    first.page.reload()
    expect(cell(first.page, number)).to_have_value({"mine": "120", "theirs": "110"}[decision])


def test_a_column_from_a_spreadsheet_and_one_undo(sit: Sit) -> None:
    officer = sit("22090-officer")
    address = sheet(officer)
    page = officer.page
    cell(page, "A4").fill("3")
    cell(page, "A4").press("Tab")
    saved(page)
    paste(page, "A1", "Tiếp nhận\t1.500\r\nTrực tuyến\t1.400\r\nToàn trình\t1.200\r\nGiấy\t7\r\n")
    for number, text in (("A1", "1.500"), ("A2", "1.400"), ("A3", "1.200"), ("A4", "7")):
        expect(cell(page, number)).to_have_value(text)
    saved(page)
    expect(cell(elsewhere(sit, "22090-officer", address), "A3")).to_have_value("1.200")
    cell(page, "A1").focus()
    page.keyboard.press("Control+z")
    for number, text in (("A1", ""), ("A2", ""), ("A3", ""), ("A4", "3")):
        expect(cell(page, number)).to_have_value(text)
    saved(page)
    expect(cell(elsewhere(sit, "22090-officer", address), "A4")).to_have_value("3")


def paste(page: Page, number: str, text: str) -> None:
    cell(page, number).focus()
    cell(page, number).evaluate(
        """(at, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', text);
            at.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_no_figure_needs_a_reason_and_keeps_it(sit: Sit) -> None:
    officer = sit("22096-officer")
    address = sheet(officer)
    row = officer.page.locator("tr.grid-row").filter(has=cell(officer.page, "A2"))
    row.locator("details.none summary").click()
    row.locator("input[data-none]").fill("Hệ thống ngừng cả tháng")
    row.locator("input[data-none]").press("Tab")
    saved(officer.page)
    there = elsewhere(sit, "22096-officer", address)
    kept = there.locator("tr.grid-row").filter(has=cell(there, "A2"))
    expect(kept.locator("input[data-none]")).to_have_value("Hệ thống ngừng cả tháng")
    expect(cell(there, "A2")).to_have_value("")


def test_one_digit_too_many_is_asked_about_and_may_be_kept(sit: Sit) -> None:
    # a commune of the demo's stories: it has always reported, so there is a history to compare with
    officer = sit("24444-officer")
    address = sheet(officer)
    page = officer.page
    before = numbers.parse(dict(figures(page, "vi"))["v-HS_NHAN"], "vi")
    cell(page, "A1").fill(numbers.format(before * 10, "vi"))
    cell(page, "A1").press("Tab")
    asked = says(page, "A1").locator(".says--soft")
    expect(asked.first).to_be_visible(timeout=WAITS)
    saved(page)
    asked.first.locator("details.keep summary").click()
    asked.first.locator("details.keep input").fill("Có đợt cấp đổi giấy tờ")
    asked.first.locator("details.keep button").click()
    page.wait_for_load_state()
    there = elsewhere(sit, "24444-officer", address)
    expect(says(there, "A1")).to_contain_text("Có đợt cấp đổi giấy tờ")
    expect(says(there, "A1").locator(".says--soft")).to_have_count(0)


def test_a_step_taken_twice_happens_once(sit: Sit) -> None:
    unit = never_heard_of(sit)
    officer, chief = sit(f"{unit}-officer", clean=False), sit(f"{unit}-leader", clean=False)
    officer.report("KTS-T", unit)
    fill(officer.page, "vi")
    saved(officer.page)
    officer.page.locator(MAIN).dblclick()
    expect(officer.page.locator(MAIN)).to_have_count(0, timeout=WAITS)
    chief.report("KTS-T", unit)
    chief.page.locator(MAIN).dblclick()
    expect(chief.page.locator(MAIN)).to_have_count(0, timeout=WAITS)
    chief.go(f"/bao-cao/KTS-T/{chief.product.month}/{unit}/lich-su/")
    expect(chief.page.locator("tbody").first.get_by_text("Gửi lên tỉnh")).to_have_count(1)


def never_heard_of(sit: Sit) -> str:
    """A commune that has sent none of its monthly reports."""
    leader = sit("leader")
    leader.go("/")
    codes = [one.get_attribute("data-code") or "" for one in leader.page.locator("a.hex--not-reported").all()]
    for code in reversed(codes):
        leader.go(f"/?xa={code}")
        if code != "24505" and leader.page.locator(".outstanding li").count() == 3:
            return code
    raise AssertionError("the demo has no silent commune left")
