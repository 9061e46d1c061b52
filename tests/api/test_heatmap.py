"""The heat map of the API is the board of the page: told by a slow twin that reads the board alone."""

from decimal import Decimal
from typing import Any

import pytest

from haicap.api.open.v1.figures import number
from haicap.core import periods
from haicap.core.bands import Band
from haicap.insight.boards import SCORE, Board, board, own_period
from haicap.warehouse.refresh import refresh
from tests.api.conftest import Ask
from tests.world import Land

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


def twin(land: Land, code: str, key: str) -> dict[str, dict[str, Any]]:
    """unit → what must be told of it, worked out from two boards without the room's heat map."""
    period = periods.parse(key)
    indicator = None if code == SCORE else land.catalogue.indicators[code]
    if indicator is not None:
        period = own_period(indicator, period)
    owner = land.place("66")
    now, then = board(owner, period), board(owner, periods.shift(period, -1))
    values = {place.code: value_of(now, place.id, code) for place in now.places}
    lower = indicator is not None and indicator.direction.value == "lower"
    found = {}
    for place in now.places:
        mine, before = values[place.code], value_of(then, place.id, code)
        better = [v for v in values.values() if v is not None and mine is not None and beats(v, mine, lower)]
        found[place.code] = {
            "value": None if mine is None else float(mine),
            "change": None if mine is None or before is None else float(mine - before),
            "rank": None if mine is None else len(better) + 1,
            "band": figure_of(now, place.id, code).band.value,
            "provisional": figure_of(now, place.id, code).provisional,
        }
    return found


def beats(one: Decimal, other: Decimal, lower: bool) -> bool:
    return one < other if lower else one > other


def figure_of(of: Board, unit: int, code: str) -> Any:
    return of.scores[unit] if code == SCORE else of.readings[unit][code]


def value_of(of: Board, unit: int, code: str) -> Decimal | None:
    found: Decimal | None = figure_of(of, unit, code).value
    return found


def test_every_indicator_says_what_the_board_says(land: Land, ask: Ask) -> None:
    judged = [one.code for one in land.catalogue.scored if one.direction.value in ("higher", "lower")]
    for code in [SCORE, *judged]:
        for key in ("2026-10", "2026-09"):
            told = ask("heatmap", province="66", period=key, indicator=code).json()
            rows = {row["unit"]: row for row in told["rows"]}
            expected = twin(land, code, key)
            assert rows.keys() == expected.keys() == {"24505", "22015", "24133"}
            for unit, wanted in expected.items():
                row = rows[unit]
                for name in ("value", "change"):
                    assert (row[name] is None) == (wanted[name] is None), (code, key, unit, name)
                    if wanted[name] is not None:
                        assert row[name] == pytest.approx(wanted[name], rel=1e-13, abs=1e-12)
                assert {name: row[name] for name in ("rank", "band", "provisional")} == {
                    name: wanted[name] for name in ("rank", "band", "provisional")
                }, (code, key, unit)


def test_a_figure_can_be_computed_again_from_what_is_told(land: Land, ask: Ask) -> None:
    rows = ask("heatmap", province="66", period="2026-10", indicator="CQ01").json()["rows"]
    valued = [row for row in rows if row["value"] is not None]
    assert {row["unit"] for row in valued} == {"24505", "22015"}
    for row in valued:
        assert row["value"] == pytest.approx(100 * row["numerator"] / row["denominator"])


def test_who_has_sent_nothing_has_no_figure_and_no_zero(land: Land, ask: Ask) -> None:
    for code in (SCORE, "CQ01"):
        told = ask("heatmap", province="66", period="2026-10", indicator=code).json()
        silent = next(row for row in told["rows"] if row["unit"] == "24133")
        assert silent["band"] == Band.NOT_REPORTED
        assert silent["reason"] == "not_reported"
        for name in ("value", "numerator", "denominator", "change", "rank"):
            assert silent[name] is None
        assert told["coverage"] == {"reported": 2, "expected": 3}
        assert told["rows"][-1] == silent


def test_a_figure_that_is_not_accepted_says_so(land: Land, ask: Ask) -> None:
    rows = ask("heatmap", province="66", period="2026-10").json()["rows"]
    assert {row["unit"]: row["provisional"] for row in rows} == {
        "24505": False,
        "22015": True,
        "24133": False,
    }


def test_an_indicator_of_a_quarter_is_told_with_its_own_period(land: Land, ask: Ask) -> None:
    quarterly = next(one.code for one in land.catalogue.scored if one.period_kind is periods.Kind.QUARTER)
    told = ask("heatmap", province="66", period="2026-10", indicator=quarterly).json()
    assert told["asked"] == "2026-10"
    assert told["period"]["key"] == "2026-Q3"
    assert (told["period"]["first_day"], told["period"]["last_day"]) == ("2026-06-15", "2026-09-14")


def test_without_a_period_the_last_closed_one_is_told(land: Land, ask: Ask) -> None:
    told = ask("heatmap", province="66").json()
    assert told["period"]["key"] == told["asked"] == "2026-10"


def test_press_figures_are_asked_by_calendar_quarter(land: Land, ask: Ask) -> None:
    told = ask("heatmap", province="01", period="2025-Q3", indicator="CB01").json()
    assert (told["period"]["first_day"], told["period"]["last_day"]) == ("2025-07-01", "2025-09-30")
    (row,) = told["rows"]
    assert (row["unit"], row["numerator"], row["denominator"]) == ("00466", 7413, 8155)
    assert round(row["value"], 1) == 90.9
    assert (row["band"], row["grade"]) == ("no_threshold", "inferred")


def test_the_country_is_told_by_province(land: Land, ask: Ask, settings: Any) -> None:
    told = ask("heatmap", province="00", period="2025-Q3", indicator="CB01").json()
    rows = {row["unit"]: row for row in told["rows"]}
    assert rows.keys() == {"01", "66"}
    assert (rows["01"]["numerator"], rows["66"]["value"]) == (7413, None)


def test_the_answer_names_what_it_was_made_from(land: Land, ask: Ask) -> None:
    told = ask("heatmap", province="66", period="2026-10").json()
    assert told["snapshot"]["id"] == refresh().snapshot
    assert told["snapshot"]["made_at"] == "2026-10-27T03:00:00Z"
    assert told["catalogue"] == land.catalogue.version


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (None, "null"),
        ("7413", "7413"),
        ("7413.0000", "7413"),
        ("99999999999999.0000", "99999999999999"),
        ("90.90128755364806866952789700", "90.9012875536481"),
        ("0.1", "0.1"),
        ("-0.00012345", "-0.00012345"),
        ("12345678901234.5678", "12345678901234.6"),
    ],
)
def test_decimals_become_numbers_of_fifteen_digits(given: str | None, told: str) -> None:
    found = number(None if given is None else Decimal(given))
    assert ("null" if found is None else str(found)) == told
