"""Every page of ours: nothing that axe finds, no sideways scrolling, no complaint in the console."""

import os
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.conftest import Reader, Sit

PICTURE = Path(__file__).resolve().parents[2] / "docs/pictures/first-page.png"
# (who reads it, where, answer); {m} is the last closed month
PAGES: tuple[tuple[str, str, int], ...] = (
    ("", "/dang-nhap/", 200),
    ("leader", "/", 200),
    ("leader", "/?chi-tieu=CQ06", 200),
    ("leader", "/?muc=red", 200),
    ("leader", "/?xa=24211", 200),
    ("leader", "/?wall=1", 200),
    ("leader", "/xa/24211/?vi-sao=CQ06", 200),
    ("leader", "/xa/24505/", 200),
    ("leader", "/ca-nuoc/", 200),
    ("leader", "/tinh/01/?xa=00466", 200),
    ("leader", "/tim/?q=ea", 200),
    ("leader", "/tim/?q=khong-co-dau", 200),
    ("leader", "/?ky=2026-13", 400),
    ("leader", "/khong-co-trang-nay/", 404),
    ("leader", "/tai-khoan/", 200),
    ("leader", "/api/open/v1/", 200),
    ("leader", "/ui/mau/", 200),
    ("office", "/bao-cao/tong-hop/", 200),
    ("office", "/bao-cao/CQS-T/{m}/24211/", 200),
    ("office", "/bao-cao/CQS-T/{m}/24211/lich-su/", 200),
    ("office", "/bao-cao/CQS-T/{m}/24211/ban-in/", 200),
    ("24444-officer", "/", 200),
    ("24444-officer", "/bao-cao/", 200),
    ("24444-officer", "/bao-cao/CQS-T/{m}/24444/", 200),
)
SIZES = (360, 1440)


def check(reader: Reader, path: str, status: int, width: int) -> list[str]:
    reader.page.set_viewport_size({"width": width, "height": 900})
    found = reader.go(path.format(m=reader.product.month))
    told = [] if found == status else [f"answered {found}"]
    wide = reader.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if wide > 0:
        told.append(f"scrolls sideways by {wide} px")
    # a refused page is told by the browser itself; that line is no fault of ours
    reader.errors = [
        error for error in reader.errors if "Failed to load resource" not in error or status < 400
    ]
    for violation in Axe().run(reader.page).response["violations"]:
        where = violation["nodes"][0]["html"][:160]
        told.append(f"{violation['id']}: {violation['help']} ({len(violation['nodes'])}×) {where}")
    return [f"{path} {width}: {line}" for line in told]


@pytest.mark.parametrize("lang", ["vi", "en", "bn"])
def test_every_page_is_for_everybody(sit: Sit, lang: str) -> None:
    readers: dict[str, Reader] = {}
    told = []
    for user, path, status in PAGES:
        reader = readers.setdefault(user, sit(user, lang)) if user not in readers else readers[user]
        for width in SIZES:
            told += check(reader, path, status, width)
    assert not told, "\n".join(told)


def test_the_picture_of_the_readme(sit: Sit) -> None:
    """HAICAP_PICTURES=1 writes it; otherwise the page must only be there to be pictured."""
    leader = sit("leader")
    leader.go("/")
    leader.page.locator("svg.map").wait_for()
    leader.page.evaluate("document.fonts.ready")
    if os.environ.get("HAICAP_PICTURES"):
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        leader.page.screenshot(path=PICTURE)
    assert PICTURE.exists()
    assert PICTURE.stat().st_size < 400_000
