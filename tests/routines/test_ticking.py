"""C22: when routines run, that no slot is worked twice, and what happens to the others when one fails."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from haicap.core import clock
from haicap.routines import queries, ticking
from haicap.routines.models import Run
from haicap.routines.schedule import FOLDERS, Job, job, slot
from haicap.routines.ticking import JOBS, LEASE, ORDERS, TRIES, tick

NOON = datetime(2026, 10, 15, 5, 0, 30, tzinfo=UTC)  # 12:00:30 in Việt Nam
MORNING = time(7, 30)


@pytest.fixture(autouse=True)
def _standing_clock() -> Iterator[None]:
    """A claim is as old as the work before it was long: here nothing takes time."""
    with clock.frozen(NOON):
        yield


def due(folder: str, at: time, last: datetime, now: datetime) -> bool:
    return slot(folder, at, now) != slot(folder, at, last)


@pytest.mark.parametrize(
    ("folder", "later", "expected"),
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
def test_once_in_each_span_of_local_time(folder: str, later: timedelta, expected: bool) -> None:
    assert due(folder, time(), NOON, NOON + later) is expected


def test_c22_the_day_begins_at_midnight_in_viet_nam() -> None:
    """C22: not at midnight in UTC, whatever the zone of the machine."""
    before = datetime(2026, 10, 14, 16, 59, 59, tzinfo=UTC)
    assert due("daily", time(), before, before + timedelta(seconds=1))
    assert not due("daily", time(), NOON, datetime(2026, 10, 15, 0, 0, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("seconds", "day"), [(-1, 14), (0, 15), (1, 15)], ids=["second-before", "at", "second-after"]
)
def test_c22_a_time_on_the_wall(seconds: int, day: int) -> None:
    """C22: half past seven in Việt Nam is 00:30 UTC."""
    at = datetime(2026, 10, 15, 0, 30, tzinfo=UTC) + timedelta(seconds=seconds)
    found = slot("daily", MORNING, at)
    assert (found.day, found.hour, found.minute, found.utcoffset()) == (day, 7, 30, timedelta(hours=7))


def test_a_month_has_its_slot_on_the_first() -> None:
    assert slot("monthly", MORNING, NOON).isoformat() == "2026-10-01T07:30:00+07:00"
    early = datetime(2026, 10, 1, 0, 29, tzinfo=UTC)
    assert slot("monthly", MORNING, early).isoformat() == "2026-09-01T07:30:00+07:00"


def test_every_routine_has_a_key_of_its_own() -> None:
    assert set(ORDERS) == set(FOLDERS)
    assert len({one.key for one in JOBS}) == len(JOBS)
    assert {one.key: one.at for one in JOBS}["daily.reminding"] == MORNING


class Kept:
    """Routines that note when they ran."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, datetime]] = []

    def job(self, name: str, folder: str = "daily", at: time = MORNING) -> Job:
        return Job(f"{folder}.{name}", folder, lambda now: self.calls.append((name, now)), at)


@pytest.fixture
def kept(db: None) -> Kept:
    return Kept()


def test_c22_after_a_standstill_it_runs_once_and_nothing_is_doubled(kept: Kept) -> None:
    """C22: three days of standstill are made up by one run, and a restart in the same slot adds none."""
    jobs = (kept.job("post"),)
    assert tick(NOON, jobs) == ["daily.post"]
    for seconds in (1, 60, 3600):
        assert tick(NOON + timedelta(seconds=seconds), jobs) == []
    later = NOON + timedelta(days=3)
    assert tick(later, jobs) == ["daily.post"]
    assert tick(later, jobs) == []
    assert [at for _name, at in kept.calls] == [NOON, later]
    assert queries.last_slot("daily.post") == datetime(2026, 10, 18, 0, 30, tzinfo=UTC)
    assert (queries.last_sweep("daily"), queries.last_sweep("monthly")) == (later, None)


def test_each_routine_of_a_folder_at_its_own_time(kept: Kept) -> None:
    jobs = (kept.job("night", at=time()), kept.job("morning"))
    assert tick(datetime(2026, 10, 14, 17, 0, tzinfo=UTC), jobs) == ["daily.night", "daily.morning"]
    assert tick(datetime(2026, 10, 15, 0, 29, tzinfo=UTC), jobs) == []
    assert tick(datetime(2026, 10, 15, 0, 30, tzinfo=UTC), jobs) == ["daily.morning"]


