"""What an officer typed survives the network, the browser and the server."""

import os
import signal
import subprocess

from playwright.sync_api import expect

from tests.browser.conftest import Reader, Sit
from tests.browser.filling import cell, saved, says

SAVED = 20_000


def open_sheet(reader: Reader, form: str) -> None:
    """The running period of the form: open, and nobody else's."""
    reader.go("/bao-cao/")
    links = reader.page.locator(f"a[href*='/{form}/']").all()
    reader.page.goto(reader.product.url + max(link.get_attribute("href") or "" for link in links))


def test_closing_the_browser_at_once_loses_nothing(sit: Sit) -> None:
    first = sit("22051-officer")
    open_sheet(first, "KTS-T")
    cell(first.page, "A1").fill("321")
    cell(first.page, "A1").press("Tab")
    saved(first.page)
    first.context.close()
    again = sit("22051-officer")
    open_sheet(again, "KTS-T")
    expect(cell(again.page, "A1")).to_have_value("321")


def test_a_lost_network_keeps_figures_and_sends_them_later(sit: Sit) -> None:
    officer = sit("22057-officer", clean=False)
    open_sheet(officer, "KTS-T")
    officer.context.set_offline(True)
    cell(officer.page, "A1").fill("654")
    cell(officer.page, "A1").press("Tab")
    expect(officer.page.locator("[data-offline]")).to_be_visible(timeout=SAVED)
    officer.context.set_offline(False)
    saved(officer.page)
    officer.page.reload()
    expect(cell(officer.page, "A1")).to_have_value("654")


def test_a_killed_web_server_loses_nothing(sit: Sit) -> None:
    officer = sit("22060-officer", clean=False)
    open_sheet(officer, "KTS-T")
    assert officer.product.process is not None
    web = subprocess.run(
        ["pgrep", "-P", str(officer.product.process.pid), "-f", "gunicorn"], capture_output=True, text=True
    )
    for pid in web.stdout.split():
        os.kill(int(pid), signal.SIGKILL)
    cell(officer.page, "A1").fill("987")
    cell(officer.page, "A1").press("Tab")
    expect(officer.page.locator("#saved")).to_have_class("sheet-mark", timeout=60_000)
    saved(officer.page)
    officer.page.reload()
    expect(cell(officer.page, "A1")).to_have_value("987")


def test_two_browsers_see_both_figures(sit: Sit) -> None:
    one, other = sit("22075-officer"), sit("22075-officer")
    open_sheet(one, "KTS-T")
    open_sheet(other, "KTS-T")
    cell(one.page, "A1").fill("100")
    cell(one.page, "A1").press("Tab")
    saved(one.page)
    cell(other.page, "A1").fill("200")
    cell(other.page, "A1").press("Tab")
    conflict = says(other.page, "A1").locator(".says--conflict")
    expect(conflict).to_contain_text("200", timeout=SAVED)
    expect(conflict).to_contain_text("100")


def test_paste_from_a_sheet_and_take_it_back(sit: Sit) -> None:
    officer = sit("22076-officer")
    open_sheet(officer, "KTS-T")
    page = officer.page
    cell(page, "A1").focus()
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData('text/plain', '1500\\n1200\\n');
        document.activeElement.dispatchEvent(
            new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})); }"""
    )
    expect(cell(page, "A2")).to_have_value("1.200")
    page.keyboard.press("Control+z")
    expect(cell(page, "A1")).to_have_value("")
    expect(cell(page, "A2")).to_have_value("")
