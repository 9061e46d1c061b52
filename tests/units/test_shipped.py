"""The hexagons that ship for the country and Hà Nội: in order, apart, in one piece, as true as they say."""

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from haicap.units import cartogram, choosing, geofile, hexes, outlines
from haicap.units.borders import SHORTEST_BORDER_KM
from haicap.units.hexes import Cell
from haicap.units.plane import Edge, Point

PACKS = Path(__file__).resolve().parents[2] / "packs"
# from north to south along the sea, as every reader knows it
COAST = ["38", "40", "42", "44", "46", "48", "51", "52", "66", "56"]


def shipped(pack: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((PACKS / pack / "cartogram.yaml").read_text("utf-8"))
    return content


def cells_of(pack: str) -> dict[str, Cell]:
    return {code: (column, row) for code, (column, row) in shipped(pack)["cells"].items()}


@pytest.mark.parametrize(("pack", "units"), [("country", 34), ("ha-noi", 126)])
def test_apart_in_one_piece_without_holes(pack: str, units: int) -> None:
    cells = cells_of(pack)
    assert len(cells) == len(set(cells.values())) == units
    assert len(hexes.components(cells.values())) == 1
    assert not hexes.holes(list(cells.values()))


def test_the_coast_goes_south() -> None:
    cells = cells_of("country")
    rows = [cells[code][1] for code in COAST]
    assert rows == sorted(rows)


def truth(folder: Path, pack: str) -> tuple[dict[str, Point], list[Edge], float]:
    """Centres, neighbours and km² from the files of true outlines."""
    level = "provinces" if pack == "country" else "communes"
    cells = cells_of(pack)
    shapes = [s for s in geofile.read(folder / f"vn_{level}_2025.topo.json") if s.code in cells]
    areas = {s.code: s.area for s in shapes if s.code is not None and s.area is not None}
    spots = {code: area.representative_point() for code, area in areas.items()}
    list_of = "vn_provinces_34.csv" if pack == "country" else "vn_units_3321.csv"
    with (folder / list_of).open(encoding="utf-8") as file:
        known = {row["code"]: float(row["area_km2"]) for row in csv.DictReader(file)}
    edges = [pair for pair, km in outlines.borders(areas).items() if km > SHORTEST_BORDER_KM]
    return {code: (p.x, p.y) for code, p in spots.items()}, edges, sum(known[code] for code in cells)


@pytest.mark.parametrize(
    ("pack", "adjacent", "displacement", "wrong"),
    [
        # a long narrow land: few provinces have more than six neighbours, so nearly all can be kept
        ("country", 0.92, 0.75, 0.003),
        # small wards beside wide communes: equal cells must push the edge of the city outward
        ("ha-noi", 0.80, 1.4, 0.01),
    ],
)
def test_true(shared_data: Path, pack: str, adjacent: float, displacement: float, wrong: float) -> None:
    points, edges, area = truth(shared_data / "units", pack)
    cells = cells_of(pack)
    found = cartogram.measure(cells, points, edges, area_km2=area)
    stated = shipped(pack)["measures"]
    assert found.edges == stated["edges"]
    assert found.adjacent == pytest.approx(stated["adjacent"], abs=1e-3)
    assert found.adjacent >= adjacent
    assert found.mean_displacement <= displacement
    # centres here are points inside the outlines, there those of the list
    assert found.mean_displacement == pytest.approx(stated["mean_displacement"], abs=0.1)
    assert choosing.turned(cells, points, found.pitch_km) <= wrong


def test_what_stands_the_other_way_round_is_found() -> None:
    points = {"north": (106.0, 21.0), "middle": (106.0, 16.0), "south": (106.0, 11.0)}
    upright = {"north": (0, 0), "middle": (0, 1), "south": (0, 2)}
    assert choosing.turned(upright, points, 400) == 0
    swapped = {"north": (0, 0), "middle": (0, 2), "south": (0, 1)}
    assert choosing.turned(swapped, points, 400) == pytest.approx(1 / 3)
