"""Fifty kills of an import at random moments; `make test` has three."""

from pathlib import Path

import pytest

from tests.soak.importing import kill_import


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
def test_killed_imports_go_on_and_double_nothing(tmp_path: Path, seed: int) -> None:
    kill_import(tmp_path, times=5, seed=seed)
