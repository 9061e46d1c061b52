"""How an officer fills the grid: the figures of the month before, each a little different."""

import re

from playwright.sync_api import Locator, Page, expect

from haicap.core import numbers


def figures(page: Page, lang: str) -> list[tuple[str, str]]:
    """(cell name, what to type): last month's figure less one, so that parts stay within their wholes."""
    found = []
    for row in cells(page):
        before = row.locator(".grid-before").inner_text().split("\n")[-1].strip()
        name = row.locator("input.grid-cell").get_attribute("name") or ""
        try:
            number = numbers.parse(before, lang)
        except Exception:
            number = numbers.parse("5", "vi")
        step = 1 if number == int(number) else numbers.parse("0,1", "vi")
        found.append((name, numbers.format(number - step if number > 3 else number, lang)))
    return found


def cells(page: Page) -> list[Locator]:
    return [row for row in page.locator("tr.grid-row").all() if row.locator("input.grid-cell").count()]


def fill(page: Page, lang: str) -> None:
    for name, text in figures(page, lang):
        page.fill(f"input[name='{name}']", text)


def saved(page: Page) -> None:
    """Wait until the page says that nothing is left to save."""
    page.wait_for_timeout(400)
    expect(page.locator("#saved")).not_to_have_class(re.compile("is-waiting"), timeout=15_000)


def cell(page: Page, number: str) -> Locator:
    """The input of the cell that the form numbers so ("A1")."""
    return page.locator(f"input.grid-cell[data-number='{number}']")


def says(page: Page, number: str) -> Locator:
    """What stands under that cell."""
    element = cell(page, number).get_attribute("data-cell")
    return page.locator(f"tr.grid-says[data-says='{element}']")
