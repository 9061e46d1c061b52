"""Working days and deadlines, to the second."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from haicap.catalogue import calendar
from haicap.catalogue.queries import Catalogue
from haicap.core import clock, periods
from haicap.core.periods import Rule

SECOND = timedelta(seconds=1)


def test_the_deadline_of_the_picture(catalogue: Catalogue) -> None:
    """October 2026: 15/9 – 14/10, due Wednesday 21/10/2026 at 17:00 in Việt Nam."""
    period = periods.parse("2026-10")
    assert (period.start, period.last_day) == (date(2026, 9, 15), date(2026, 10, 14))
    due = calendar.deadline(catalogue.forms["CQS-T"], period)
    assert due == datetime(2026, 10, 21, 10, 0, tzinfo=UTC)
    assert clock.local(due).time() == time(17, 0)


@pytest.mark.parametrize(
    ("key", "due"),
    [
        ("2026-02", date(2026, 2, 27)),  # closes Sat 14/2, Tết 16–20/2
        ("2026-04", date(2026, 4, 21)),
        ("2025-04", date(2025, 4, 21)),
        ("2026-08", date(2026, 8, 21)),
        ("2025-12", date(2025, 12, 19)),
    ],
)
def test_holidays_move_the_deadline(catalogue: Catalogue, key: str, due: date) -> None:
    found = calendar.deadline(catalogue.forms["CQS-T"], periods.parse(key))
    assert clock.local(found).date() == due


def test_swapped_days(catalogue: Catalogue) -> None:
    assert not calendar.is_working(date(2026, 1, 2))
    assert calendar.is_working(date(2026, 1, 10))
    assert not calendar.is_working(date(2026, 1, 11))
    assert calendar.add_working_days(date(2026, 8, 20), 2) == date(2026, 8, 22)
    assert calendar.add_working_days(date(2026, 8, 28), 1) == date(2026, 9, 3)


def test_working_days_between_two_days_are_those_of_a_walk(catalogue: Catalogue) -> None:
    """Over Tết, swapped days and years without data, both ways."""
    days = calendar.workdays()
    for first in (date(2025, 12, 30), date(2026, 2, 13), date(2026, 8, 19), date(2031, 5, 2)):
        walked = 0
        for n in range(1, 60):
            day = first + timedelta(days=n)
            walked += calendar.is_working(day)
            assert days.between(first, day) == walked
            assert days.between(day, first) == -walked
    assert days.between(first, first) == 0


def test_zero_days_of_grace(catalogue: Catalogue) -> None:
    assert calendar.add_working_days(date(2026, 10, 14), 0) == date(2026, 10, 14)
    assert calendar.add_working_days(date(2026, 10, 17), 0) == date(2026, 10, 19)
    assert calendar.add_working_days(date(2026, 10, 17), 1) == date(2026, 10, 19)


def test_a_year_without_data_has_its_weekends(db: None) -> None:
    assert calendar.is_working(date(2026, 1, 1))
    assert not calendar.is_working(date(2026, 1, 3))


def test_late_by_the_second(catalogue: Catalogue) -> None:
    """C3: a second before, at, and a second after."""
    due = calendar.deadline(catalogue.forms["CQS-T"], periods.parse("2026-10"))
    assert not calendar.is_late(due - SECOND, due)
    assert not calendar.is_late(due, due)
    assert calendar.is_late(due + SECOND, due)


def test_not_submitted_is_late_once_the_clock_says_so(catalogue: Catalogue) -> None:
    due = calendar.deadline(catalogue.forms["CQS-T"], periods.parse("2026-10"))
    for at, late in ((due - SECOND, False), (due, False), (due + SECOND, True)):
        with clock.frozen(at):
            assert calendar.is_late(None, due) is late


def test_a_form_opens_with_its_window(catalogue: Catalogue) -> None:
    opens = calendar.opens(catalogue.forms["CQS-T"], periods.parse("2026-10"))
    assert opens == datetime(2026, 9, 14, 17, 0, tzinfo=UTC)


def test_every_deadline_lies_after_its_window(catalogue: Catalogue) -> None:
    for form in catalogue.forms.values():
        period = periods.containing(date(2025, 8, 1), form.kind, Rule.DECREE09)
        for _step in range(30):
            due = clock.local(calendar.deadline(form, period)).date()
            assert calendar.is_working(due)
            working = [
                day
                for n in range((due - period.last_day).days)
                if calendar.is_working(day := period.last_day + timedelta(days=n + 1))
            ]
            assert len(working) == form.deadline_working_days
            period = periods.shift(period, 1)
