"""The real product in a real browser: own data directory, `haicap serve` with its worker, a small demo."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright
from playwright.sync_api import Error as PlaywrightError

from haicap.core import clock, periods
from haicap.core.periods import Kind
from haicap.ui import assets

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "mot-mat-khau-dai"
FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000


@dataclass
class Product:
    """A running installation; `month` is the last closed month of its demo."""

    url: str
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    @property
    def month(self) -> str:
        return periods.last_closed(Kind.MONTH, clock.today()).key

    def run(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "haicap", *arguments]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True, timeout=300)

    def start(self) -> None:
        port = self.url.rsplit(":", 1)[1]
        command = [sys.executable, "-m", "haicap", "serve", "--port", port]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.url}/suc-khoe/", timeout=2):  # noqa: S310
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError("the product did not start")

    def stop(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=40)
            self.process = None


def three_months_back() -> date:
    last = periods.last_closed(Kind.MONTH, clock.today())
    return periods.shift(last, -2).start + timedelta(days=1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    if not assets.MANIFEST.exists():
        pytest.skip("the assets are not built")
    if os.environ.get("DATABASE_URL"):
        pytest.skip("the browser walks once, on SQLite")
    data = tmp_path_factory.mktemp("product")
    environment = {
        **os.environ,
        "HAICAP_DATA_DIR": str(data),
        "HAICAP_DEMO": "1",
        "HAICAP_SHOW_PATTERNS": "1",
        "HAICAP_DEMO_PASSWORD": PASSWORD,
        "HAICAP_LANGUAGE": "vi",
        "DJANGO_SETTINGS_MODULE": "haicap.config.settings",
    }
    made = Product(f"http://127.0.0.1:{free_port()}", environment)
    made.run("upgrade")
    made.run("load", "units")
    for pack in ("calendar", "dak-lak", "published"):
        made.run("load", "pack", f"packs/{pack}")
    made.run("demo", "--since", three_months_back().isoformat())
    made.start()
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("HAICAP_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not path:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@dataclass
class Reader:
    """One person at one screen. `errors` collects what the console complained of."""

    product: Product
    context: BrowserContext
    page: Page
    errors: list[str] = field(default_factory=list)

    def go(self, path: str) -> int:
        """A page that is renewing itself may cut off the address that is typed; a person types it again."""
        for _ in range(3):
            try:
                answer = self.page.goto(self.product.url + path)
            except PlaywrightError as error:
                if "ERR_ABORTED" not in str(error):
                    raise
                answer = None
            if answer is not None:
                return answer.status
        raise AssertionError(f"{path} was cut off three times")

    def report(self, form: str, unit: str = "24505") -> None:
        assert self.go(f"/bao-cao/{form}/{self.product.month}/{unit}/") == 200


Sit = Callable[..., Reader]


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """Cookies of people who signed in once: a password takes a while to check, on purpose."""
    return {}


@pytest.fixture
def sit(product: Product, chromium: Browser, signed_in: dict[str, StorageState]) -> Iterator[Sit]:
    """sit("leader", lang="en", width=360, js=False) → a signed-in Reader; sit("") is at the door."""
    readers: list[Reader] = []

    def at(user: str, lang: str = "vi", width: int = 1440, js: bool = True, clean: bool = True) -> Reader:
        context = chromium.new_context(
            viewport={"width": width, "height": 900 if width > 500 else 740},
            java_script_enabled=js,
            storage_state=signed_in.get(user),
        )
        context.set_default_timeout(PATIENCE)
        context.add_cookies([{"name": "django_language", "value": lang, "url": product.url}])
        page = context.new_page()
        reader = Reader(product, context, page)
        if clean:
            page.on("console", lambda m: m.type == "error" and reader.errors.append(m.text))
            page.on("pageerror", lambda error: reader.errors.append(str(error)))
        readers.append(reader)
        if user and user not in signed_in:
            sign_in(reader, user)
            signed_in[user] = context.storage_state()
            # signing in brings the language of the account; this reader wants another one
            context.add_cookies([{"name": "django_language", "value": lang, "url": product.url}])
        return reader

    yield at
    told = [error for reader in readers for error in reader.errors]
    for reader in readers:
        # a page that is renewing itself while it is closed may never answer; a blank one always does
        with suppress(PlaywrightError):
            reader.page.goto("about:blank")
        reader.context.close()
    assert not told


def sign_in(reader: Reader, user: str) -> None:
    reader.go("/")
    reader.page.fill("input[name=login]", user)
    reader.page.fill("input[name=password]", PASSWORD)
    reader.page.locator("main form button.button--main, main form button[type=submit]").first.click()
    reader.page.wait_for_load_state()


def pytest_collection_modifyitems(items: list[Any]) -> None:
    for item in items:
        if "tests/browser" in str(item.fspath):
            item.add_marker(pytest.mark.browser)
