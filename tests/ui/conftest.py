"""A browser for the pattern page; skipped with a reason where there is no Chromium."""

import os
import re
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from haicap.ui import assets

FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

#: the address alone, not the page that names it in its query
BADGE = re.compile(r"^https?://[^/?]+/suc-khoe-mau/$")


@pytest.fixture(scope="module")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    path = os.environ.get("HAICAP_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("Chromium is not installed")
    if not assets.MANIFEST.exists():
        pytest.skip("the assets are not built")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def patterns(chromium: Browser, live_server: Any, settings: Any) -> Iterator[Any]:
    """patterns(width=1440, lang="vi", js=True, query="") opens the page and fails on any console error.

    `badge`: what the address answers, one after the other, that tells the page of new figures."""
    settings.HAICAP_SHOW_PATTERNS = True
    opened, errors = [], []

    def open_page(
        width: int = 1440,
        lang: str = "vi",
        js: bool = True,
        query: str = "",
        badge: Iterator[str] | None = None,
    ) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 800}, java_script_enabled=js)
        context.add_cookies([{"name": "django_language", "value": lang, "url": live_server.url}])
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda message: message.type == "error" and errors.append(message.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        if badge is not None:
            # before the page is there: a slow one may ask for its badge at once
            page.route(BADGE, lambda route: route.fulfill(content_type="text/plain", body=next(badge)))
        page.goto(f"{live_server.url}/ui/mau/{query}")
        return page

    yield open_page
    for context in opened:
        context.close()
    assert not errors
