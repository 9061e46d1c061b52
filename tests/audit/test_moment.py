"""What is committed while somebody reads is not half in what he reads."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections, transaction

from haicap.audit import actions
from haicap.audit.models import Event
from haicap.audit.moment import one_moment
from tests.reporting.test_races import in_a_file

pytestmark = pytest.mark.django_db(transaction=True)


def elsewhere(work: Callable[[], Any]) -> None:
    """In a thread with a connection of its own; what it raises is raised here."""
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if raised:
        raise raised[0]


def record() -> None:
    with transaction.atomic():
        actions.record(by="system:test", action="a", object="b")


def looking() -> None:
    before = Event.objects.count()
    with one_moment():
        assert Event.objects.count() == before
        elsewhere(record)
        assert Event.objects.count() == before
    assert Event.objects.count() == before + 1
    record()
    assert Event.objects.count() == before + 2


def failing() -> None:
    with pytest.raises(Event.DoesNotExist), one_moment():
        Event.objects.get(pk=-1)
    record()
    assert not connection.in_atomic_block


def test_a_commit_meanwhile_is_seen_afterwards_and_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    with in_a_file(tmp_path):
        elsewhere(looking)
        elsewhere(failing)