def test_a_clock_that_was_wrong_silences_nobody(kept: Kept) -> None:
    jobs = (kept.job("post"),)
    tick(NOON + timedelta(days=4000), jobs)
    assert tick(NOON, jobs) == ["daily.post"]
    assert tick(NOON + timedelta(days=1), jobs) == ["daily.post"]


def test_a_clock_that_was_set_back_doubles_nothing(kept: Kept) -> None:
    """C22"""
    jobs = (kept.job("post"),)
    tick(NOON, jobs)
    tick(NOON + timedelta(days=1), jobs)
    assert tick(NOON, jobs) == []


@pytest.mark.django_db
def test_one_that_fails_does_not_stop_the_others_and_is_tried_again() -> None:
    done: list[str] = []

    def broken(now: datetime) -> None:
        done.append("broken")
        raise ZeroDivisionError

    jobs = (
        Job("hourly.broken", "hourly", broken),
        Job("hourly.well", "hourly", lambda now: done.append("well")),
    )
    tick(NOON, jobs)
    assert done == ["broken", "well"]
    assert queries.failures() == {"hourly": "broken"}
    for _again in range(5):
        tick(NOON, jobs)
    assert done == ["broken", "well"] + ["broken"] * (TRIES - 1)
    assert Run.objects.get(job="hourly.broken").failure == "ZeroDivisionError"
    tick(NOON + timedelta(hours=1), jobs[1:])
    assert queries.failures() == {}


@pytest.mark.django_db
def test_a_slot_that_was_killed_is_worked_again_but_not_for_ever() -> None:
    def killed(now: datetime) -> None:
        raise SystemExit

    jobs = (Job("daily.killed", "daily", killed),)
    for again in range(TRIES):
        with pytest.raises(SystemExit):
            tick(NOON + again * LEASE["daily"], jobs)
        # nobody knows yet that it was cut off
        assert tick(NOON + again * LEASE["daily"] + timedelta(minutes=59), jobs) == []
    assert tick(NOON + TRIES * LEASE["daily"], jobs) == []
    assert queries.last_slot("daily.killed") is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("folder", "later"),
    [("daily", timedelta()), ("daily", timedelta(minutes=59)), ("minutely", timedelta(minutes=2))],
    ids=["same-moment", "while-it-lasts", "next-slot"],
)
def test_a_second_worker_leaves_alone_what_the_first_one_works_on(folder: str, later: timedelta) -> None:
    calls: list[datetime] = []

    def run(now: datetime) -> None:
        calls.append(now)
        if len(calls) == 1:
            assert tick(NOON + later, jobs) == [], "the second worker, while this one is not done"

    jobs = (Job(f"{folder}.long", folder, run),)
    assert tick(NOON, jobs) == [f"{folder}.long"]
    assert calls == [NOON]
    assert tick(NOON + later, jobs) == ([] if folder == "daily" else ["minutely.long"])


@pytest.mark.django_db
@pytest.mark.parametrize("folder", FOLDERS)
def test_what_was_cut_off_is_taken_over_after_its_lease(folder: str) -> None:
    calls: list[datetime] = []

    def run(now: datetime) -> None:
        calls.append(now)
        if len(calls) == 1:
            raise SystemExit

    jobs = (Job(f"{folder}.cut", folder, run),)
    with pytest.raises(SystemExit):
        tick(NOON, jobs)
    assert tick(NOON + LEASE[folder] - timedelta(seconds=1), jobs) == []
    assert tick(NOON + LEASE[folder], jobs) == [f"{folder}.cut"]


@pytest.mark.django_db
def test_two_who_claim_different_slots_at_once_both_step_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one claimed after our look and before our claim."""
    other = Run.objects.create(job="minutely.two", slot=NOON - timedelta(minutes=1), tries=1)
    taken = ticking._taken

    def look(*given: object, **more: object) -> bool:
        found = taken(*given, **more)  # type: ignore[arg-type]
        Run.objects.filter(pk=other.pk).update(claimed_at=NOON)
        return found

    monkeypatch.setattr(ticking, "_taken", look)
    jobs = (Job("minutely.two", "minutely", lambda now: pytest.fail("the other one works")),)
    assert tick(NOON, jobs) == []
    row = Run.objects.exclude(pk=other.pk).get()
    assert (row.tries, row.claimed_at) == (0, None)


@pytest.mark.django_db
@pytest.mark.parametrize("one", JOBS, ids=[one.key for one in JOBS])
def test_the_routines_run_on_an_empty_house(one: Job) -> None:
    one.run(clock.now())


def test_a_routine_names_its_time_in_its_module() -> None:
    assert job("hourly", test_a_month_has_its_slot_on_the_first).at == time()
