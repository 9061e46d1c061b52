"""Numbers to SVG: the cartogram of equal hexagons and the map of boundaries. Pure, no Django, no state.

    hexmap(cells, variant="desk", selected="24505", label="…") -> SVG text
    shapemap(shapes, selected=None, label="…") -> SVG text

`Cell` and `Shape` say what a commune shows; words arrive translated. Each commune is a link with a full
spoken label; `data-left|right|up|down` name the commune an arrow key reaches (frontend/src/map.ts). Without
JavaScript every link can be tabbed to and opened. No style attribute, no <style>: classes and presentation
attributes only, so the text also works in a downloaded file and in WeasyPrint (links=False).

Variants: desk (52 px, names), wall (80.6, names and values), phone (23.2, sign only), brief (23.6, red ones
numbered). On pages one desk map serves both widths: CSS hides names and enlarges the signs below 768 px.

On a page: <div class="map-frame" data-map data-panel="#panel">{{ map }}</div>; without data-panel a click
opens the address of the commune. A link in the panel or the table with data-panel-open data-code="…" opens
it too, and <a data-panel-close data-code="…" href="…"> closes it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from haicap.ui import symbols
from haicap.ui.hexgrid import CAP, HEXAGON, INNER, PITCH, frame
from haicap.ui.lettering import Lettering, wrap
from haicap.ui.palette import BAND_FILL, BAND_INK, colour
from haicap.ui.shapes import Shape, shapemap
from haicap.ui.svg import Svg, link, open_map, path, ring

__all__ = ["Cell", "Shape", "hexmap", "shapemap"]

PITCHES = {"desk": 52.0, "wall": 80.6, "phone": 23.2, "brief": 23.6}
NAMED = ("desk", "wall")
LINE = 11.6
SIZES = (10.5, 10.0, 9.5, 9.0, 8.5, 8.0, 7.5)
LIFTED_SIZES = SIZES[1:]
NAME_ROOM = 46.0
PROVISIONAL_ROOM = 43.5
ARROW = {"up": "M0 4.5V-4M-3.2-.8 0-4 3.2-.8", "down": "M0-4.5V4M-3.2 .8 0 4 3.2 .8"}


@dataclass(frozen=True)
class Cell:
    """One commune of the cartogram; col and row from units.queries.layout.

    band: value of core.bands.Band. label: the whole sentence for a screen reader: name, band, value, change,
    "provisional". value: formatted text, shown by values=True. change: "up" or "down" draws a stemmed
    arrow. number: shown instead of the sign in variant "brief".
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
    dimmed: bool = False


@dataclass(frozen=True)
class _Show:
    names: bool
    values: bool
    links: bool
    uid: str


def _lettering(cell: Cell, lifted: bool) -> Lettering:
    room = PROVISIONAL_ROOM if cell.provisional else NAME_ROOM
    return wrap(cell.name, room, LIFTED_SIZES if lifted else SIZES)


def _spoken(cell: Cell, show: _Show) -> str:
    """The label; an abbreviated name, or a name with a value under it, stands before it, so that what is seen
    can be said to open it."""
    lifted = show.values and bool(cell.value)
    lettering = _lettering(cell, lifted)
    if not (show.names and (lettering.cut or lifted)):
        return cell.label
    # neither a dash nor the dot of an initial is said
    words = [word.strip("-–.") for word in " ".join(lettering.lines).split() if word.strip("-–.")]
    words += [cell.value] if lifted else []
    return f"{' '.join(words)}: {cell.label}"


def _name(cell: Cell, ink: str, lifted: bool) -> str:
    lettering = _lettering(cell, lifted)
    first = (4.0 if len(lettering.lines) == 1 else -2.0) - (2.8 if lifted else 0.0)
    step = LINE - (0.9 if lifted else 0.0)
    # one text per line with a space between: assistive tools read "Ea Drăng", not "EaDrăng"
    lines = " ".join(
        f'<text y="{first + i * step:g}">{escape(line)}</text>' for i, line in enumerate(lettering.lines)
    )
    return f'<g class="hex-name" font-size="{lettering.size:g}" fill="{ink}">{lines}</g>'


