"""TopoJSON: shared arcs become rings again, so that the rest of the room knows one kind of geometry."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy

from haicap.units.geometry import fault

Points = list[list[float]]


def features(topology: dict[str, Any], layer: str | None) -> Iterator[tuple[str, object]]:
    """(place, GeoJSON feature) of one object of the topology; a broken one keeps its fault for the reader."""
    objects = topology.get("objects")
    if not isinstance(objects, dict) or not objects:
        fault("topology", gettext_lazy("Tệp TopoJSON không có lớp nào."), "objects")
    if layer is None and len(objects) > 1:
        fault(
            "layer", gettext_lazy("Tệp có nhiều lớp: hãy nêu tên lớp cần nhập."), ", ".join(sorted(objects))
        )
    name = layer or next(iter(objects))
    if name not in objects:
        fault("layer", gettext_lazy("Tệp không có lớp mang tên này."), name)
    arcs = _arcs(topology)
    shape = objects[name]
    if not isinstance(shape, dict):
        fault("topology", gettext_lazy("Lớp phải là một đối tượng JSON."), f"objects.{name}")
    several = shape.get("type") == "GeometryCollection"
    parts = shape.get("geometries") if several else [shape]
    if not isinstance(parts, list):
        fault("topology", gettext_lazy("Lớp không có danh sách hình."), f"objects.{name}.geometries")
    for number, part in enumerate(parts):
        place = f"objects.{name}.geometries[{number}]"
        yield place, _feature(part, arcs, place)


def _arcs(topology: dict[str, Any]) -> list[Points]:
    try:
        scale, shift = [1.0, 1.0], [0.0, 0.0]
        delta = "transform" in topology
        if delta:
            scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
        return [_decode(arc, scale, shift, delta) for arc in topology["arcs"]]
    except (KeyError, TypeError, IndexError, ValueError):
        fault("topology", gettext_lazy("Các cung của tệp TopoJSON không đọc được."), "arcs")


def _decode(arc: list[list[float]], scale: list[float], shift: list[float], delta: bool) -> Points:
    x = y = 0.0
    points = []
    for position in arc:
        x, y = (x + position[0], y + position[1]) if delta else (position[0], position[1])
        points.append([x * scale[0] + shift[0], y * scale[1] + shift[1]])
    return points


def _feature(part: object, arcs: list[Points], place: str) -> object:
    if not isinstance(part, dict):
        return part
    feature = {"type": "Feature", "properties": part.get("properties") or {}, "id": part.get("id", "")}
    try:
        if part.get("type") == "Polygon":
            coordinates: object = _polygon(part["arcs"], arcs)
        elif part.get("type") == "MultiPolygon":
            coordinates = [_polygon(polygon, arcs) for polygon in part["arcs"]]
        else:
            return {**feature, "geometry": {"type": part.get("type")}}
    except (KeyError, TypeError, IndexError):
        return {**feature, "geometry": {"type": part["type"], "coordinates": []}}
    return {**feature, "geometry": {"type": part["type"], "coordinates": coordinates}}


def _polygon(rings: list[list[int]], arcs: list[Points]) -> list[Points]:
    return [_ring(ring, arcs) for ring in rings]


def _ring(ring: list[int], arcs: list[Points]) -> Points:
    points: Points = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points
