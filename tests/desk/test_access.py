"""Who sees which page: every view for every role."""

import pytest
from django.test import Client

from tests.desk.conftest import Browser
from tests.world import Land

pytestmark = pytest.mark.django_db

SIGN_IN = "/dang-nhap"
PAGES = {
    "home": "/",
    "66": "/tinh/66/",
    "66 score": "/tinh/66/?chi-tieu=SCORE",
    "66 reported": "/tinh/66/?chi-tieu=CQ06",
    "66 published": "/tinh/66/?chi-tieu=CB01",
    "01": "/tinh/01/",
    "01 score": "/tinh/01/?chi-tieu=SCORE",
    "01 reported": "/tinh/01/?chi-tieu=CQ06",
    "01 published": "/tinh/01/?chi-tieu=CB01",
    "24505": "/xa/24505/",
    "22015": "/xa/22015/",
    "00466": "/xa/00466/",
    "country": "/ca-nuoc/",
    "country score": "/ca-nuoc/?chi-tieu=SCORE",
    "country published": "/ca-nuoc/?chi-tieu=CB01",
    "search": "/tim/?q=",
    "live": "/moi/",
}
# Published figures belong to everybody: for readers from elsewhere a province's page opens with them alone.
OPEN = {"66": 200, "66 published": 200, "01": 200, "01 published": 200, "country": 200}
OPEN |= {"country published": 200, "search": 200, "live": 200}
CLOSED = {"66 score": 404, "66 reported": 400, "01 score": 404, "01 reported": 400, "country score": 404}
CLOSED |= {"24505": 404, "22015": 404, "00466": 404}
STRANGER = OPEN | CLOSED
OF_66 = STRANGER | {"home": 200, "66 score": 200, "66 reported": 200, "24505": 200, "22015": 200}
OF_24505 = STRANGER | {"home": 302, "24505": 200}
OF_22015 = STRANGER | {"home": 302, "22015": 200}
TRUTH = {
    "leader": OF_66,
    "office": OF_66,
    "analyst": OF_66,
    "viewer": OF_66,
    "commune_leader": OF_24505,
    "commune_deputy": OF_24505,
    "commune_officer": OF_24505,
    "other_leader": OF_22015,
    "other_officer": OF_22015,
    "stranger_office": STRANGER | {"home": 200, "01 score": 200, "01 reported": 200, "00466": 200},
    "stranger": STRANGER | {"home": 302, "00466": 200},
    "nobody": STRANGER | {"home": 200},
    "analyst_00": dict.fromkeys(PAGES, 200) | {"home": 302},
    "": dict.fromkeys(PAGES, 302),
}


@pytest.mark.parametrize("who", TRUTH)
def test_truth_table(browser: Browser, who: str) -> None:
    client = browser(who)
    found = {name: client.get(address).status_code for name, address in PAGES.items()}
    assert found == TRUTH[who]


def test_nobody_signs_in_first(browser: Browser) -> None:
    for address in PAGES.values():
        answer = browser("").get(address)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/accounts/") or SIGN_IN in answer.headers["Location"]


@pytest.mark.parametrize("who", ["leader", "stranger", "commune_officer", "nobody"])
@pytest.mark.parametrize(
    "address", ["/tinh/99/", "/tinh/24505/", "/xa/66/", "/xa/99999/", "/xa/%F0%9F%98%80/", "/tinh/00/"]
)
def test_what_does_not_exist_is_not_found(browser: Browser, who: str, address: str) -> None:
    assert browser(who).get(address).status_code == 404


def test_a_stranger_learns_no_reported_figure(browser: Browser, rough: Land) -> None:
    """Neither on the page nor in its files, its picker or its panel."""
    client = browser("stranger_office")
    for more in ("", "&xa=24505", "&xa=24505&vi-sao=CQ06", "&wall=1", "&tai=csv", "&tai=svg"):
        answer = client.get("/tinh/66/?chi-tieu=CB01" + more)
        assert answer.status_code in (200, 400)
        # the address itself stands in the page, for those who change the language
        text = text_of(answer).replace("vi-sao=CQ06", "")
        assert "CQ06" not in text
        assert "chi-tieu=CQ" not in text
        assert "/bao-cao/" not in text.replace('href="/bao-cao/"', "")


def text_of(answer: object) -> str:
    if getattr(answer, "streaming", False):
        return b"".join(answer).decode("utf-8-sig")  # type: ignore[call-overload]
    return answer.content.decode()  # type: ignore[attr-defined,no-any-return]


def test_only_reading(leader: Client) -> None:
    for address in PAGES.values():
        assert leader.post(address).status_code == 405


def test_the_menu_offers_no_page_that_has_nothing_for_them(browser: Browser) -> None:
    assert b'href="/kham-pha/"' in browser("leader").get("/").content
    assert b'href="/kham-pha/"' not in browser("nobody").get("/").content
