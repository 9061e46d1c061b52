"""Loading into an empty room: in parts, and with files that cannot be used."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction

from haicap.core.clock import frozen
from haicap.core.errors import Refusal
from haicap.units import queries
from haicap.units.actions import load_register


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with frozen("2026-11-25T09:00"):
        yield


def test_a_part_can_be_loaded_first_and_the_rest_later(db: None) -> None:
    part = load_register(by="system:test", provinces=["66"], history=False)
    assert part.created == 1 + 34 + 1 + 102
    assert len(queries.communes(queries.by_code("66", level=1).id)) == 102
    assert queries.communes(queries.by_code("01", level=1).id) == ()
    version = queries.version()
    rest = load_register(by="system:test", provinces=["66", "01"], history=False)
    assert (rest.created, rest.updated) == (126, 0)
    assert queries.version() != version
    assert len(queries.communes(queries.by_code("01", level=1).id)) == 126


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("acts: [", "units.corrections"),
        ("- just\n- a list", "units.corrections"),
        (
            "acts: [{day: 2026-01-01, act: X, units: [{code: '99999', level: 2, kind: xa, name: X}]}]",
            "units.corrections",
        ),
        ("acts: [{act: X, units: [{code: '75'}]}]", "units.corrections"),
        ("expected: [{day: 2026-01-01, xa: 7}]", "units.counts"),
    ],
)
def test_broken_corrections_load_nothing(db: None, tmp_path: Path, text: str, code: str) -> None:
    (tmp_path / "units").mkdir()
    (tmp_path / "units" / "corrections.yaml").write_text(text)
    with pytest.raises(Refusal) as refusal:
        load_register(by="system:test", packs=tmp_path)
    assert refusal.value.code == code
    with pytest.raises(Refusal):
        queries.country()


def test_a_population_that_does_not_add_up_loads_nothing(db: None, tmp_path: Path) -> None:
    for name in ("units", "x"):
        (tmp_path / name).mkdir()
    (tmp_path / "units" / "corrections.yaml").write_text("acts: []")
    (tmp_path / "x" / "population.yaml").write_text("{province: '66', total: 3, units: {'24505': 2}}")
    with pytest.raises(Refusal) as refusal:
        load_register(by="system:test", packs=tmp_path)
    assert refusal.value.code == "units.population"


def test_what_was_rolled_back_is_not_remembered(db: None) -> None:
    with transaction.atomic():
        load_register(by="system:test", provinces=[], history=False)
        assert len(queries.provinces()) == 34
        transaction.set_rollback(True)
    with pytest.raises(Refusal):
        queries.country()
    assert queries.version() == ""
