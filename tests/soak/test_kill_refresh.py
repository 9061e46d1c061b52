"""Fifty kills of a refresh at random moments; `make test` has three."""

from pathlib import Path

import pytest
from django.test import override_settings

from tests.soak.killing import kill_refresh


@pytest.mark.soak
def test_fifty_kills_leave_a_consistent_snapshot(tmp_path: Path) -> None:
    with override_settings(WAREHOUSE_DIR=tmp_path / "warehouse"):
        assert kill_refresh(tmp_path, times=50, seed=20261014) > 25
