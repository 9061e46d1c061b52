"""When routines run, and what happens to the others when one fails."""

from datetime import UTC, datetime, timedelta

import pytest

from haicap.core import clock
from haicap.routines import queries
from haicap.routines.models import Sweep
from haicap.routines.ticking import FOLDERS, SPANS, is_due, sweep, tick

NOON = datetime(2026, 10, 15, 5, 0, 30, tzinfo=UTC)  # 12:00:30 in Việt Nam


@pytest.mark.parametrize(
    ("folder", "later", "due"),
    [
        ("minutely", timedelta(seconds=29), False),
        ("minutely", timedelta(seconds=30), True),
        ("hourly", timedelta(minutes=59), False),
        ("hourly", timedelta(hours=1), True),
        ("daily", timedelta(hours=11, minutes=59), False),
        ("daily", timedelta(hours=12), True),
        ("monthly", timedelta(days=16), False),
        ("monthly", timedelta(days=17), True),
    ],
)
def test_once_in_each_span_of_local_time(folder: str, later: timedelta, due: bool) -> None:
    assert is_due(folder, NOON + later, NOON) is due


def test_the_day_begins_at_midnight_in_viet_nam() -> None:
    before = datetime(2026, 10, 14, 16, 59, 59, tzinfo=UTC)
    assert is_due("daily", before + timedelta(seconds=1), before)


def test_a_clock_set_back_runs_again() -> None:
    assert is_due("daily", NOON - timedelta(days=1), NOON)


def test_every_folder_has_a_span() -> None:
    assert set(FOLDERS) == set(SPANS)


@pytest.mark.django_db
def test_a_standstill_is_made_up_once() -> None:
    calls: list[datetime] = []
    folders = {"minutely": (calls.append,)}
    assert tick(NOON, folders) == ["minutely"]
    assert tick(NOON + timedelta(seconds=5), folders) == []
    later = NOON + timedelta(hours=7)
    assert tick(later, folders) == ["minutely"]
    assert tick(later, folders) == []
    assert calls == [NOON, later]
    assert queries.last_sweep("minutely") == later
    assert queries.last_sweep("daily") is None


@pytest.mark.django_db
def test_one_that_fails_does_not_stop_the_others() -> None:
    done: list[str] = []

    def broken(now: datetime) -> None:
        raise ZeroDivisionError

    folders = {"hourly": (broken, lambda now: done.append("second"))}
    tick(NOON, folders)
    assert done == ["second"]
    assert queries.failures() == {"hourly": "test_ticking"}
    tick(NOON + timedelta(hours=1), {"hourly": ()})
    assert queries.failures() == {}


@pytest.mark.django_db
def test_a_sweep_that_was_killed_runs_again() -> None:
    def killed(now: datetime) -> None:
        raise SystemExit

    with pytest.raises(SystemExit):
        tick(NOON, {"daily": (killed,)})
    assert not Sweep.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_the_routines_run_on_an_empty_house(folder: str) -> None:
    assert sweep(FOLDERS[folder], clock.now()) == []
