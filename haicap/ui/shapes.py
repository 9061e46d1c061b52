"""The map of true boundaries, and what a path tells: its box, a place for its sign and name. Pure, cached."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape

from haicap.ui import symbols
from haicap.ui.hexgrid import arrows_between
from haicap.ui.lettering import wrap
from haicap.ui.palette import BAND_FILL, BAND_INK, colour
from haicap.ui.svg import Svg, link, open_map, path, ring

_NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")
Point = tuple[float, float]
#: px; a small ward keeps its sign and leaves its name to the label and the table
LEAST_ROOM = 26.0
NAME_SIZE = 9.5


@dataclass(frozen=True)
class Shape:
    """One commune of the boundary map; path is absolute SVG path data in any one flat coordinate system."""

    code: str
    path: str
    name: str
    band: str
    href: str
    label: str
    provisional: bool = False
    dimmed: bool = False


@dataclass(frozen=True)
class Outline:
    """label: where the sign stands; room: width in path units that a name may take there."""

    label: Point
    room: float


@dataclass(frozen=True)
class Plan:
    """All outlines of one map in path units."""

    outlines: dict[str, Outline]
    box: tuple[float, float, float, float]
    arrows: dict[str, dict[str, str]]


def _rings(data: str) -> list[list[Point]]:
    rings = []
    for piece in re.split(r"[Mm]", data):
        numbers = [float(text) for text in _NUMBER.findall(piece)]
        ring = list(zip(numbers[::2], numbers[1::2], strict=False))
        if len(ring) > 2:
            rings.append(ring)
    return rings


def _area(ring: list[Point]) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x * v - u * y for (x, y), (u, v) in pairs) / 2


def _widest_at(ring: list[Point], y: float) -> tuple[float, float]:
    """Middle and width of the widest stretch inside the ring at height y."""
    edges = zip(ring, ring[1:] + ring[:1], strict=True)
    cuts = sorted(x + (y - v) * (u - x) / (w - v) for (x, v), (u, w) in edges if (v > y) != (w > y))
    spans = [((a + b) / 2, b - a) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    return max(spans, key=lambda span: span[1], default=(ring[0][0], 0.0))


def _outline(data: str) -> Outline:
    rings = _rings(data)
    if not rings:
        return Outline((0.0, 0.0), 0.0)
    ring = max(rings, key=lambda r: abs(_area(r)))
    low, high = min(y for _, y in ring), max(y for _, y in ring)
    # a wide place near the middle: the thickness of the two ends keeps the name out of corners
    best: tuple[float, Point, float] = (-1.0, ring[0], 0.0)
    for step in range(2, 15):
        y = low + (high - low) * step / 16
        x, width = _widest_at(ring, y)
        score = width * (1 - abs(step / 16 - 0.5))
        if score > best[0]:
            best = (score, (x, y), width)
    return Outline(best[1], best[2])


@lru_cache(maxsize=16)
def outlines_of(paths: tuple[tuple[str, str], ...]) -> Plan:
    """Plan of a set of (code, path). A path without area gets a sign but no name."""
    outlines = {code: _outline(data) for code, data in paths}
    points = [point for _, data in paths for outer in _rings(data) for point in outer]
    if not points:
        return Plan(outlines, (0.0, 0.0, 1.0, 1.0), {code: {} for code in outlines})
    left, top = min(x for x, _ in points), min(y for _, y in points)
    width, height = max(x for x, _ in points) - left, max(y for _, y in points) - top
    edge = 0.01 * max(width, height)
    box = (left - edge, top - edge, width + 2 * edge, height + 2 * edge)
    return Plan(outlines, box, arrows_between({code: o.label for code, o in outlines.items()}))


def _name(name: str, room: float, fill: str, ink: str) -> str:
    """Up to two lines with a halo; "" where the name would not fit."""
    lettering = wrap(name, room, (NAME_SIZE,))
    if room < LEAST_ROOM or lettering.cut:
        return ""
    lines = " ".join(
        f'<text y="{9 + i * 10.5:g}">{escape(line)}</text>' for i, line in enumerate(lettering.lines)
    )
    return (
        f'<g class="hex-name" font-size="{NAME_SIZE}" fill="{ink}" stroke="{fill}" stroke-width="3" '
        f'paint-order="stroke" stroke-linejoin="round">{lines}</g>'
    )


def _inside(shape: Shape, outline: Outline, uid: str, unit: float) -> str:
    fill, ink = colour(BAND_FILL[shape.band]), colour(BAND_INK[shape.band])
    dashed = shape.band in symbols.DASHED or shape.provisional
    border = {
        "stroke": colour("state-border"),
        "stroke_linejoin": "round",
        "vector_effect": "non-scaling-stroke",
        "stroke_dasharray": "4 3" if dashed else "",
    }
    parts = [path(shape.path, kind="hex-fill", fill=fill, **border)]
    if shape.band in symbols.TEXTURED:
        parts.append(
            path(shape.path, kind="hex-texture", fill=f"url(#{symbols.texture_id(shape.band, uid)})")
        )
    x, y = outline.label
    text = _name(shape.name, outline.room / unit, fill, ink)
    sign = symbols.sign(shape.band, "translate(0 -6) scale(.8)" if text else "scale(.8)")
    parts.append(f'<g transform="translate({x:g} {y:g}) scale({unit:g})">{sign}{text}</g>')
    return "".join(parts)


def shapemap(
    shapes: Sequence[Shape],
    *,
    selected: str | None = None,
    uid: str = "map",
    label: str = "",
    width: float = 760.0,
) -> Svg:
    """The map of true boundaries as SVG text, `width` px wide; arrow keys go to the nearest label point."""
    plan = outlines_of(tuple((shape.code, shape.path) for shape in shapes))
    unit = plan.box[2] / width
    parts = [open_map("shapes", uid, plan.box, (width, plan.box[3] / unit), label, True)]
    parts.append(symbols.textures(uid, unit))
    for shape in shapes:
        inner = _inside(shape, plan.outlines[shape.code], uid, unit)
        keys = plan.arrows[shape.code]
        here, pale = shape.code == selected, shape.dimmed
        one = link(shape.band, shape.code, shape.href, shape.label, keys, inner, selected=here, dimmed=pale)
        parts.append(one)
    chosen = next((shape.path for shape in shapes if shape.code == selected), "")
    parts.append(ring(chosen or "M0 0", "translate(0 0)", hidden=not chosen))
    return Svg("".join(parts) + "</svg>")
