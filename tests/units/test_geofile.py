"""Broken boundary files: each is refused with a reason and a place, or taken with a stated repair."""

import json
from pathlib import Path

import pytest

from haicap.core.errors import Refusal
from haicap.units import geofile, geometry

SQUARE = [[108.0, 12.0], [109.0, 12.0], [109.0, 13.0], [108.0, 13.0], [108.0, 12.0]]
BAD = Path(__file__).resolve().parents[3] / "shared" / "data" / "trials" / "geojson" / "bad"


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "properties": properties or {"code": "24505"}, "geometry": geometry}


def written(folder: Path, content: object) -> Path:
    path = folder / "x.geojson"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def outcome(path: Path) -> list[str]:
    """Reasons of refusal, or the repairs, of a file."""
    try:
        shapes = geofile.read(path)
    except Refusal as refusal:
        return [reason(refusal)]
    found = []
    for shape in shapes:
        if shape.refusal is not None:
            found.append(reason(shape.refusal))
        found += [str(repair) for repair in shape.repairs]
    return found


def reason(refusal: Refusal) -> str:
    assert str(refusal.message)
    assert refusal.place
    return refusal.code


@pytest.mark.skipif(not BAD.is_dir(), reason="../shared/data is not beside this checkout")
@pytest.mark.parametrize("name", sorted(p.name for p in BAD.glob("*.geojson")) if BAD.is_dir() else ["-"])
def test_each_broken_file_is_refused_or_repaired(name: str) -> None:
    assert outcome(BAD / name)


EXPECTED = {
    "bad-duplicate-properties": "boundary.twice",
    "bad-json": "boundary.not_json",
    "bad-featurelist": "boundary.nesting",
    "bad-properties-as-array": "boundary.properties",
    "badfeature": "boundary.feature",
    "bad-object-type": "boundary.type",
    "notype": "boundary.type",
    "unknowntype": "boundary.type",
    "rootstring": "boundary.root",
    "featurecollection": "boundary.features",
    "featurecollection-obj": "boundary.features",
    "featurecollection-type-case": "boundary.type",
    "featurecollection_changed_semantics": "boundary.foreign_member",
    "feature_changed_semantics": "boundary.foreign_member",
    "nofeaturetype": "boundary.feature",
    "point": "boundary.not_an_area",
    "different-first-last": str(geometry.CLOSED),
    "different-first-size": str(geometry.FLATTENED),
    "polygon_winding_order": str(geometry.TURNED),
    "bad-polygon-interiorring-rhr": str(geometry.TURNED),
    "short-linearring": str(geometry.CLOSED),
}


