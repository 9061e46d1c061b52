"""Who stands beside whom: from the outlines where they are loaded, else from where the communes lie."""

from collections import Counter
from collections.abc import Sequence

from haicap.units import plane, queries
from haicap.units.models import Border
from haicap.units.places import Place
from haicap.units.plane import Edge
from haicap.units.states import Kind, Level

# Where less than this is shared, two communes touch at a corner and nobody calls them neighbours.
SHORTEST_BORDER_KM = 0.8
# Pairs of communes on either side of a border: one alone may face each other across the corner of a third.
FEWEST_FACING = 2


def between(parts: Sequence[Place]) -> tuple[list[Edge], str]:
    """Pairs of codes that are neighbours, and how they were found: "true", "communes" or "centres"."""
    known = _drawn(parts)
    if known is not None:
        return known, "true"
    if len(parts) > 1 and all(part.level == Level.PROVINCE for part in parts):
        facing = _facing(parts)
        if _cover(facing, parts):
            return facing, "communes"
    points = {part.code: (part.lon or 0.0, part.lat or 0.0) for part in parts}
    return plane.neighbours(plane.draw_near(plane.project(points))), "centres"


def _drawn(parts: Sequence[Place]) -> list[Edge] | None:
    """Borders of the newest boundary version, or None where they do not cover the parts."""
    codes = {part.id: part.code for part in parts}
    rows = Border.objects.filter(first_id__in=codes, second_id__in=codes, km__gt=SHORTEST_BORDER_KM)
    newest = rows.order_by("-id").values_list("version", flat=True).first()
    if newest is None:
        return None
    pairs = rows.filter(version=newest).values_list("first_id", "second_id")
    edges = [(codes[a], codes[b]) for a, b in pairs]
    return edges if _cover(edges, parts) else None


def _facing(provinces: Sequence[Place]) -> list[Edge]:
    """Provinces whose communes face each other.

    The centres of the provinces alone join the two ends of a bay (25 of 76 pairs were no neighbours), and a
    long coast then folds over; the communes fill the land, so across a bay nobody faces anybody.
    """
    owner = {c.code: p.code for p in provinces for c in queries.communes(p.id) if c.kind != Kind.DAC_KHU}
    points = {
        c.code: (c.lon, c.lat)
        for p in provinces
        for c in queries.communes(p.id)
        if c.code in owner and c.lon is not None and c.lat is not None
    }
    if len(points) < len(provinces):
        return []
    pairs = Counter(
        (min(owner[a], owner[b]), max(owner[a], owner[b]))
        for a, b in plane.neighbours(plane.project(points))
        if owner[a] != owner[b]
    )
    return sorted(pair for pair, number in pairs.items() if number >= FEWEST_FACING)


def _cover(edges: Sequence[Edge], parts: Sequence[Place]) -> bool:
    """A few islands have no neighbour; more than that means that the outlines do not share their corners."""
    touched = {code for edge in edges for code in edge}
    return len(touched) >= 0.9 * len(parts)
