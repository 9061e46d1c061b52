"""The country's hexagons as shipped: in order, apart, in one piece."""

from pathlib import Path

import pytest
import yaml

from haicap.units import hexes

FILE = Path(__file__).resolve().parents[2] / "packs/country/cartogram.yaml"
# the coast from north to south, as every reader knows it
COAST = ["38", "40", "42", "44", "46", "48", "51", "52", "66", "56"]


@pytest.fixture
def cells() -> dict[str, tuple[int, int]]:
    content = yaml.safe_load(FILE.read_text("utf-8"))["cells"]
    return {code: (column, row) for code, (column, row) in content.items()}


def test_34_provinces_apart(cells: dict[str, tuple[int, int]]) -> None:
    assert len(cells) == 34
    assert len(set(cells.values())) == 34


def test_the_coast_goes_south(cells: dict[str, tuple[int, int]]) -> None:
    rows = [cells[code][1] for code in COAST]
    assert rows == sorted(rows)


def test_in_one_piece_without_holes(cells: dict[str, tuple[int, int]]) -> None:
    assert len(hexes.components(cells.values())) == 1
    assert not hexes.holes(set(cells.values()))
