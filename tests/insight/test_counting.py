"""Where records reach: the edges of each rule, and for which windows an element is counted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from haicap.catalogue.queries import Counting
from haicap.core import clock, periods
from haicap.core.periods import Period, Rule
from haicap.insight.counting import Coverage
from haicap.units.queries import Place
from haicap.warehouse.queries.derived import Reach
from tests.cast import World

OCTOBER = periods.parse("2026-10", Rule.CALENDAR)
# the last day of October 2026 is a Saturday
FRIDAY, SATURDAY = date(2026, 10, 30), date(2026, 10, 31)
DAY = timedelta(days=1)
WHOLE = Reach(date(2026, 8, 3), date(2026, 11, 20))


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.frozen("2026-11-25 10:00"):
        yield


def reaches(place: Place, *spells: Reach, until: date = SATURDAY, window: Period = OCTOBER) -> bool:
    cover = Coverage({place.id: spells}, {place.id: place}, {place.parent_id: until})
    return cover.holds(place.id, window, FRIDAY)


def test_records_begin_within_the_first_week(world: World) -> None:
    place = world.place("24505")
    assert reaches(place, WHOLE)
    assert reaches(place, replace_first(date(2026, 10, 7)))
    assert not reaches(place, replace_first(date(2026, 10, 8)))


def replace_first(day: date) -> Reach:
    return WHOLE._replace(first=day)


def test_the_province_is_known_up_to_the_last_working_day(world: World) -> None:
    place = world.place("24505")
    assert reaches(place, WHOLE, until=FRIDAY)
    assert not reaches(place, WHOLE, until=FRIDAY - DAY)


def test_a_quiet_unit_is_zero_and_a_silent_one_is_not(world: World) -> None:
    place = world.place("24505")
    last = OCTOBER.end - timedelta(days=92)
    assert reaches(place, WHOLE._replace(first=last, last=last))
    assert not reaches(place, WHOLE._replace(first=last - DAY, last=last - DAY))


def test_how_late_and_how_silent_is_a_rule_of_the_pack(world: World) -> None:
    place = world.place("24505")
    late, quiet = replace_first(date(2026, 10, 8)), WHOLE._replace(last=OCTOBER.end - timedelta(days=40))
    for rule, spell, expected in (
        (Counting(first_days=8), late, True),
        (Counting(first_days=7), late, False),
        (Counting(silent_days=40), quiet, True),
        (Counting(silent_days=39), quiet, False),
    ):
        known = {place.parent_id: SATURDAY}
        cover = Coverage({place.id: (spell,)}, {place.id: place}, known, rule=rule)
        assert cover.holds(place.id, OCTOBER, FRIDAY) is expected, rule


def test_one_wrong_year_makes_no_zeros(world: World) -> None:
    place = world.place("24505")
    astray = Reach(date(2016, 3, 1), date(2016, 3, 1))
    assert not reaches(place, astray, replace_first(date(2026, 10, 20)))
    assert reaches(place, astray, WHOLE)


def test_a_unit_is_counted_while_it_lives(world: World) -> None:
    """A merger carries no figure: the old unit keeps what it had, the new one counts from its own days on."""
    place = world.place("24505")
    ended = replace(place, valid_to=SATURDAY)
    assert not reaches(ended, WHOLE)
    assert reaches(replace(place, valid_to=SATURDAY + DAY), WHOLE)
    assert not reaches(replace(place, valid_from=SATURDAY + DAY), WHOLE)
    unknown = Coverage({place.id: (WHOLE,)}, {}, {place.parent_id: SATURDAY})
    assert not unknown.holds(place.id, OCTOBER, FRIDAY)
