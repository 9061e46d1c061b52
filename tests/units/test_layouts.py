"""The layout that ships, measured against the truth, and layouts made on demand."""

import csv
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import yaml
from django.conf import settings
from django.db import transaction

from haicap.core.clock import frozen
from haicap.core.errors import Refusal
from haicap.units import borders, cartogram, geofile, hexes, outlines, queries
from haicap.units.actions import RegisterReport, load_register, make_layout
from haicap.units.actions.layouts import store_shipped
from haicap.units.actions.stamp import touch
from haicap.units.borders import SHORTEST_BORDER_KM
from haicap.units.places import Place

SHIPPED = Path(settings.PACKS_DIR) / "dak-lak" / "cartogram.yaml"

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with frozen("2026-11-25T09:00"):
        yield


@pytest.fixture(scope="module")
def shipped() -> dict[str, tuple[int, int]]:
    cells = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))["cells"]
    return {code: (column, row) for code, (column, row) in cells.items()}


def test_the_shipped_figure_is_sound(shipped: dict[str, tuple[int, int]]) -> None:
    assert len(shipped) == len(set(shipped.values())) == 102
    assert len(hexes.components(shipped.values())) == 1
    assert hexes.holes(list(shipped.values())) == set()
    assert max(row for _, row in shipped.values()) < 13
    assert max(column for column, _ in shipped.values()) < 15
    assert min(map(min, shipped.values())) == 0


def test_the_shipped_figure_is_true(shipped: dict[str, tuple[int, int]], shared_data: Path) -> None:
    with (shared_data / "units" / "daklak_units_102.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    points = {row["code"]: (float(row["lon"]), float(row["lat"])) for row in rows}
    area = sum(float(row["area_km2"]) for row in rows)
    shapes = geofile.read(shared_data / "units" / "daklak_communes_2025.topo.json")
    true = outlines.borders({s.code: s.area for s in shapes if s.code and s.area is not None})
    edges = [pair for pair, km in true.items() if km > SHORTEST_BORDER_KM]
    found = cartogram.measure(shipped, points, edges, area_km2=area, stretch=(1.06, 0.90))
    assert found.edges == 255
    assert found.adjacent >= 0.82
    assert found.mean_displacement <= 0.75
    stated = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))["measures"]
    assert found.adjacent == pytest.approx(stated["adjacent"], abs=1e-3)
    assert found.mean_displacement == pytest.approx(stated["mean_displacement"], abs=1e-3)


def test_loading_units_brings_the_shipped_layout(
    register: RegisterReport, shipped: dict[str, tuple[int, int]]
) -> None:
    dak_lak = queries.by_code("66", level=1)
    layout = queries.layout(dak_lak.id)
    assert layout is not None
    assert layout.cells == shipped
    assert set(layout.neighbours) == {c.code for c in queries.communes(dak_lak.id)}
    for code, parts in (("00", 34), ("01", 126)):
        stored = queries.layout(queries.by_code(code).id)
        assert stored is not None
        assert len(stored.cells) == parts
    assert queries.layout(queries.by_code("48", level=1).id) is None


@pytest.mark.parametrize("code", ["01", "40", "56", "48", "79"])
def test_a_layout_on_demand(register: RegisterReport, code: str) -> None:
    """Hà Nội (crowded), Nghệ An (slanting), Khánh Hòa and Đà Nẵng (far islands), Hồ Chí Minh (168 units)."""
    owner = queries.by_code(code, level=1)
    seen: list[float] = []
    version = queries.version()
    made = make_layout(by="system:test", owner_id=owner.id, progress=seen.append)
    stored = queries.layout(owner.id)
    assert stored is not None
    assert stored.cells == made.cells
    assert queries.version() != version
    assert set(made.cells) == {c.code for c in queries.communes(owner.id)}
    assert len(set(made.cells.values())) == len(made.cells)
    assert len(hexes.components(made.cells.values())) == 1
    assert hexes.holes(list(made.cells.values())) == set()
    assert seen[-1] == 1
    assert all(a <= b for a, b in pairwise(seen))
    assert max(map(max, made.cells.values())) < 2.5 * len(made.cells) ** 0.5
    # one step of the grid is about a tenth of the side: what lies closer may stand either way
    assert min(order(made.cells, queries.communes(owner.id))) >= 0.92


