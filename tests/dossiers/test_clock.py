"""Early, on time, late, overdue: in words, in the database, and by a slow twin; two rates side by side."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import product
from statistics import median_low

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.catalogue import calendar
from haicap.catalogue.calendar import Workdays
from haicap.core import periods
from haicap.dossiers.models import Dossier
from haicap.dossiers.policies.timing import (
    Timeliness,
    day_of,
    silent_after,
    timeliness,
    working_days_taken,
)
from haicap.dossiers.presenters import rates
from haicap.dossiers.presenters.tables import Cell
from haicap.dossiers.queries.freshness import freshness
from haicap.dossiers.queries.timely import Tally, Window, handed_in, medians, tallies
from haicap.dossiers.states import CLOSED_WITHOUT_RESULT, FINISHED, Status
from haicap.units import queries as units

from .rows import NOW, Desk, at, imported

OCTOBER = periods.parse("2026-10", periods.Rule.CALENDAR)
SEPTEMBER = periods.parse("2026-09", periods.Rule.CALENDAR)
WEEKS = Workdays({}, [], [0])
SECOND = timedelta(seconds=1)
DUE = at("26/10 17:00")


@pytest.mark.parametrize(
    ("finished", "now", "how"),
    [
        (DUE - timedelta(days=1), NOW, Timeliness.EARLY),
        (at("26/10 00:00"), NOW, Timeliness.ON_TIME),
        (at("26/10 00:00") - SECOND, NOW, Timeliness.EARLY),
        (DUE, NOW, Timeliness.ON_TIME),
        (DUE + SECOND, NOW, Timeliness.LATE),
        (None, DUE, Timeliness.IN_PROCESS),
        (None, DUE + SECOND, Timeliness.OVERDUE),
    ],
)
def test_to_the_second_and_by_the_wall_in_vietnam(
    finished: datetime | None, now: datetime, how: Timeliness
) -> None:
    """C3"""
    assert timeliness(DUE, finished, now) is how
    assert timeliness(None, finished, now) is Timeliness.NO_DUE


def test_working_days_taken() -> None:
    friday, monday = date(2026, 10, 23), date(2026, 10, 26)
    assert working_days_taken(friday, friday, WEEKS) == 0
    assert working_days_taken(friday, monday, WEEKS) == 1
    assert working_days_taken(monday, friday, WEEKS) == 0


@pytest.mark.parametrize(
    ("due", "since"),
    [
        (date(2026, 10, 26), date(2026, 10, 16)),  # 10 working days: after 4
        (date(2026, 10, 14), date(2026, 10, 13)),  # 2: after 1
        (date(2026, 10, 12), None),
    ],
)
def test_silent_after_two_fifths_of_the_working_days(due: date, since: date | None) -> None:
    assert silent_after(date(2026, 10, 12), due, Decimal(40), WEEKS) == since


tallied = st.builds(Tally, *[st.integers(0, 50)] * 4).flatmap(
    lambda one: st.tuples(st.just(one), st.integers(0, one.late + one.overdue)).flatmap(
        lambda pair: st.integers(0, pair[0].late + pair[0].overdue - pair[1]).map(
            lambda unsaid: Tally(
                pair[0].early, pair[0].on_time, pair[0].late, pair[0].overdue, pair[1], unsaid
            )
        )
    )
)


@settings(max_examples=30)
@given(tallied)
def test_c1_both_rates_lie_between_0_and_100_and_the_attributable_one_is_no_worse(tally: Tally) -> None:
    if tally.official is not None:
        assert 0 <= tally.official <= 100
    if tally.official is not None and tally.attributable is not None:
        assert tally.official <= tally.attributable <= 100


@settings(max_examples=30)
@given(st.lists(tallied, max_size=5))
def test_c7_a_total_is_computed_from_the_counts(parts: list[Tally]) -> None:
    whole = sum(parts, Tally())
    assert whole.judged == sum(part.judged for part in parts)
    assert whole.good == sum(part.good for part in parts)


def test_without_status_times_only_the_official_rate_is_known() -> None:
    assert Tally(on_time=8, late=2, unsaid=2).attributable is None
    assert Tally(on_time=8, late=2, not_ours=1, unsaid=1).attributable == Decimal(800) / 9
    assert Tally(on_time=8).attributable == 100
    assert Tally().official is None


@pytest.fixture
def mixed(room: Desk) -> Desk:
    """Every mix of dates around two month ends, states, attributions, two communes, two sources."""
    days = ["28/08 09:00", "15/09 16:00", "30/09 17:00", "01/10 00:00", "20/10 11:00", "26/10 18:00"]
    finishes = [None, *days, "30/10 08:00"]
    whose = ["", "unit", "sync", "other"]
    for number, (due, done) in enumerate(product([None, *days], finishes)):
        state = [None, Status.WITHDRAWN, None, Status.STOPPED, None, None, None][number % 7]
        room.dossier(
            unit=("24505", "22015")[number % 2],
            received="25/08 08:00",
            due=due,
            finished=done,
            blame=whose[number % 4],
            excused="citizen" if number % 11 == 0 else "",
            procedure=(room.birth, room.copy)[number % 3 == 0],
            source=(room.steps, room.plain)[number % 5 == 0],
            submitter=("self", "helped", "behalf", "")[number % 4],
            **({"status": state} if state else {}),
        )
    room.save()
    return room


@pytest.mark.parametrize("period", [SEPTEMBER, OCTOBER], ids=str)
@pytest.mark.parametrize("by", ["unit_id", "procedure__code"])
def test_the_database_counts_like_a_slow_twin(mixed: Desk, period: periods.Period, by: str) -> None:
    window = Window.of(period, NOW)
    found = tallies(units.subtree_ids(mixed.world["66"]), window, by)
    assert {key: one for key, one in found.items() if one != Tally()} == slowly(window, by)


def slowly(window: Window, by: str) -> dict[tuple[int | str, int], Tally]:
    made: dict[tuple[int | str, int], Counter[str]] = {}
    for one in Dossier.objects.select_related("procedure"):
        how = slow_judgement(one, window)
        if how is None:
            continue
        key = (one.unit_id if by == "unit_id" else one.procedure.code, one.source_id)
        counts = made.setdefault(key, Counter())
        counts[how] += 1
        if how in ("late", "overdue"):
            whose = one.excused or one.blame
            counts["not_ours"] += whose in ("sync", "other", "citizen")
            counts["unsaid"] += whose == ""
    return {key: Tally(**counts) for key, counts in made.items()}


def slow_judgement(one: Dossier, window: Window) -> str | None:
    if one.due_at is None or Status(one.status) in CLOSED_WITHOUT_RESULT:
        return None
    done = one.finished_at
    if done is None and Status(one.status) in FINISHED:
        return None
    if done is not None and window.start <= done < window.end:
        return timeliness(one.due_at, done, NOW).value
    if done is not None and (done < window.start or window.until < window.end):
        return None
    return "overdue" if one.due_at < window.until else None


def test_the_middle_number_of_working_days(mixed: Desk) -> None:
    window, days = Window.of(SEPTEMBER, NOW), calendar.workdays()
    found = medians(units.subtree_ids(mixed.world["66"]), window, days)
    for code in ("1.001193", "2.000815"):
        taken = [
            days.between(day_of(one.received_at), day_of(done))
            for one in Dossier.objects.filter(procedure__code=code)
            if (done := one.finished_at) is not None
            and window.start <= done < window.end
            and one.status not in CLOSED_WITHOUT_RESULT
        ]
        assert found[code] == (median_low(taken), len(taken))


def test_who_handed_in_is_three_classes_and_what_is_not_said(mixed: Desk) -> None:
    found = handed_in(units.subtree_ids(mixed.world["66"]), ["2026-08"])
    assert sum(one.n for one in found.values()) == Dossier.objects.count()
    assert sum(one.helped for one in found.values()) == Dossier.objects.filter(submitter="helped").count()
    assert sum(one.unreasoned for one in found.values()) == sum(one.behalf for one in found.values()) > 0
    assert sum(one.unknown for one in found.values()) == Dossier.objects.filter(submitter="").count()


def test_a_stale_source_takes_the_colour_away(room: Desk) -> None:
    """Grey with its age, never green or red."""
    row = rates.Row(
        Cell("x"), Tally(on_time=3, late=1), frozenset({room.steps.pk}), room.world.place("24505")
    )
    fresh = rates.cells(row, dict(freshness(NOW)), lambda _place, _tally: "red")[1]
    assert (fresh.band, fresh.note) == ("red", "n = 4")
    imported(room.steps, NOW - timedelta(days=12))
    stale = rates.cells(row, dict(freshness(NOW)), lambda _place, _tally: "red")[1]
    assert (stale.band, stale.note) == ("", "Một cửa: 12 ngày trước, đã cũ")
    assert stale.text == fresh.text == "75,0 %"
    assert fresh.few
