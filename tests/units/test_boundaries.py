"""Importing outlines by code: coverage, both sides of what does not match, wrong places (case C20)."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from haicap.audit.queries import history
from haicap.core.clock import frozen
from haicap.core.errors import Refusal
from haicap.units import queries
from haicap.units.actions import RegisterReport, import_boundaries
from haicap.units.borders import SHORTEST_BORDER_KM
from haicap.units.models import Border, Boundary

pytestmark = pytest.mark.once

DAK_LAK = "units/daklak_communes_2025.topo.json"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with frozen("2026-11-25T09:00"):
        yield


def squares(folder: Path, codes: list[object], size: float = 0.05, swap: bool = False) -> Path:
    """A file with one square around the centre of each code's unit; unknown codes lie at Ea Knuếc's."""
    features = []
    for code in codes:
        try:
            place = queries.by_code(str(code).zfill(5))
        except Refusal:
            place = queries.by_code("24505")
        x, y = place.lon or 0, place.lat or 0
        ring = [(x - size, y - size), (x + size, y - size), (x + size, y + size), (x - size, y + size)]
        ring = [(b, a) if swap else (a, b) for a, b in [*ring, ring[0]]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append({"type": "Feature", "properties": {"code": code}, "geometry": geometry})
    path = folder / "x.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def test_dak_lak_is_covered(register: RegisterReport, shared_data: Path) -> None:
    version = queries.version()
    report = import_boundaries(by="system:test", path=shared_data / DAK_LAK, version="2025")
    assert report.coverage == "102/102"
    assert (report.unmatched_file, report.unmatched_units, report.invalid) == ([], [], [])
    assert report.repaired == []
    assert queries.version() != version
    assert Border.objects.filter(km__gt=SHORTEST_BORDER_KM).count() == 255
    dak_lak = queries.by_code("66", level=1)
    outlines = queries.outlines(dak_lak.id)
    assert outlines is not None
    assert set(outlines) == {c.code for c in queries.communes(dak_lak.id)}
    assert all(re.fullmatch(r"(M\d+ \d+( \d+ \d+)+Z)+", path) for path in outlines.values())
    assert sum(map(len, outlines.values())) < 200_000
    assert history("units", 1)[0].action == "units.boundaries_imported"


def test_importing_again_replaces_the_version(register: RegisterReport, tmp_path: Path) -> None:
    for size in (0.05, 0.02):
        import_boundaries(by="system:test", path=squares(tmp_path, ["24505"], size), version="a")
    assert Boundary.objects.count() == 1
    first = queries.outlines(queries.by_code("66", level=1).id)
    import_boundaries(by="system:test", path=squares(tmp_path, ["24505"], 0.04), version="b")
    assert Boundary.objects.count() == 2
    assert queries.outlines(queries.by_code("66", level=1).id) != first


def test_no_outlines_while_none_are_loaded(register: RegisterReport) -> None:
    assert queries.outlines(queries.by_code("66", level=1).id) is None


def test_both_sides_of_what_does_not_match(register: RegisterReport, tmp_path: Path) -> None:
    path = squares(tmp_path, ["24505", "99999", "Ea Knuếc", 24505])
    report = import_boundaries(by="system:test", path=path, version="x")
    assert report.matched == ["24505"]
    assert report.unmatched_file == ["99999", "Ea Knuếc"]
    assert len(report.unmatched_units) == 101
    assert report.coverage == "1/102"
    assert [(p.code, p.reason) for p in report.invalid] == [("24505", "boundary.code_twice")]


def test_lost_zeros_are_put_back_and_told(register: RegisterReport, tmp_path: Path) -> None:
    report = import_boundaries(by="system:test", path=squares(tmp_path, [466]), version="x")
    assert report.matched == ["00466"]
    assert [r.code for r in report.repaired] == ["00466"]


@pytest.mark.parametrize(
    ("codes", "swap", "reason"),
    [(["99999"], False, "boundary.no_match"), (["24505"], True, "boundary.swapped")],
)
def test_a_file_that_fits_nothing_is_refused(
    register: RegisterReport, tmp_path: Path, codes: list[object], swap: bool, reason: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        import_boundaries(by="system:test", path=squares(tmp_path, codes, swap=swap), version="x")
    assert refusal.value.code == reason
    assert Boundary.objects.count() == 0


def test_an_outline_far_from_its_unit_is_refused(register: RegisterReport, tmp_path: Path) -> None:
    path = squares(tmp_path, ["24505", "00466"])
    text = path.read_text().replace('"24505"', '"x"').replace('"00466"', '"24505"').replace('"x"', '"00466"')
    path.write_text(text)
    with pytest.raises(Refusal) as refusal:
        import_boundaries(by="system:test", path=path, version="x")
    assert refusal.value.code == "boundary.far_away"


@pytest.mark.parametrize("version", ["", "  ", "x" * 65])
def test_a_version_is_needed(register: RegisterReport, tmp_path: Path, version: str) -> None:
    with pytest.raises(Refusal) as refusal:
        import_boundaries(by="system:test", path=squares(tmp_path, ["24505"]), version=version)
    assert refusal.value.code == "boundary.version"


def test_the_whole_country(register: RegisterReport, shared_data: Path) -> None:
    path = shared_data / "units" / "vn_provinces_2025.topo.json"
    report = import_boundaries(by="system:test", path=path, version="2025", code_names=["province_code"])
    assert report.coverage == "34/34"
    outlines = queries.outlines(queries.country().id)
    assert outlines is not None
    assert len(outlines) == 34
