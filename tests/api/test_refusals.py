"""What cannot be answered: a code, a sentence in the caller's language, the place; never a server error."""

from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import ROOT, Ask
from tests.world import Land

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]

HEATMAP = {"province": "66", "period": "2026-10"}
CASES: list[tuple[str, dict[str, Any], int, str, str]] = [
    ("heatmap", {}, 400, "query.required", "province"),
    ("heatmap", {**HEATMAP, "province": "99"}, 404, "unit.unknown", "province"),
    ("heatmap", {**HEATMAP, "province": "24505"}, 404, "unit.unknown", "province"),
    ("heatmap", {**HEATMAP, "province": "66 "}, 400, "query.invalid", "province"),
    ("heatmap", {**HEATMAP, "province": "66\x00"}, 400, "query.invalid", "province"),
    ("heatmap", {**HEATMAP, "indicator": "CQ99"}, 404, "indicator.unknown", "indicator"),
    ("heatmap", {**HEATMAP, "indicator": "'; DROP"}, 400, "query.invalid", "indicator"),
    ("heatmap", {**HEATMAP, "period": "2026-13"}, 400, "period.key", "period"),
    ("heatmap", {**HEATMAP, "period": "tháng 10"}, 400, "period.key", "period"),
    ("heatmap", {**HEATMAP, "period": "2026-02-30"}, 400, "period.key", "period"),
    ("heatmap", {**HEATMAP, "period": ""}, 400, "period.key", "period"),
    ("heatmap", {**HEATMAP, "period": "1900-01"}, 400, "period.range", "period"),
    ("heatmap", {**HEATMAP, "perod": "2026-10"}, 400, "query.unsupported", "perod"),
    ("heatmap", {**HEATMAP, "period": ["2026-10", "2026-09"]}, 400, "query.repeated", "period"),
    ("heatmap", {"province": "01", "period": "2026-10"}, 404, "unit.unknown", "province"),
    ("series", {"unit": "24505", "from": "2026-10", "to": "2026-09"}, 400, "series.order", "from"),
    ("series", {"unit": "24505", "from": "2000-01"}, 400, "series.too_long", "from"),
    ("series", {"unit": "24505", "to": "2026-1"}, 400, "period.key", "to"),
    ("series", {"unit": "00", "indicator": "CB01"}, 400, "unit.country", "unit"),
    ("series", {"unit": "00466"}, 404, "unit.unknown", "unit"),
    ("units", {"level": "3"}, 400, "query.invalid", "level"),
    ("units", {"on": "2026-02-30"}, 400, "query.invalid", "on"),
    ("units", {"limit": "0"}, 400, "query.invalid", "limit"),
    ("units", {"province": "99"}, 404, "unit.unknown", "province"),
    ("indicators", {"x": "1"}, 400, "query.unsupported", "x"),
    ("khong-co", {}, 404, "address.unknown", ""),
    ("heatmap/66/", {}, 404, "address.unknown", ""),
]


def test_each_is_refused_at_its_place(land: Land, ask: Ask) -> None:
    for what, query, status, code, place in CASES:
        answer = ask(what, **query)
        told = answer.json()
        assert (answer.status_code, told["code"], told["place"]) == (status, code, place), (what, query)
        assert told.keys() == {"code", "message", "place"}
        assert told["message"]
        assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("accepted", "language", "word"),
    [
        ("", "vi", "Không có đơn vị"),
        ("en-GB,vi;q=0.5", "en", "No unit has"),
        ("bn", "bn", "একক"),
        ("fr,en;q=0.4,vi;q=0.9", "vi", "Không có đơn vị"),
        ("xx", "vi", "Không có đơn vị"),
    ],
)
def test_the_sentence_is_in_the_language_asked_for(
    land: Land, ask: Ask, accepted: str, language: str, word: str
) -> None:
    answer = ask("heatmap", province="99", headers={"Accept-Language": accepted})
    assert answer.headers["Content-Language"] == language
    assert word in answer.json()["message"]


def test_a_cookie_does_not_change_the_language(land: Land, client: Client, settings: Any) -> None:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "bn"
    answer = client.get(ROOT + "heatmap", {"province": "99"}, headers={"Accept-Language": "en"})
    assert answer.headers["Content-Language"] == "en"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("what", ["units", "heatmap", "openapi.json", "khong-co"])
def test_nothing_can_be_written(db: None, client: Client, method: str, what: str) -> None:
    answer = getattr(client, method)(ROOT + what)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert answer.json()["code"] == "method.not_allowed"


def test_head_is_get_without_its_body(land: Land, client: Client) -> None:
    got, head = (getattr(client, method)(ROOT + "heatmap", HEATMAP) for method in ("get", "head"))
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(got.content))
