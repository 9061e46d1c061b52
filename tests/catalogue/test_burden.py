"""The load of forms on communes, worked out by hand beside the board."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.catalogue import burden, gate, queries
from haicap.catalogue.definitions import Burden
from haicap.catalogue.queries import Catalogue
from haicap.core import clock
from tests.cast import Cast, World

from .drafting import cells, new_element, publish, right, words

OCTOBER = (date(2026, 10, 5), date(2026, 10, 26))


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.frozen("2026-10-20 10:00"):
        yield


def board(first: date = OCTOBER[0], last: date = OCTOBER[1]) -> burden.Board:
    book = queries.current()
    return burden.board(book.forms.values(), book.burden, first, last)


def test_the_budget_is_data_of_the_pack_and_marked_a_proposal(catalogue: Catalogue) -> None:
    assert catalogue.burden == Burden(Decimal(2), 240, 3, True)


def test_cells_and_minutes_fall_into_the_week_of_the_deadline(catalogue: Catalogue, world: World) -> None:
    found = board()
    monthly = [catalogue.forms[code] for code in ("CQS-T", "KTS-T", "XHS-T")]
    load = found.loads[world["24505"]]
    assert (load.reports, load.cells) == (3, sum(form.typed_cells for form in monthly))
    assert load.minutes == 2 * load.cells
    # 14 October + 5 working days = Wednesday 21 October
    assert dict(load.weeks) == {date(2026, 10, 19): load.minutes}
    assert (found.weeks, found.average(load)) == (4, load.minutes / 4)
    assert load.peak() == (date(2026, 10, 19), load.minutes)
    assert (load.over(240), load.over(int(load.minutes) - 1)) == (0, 1)


def test_nothing_is_due_in_a_week_without_deadlines(catalogue: Catalogue) -> None:
    found = board(date(2026, 10, 26), date(2026, 10, 26))
    assert (found.dues, found.loads, found.askers) == ((), {}, ())


def test_who_asks_most_stands_first(catalogue: Catalogue) -> None:
    found = board()
    assert [one.forms for one in found.askers] == [{"CQS-T"}, {"XHS-T"}, {"KTS-T"}]
    first = found.askers[0]
    assert (first.requests, first.reports, first.cells) == (1, 3, 3 * catalogue.forms["CQS-T"].typed_cells)
    assert first.short == 0


def test_what_all_communes_bear_is_what_all_askers_ask(catalogue: Catalogue) -> None:
    found = board(date(2026, 1, 5), date(2026, 12, 28))
    assert sum(one.minutes for one in found.askers) == sum(load.minutes for load in found.loads.values())
    assert sum(one.cells for one in found.askers) == sum(load.cells for load in found.loads.values())


def test_a_short_deadline_counts_against_the_asker(catalogue: Catalogue, cast: Cast, world: World) -> None:
    publish(cast.office, world["66"], right(deadline_days="2", first_day="20/10/2026", minutes="5"))
    found = board(date(2026, 11, 9), date(2026, 11, 16))
    (due,) = [due for due in found.dues if due.form.code == "CB-T"]
    assert (due.deadline, due.short, due.minutes) == (date(2026, 11, 17), True, 5)
    asker = next(one for one in found.askers if "CB-T" in one.forms)
    assert asker.short == 1
    assert next(one for one in found.askers if "CQS-T" in one.forms).short == 0


@pytest.mark.parametrize(("deadline", "short"), [("22/10/2026", True), ("23/10/2026", False)])
def test_a_question_asked_once_has_its_time_from_the_day_of_asking(
    catalogue: Catalogue, cast: Cast, world: World, deadline: str, short: bool
) -> None:
    """Published on Tuesday 20 October for a window long over: three working days end on Friday the 23rd."""
    content = right(
        nature="thematic",
        window_from="01/09/2026",
        window_to="30/09/2026",
        deadline_on=deadline,
        first_day="",
    )
    publish(cast.office, world["66"], content)
    (due,) = [due for due in board().dues if due.form.code == "CB-T"]
    assert due.short is short


def test_by_list_only_the_listed_bear_it(catalogue: Catalogue, cast: Cast, world: World) -> None:
    part = {"code": "A", "name": words("Một"), "cells": cells("CAM_BIEN", "CAMERA")}
    content = right(
        units="22015",
        kinds=[],
        sections=[part],
        new=[new_element(), new_element("CAMERA")],
        first_day="20/10/2026",
    )
    publish(cast.office, world["66"], content)
    found = board(date(2026, 11, 16), date(2026, 11, 23))
    assert found.loads[world["22015"]].cells - found.loads[world["24505"]].cells == 2


@settings(max_examples=30)
@given(
    st.dictionaries(st.integers(0, 20), st.integers(0, 600), max_size=12),
    st.integers(1, 500),
)
def test_weeks_over_the_budget(minutes: dict[int, int], budget: int) -> None:
    load = burden.Load(1)
    for week, amount in minutes.items():
        load.weeks[date(2026, 1, 5) + timedelta(weeks=week)] += amount
    assert load.over(budget) == sum(amount > budget for amount in minutes.values())
    assert load.peak()[1] == max(minutes.values(), default=0)


def test_c1_no_more_reports_than_units_times_periods(catalogue: Catalogue) -> None:
    """C1: over a year with 31-day months each monthly form is due twelve times per commune, never more."""
    found = board(date(2025, 12, 29), date(2026, 12, 21))
    dues = [due for due in found.dues if due.form.code == "CQS-T"]
    assert len(dues) == len({due.period.key for due in dues}) == 12
    for due in dues:
        assert due.units == {place.id for place in gate.owing(due.form, due.period.last_day)}
