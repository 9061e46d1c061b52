"""A boundary file as a whole: GeoJSON or TopoJSON, one feature per unit, each with a code."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from shapely.geometry.base import BaseGeometry

from haicap.core.errors import Refusal
from haicap.units import geometry, topology
from haicap.units.geometry import fault

CODE_NAMES = (
    "code", "ma_xa", "maxa", "ma_dvhc", "ma_phuong_xa", "ward_code", "ma_tinh", "matinh",
    "province_code", "ma",
)  # fmt: skip
NOT_JSON = gettext_lazy("Tệp không phải JSON (lỗi ở dòng:cột đã nêu).")
LARGEST_FILE = 64 * 1024 * 1024

# In these places RFC 7946 lets these names mean something else: a reader could take the wrong thing.
_NOT_IN_COLLECTION = ("geometry", "properties", "coordinates", "geometries")
_NOT_IN_FEATURE = ("features", "coordinates", "geometries")


@dataclass
class Shape:
    """One feature: its place in the file, its code, and either an area or the reason why there is none."""

    place: str
    code: str | None = None
    area: BaseGeometry | None = None
    repairs: list[Promise] = field(default_factory=list)
    refusal: Refusal | None = None


def read(
    path: Path, code_names: Sequence[str] = CODE_NAMES, layer: str | None = None, largest: int = LARGEST_FILE
) -> list[Shape]:
    """All features of a file. Refusal boundary.… when the file itself cannot be used."""
    content = _parse(_text(path, largest))
    shapes = [_shape(place, value, code_names) for place, value in _features(content, layer)]
    if isinstance(content, dict) and content.get("type") == "Topology":
        # TopoJSON asks for no winding order: to turn its rings is no repair
        for shape in shapes:
            shape.repairs = [repair for repair in shape.repairs if repair != geometry.TURNED]
    return shapes


def _text(path: Path, largest: int) -> str:
    try:
        size = path.stat().st_size
        if size > largest:
            fault("too_big", gettext_lazy("Tệp quá lớn."), path.name)
        data = path.read_bytes()
    except OSError:
        fault("no_file", gettext_lazy("Không mở được tệp."), path.name)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault("encoding", gettext_lazy("Tệp không ở bảng mã UTF-8."), f"byte {error.start}")


def _parse(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_constant)
    except json.JSONDecodeError as error:
        fault("not_json", NOT_JSON, f"{error.lineno}:{error.colno}")
    except RecursionError:
        fault("not_json", NOT_JSON, "1:1")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        fault("twice", gettext_lazy("Một đối tượng có hai thành phần cùng tên."), twice)
    return found


def _constant(name: str) -> float:
    fault("not_a_number", gettext_lazy("Tọa độ phải là số."), name)


def _features(content: object, layer: str | None) -> Iterator[tuple[str, object]]:
    if not isinstance(content, dict):
        fault("root", gettext_lazy("Tệp phải là một đối tượng GeoJSON hoặc TopoJSON."), "$")
    kind = content.get("type")
    if kind == "Topology":
        yield from topology.features(content, layer)
    elif kind == "FeatureCollection":
        _refuse_members(content, _NOT_IN_COLLECTION, "$")
        features = content.get("features")
        if not isinstance(features, list) or not features:
            fault(
                "features", gettext_lazy("“features” phải là danh sách có ít nhất một đối tượng."), "features"
            )
        for number, feature in enumerate(features):
            yield f"features[{number}]", feature
    elif kind == "Feature":
        yield "$", content
    elif kind in ("Polygon", "MultiPolygon"):
        yield "$", {"type": "Feature", "properties": {}, "geometry": content}
    elif isinstance(kind, str) and kind in ("Point", "MultiPoint", "LineString", "MultiLineString"):
        fault("not_an_area", gettext_lazy("Hình phải là Polygon hoặc MultiPolygon (đúng chữ hoa)."), "type")
    else:
        fault(
            "type",
            gettext_lazy("“type” phải là FeatureCollection, Feature hoặc Topology (đúng chữ hoa)."),
            "type",
        )


def _refuse_members(value: dict[str, Any], names: Sequence[str], place: str) -> None:
    for name in names:
        if name in value:
            fault("foreign_member", gettext_lazy("Thành phần này không được đứng ở đây."), f"{place}.{name}")


def _shape(place: str, feature: object, code_names: Sequence[str]) -> Shape:
    shape = Shape(place)
    try:
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            fault("feature", gettext_lazy("Mỗi đối tượng phải có “type”: “Feature”."), place)
        _refuse_members(feature, _NOT_IN_FEATURE, place)
        properties = feature.get("properties")
        if properties is not None and not isinstance(properties, dict):
            fault(
                "properties", gettext_lazy("“properties” phải là một đối tượng JSON."), f"{place}.properties"
            )
        shape.code = _code(properties or {}, code_names)
        if "geometry" not in feature:
            fault("no_geometry", gettext_lazy("Đối tượng không có hình."), place)
        shape.area, shape.repairs = geometry.read(feature["geometry"], f"{place}.geometry")
        if shape.code is None:
            fault("no_code", gettext_lazy("Đối tượng không có mã đơn vị."), f"{place}.properties")
    except Refusal as refusal:
        shape.refusal = refusal
    return shape


def _code(properties: dict[str, Any], code_names: Sequence[str]) -> str | None:
    lower = {name.lower(): value for name, value in properties.items()}
    for name in code_names:
        value = lower.get(name.lower())
        if isinstance(value, int | str) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return None