# North to south along the sea, as every reader knows it.
COAST = ("38", "40", "42", "44", "46", "48", "51", "52", "66", "56")


def ranks(values: list[float]) -> np.ndarray:
    """Rank of each value, the mean rank where several are alike (a whole row of hexagons is)."""
    ordered = np.sort(values)
    return (np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")) / 2


def order(cells: Mapping[str, tuple[int, int]], parts: tuple[Place, ...]) -> tuple[float, float]:
    """Rank correlations: of places to the right with longitude, of rows with latitude southward."""
    drawn = [hexes.centre(cells[p.code]) for p in parts]
    east = np.corrcoef(ranks([x for x, _ in drawn]), ranks([p.lon or 0 for p in parts]))[0, 1]
    south = np.corrcoef(ranks([y for _, y in drawn]), ranks([-(p.lat or 0) for p in parts]))[0, 1]
    return float(east), float(south)


def test_the_country(register: RegisterReport) -> None:
    made = make_layout(by="system:test", owner_id=queries.country().id)
    assert set(made.cells) == {p.code for p in queries.provinces()}
    assert len(hexes.components(made.cells.values())) == 1
    assert hexes.holes(list(made.cells.values())) == set()
    rows = [made.cells[code][1] for code in COAST]
    assert rows == sorted(rows)
    east, south = order(made.cells, queries.provinces())
    # sixteen rows tell latitudes well apart; seven columns of an S-shaped land tell longitudes less well
    assert south >= 0.97
    assert east >= 0.9
    again = make_layout(by="system:test", owner_id=queries.country().id)
    assert (again.version, again.cells) == (made.version, made.cells)


def test_provinces_are_neighbours_where_their_communes_face_each_other(
    register: RegisterReport, shared_data: Path
) -> None:
    shapes = geofile.read(shared_data / "units" / "vn_provinces_2025.topo.json")
    true = outlines.borders({s.code: s.area for s in shapes if s.code and s.area is not None})
    found, how = borders.between(queries.provinces())
    assert how == "communes"
    assert set(found) == {(min(pair), max(pair)) for pair, km in true.items() if km > SHORTEST_BORDER_KM}


def test_a_shipped_layout_replaces_a_computed_one_once(register: RegisterReport, tmp_path: Path) -> None:
    """Where people asked for a map before the reviewed one was shipped."""
    owner = queries.by_code("96", level=1)
    make_layout(by="system:test", owner_id=owner.id)
    (tmp_path / "ca-mau").mkdir()
    cells = {c.code: [number, 0] for number, c in enumerate(queries.communes(owner.id))}
    (tmp_path / "ca-mau" / "cartogram.yaml").write_text(yaml.safe_dump({"owner": "96", "cells": cells}))
    with transaction.atomic():
        assert store_shipped(tmp_path) == 1
        touch()
    layout = queries.layout(owner.id)
    assert layout is not None
    assert max(column for column, _ in layout.cells.values()) == len(cells) - 1
    with frozen("2026-11-26T09:00"):
        computed = make_layout(by="system:test", owner_id=owner.id)
    assert store_shipped(tmp_path) == 0
    layout = queries.layout(owner.id)
    assert layout is not None
    assert layout.cells == computed.cells


def test_a_commune_has_nothing_to_lay_out(register: RegisterReport) -> None:
    with pytest.raises(Refusal) as refusal:
        make_layout(by="system:test", owner_id=queries.by_code("24505").id)
    assert refusal.value.code == "units.layout_empty"


@pytest.mark.parametrize(
    "text", ["cells: [", "owner: '66'", "{owner: '66', cells: {'1': [0, 0], '2': [0, 0]}}", "[]"]
)
def test_a_broken_layout_file_loads_nothing(db: None, tmp_path: Path, text: str) -> None:
    for name in ("units", "x"):
        (tmp_path / name).mkdir()
    (tmp_path / "units" / "corrections.yaml").write_text("acts: []")
    (tmp_path / "x" / "cartogram.yaml").write_text(text)
    with pytest.raises(Refusal) as refusal:
        load_register(by="system:test", packs=tmp_path, provinces=["66"], history=False)
    assert refusal.value.code == "units.layout_file"