@pytest.mark.skipif(not BAD.is_dir(), reason="../shared/data is not beside this checkout")
@pytest.mark.parametrize(("name", "expected"), sorted(EXPECTED.items()))
def test_the_reason_is_the_right_one(name: str, expected: str) -> None:
    assert expected in outcome(BAD / f"{name}.geojson")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("", "boundary.not_json"),
        ("not json", "boundary.not_json"),
        ("[" * 100_000, "boundary.not_json"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 1]]]}', "boundary.not_a_number"),
        ("é".encode("latin-1"), "boundary.encoding"),
        ('{"type":"Feature"}'.encode("utf-16"), "boundary.encoding"),
        ({"type": "FeatureCollection", "features": []}, "boundary.features"),
        (feature(None), "boundary.no_geometry"),
        (feature({"type": "Polygon"}), "boundary.no_coordinates"),
        (feature({"type": "Polygon", "coordinates": []}), "boundary.nesting"),
        (feature({"type": "Polygon", "coordinates": [[[1, True], [2, 2], [3, 1]]]}), "boundary.not_a_number"),
        (feature({"type": "Polygon", "coordinates": [[[1], [2, 2], [3, 1]]]}), "boundary.position"),
        (feature({"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [1, 1]]]}), "boundary.short_ring"),
        (
            feature({"type": "Polygon", "coordinates": [[[12, 108], [13, 108], [13, 109]]]}),
            "boundary.swapped",
        ),
        (
            feature({"type": "Polygon", "coordinates": [[[450000, 1400000], [1, 2], [3, 4]]]}),
            "boundary.not_degrees",
        ),
        (
            feature({"type": "Polygon", "coordinates": [[[1, 1], [2, 2], [3, 3], [1, 1]]]}),
            "boundary.crossing",
        ),
        (
            feature({"type": "Polygon", "coordinates": [[[0, 0], [2, 2], [2, 0], [0, 2], [0, 0]]]}),
            "boundary.crossing",
        ),
        (feature({"type": "Polygon", "coordinates": [SQUARE]}, name="x"), "boundary.no_code"),
        (feature({"type": "Polygon", "coordinates": [SQUARE]}, code=True), "boundary.no_code"),
        ({"type": "Topology"}, "boundary.topology"),
        ({"type": "Topology", "objects": {"a": {}, "b": {}}}, "boundary.layer"),
        ({"type": "Topology", "objects": {"a": {}}, "arcs": [1]}, "boundary.topology"),
        (
            {
                "type": "Topology",
                "arcs": [],
                "objects": {"a": {"type": "Polygon", "arcs": [[7]], "properties": {"code": "1"}}},
            },
            "boundary.nesting",
        ),
    ],
)
def test_broken_in_other_ways(tmp_path: Path, content: object, expected: str) -> None:
    assert outcome(written(tmp_path, content)) == [expected]


def test_too_big_and_absent(tmp_path: Path) -> None:
    path = written(tmp_path, "x" * 100)
    with pytest.raises(Refusal) as refusal:
        geofile.read(path, largest=99)
    assert refusal.value.code == "boundary.too_big"
    for place in (tmp_path / "absent.json", tmp_path):
        with pytest.raises(Refusal) as refusal:
            geofile.read(place)
        assert refusal.value.code == "boundary.no_file"


def test_repairs_are_told_and_keep_the_area(tmp_path: Path) -> None:
    ring = [[108, 12, 5], [108, 12, 5], [108, 13], [109, 13], [109, 12]]
    (shape,) = geofile.read(written(tmp_path, feature({"type": "Polygon", "coordinates": [ring]})))
    assert shape.area is not None
    assert shape.area.area == pytest.approx(1)
    assert shape.area.exterior.is_ccw
    assert set(shape.repairs) == {geometry.DOUBLED, geometry.FLATTENED, geometry.CLOSED, geometry.TURNED}


def test_a_good_one_needs_no_repair(tmp_path: Path) -> None:
    text = "\ufeff" + json.dumps(feature({"type": "Polygon", "coordinates": [SQUARE]}, MA_XA=24505))
    (shape,) = geofile.read(written(tmp_path, text))
    assert (shape.code, shape.repairs, shape.refusal) == ("24505", [], None)


def test_the_name_of_the_code_can_be_chosen(tmp_path: Path) -> None:
    path = written(tmp_path, feature({"type": "Polygon", "coordinates": [SQUARE]}, code="1", gso="24505"))
    assert geofile.read(path, ["gso"])[0].code == "24505"


def test_topology_with_and_without_deltas(tmp_path: Path) -> None:
    shape = {"type": "Polygon", "arcs": [[0, -2]], "properties": {"code": "24505"}}
    plain = {
        "type": "Topology",
        "objects": {"a": {"type": "GeometryCollection", "geometries": [shape]}},
        "arcs": [[[108, 12], [109, 12], [109, 13]], [[108, 12], [108, 13], [109, 13]]],
    }
    delta = {
        **plain,
        "transform": {"scale": [0.5, 0.5], "translate": [108, 12]},
        "arcs": [[[0, 0], [2, 0], [0, 2]], [[0, 0], [0, 2], [2, 0]]],
    }
    for content in (plain, delta):
        (found,) = geofile.read(written(tmp_path, content))
        assert found.refusal is None
        assert found.area is not None
        assert found.area.bounds == (108, 12, 109, 13)
        assert found.area.area == pytest.approx(1)
