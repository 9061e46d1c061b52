"""/units and /indicators: what another system needs to read the figures."""

import pytest

from tests.api.conftest import Ask
from tests.world import Land

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_units_by_level_then_code_whole_or_in_pages(land: Land, ask: Ask) -> None:
    whole = ask("units").json()
    codes = [unit["code"] for unit in whole["units"]]
    assert codes == ["00", "01", "66", "00466", "22015", "24133", "24505"]
    assert whole["count"] == 7
    paged: list[str] = []
    while len(paged) < whole["count"]:
        page = ask("units", limit=3, offset=len(paged)).json()
        assert (page["count"], page["offset"]) == (7, len(paged))
        paged += [unit["code"] for unit in page["units"]]
    assert paged == codes
    assert ask("units", offset=7).json()["units"] == []


def test_units_of_one_province_level_and_day(land: Land, ask: Ask) -> None:
    def codes(**query: object) -> list[str]:
        return [unit["code"] for unit in ask("units", **query).json()["units"]]

    assert codes(province="66") == ["66", "22015", "24133", "24505"]
    assert codes(province="66", level=2) == ["22015", "24133", "24505"]
    assert codes(level=0) == ["00"]
    assert codes(on="2025-06-30") == []
    assert codes(on="2025-07-01", level=1) == ["01", "66"]


def test_a_unit_tells_its_place(land: Land, ask: Ask) -> None:
    unit = next(one for one in ask("units").json()["units"] if one["code"] == "24505")
    place = land.place("24505")
    assert unit["parent"] == "66"
    assert (unit["uid"], unit["full_name"], unit["kind"]) == (place.uid, "Xã Ea Knuếc", "xa")
    assert (unit["valid_from"], unit["valid_to"], unit["population"]) == ("2025-07-01", None, 10_000)


def test_every_indicator_with_all_that_is_needed_to_compute_it(land: Land, ask: Ask) -> None:
    told = ask("indicators").json()
    assert {one["code"] for one in told["indicators"]} == set(land.catalogue.indicators)
    elements = {one["code"] for one in told["elements"]}
    for one in told["indicators"]:
        assert all(one["names"][lang] for lang in ("vi", "en", "bn")), one["code"]
        source = land.catalogue.indicators[one["code"]]
        assert (one["numerator"], one["denominator"]) == (source.numerator, source.denominator)
        for terms in (source.numerator_terms, source.denominator_terms or ()):
            assert {land.catalogue.elements_by_id[id].code for id, _ in terms} <= elements


def test_thresholds_say_what_they_rest_on(land: Land, ask: Ask) -> None:
    told = ask("indicators").json()
    for one in told["indicators"]:
        rules = land.catalogue.thresholds.get(one["code"], ())
        assert [(t["basis"], t["proposal"], t["version"]) for t in one["thresholds"]] == [
            (rule.basis, rule.proposal, rule.version) for rule in rules
        ]
    marks = {t["proposal"] for one in told["indicators"] for t in one["thresholds"]}
    assert True in marks
    assert told["score"]["proposal"] is True
    assert [pillar["weight"] for pillar in told["score"]["pillars"]] == [50, 20, 30]


def test_press_indicators_are_outside_the_score(land: Land, ask: Ask) -> None:
    scored = {one["code"]: one["scored"] for one in ask("indicators").json()["indicators"]}
    assert (scored["CB01"], scored["CQ01"]) == (False, True)
