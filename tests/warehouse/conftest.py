"""A record room in memory and a warehouse of it in the test's own directory."""

from collections.abc import Iterator

import pytest

from haicap.warehouse.store import store
from tests.warehouse.source import Room


@pytest.fixture
def room() -> Iterator[Room]:
    yield Room()
    store().close()