def _value(cell: Cell, fill: str, ink: str) -> str:
    # the stroke in the colour of the hexagon keeps dots and hatch off the figures
    return (
        f' <text class="hex-value" y="21" font-size="9.5" fill="{ink}" stroke="{fill}" stroke-width="3" '
        f'stroke-linejoin="round" paint-order="stroke">{escape(cell.value)}</text>'
    )


def _sign(cell: Cell, named: bool, ink: str) -> str:
    if not named and cell.number:
        return f'<text class="hex-number" y="8.5" font-size="25" fill="{ink}">{escape(cell.number)}</text>'
    if not named:
        return symbols.sign(cell.band, "scale(2.1)")
    if cell.change not in ARROW:
        return symbols.sign(cell.band, "translate(0 -19.5) scale(.92)")
    arrow = path(
        ARROW[cell.change],
        kind="hex-change",
        transform="translate(6.6 -17.6) scale(.9)",
        fill="none",
        stroke=ink,
        stroke_width=2.2 if cell.change == "down" else 1.4,
    )
    return symbols.sign(cell.band, "translate(-4.8 -18.2) scale(.85)") + arrow


def _surface(cell: Cell, show: _Show, ink: str) -> str:
    border = colour("state-border")
    dash = "4 3" if cell.band in symbols.DASHED else ""
    fill = colour(BAND_FILL[cell.band])
    parts = [path(HEXAGON, kind="hex-fill", fill=fill, stroke=border, stroke_dasharray=dash)]
    texture = f"url(#{symbols.texture_id(cell.band, show.uid)})"
    if cell.band == "not_reported":
        parts.append(path(HEXAGON, kind="hex-texture", fill=texture, stroke=border))
    elif cell.band in symbols.TEXTURED and (show.names or not cell.number):
        parts.append(path(CAP, kind="hex-texture", fill=texture))
    if cell.provisional:
        parts.append(
            path(
                INNER,
                kind="hex-provisional",
                fill="none",
                stroke=ink,
                stroke_width=1.2,
                stroke_dasharray="3 2.4",
            )
        )
    return "".join(parts)


def _inside(cell: Cell, show: _Show) -> str:
    fill, ink = colour(BAND_FILL[cell.band]), colour(BAND_INK[cell.band])
    lifted = show.values and bool(cell.value)
    parts = [_surface(cell, show, ink)]
    if show.names and cell.band == "not_reported":
        parts.append(path("M-24-12H24V13H-24Z", kind="hex-name-ground", fill=fill, fill_opacity=0.88))
    parts.append(_sign(cell, show.names, ink))
    if show.names:
        parts.append(_name(cell, ink, lifted))
    if lifted:
        parts.append(_value(cell, fill, ink))
    return "".join(parts)


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
    show = _Show(named, variant == "wall" if values is None else values, links, uid)
    scale = PITCHES[variant] / PITCH
    size = (layout.box[2] * scale, layout.box[3] * scale)
    parts = [open_map(variant, uid, layout.box, size, label, links)]
    parts.append(symbols.textures(uid, 1 if named else 1.8))
    for cell in cells:
        x, y = layout.centres[cell.code]
        inner, place = _inside(cell, show), f"translate({x:g} {y:g})"
        if links:
            keys = layout.arrows[cell.code]
            state = {"selected": cell.code == selected, "dimmed": cell.dimmed}
            parts.append(
                link(
                    cell.band,
                    cell.code,
                    cell.href,
                    _spoken(cell, show),
                    keys,
                    inner,
                    transform=place,
                    **state,
                )
            )
        else:
            parts.append(f'<g class="hex" transform="{place}">{inner}</g>')
    at = layout.centres.get(selected or "")
    if links or at:
        x, y = at or (0, 0)
        parts.append(ring(HEXAGON, f"translate({x:g} {y:g})", hidden=at is None))
    return Svg("".join(parts) + "</svg>")
