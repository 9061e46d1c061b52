"""The picture of the README is a picture of the product."""

import os
from pathlib import Path

from tests.browser.conftest import Sit

PICTURE = Path(__file__).resolve().parents[2] / "docs/pictures/first-page.png"


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
