"""Two at the same instant: one report, one submission, no lost value. Threads with their own connections."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from contextvars import copy_context
from pathlib import Path

import pytest
from django.db import connection

from haicap.accounts.scopes import scope_of
from haicap.core.errors import Refusal
from haicap.reporting import actions
from haicap.reporting.actions import CellChange
from haicap.reporting.models import Report, Submission, Value, ValueChange
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
