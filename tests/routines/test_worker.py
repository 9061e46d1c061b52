"""The worker: one at a time, tireless, and ended by a word."""

import threading
from pathlib import Path
from types import SimpleNamespace

import pytest

from haicap.core.errors import Refusal
from haicap.routines import worker


@pytest.fixture(autouse=True)
def _own_data(settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DATA_DIR = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(worker, "LOOK_SECONDS", 0.001)
    monkeypatch.setattr(worker, "REST_SECONDS", (0.001,))
    monkeypatch.setattr(worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(worker, "connections", SimpleNamespace(close_all=lambda: None))


def test_there_is_only_one() -> None:
    with worker.alone():
        with pytest.raises(Refusal) as caught, worker.alone():
            pass
        assert caught.value.code == "worker.running"
    with worker.alone():
        pass


def test_work_that_fails_is_tried_again() -> None:
    stop = threading.Event()
    calls: list[int] = []

    def work() -> bool:
        calls.append(len(calls))
        if len(calls) < 3:
            raise OSError("the disk is full")
        stop.set()
        return False

    worker.keep_doing(work, stop)
    assert len(calls) == 3


def test_it_rests_longer_while_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    rests = [worker.rest(failures) for failures in range(9)]
    assert rests[0] == worker.LOOK_SECONDS
    assert rests[-1] == rests[-2] == worker.REST_SECONDS[-1]
    assert rests == sorted(rests)


@pytest.mark.django_db
def test_nothing_pending_is_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "refresh", lambda: pytest.fail("there is nothing to refresh"))
    assert worker.refresh_facts() is False


def test_a_thread_that_ends_by_itself_ends_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(work: object, stop: threading.Event) -> None:
        if work is not worker.do_jobs:
            stop.wait(10)

    monkeypatch.setattr(worker, "keep_doing", gone)
    monkeypatch.setattr(worker.jobs, "put_back_interrupted", lambda: 0)
    stop = threading.Event()
    with pytest.raises(RuntimeError, match="do_jobs"):
        worker.run(stop)
    stop.set()


def test_a_word_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker.jobs, "put_back_interrupted", lambda: 0)
    done: list[str] = []
    stop = threading.Event()

    def work(name: str) -> bool:
        done.append(name)
        if len(set(done)) == 4:
            stop.set()
        return False

    for name in ("refresh_facts", "count_derived", "do_jobs", "keep_time"):
        monkeypatch.setattr(worker, name, named(name, work))
    worker.run(stop)
    assert set(done) == {"refresh_facts", "count_derived", "do_jobs", "keep_time"}


def named(name: str, work: object) -> object:
    def look() -> bool:
        return work(name)  # type: ignore[operator,no-any-return]

    look.__name__ = name
    return look
