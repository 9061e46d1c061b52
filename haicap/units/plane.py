"""From degrees to a flat plane in km, far islands drawn near, neighbours where no borders are known."""

import math
from collections.abc import Mapping
from statistics import median

import numpy as np
import shapely

Point = tuple[float, float]
Edge = tuple[str, str]

KM_PER_DEGREE = 111.32
# An island farther from its nearest unit than this many usual gaps would stretch the whole picture.
FARTHEST_GAP = 3.0


def project(points: Mapping[str, Point]) -> dict[str, Point]:
    """(lon, lat) in degrees → (x, y) in km around their middle, y downward."""
    lat_0 = sum(lat for _, lat in points.values()) / len(points)
    lon_0 = sum(lon for lon, _ in points.values()) / len(points)
    shrink = math.cos(math.radians(lat_0))
    return {
        code: ((lon - lon_0) * KM_PER_DEGREE * shrink, (lat_0 - lat) * KM_PER_DEGREE)
        for code, (lon, lat) in points.items()
    }


def draw_near(points: Mapping[str, Point]) -> dict[str, Point]:
    """Shorten the long links of the shortest tree through all points; directions stay.

    Trường Sa lies 500 km off its province: as an island it needs a place, not its distance.
    """
    links = _shortest_tree(points)
    if not links:
        return dict(points)
    longest = FARTHEST_GAP * median(math.dist(points[a], points[b]) for a, b in links)
    moved = {links[0][0]: points[links[0][0]]}
    for a, b in links:
        (ax, ay), (bx, by) = points[a], points[b]
        length = math.dist(points[a], points[b])
        scale = min(1.0, longest / length) if length else 1.0
        moved[b] = (moved[a][0] + (bx - ax) * scale, moved[a][1] + (by - ay) * scale)
    return moved


def usual_gap(points: Mapping[str, Point]) -> float:
    """Median length in km of the links of the shortest tree; 0 for a single point."""
    links = _shortest_tree(points)
    return median(math.dist(points[a], points[b]) for a, b in links) if links else 0.0


def _shortest_tree(points: Mapping[str, Point]) -> list[Edge]:
    """Prim's tree from the most central point, as (known, new) links in the order found."""
    codes = sorted(points)
    place = np.array([points[code] for code in codes])
    middle = np.median(place, axis=0)
    start = int(np.argmin(((place - middle) ** 2).sum(axis=1)))
    gap = np.hypot(*(place - place[start]).T)
    source = np.full(len(codes), start)
    done = np.zeros(len(codes), dtype=bool)
    done[start] = True
    links = []
    for _ in range(len(codes) - 1):
        new = int(np.argmin(np.where(done, np.inf, gap)))
        links.append((codes[source[new]], codes[new]))
        done[new] = True
        nearer = np.hypot(*(place - place[new]).T)
        closer = ~done & (nearer < gap)
        gap[closer] = nearer[closer]
        source[closer] = new
    return links


def neighbours(points: Mapping[str, Point]) -> list[Edge]:
    """Delaunay's triangulation without the long edges around its outside; where no borders are known."""
    codes = sorted(points)
    if len(codes) < 4:
        return [(a, b) for i, a in enumerate(codes) for b in codes[i + 1 :]]
    by_place: dict[Point, str] = {}
    for code in codes:
        by_place.setdefault(points[code], code)
    lines = shapely.delaunay_triangles(shapely.MultiPoint(list(by_place)), only_edges=True)
    found = set()
    for line in shapely.get_parts(lines):
        a, b = (by_place[(x, y)] for x, y in line.coords)
        found.add((min(a, b), max(a, b)))
    tree = {(min(a, b), max(a, b)) for a, b in _shortest_tree(points)}
    usual = median(math.dist(points[a], points[b]) for a, b in found | tree)
    return sorted(tree | {(a, b) for a, b in found if math.dist(points[a], points[b]) <= 2.5 * usual})


def hull_area(points: Mapping[str, Point]) -> float:
    """km² of the convex hull; for units whose areas are unknown."""
    return float(shapely.MultiPoint(list(points.values())).convex_hull.area)
