"""A desk with two sources, at 10:00 on 27 October 2026."""

from collections.abc import Iterator

import pytest

from haicap.core import clock
from tests.cast import Cast, World

from .rows import NOW, Desk, desk


@pytest.fixture
def at_ten() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def room(cast: Cast, world: World, at_ten: None) -> Desk:
    return desk(cast, world)
