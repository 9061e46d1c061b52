"""The deadline storm: nothing is lost, nothing is doubled, nobody gets an error.

How long they waited is told by `make bench BENCH=storm`.
"""

from pathlib import Path
from typing import Any

import pytest

from tests.services import postgres
from tests.soak.storm import Ledger, storm


def check(ledger: Ledger, found: dict[str, Any], communes: int) -> None:
    assert ledger.errors == []
    assert found["cells"] == {f"{unit} {code}": text for (unit, code), text in ledger.typed.items()}
    assert found["changes"] == ledger.changes == len(ledger.typed), "each typed cell has one step of history"
    assert found["submitted"] == sorted(ledger.submitted)
    assert found["submissions"] == len(ledger.submitted) == found["reports"] == communes
    assert found["log_is_whole"]


def test_a_small_storm(tmp_path: Path) -> None:
    ledger, found = storm(tmp_path, "", communes=3, seconds=10)
    check(ledger, found, 3)


@pytest.mark.soak
def test_two_hundred_and_fifty_officers_for_ten_minutes(tmp_path: Path) -> None:
    try:
        postgres.programs()
    except postgres.NotInstalledError as missing:
        pytest.skip(str(missing))
    with postgres.running() as url:
        ledger, found = storm(tmp_path, url, communes=250, seconds=600)
    check(ledger, found, 250)
