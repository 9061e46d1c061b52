"""A series is made of the points of the map, with gaps where there is no figure."""

import pytest

from haicap.core import periods
from tests.api.conftest import Ask
from tests.world import Land

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def test_every_point_is_the_row_of_its_map(land: Land, ask: Ask) -> None:
    for unit in ("24505", "22015", "24133"):
        for code in ("SCORE", "CQ01"):
            told = ask("series", unit=unit, indicator=code, **{"from": "2026-07", "to": "2026-10"}).json()
            assert [point["period"] for point in told["points"]] == [
                "2026-07",
                "2026-08",
                "2026-09",
                "2026-10",
            ]
            for point in told["points"]:
                map_ = ask("heatmap", province="66", period=point["period"], indicator=code).json()
                row = next(row for row in map_["rows"] if row["unit"] == unit)
                for name in ("value", "numerator", "denominator", "band", "reason", "provisional", "grade"):
                    assert point[name] == row[name], (unit, code, point["period"], name)


def test_a_period_without_a_report_is_a_gap(land: Land, ask: Ask) -> None:
    told = ask("series", unit="24133", indicator="CQ01", **{"from": "2026-09"}).json()["points"]
    assert told[0]["value"] is not None
    assert (told[1]["value"], told[1]["band"]) == (None, "not_reported")


def test_thirteen_periods_without_bounds(land: Land, ask: Ask) -> None:
    points = ask("series", unit="24505").json()["points"]
    assert [points[0]["period"], points[-1]["period"], len(points)] == ["2025-10", "2026-10", 13]


def test_the_longest_story_and_one_more(land: Land, ask: Ask) -> None:
    last = periods.parse("2026-10")
    for count, status in ((60, 200), (61, 400)):
        first = periods.shift(last, 1 - count).key
        answer = ask("series", unit="24505", indicator="CQ01", **{"from": first, "to": last.key})
        assert answer.status_code == status, count
    assert answer.json()["code"] == "series.too_long"


def test_a_province_is_the_sum_of_its_communes(land: Land, ask: Ask) -> None:
    told = ask("series", unit="66", indicator="CQ01", **{"from": "2026-09", "to": "2026-09"}).json()
    rows = ask("heatmap", province="66", period="2026-09", indicator="CQ01").json()["rows"]
    (point,) = told["points"]
    for name in ("numerator", "denominator"):
        assert point[name] == sum(row[name] for row in rows)
    assert point["value"] == pytest.approx(100 * point["numerator"] / point["denominator"])


def test_press_figures_keep_their_calendar_quarters(land: Land, ask: Ask) -> None:
    told = ask("series", unit="00466", indicator="CB01", **{"from": "2025-Q2", "to": "2025-Q4"}).json()
    assert [point["numerator"] for point in told["points"]] == [None, 7413, None]
    assert told["points"][1]["first_day"] == "2025-07-01"
