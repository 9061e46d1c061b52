"""ETag: the same while nothing changed, another one as soon as an answer could be another."""

from typing import Any

import pytest
from django.test import Client

from haicap.accounts.scopes import scope_of
from haicap.api import actions as keys
from haicap.catalogue.actions import mend_label
from haicap.core import periods
from haicap.reporting import actions as reporting
from haicap.reporting.queries import detail
from haicap.units.actions.stamp import touch
from haicap.warehouse.refresh import refresh
from tests.api.conftest import ROOT, Ask
from tests.cast import BY
from tests.world import Land

pytestmark = pytest.mark.django_db
QUERY = {"province": "66", "period": "2026-10"}


def test_a_copy_that_is_still_right_is_not_sent_again(land: Land, ask: Ask, province_key: str) -> None:
    first = ask("heatmap", key=province_key, **QUERY)
    again = ask("heatmap", key=province_key, headers={"If-None-Match": first.headers["ETag"]}, **QUERY)
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    for name in ("ETag", "Cache-Control"):
        assert again.headers[name] == first.headers[name]
    # what a proxy made of it while compressing
    weak = {"If-None-Match": "W/" + first.headers["ETag"]}
    assert ask("heatmap", key=province_key, headers=weak, **QUERY).status_code == 304
    for other in ('"x"', "", "*x"):
        got = ask("heatmap", key=province_key, headers={"If-None-Match": other}, **QUERY)
        assert got.status_code == 200


def test_a_new_figure_makes_a_new_tag(land: Land, ask: Ask, province_key: str) -> None:
    def told() -> tuple[str, dict[str, Any]]:
        answer = ask("heatmap", key=province_key, **QUERY)
        rows = {row["unit"]: row for row in answer.json()["rows"]}
        return answer.headers["ETag"], rows["22015"]

    before, row = told()
    assert row["provisional"] is True
    office = land.cast.office
    for form in land.catalogue.forms.values():
        if form.kind.value == "month":
            report = detail(land.place("22015"), form.code, periods.parse("2026-10"), "vi").id
            assert report is not None
            reporting.accept(by=office, scope=scope_of(office), report=report)
    # not yet in the warehouse: the same answer, the same tag
    assert told()[0] == before
    refresh()
    after, row = told()
    assert after != before
    assert row["provisional"] is False


def test_definitions_and_units_make_new_tags(land: Land, ask: Ask, demo: None) -> None:
    tags = [ask("indicators").headers["ETag"]]
    mend_label(by=BY, subject="indicator:CQ01", role="name", lang="en", text="Mended", reason="typo")
    tags.append(ask("indicators").headers["ETag"])
    touch()
    tags.append(ask("indicators").headers["ETag"])
    assert len(set(tags)) == 3


def test_scope_language_and_question_make_different_tags(land: Land, ask: Ask, settings: Any) -> None:
    one, same, other = (
        keys.issue_key(by=BY, label=unit, unit_id=land.world[unit]).text for unit in ("66", "66", "00")
    )
    vi = ask("heatmap", key=one, **QUERY).headers["ETag"]
    assert ask("heatmap", key=same, **QUERY).headers["ETag"] == vi
    settings.HAICAP_DEMO = True
    tags = {
        vi,
        ask("heatmap", key=other, **QUERY).headers["ETag"],
        ask("heatmap", **QUERY).headers["ETag"],
        ask("heatmap", key=one, headers={"Accept-Language": "en"}, **QUERY).headers["ETag"],
        ask("heatmap", key=one, province="66", period="2026-09").headers["ETag"],
        ask("series", key=one, unit="24505").headers["ETag"],
    }
    assert len(tags) == 6


def test_answers_to_a_key_stay_private(land: Land, ask: Ask, province_key: str) -> None:
    headers = ask("heatmap", key=province_key, **QUERY).headers
    assert headers["Cache-Control"] == "private, no-cache"
    assert "Access-Control-Allow-Origin" not in headers
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    for name in ("Accept-Language", "Authorization", "X-API-Key"):
        assert name in headers["Vary"]


def test_the_demo_may_be_read_by_pages_of_others(land: Land, ask: Ask, demo: None) -> None:
    answer = ask("heatmap", headers={"Origin": "https://example.org"}, **QUERY)
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers


def test_no_answer_sets_a_cookie(land: Land, client: Client, demo: None) -> None:
    for what in ("heatmap?province=66", "openapi.json", "units", "khong-co"):
        assert not client.get(ROOT + what).cookies
