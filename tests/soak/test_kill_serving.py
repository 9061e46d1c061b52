"""Fifty kills of a serving installation; `make test` has four, one of each kind of process."""

import sys
from pathlib import Path

import pytest

from tests.soak.serving import VICTIMS, kill_serving

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="finds its victims in /proc")


def test_a_kill_of_each_kind_loses_nothing(tmp_path: Path) -> None:
    assert kill_serving(tmp_path, times=len(VICTIMS), seed=20261015) == 1


@pytest.mark.soak
def test_fifty_kills_lose_nothing(tmp_path: Path) -> None:
    # twelve months since the form began leave room for so many reports
    assert kill_serving(tmp_path, times=36, seed=1) + kill_serving(tmp_path / "again", times=14, seed=2) == 16
