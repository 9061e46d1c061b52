"""Whose time it was: working time per holder against a slow twin that walks minute by minute."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.core import clock
from haicap.dossiers.policies import clocks
from haicap.dossiers.policies.clocks import Step
from haicap.dossiers.states import Holder

# 2 September 2026 is a holiday, a Wednesday
HOLIDAY = date(2026, 9, 2)


def working(day: date) -> bool:
    return day.weekday() < 5 and day != HOLIDAY


def at(text: str) -> datetime:
    """ "03 14:30" of September 2026, wall time."""
    day, hour, minute = int(text[:2]), int(text[3:5]), int(text[6:])
    return datetime(2026, 9, day, hour, minute, tzinfo=clock.ZONE).astimezone(UTC)


def slowly(received: datetime, until: datetime, steps: list[Step]) -> dict[Holder, timedelta]:
    """Every five minutes: is it a working day, and who holds it?"""
    found = dict.fromkeys(Holder, timedelta())
    here, tick = received, timedelta(minutes=5)
    while here < until:
        holder = Holder.UNIT
        for since, whose in sorted(steps, key=lambda step: step[0]):
            if since <= here:
                holder = whose
        if working(clock.local(here).date()):
            found[holder] += tick
        here += tick
    return found


INSTANTS = st.integers(0, 12 * 24 * 12).map(lambda n: at("01 00:00") + timedelta(minutes=5 * n))
STEPS = st.lists(st.tuples(INSTANTS, st.sampled_from(list(Holder))), max_size=5, unique_by=lambda one: one[0])


@settings(max_examples=25)
@given(INSTANTS, INSTANTS, STEPS)
def test_time_in_each_ones_hands_equals_the_slow_twin(
    one: datetime, two: datetime, steps: list[Step]
) -> None:
    received, until = min(one, two), max(one, two)
    found = clocks.spent(received, until, steps, working)
    assert found == slowly(received, until, steps)
    assert sum(found.values(), timedelta()) == clocks.working_time(received, until, working)


CITIZEN = [(at("03 08:00"), Holder.CITIZEN), (at("08 08:00"), Holder.UNIT)]
OTHER = [(at("03 08:00"), Holder.OTHER), (at("07 08:00"), Holder.UNIT)]
SYNC = [(at("04 09:00"), Holder.SYNC)]
NOW = at("30 08:00")


@pytest.mark.parametrize(
    ("due", "finished", "steps", "who"),
    [
        # received on Tuesday the 1st at 08:00; the 2nd is a holiday, 5 and 6 a weekend
        ("04 17:00", "04 17:00", SYNC, None),
        ("04 17:00", "08 10:00", [], None),
        ("04 17:00", "08 10:00", SYNC, Holder.SYNC),
        ("04 17:00", "09 10:00", CITIZEN, Holder.CITIZEN),
        ("04 17:00", "08 08:00", OTHER, Holder.OTHER),
        # the unit alone took longer than the term
        ("03 08:00", "30 07:00", OTHER, Holder.UNIT),
        # none alone, both together: the one that held it longer
        ("03 12:00", "09 16:00", [*OTHER, (at("07 09:00"), Holder.CITIZEN)], Holder.CITIZEN),
        # open: in whose hands it was when the term ended
        ("04 17:00", None, OTHER, Holder.OTHER),
        ("02 17:00", None, OTHER, Holder.UNIT),
        ("30 17:00", None, OTHER, None),
        (None, "30 07:00", OTHER, None),
    ],
)
def test_who_the_lateness_is_attributed_to(
    due: str | None, finished: str | None, steps: list[Step], who: Holder | None
) -> None:
    given_due, given_finish = (None if text is None else at(text) for text in (due, finished))
    assert clocks.blame(at("01 08:00"), given_due, given_finish, steps, working, NOW) is who
