"""Two at the same instant: one report, one submission, no lost value. Threads with their own connections."""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from contextvars import copy_context
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection, transaction

from haicap.accounts.scopes import scope_of
from haicap.core.errors import Refusal
from haicap.reporting import actions
from haicap.reporting.actions import CellChange, Datum, take_in
from haicap.reporting.actions.carrying import add_up
from haicap.reporting.models import Report, Submission, Value, ValueChange
from haicap.units.merging import Share
from haicap.units.succession import Change
from tests.cast import make_cast, make_world

from .conftest import publish
from .office import FORM, FULL, PERIOD, Office

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def committed(at_work: None) -> Office:
    world = make_world()
    office = Office(make_cast(world), world)
    publish(world["66"])
    return office


@contextmanager
def in_a_file(folder: Path) -> Iterator[None]:
    """SQLite in memory locks whole tables between threads; the product, and so the race, runs on a file."""
    if connection.vendor != "sqlite" or not connection.is_in_memory_db():
        yield
        return
    name, path = connection.settings_dict["NAME"], folder / "race.sqlite3"
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as file:
        connection.connection.backup(file)
    # New connections, those of the threads, read the same dictionary.
    connection.settings_dict["NAME"] = path
    try:
        yield
    finally:
        connection.settings_dict["NAME"] = name
        with closing(sqlite3.connect(path)) as file:
            file.backup(connection.connection)


AtOnce = Callable[[list[Callable[[], object]]], list[object]]


@pytest.fixture
def at_once(tmp_path: Path) -> AtOnce:
    """Runs jobs in threads that start together; a refusal is an answer too."""

    def run_all(jobs: list[Callable[[], object]]) -> list[object]:
        start, answers = threading.Barrier(len(jobs)), [None] * len(jobs)

        def run(place: int, job: Callable[[], object]) -> None:
            try:
                start.wait(10)
                answers[place] = job()  # type: ignore[call-overload]
            except Refusal as refusal:
                answers[place] = refusal.code  # type: ignore[call-overload]
            finally:
                connection.close()

        threads = [threading.Thread(target=copy_context().run, args=(run, *pair)) for pair in enumerate(jobs)]
        with in_a_file(tmp_path):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(30)
        return answers

    return run_all


def test_one_report_for_two_openings(committed: Office, at_once: AtOnce) -> None:
    first, second = at_once([committed.open, committed.open])
    assert first == second
    assert Report.objects.count() == 1


def test_a_batch_and_an_opening_meet_in_one_report(committed: Office, at_once: AtOnce) -> None:
    """Whoever comes first makes the report; the batch finds it there and writes into it."""
    _report, taken = at_once([committed.open, lambda: batch(committed, 5)])
    assert taken == (1, 0)
    assert Report.objects.count() == Value.objects.count() == 1


def test_two_batches_meet_in_one_report(committed: Office, at_once: AtOnce) -> None:
    assert sorted(map(str, at_once([lambda: batch(committed, 5), lambda: batch(committed, 6)]))) == [
        "(0, 1)",
        "(1, 0)",
    ]
    assert (Report.objects.count(), Value.objects.count(), ValueChange.objects.count()) == (1, 1, 2)


@pytest.mark.parametrize("outer", [False, True], ids=["alone", "inside a transaction"])
@pytest.mark.parametrize("first", ["grid", "batch"])
def test_a_batch_waits_for_whoever_is_opening_its_report(
    committed: Office, at_once: AtOnce, outer: bool, first: str
) -> None:
    """The other one has not committed yet when the batch looks, so the batch meets it while writing."""
    opened = threading.Event()

    def opening() -> None:
        with transaction.atomic():
            if first == "grid":
                committed.open()
            else:
                batch(committed, 4)
            opened.set()
            pause()

    def taking() -> object:
        opened.wait(10)
        with transaction.atomic() if outer else nullcontext():
            return batch(committed, 5)

    assert at_once([opening, taking]) == [None, (1, 0) if first == "grid" else (0, 1)]
    assert (Report.objects.count(), Value.objects.get().number) == (1, 5)


def test_what_is_typed_while_units_merge_is_in_the_sum(committed: Office, at_once: AtOnce) -> None:
    """C9: the drafts of the old units are held before they are added up."""
    report = committed.open(period="2026-11")
    committed.save(report, {"HS_NHAN": "100"})
    old = committed.world["24505"]
    typed, change = threading.Event(), becoming(old, committed.world["22015"])

    def typing() -> None:
        with transaction.atomic():
            committed.save(report, {"HS_NHAN": "140"})
            typed.set()
            pause()

    def merging() -> int:
        typed.wait(10)
        with transaction.atomic():
            return len(add_up(by="system:test", change=change, begun={old: committed.world["22015"]}))

    assert at_once([typing, merging]) == [None, 1]
    assert Value.objects.get(door="merger").number == 140


def batch(office: Office, number: int) -> tuple[int, int]:
    """(imported, updated)"""
    who = office.cast.office
    data = [Datum(0, "B2", office.world["24505"], FORM, PERIOD, "HS_NHAN", Decimal(number))]
    found = take_in(by=who, scope=scope_of(who), data=data, door="api")
    return found.imported, found.updated


def becoming(old: int, new: int) -> Change:
    share = Share(old, "k1", Decimal(1), "")
    return Change(
        merger=1, on=date(2026, 10, 20), act="", owner_id=0, olds=(old,), news=(), shares=(share,),
        ids={"k1": new},
    )  # fmt: skip


def pause() -> None:
    """Long enough for the other one to arrive; if it is slower, the test proves less, but never fails."""
    time.sleep(0.7)


def test_two_saves_of_one_cell_never_lose_one_silently(committed: Office, at_once: AtOnce) -> None:
    report = committed.open()

    def saving(text: str) -> Callable[[], str]:
        return lambda: committed.change(report, CellChange("HS_NHAN", 0, text)).cells[0].status.value

    assert sorted(map(str, at_once([saving("1"), saving("2")]))) == ["conflict", "saved"]
    assert Value.objects.count() == ValueChange.objects.count() == 1


def test_the_same_submission_twice_is_one(committed: Office, at_once: AtOnce) -> None:
    report = committed.ready()
    answers = at_once([lambda: committed.submit(report, "k").at] * 2)
    assert answers[0] == answers[1]
    assert Submission.objects.count() == 1


def test_accepted_and_returned_at_once_is_one_of_them(committed: Office, at_once: AtOnce) -> None:
    report, clerk = committed.submitted(), committed.cast.office
    answers = at_once(
        [
            lambda: actions.accept(by=clerk, scope=scope_of(clerk), report=report).state.value,
            lambda: committed.give_back(report, {"": "Xem lại giúp"}).state.value,
        ]
    )
    assert answers.count("report.step") == 1
    assert Report.objects.get().state in answers


def test_opening_a_period_while_somebody_opens_one(committed: Office, at_once: AtOnce) -> None:
    at_once([lambda: actions.open_period(by="system:test", form=FORM, period=PERIOD), committed.open])
    assert Report.objects.count() == 3


def test_saving_while_submitting_is_in_or_refused(committed: Office, at_once: AtOnce) -> None:
    report = committed.ready()
    answers = at_once(
        [lambda: committed.submit(report).state.value, lambda: committed.save(report, FULL).state]
    )
    assert "submitted" in answers
    assert "report.step" in answers
