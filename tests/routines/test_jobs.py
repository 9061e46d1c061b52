"""Jobs run once each; what a kill cut off runs again, but not for ever."""

import pytest
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from haicap.routines import jobs

DONE: list[str] = []


@task()
def note(text: str) -> str:
    DONE.append(text)
    if text == "bad":
        raise ValueError(text)
    return text


@pytest.fixture(autouse=True)
def _fresh() -> None:
    DONE.clear()


def statuses() -> list[str]:
    return list(DBTaskResult.objects.order_by("enqueued_at").values_list("status", flat=True))


@pytest.mark.django_db(transaction=True)
def test_jobs_run_in_turn_and_a_bad_one_stops_nobody() -> None:
    for text in ("one", "bad", "two"):
        note.enqueue(text)
    assert [jobs.run_next() for _ in range(4)] == [True, True, True, False]
    assert DONE == ["one", "bad", "two"]
    assert statuses() == ["SUCCESSFUL", "FAILED", "SUCCESSFUL"]


@pytest.mark.django_db
def test_what_a_kill_cut_off_runs_again() -> None:
    note.enqueue("one")
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now(), worker_ids=["haicap"])
    assert jobs.run_next() is False
    assert jobs.put_back_interrupted() == 1
    assert statuses() == ["READY"]
    assert jobs.put_back_interrupted() == 0


@pytest.mark.django_db
def test_a_job_that_takes_the_worker_down_each_time_is_given_up() -> None:
    note.enqueue("one")
    DBTaskResult.objects.update(status="RUNNING", worker_ids=["haicap"] * jobs.TRIES)
    assert jobs.put_back_interrupted() == 0
    assert statuses() == ["FAILED"]
