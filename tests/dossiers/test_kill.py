"""An import that is killed goes on where it was (fifty times in tests/soak)."""

from pathlib import Path

import pytest

from tests.soak.importing import kill_import


@pytest.mark.once
def test_three_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    assert kill_import(tmp_path, times=3, seed=20261027) > 0
