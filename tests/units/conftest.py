"""The register of the tests: the real list, loaded once for a module and rolled back after it."""

from collections.abc import Iterator
from functools import partial

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from haicap.core.clock import frozen
from haicap.units.actions import RegisterReport, load_register
from tests.mould import poured


@pytest.fixture(scope="module")
def first_load(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[RegisterReport]:
    with django_db_blocker.unblock():
        outer = transaction.atomic()
        outer.__enter__()
        # before the day on which the tests ask: what they make is newer than what was shipped
        with frozen("2026-11-20T09:00"):
            report = poured("register", partial(load_register, by="system:test"))
    yield report
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def register(first_load: RegisterReport, db: None) -> RegisterReport:
    """34 provinces, 3,321 communes, the old ones and their successions are in the database."""
    return first_load
