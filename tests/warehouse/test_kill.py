"""Kill −9 of a refresh at random moments; `make soak` does it fifty times."""

from pathlib import Path

from django.test import override_settings

from tests.soak.killing import kill_refresh


def test_three_kills_lose_nothing_and_leave_a_consistent_snapshot(tmp_path: Path) -> None:
    with override_settings(WAREHOUSE_DIR=tmp_path / "warehouse"):
        assert kill_refresh(tmp_path, times=3, seed=1) > 1
