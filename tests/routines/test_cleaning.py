"""Only what nobody needs any more goes."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult

from haicap.core import clock
from haicap.routines.daily import cleaning

pytestmark = pytest.mark.django_db


def test_ended_sessions_go() -> None:
    now = clock.now()
    for key, lasts in (("old", -timedelta(seconds=1)), ("live", timedelta(seconds=5))):
        Session.objects.create(session_key=key, session_data="", expire_date=now + lasts)
    cleaning.run(now)
    assert [one.session_key for one in Session.objects.all()] == ["live"]


def test_old_jobs_go_and_waiting_ones_stay() -> None:
    now = clock.now()
    for status, days in (("SUCCESSFUL", 15), ("SUCCESSFUL", 13), ("FAILED", 15), ("READY", None)):
        DBTaskResult.objects.create(
            status=status,
            task_path="x",
            backend_name="default",
            args_kwargs={"args": [], "kwargs": {}},
            run_after=now,
            finished_at=None if days is None else now - timedelta(days=days),
        )
    cleaning.run(now)
    assert sorted(DBTaskResult.objects.values_list("status", flat=True)) == ["READY", "SUCCESSFUL"]


def test_addresses_of_failed_attempts_are_forgotten() -> None:
    old = AccessAttempt.objects.create(username="a", ip_address="127.0.0.1", failures_since_start=1)
    new = AccessAttempt.objects.create(username="b", ip_address="127.0.0.1", failures_since_start=1)
    then = clock.now() - cleaning.KEEP_ATTEMPTS - timedelta(days=1)
    AccessAttempt.objects.filter(pk=old.pk).update(attempt_time=then)
    cleaning.run(clock.now())
    assert list(AccessAttempt.objects.values_list("pk", flat=True)) == [new.pk]
