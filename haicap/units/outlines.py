"""Areas → SVG paths on one plane, simplified together shared borders stay shared; who borders whom."""

import math
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

# Web Mercator; the plane is as wide as the world: one unit is about 40 m at the equator.
PLANE = 1_000_000
# Detail that a map of the whole set, 800 px wide, cannot show.
_DETAIL = 1 / 800
# Borders are compared by corners rounded to about a metre.
_DIGITS = 5


def paths(areas: Mapping[str, BaseGeometry]) -> dict[str, str]:
    """key → SVG path (absolute coordinates, whole units of the plane, y downward) for areas in degrees."""
    keys = sorted(areas)
    flat = [shapely.transform(areas[key], _mercator) for key in keys]
    if not keys:
        return {}
    left, top, right, bottom = shapely.total_bounds(flat)
    detail = max(right - left, bottom - top, 1) * _DETAIL
    # the tolerance of a coverage is the root of the smallest triangle worth keeping
    simple = shapely.coverage_simplify(flat, detail)
    return {key: _path(part) or _path(whole) for key, part, whole in zip(keys, simple, flat, strict=True)}


def _mercator(points: np.ndarray) -> np.ndarray:
    lon, lat = points[:, 0], np.clip(points[:, 1], -85, 85)
    x = (lon + 180) / 360
    y = (1 - np.log(np.tan(np.radians(lat)) + 1 / np.cos(np.radians(lat))) / math.pi) / 2
    return np.column_stack([x, y]) * PLANE


def _path(area: BaseGeometry) -> str:
    pieces = []
    for polygon in shapely.get_parts(area):
        if polygon.is_empty:
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = _whole(ring.coords)
            if len(points) > 2:
                pieces.append("M" + " ".join(f"{x} {y}" for x, y in points) + "Z")
    return "".join(pieces)


def _whole(coords: shapely.coords.CoordinateSequence) -> list[tuple[int, int]]:
    points: list[tuple[int, int]] = []
    for x, y in coords:
        point = (round(x), round(y))
        if not points or points[-1] != point:
            points.append(point)
    return points[:-1] if len(points) > 1 and points[0] == points[-1] else points


def borders(areas: Mapping[str, BaseGeometry]) -> dict[tuple[str, str], float]:
    """(key, key) → km of shared border, where both sides have the same corners."""
    owners: dict[tuple[tuple[float, float], tuple[float, float]], list[str]] = defaultdict(list)
    for key in sorted(areas):
        for ring in _rings(areas[key]):
            points = [tuple(point) for point in np.round(ring, _DIGITS).tolist()]
            for a, b in pairwise(points):
                if a != b:
                    owners[min(a, b), max(a, b)].append(key)
    shared: dict[tuple[str, str], float] = defaultdict(float)
    for (a, b), keys in owners.items():
        if len(keys) == 2 and keys[0] != keys[1]:
            shared[keys[0], keys[1]] += _km(a, b)
    return dict(shared)


def _rings(area: BaseGeometry) -> list[np.ndarray]:
    return [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(area))]


def _km(a: tuple[float, float], b: tuple[float, float]) -> float:
    wide = math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot((b[0] - a[0]) * wide, b[1] - a[1]) * 111.32
