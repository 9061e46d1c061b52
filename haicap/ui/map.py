"""Numbers to SVG: the cartogram of equal hexagons and the map of boundaries. Pure, no Django, no state.

    hexmap(cells, variant="desk", selected="24505", label="…") -> SVG text
    shapemap(shapes, selected=None, label="…") -> SVG text

`Cell` and `Shape` say what a commune shows; words arrive translated. Each commune is a link with a full spoken
label; `data-left|right|up|down` name the commune an arrow key reaches (frontend/src/map.ts). Without JavaScript every
link can be tabbed to and opened. No style attribute and no <style>: classes and presentation attributes only, so the
text also works in a downloaded file and in WeasyPrint (there with links=False).

Variants: desk (52 px, names), wall (80.6, names and values), phone (23.2, sign only), brief (23.6, red ones numbered).
On pages one desk map serves both widths: CSS hides names and enlarges the signs below 768 px.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from haicap.ui import symbols
from haicap.ui.hexgrid import CAP, HEXAGON, INNER, PITCH, frame
from haicap.ui.lettering import wrap
from haicap.ui.palette import BAND_FILL, BAND_INK, colour
from haicap.ui.shapes import Outline, outlines_of
from haicap.ui.svg import Svg, quoted

PITCHES = {"desk": 52.0, "wall": 80.6, "phone": 23.2, "brief": 23.6}
NAMED = ("desk", "wall")
LINE = 11.6
NAME_ROOM = 46.0
ARROW = {"up": "M0 4.5V-4M-3.2-.8 0-4 3.2-.8", "down": "M0-4.5V4M-3.2 .8 0 4 3.2 .8"}


@dataclass(frozen=True)
class Cell:
    """One commune of the cartogram; col and row from units.queries.layout.

    band: value of core.bands.Band. label: the whole sentence for a screen reader, with name, band, value, change and
    "provisional". value: formatted text, shown by values=True. change: "up" or "down" draws a stemmed arrow.
    number: shown instead of the sign in variant "brief".
    """

    code: str
    col: int
    row: int
    name: str
    band: str
    href: str
    label: str
    value: str = ""
    provisional: bool = False
    change: str = ""
    number: str = ""


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


def _name(name: str, ink: str, lifted: bool) -> str:
    lettering = wrap(name, NAME_ROOM)
    first = {0: 0.0, 1: 4.0}.get(len(lettering.lines), -2.0) - (4.0 if lifted else 0.0)
    spans = "".join(
        f'<tspan x="0" y="{first + i * LINE:g}">{escape(line)}</tspan>'
        for i, line in enumerate(lettering.lines)
    )
    return f'<text class="hex-name" font-size="{lettering.size:g}" fill="{ink}">{spans}</text>'


def _value(cell: Cell, fill: str, ink: str) -> str:
    # the stroke in the colour of the hexagon keeps dots and hatch off the figures
    return (
        f'<text class="hex-value" y="21.5" font-size="9.5" fill="{ink}" stroke="{fill}" stroke-width="3.5" '
        f'stroke-linejoin="round" paint-order="stroke">{escape(cell.value)}</text>'
    )


def _sign(cell: Cell, named: bool, ink: str) -> str:
    if not named:
        if cell.number:
            return (
                f'<text class="hex-number" y="8.5" font-size="25" fill="{ink}">{escape(cell.number)}</text>'
            )
        return symbols.sign(cell.band, "scale(2.1)")
    if cell.change not in ARROW:
        return symbols.sign(cell.band, "translate(0 -19)")
    weight = "2.2" if cell.change == "down" else "1.4"
    arrow = f'<path class="hex-change" d="{ARROW[cell.change]}" transform="translate(7 -17.5)" fill="none" stroke="{ink}" stroke-width="{weight}"/>'
    return symbols.sign(cell.band, "translate(-4.5 -18) scale(.9)") + arrow


def _surface(cell: Cell, uid: str, plain: bool) -> str:
    fill, border = colour(BAND_FILL[cell.band]), colour("state-border")
    dash = ' stroke-dasharray="4 3"' if cell.band in symbols.DASHED else ""
    parts = [f'<path class="hex-fill" d="{HEXAGON}" fill="{fill}" stroke="{border}"{dash}/>']
    if cell.band in symbols.TEXTURED and not (plain and cell.band == "red"):
        area = HEXAGON if cell.band == "not_reported" else CAP
        parts.append(
            f'<path class="hex-texture" d="{area}" fill="url(#{symbols.texture_id(cell.band, uid)})"/>'
        )
    if cell.provisional:
        ink = colour(BAND_INK[cell.band])
        parts.append(
            f'<path class="hex-provisional" d="{INNER}" fill="none" stroke="{ink}" stroke-width="1.2" stroke-dasharray="3 2.4"/>'
        )
    return "".join(parts)


def _cell(cell: Cell, x: float, y: float, keys: str, uid: str, show: "_Show") -> str:
    fill, ink = colour(BAND_FILL[cell.band]), colour(BAND_INK[cell.band])
    inner = _surface(cell, uid, plain=not show.names and bool(cell.number)) + _sign(cell, show.names, ink)
    if show.names:
        if cell.band == "not_reported":
            inner += f'<path class="hex-name-ground" d="M-24-13H24V13H-24Z" fill="{fill}" fill-opacity=".86"/>'
        inner += _name(cell.name, ink, show.values)
    if show.values and cell.value:
        inner += _value(cell, fill, ink)
    place = f'class="hex hex--{cell.band.replace("_", "-")}" transform="translate({x:g} {y:g})"'
    if not show.links:
        return f"<g {place}>{inner}</g>"
    label = quoted(cell.label)
    return f'<a {place} href="{quoted(cell.href)}" data-code="{cell.code}"{keys} aria-label="{label}">{inner}</a>'


@dataclass(frozen=True)
class _Show:
    names: bool
    values: bool
    links: bool


def _ring(path: str, transform: str, hidden: bool) -> str:
    state = ' visibility="hidden"' if hidden else ""
    return (
        f'<g class="map-ring" pointer-events="none" fill="none" stroke-linejoin="round" transform="{transform}"{state}>'
        f'<path d="{path}" stroke="{colour("paper")}" stroke-width="8" vector-effect="non-scaling-stroke"/>'
        f'<path d="{path}" stroke="{colour("action")}" stroke-width="4" vector-effect="non-scaling-stroke"/></g>'
    )


def _open_svg(
    kind: str, uid: str, box: tuple[float, ...], size: tuple[float, float], label: str, links: bool
) -> str:
    role = "group" if links else "img"
    view = " ".join(f"{side:g}" for side in box)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map map--{kind}" id="{uid}" viewBox="{view}" '
        f'width="{size[0]:.0f}" height="{size[1]:.0f}" role="{role}" aria-label="{quoted(label)}" '
        'text-anchor="middle" font-family="Be Vietnam Pro, Noto Sans Bengali, sans-serif" font-weight="600">'
    )


def hexmap(
    cells: Sequence[Cell],
    *,
    variant: str = "desk",
    selected: str | None = None,
    uid: str = "map",
    label: str = "",
    names: bool | None = None,
    values: bool | None = None,
    links: bool = True,
) -> Svg:
    """The cartogram as SVG text. `uid` must be unique on the page; an unknown `selected` selects nothing."""
    layout = frame(tuple((cell.code, cell.col, cell.row) for cell in cells))
    named = variant in NAMED if names is None else names
    show = _Show(named, variant == "wall" if values is None else values, links)
    scale = PITCHES[variant] / PITCH
    size = (layout.box[2] * scale, layout.box[3] * scale)
    parts = [
        _open_svg(variant, uid, layout.box, size, label, links),
        symbols.textures(uid, 1 if named else 1.8),
    ]
    for cell in cells:
        x, y = layout.centres[cell.code]
        keys = "".join(f' data-{way}="{code}"' for way, code in layout.arrows[cell.code].items())
        parts.append(_cell(cell, x, y, keys, uid, show))
    at = layout.centres.get(selected or "")
    if links or at:
        x, y = at or (0, 0)
        parts.append(_ring(HEXAGON, f"translate({x:g} {y:g})", hidden=at is None))
    return Svg("".join(parts) + "</svg>")


def _shape(shape: Shape, outline: Outline, keys: str, uid: str, size: float) -> str:
    fill, ink = colour(BAND_FILL[shape.band]), colour(BAND_INK[shape.band])
    border = f'stroke="{colour("state-border")}" stroke-linejoin="round" vector-effect="non-scaling-stroke"'
    dash = ' stroke-dasharray="4 3"' if shape.band in symbols.DASHED or shape.provisional else ""
    inner = [f'<path class="hex-fill" d="{shape.path}" fill="{fill}" {border}{dash}/>']
    if shape.band in symbols.TEXTURED:
        inner.append(
            f'<path class="hex-texture" d="{shape.path}" fill="url(#{symbols.texture_id(shape.band, uid)})"/>'
        )
    x, y = outline.label
    lettering = (
        wrap(shape.name, 10_000.0, (9.5,))
        if not outline.room
        else wrap(shape.name, outline.room / size, (9.5,))
    )
    # a small ward keeps its sign and leaves its name to the label and the table
    lines = lettering.lines if outline.room / size > 26 and not lettering.cut else ()
    halo = f'stroke="{fill}" stroke-width="3" paint-order="stroke" stroke-linejoin="round"'
    spans = "".join(
        f'<tspan x="0" y="{9 + i * 10.5:g}">{escape(line)}</tspan>' for i, line in enumerate(lines)
    )
    text = f'<text class="hex-name" font-size="9.5" fill="{ink}" {halo}>{spans}</text>' if lines else ""
    up = "translate(0 -6) scale(.8)" if lines else "scale(.8)"
    inner.append(
        f'<g transform="translate({x:g} {y:g}) scale({size:g})">{symbols.sign(shape.band, up)}{text}</g>'
    )
    label = quoted(shape.label)
    name = f'class="hex hex--{shape.band.replace("_", "-")}" data-code="{shape.code}"'
    return (
        f'<a {name} href="{quoted(shape.href)}"{keys} aria-label="{label}">{"".join(inner)}</a>'
    )


def shapemap(
    shapes: Sequence[Shape],
    *,
    selected: str | None = None,
    uid: str = "map",
    label: str = "",
    width: float = 760.0,
) -> str:
    """The map of true boundaries as SVG text, `width` px wide; arrow keys go to the nearest label point."""
    plan = outlines_of(tuple((shape.code, shape.path) for shape in shapes))
    unit = plan.box[2] / width
    height = plan.box[3] / unit
    parts = [_open_svg("shapes", uid, plan.box, (width, height), label, True), symbols.textures(uid, unit)]
    for shape in shapes:
        keys = "".join(f' data-{way}="{code}"' for way, code in plan.arrows[shape.code].items())
        parts.append(_shape(shape, plan.outlines[shape.code], keys, uid, unit))
    path = next((shape.path for shape in shapes if shape.code == selected), "")
    parts.append(_ring(path or "M0 0", "translate(0 0)", hidden=not path))
    return Svg("".join(parts) + "</svg>")
