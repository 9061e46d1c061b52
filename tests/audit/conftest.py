"""Events here have no change of their own: the transaction of the test stands for it."""

import pytest
from django.db import connection

from haicap.audit import actions


@pytest.fixture(autouse=True)
def _any_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "is_inside", lambda: connection.in_atomic_block)
