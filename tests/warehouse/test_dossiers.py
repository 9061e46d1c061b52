"""Dossiers in the facts: an import arrives, a corrected month or unit leaves no trace where it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from haicap.audit import queries as audit
from haicap.core import clock
from haicap.warehouse import manifest as manifests
from haicap.warehouse.places import root_directory
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import ask, snapshot, store
from haicap.warehouse.verify import verify
from tests.cast import Cast, World
from tests.dossiers.making import record, records, take_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _closed(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    with clock.frozen("2026-10-27T10:00"):
        yield
    store().close()


def counted() -> dict[tuple[int, str], int]:
    refresh()
    assert audit.pending_count() == 0
    assert verify().ok
    rows = ask("SELECT unit_id, period, CAST(sum(n) AS INTEGER) FROM {dossiers} GROUP BY ALL", {}, None)
    return {(unit, period): n for unit, period, n in rows}


def test_an_import_arrives_and_the_same_file_again_changes_nothing(cast: Cast) -> None:
    rows = records(120)
    take_in(cast.office, rows)
    assert sum(counted().values()) == 120
    before = refresh().snapshot
    take_in(cast.office, rows)
    assert (refresh().snapshot, sum(counted().values())) == (before, 120)


def test_a_correction_that_moves_a_dossier_leaves_both_slices_right(cast: Cast, world: World) -> None:
    take_in(cast.office, [record(1), record(2)])
    here, there = world["24505"], world["22015"]
    assert counted() == {(here, "2026-09"): 2}
    take_in(cast.office, [record(1, received="30/12/2025 08:00"), record(2, unit="22015")])
    assert counted() == {(here, "2025-12"): 1, (there, "2026-09"): 1}


def test_late_is_judged_by_instants_not_days(cast: Cast) -> None:
    day = "04/09/2026"
    take_in(cast.office, [record(1, due=f"{day} 11:00", finished=f"{day} 11:01"), record(2, finished="")])
    refresh()
    rows = ask("SELECT late, due = finished FROM {dossiers} ORDER BY late NULLS LAST", {}, None)
    assert rows == [(1, True), (None, None)]


def test_a_broken_file_is_found_and_the_last_good_one_serves_with_a_warning(cast: Cast) -> None:
    take_in(cast.office, [record(1)])
    refresh()
    take_in(cast.office, [record(1), record(2)])
    refresh()
    live = manifests.read(root_directory())
    entry = live and live.get("dossiers", 2026)
    assert entry
    path = root_directory() / entry.name
    content = bytearray(path.read_bytes())
    content[-100] ^= 0xFF
    path.write_bytes(content)
    assert verify().broken == (entry.name,)
    assert ask("SELECT sum(n) FROM {dossiers}", {}, None) == [(1,)]
    assert "2026" in str(snapshot().warning)
    refresh()
    assert ask("SELECT sum(n) FROM {dossiers}", {}, None) == [(2,)]
    assert snapshot().warning is None
