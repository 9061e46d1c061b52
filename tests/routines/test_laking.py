"""The lake follows the facts by itself, and nothing waits for it."""

from pathlib import Path
from typing import Any

import pytest

import haicap
from haicap.routines import laking, queries
from haicap.routines.laking import keep_lake
from haicap.warehouse import lake
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import store
from tests.world import Land

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def to(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.LAKE = str(tmp_path / "lake")
    monkeypatch.setattr(laking, "_written", [""])
    monkeypatch.setattr(laking, "_rest_until", [0.0])
    monkeypatch.setattr(laking, "PAUSE", 0)
    return tmp_path / "lake"


def newest() -> str:
    held = store().current().manifest
    assert held is not None
    return held.id


def test_it_holds_the_newest_snapshot_after_each_refresh(land: Land, to: Path) -> None:
    assert keep_lake()
    assert lake.snapshot_in(to) == newest()
    assert haicap.open(to).tables["values"] > 0
    assert not keep_lake(), "nothing is newer"
    first = newest()
    refresh(everything=True)
    assert newest() != first
    assert keep_lake()
    assert lake.snapshot_in(to) == newest()
    # a worker that starts anew finds the lake as it is
    laking._written[0] = ""
    made = (to / "current").resolve()
    assert keep_lake()
    assert (to / "current").resolve() == made


def test_without_a_directory_there_is_none(land: Land, settings: Any, to: Path) -> None:
    settings.LAKE = ""
    assert not keep_lake()
    assert not to.exists()


def test_a_failure_is_told_until_it_is_mended_and_stops_no_refresh(
    land: Land, to: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(lake, "_copy", lambda *_all: (_ for _ in ()).throw(OSError("no room")))
        with pytest.raises(OSError, match="no room"):
            keep_lake()
        assert queries.failures() == {"lake": "lake"}
        before = newest()
        refresh(everything=True)
        assert newest() != before
        settings.LAKE = ""
        assert not keep_lake()
        assert queries.failures() == {}, "nobody wants a lake"
    settings.LAKE = str(to)
    assert keep_lake()
    assert queries.failures() == {}
    assert lake.snapshot_in(to) == newest()


def test_it_leaves_the_machine_to_others_for_a_while(
    land: Land, to: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(laking, "PAUSE", 10**6)
    assert keep_lake()
    refresh(everything=True)
    assert not keep_lake(), "it rests after a lake"
    laking._rest_until[0] = 0.0
    assert keep_lake()
    assert lake.snapshot_in(to) == newest()
