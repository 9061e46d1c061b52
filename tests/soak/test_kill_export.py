"""Fifty kills of an export at random moments; `make test` has three."""

from pathlib import Path

import pytest

from tests.soak.exporting import kill_export


def test_three_kills_leave_a_whole_lake(tmp_path: Path) -> None:
    kill_export(tmp_path, times=3, seed=3)


@pytest.mark.soak
def test_fifty_kills_leave_a_whole_lake(tmp_path: Path) -> None:
    assert kill_export(tmp_path, times=50, seed=20261125) > 10
