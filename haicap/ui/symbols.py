"""Signs of the seven band states and the line icons, as paths: never glyphs, never colour alone.

Pure functions that return SVG text. Colours are presentation attributes, so the same text works on a page
with a strict content security policy, in a file, in WeasyPrint and on a black-and-white printer.
"""

from functools import lru_cache

from haicap.ui.palette import BAND_FILL, BAND_INK, MARK, colour
from haicap.ui.svg import Svg, path, quoted

#: drawn around 0,0 inside ±6
SIGNS: dict[str, str] = {
    "green": "M-4.4 0a4.4 4.4 0 1 0 8.8 0a4.4 4.4 0 1 0-8.8 0Z",
    "yellow": "M0-5.2 5.6 4.4H-5.6Z",
    "red": "M0-5.7 5.7 0 0 5.7-5.7 0Z",
    "not_reported": "M-5-1.4H5V1.4H-5Z",
    "not_applicable": "M-4-2.6-2.6-4 0-1.4 2.6-4 4-2.6 1.4 0 4 2.6 2.6 4 0 1.4-2.6 4-4 2.6-1.4 0Z",
    "no_denominator": "M-4.6 3.4 3.4-4.6 4.6-3.4-3.4 4.6Z",
    "no_threshold": "M-4.8 0a4.8 4.8 0 1 0 9.6 0a4.8 4.8 0 1 0-9.6 0ZM-3 0a3 3 0 1 1 6 0a3 3 0 1 1-6 0Z",
}
BANDS = tuple(SIGNS)
TEXTURED = ("yellow", "red", "not_reported")
DASHED = ("no_denominator", "not_applicable")

ICONS: dict[str, str] = {
    "search": "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13ZM15.3 15.3 20 20",
    "user": "M12 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8ZM4.5 20c.6-3.6 3.6-5.5 7.5-5.5s6.9 1.9 7.5 5.5",
    "menu": "M4 6.5h16M4 12h16M4 17.5h16",
    "close": "M6 6 18 18M18 6 6 18",
    "clock": "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17ZM12 7.5V12l3 2",
    "check": "M5 12.5 10 17.5 19.5 7",
    "warn": "M12 4 21 19.5H3ZM12 10v4.5M12 16.7v.3",
    "error": "M8.5 3.5h7l5 5v7l-5 5h-7l-5-5v-7ZM12 8v5M12 15.7v.3",
    "home": "M4 11.5 12 4.5l8 7V20h-5.5v-5.5h-5V20H4Z",
    "list": "M8 6.5h12M8 12h12M8 17.5h12M4 6.5h.5M4 12h.5M4 17.5h.5",
    "bell": "M6 17V11a6 6 0 0 1 12 0v6l1.5 2h-15ZM10 19a2 2 0 0 0 4 0",
    "map": "M12 3 19.8 7.5v9L12 21l-7.8-4.5v-9Z",
    "download": "M12 4v11M7 10.5l5 5 5-5M4.5 20h15",
    "print": "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7Z",
    "link": (
        "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7l-1 1M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7l1-1"
    ),
    "next": "M9.5 6 15.5 12l-6 6",
    "previous": "M14.5 6 8.5 12l6 6",
    "down": "M6 9.5 12 15.5l6-6",
    "up-arrow": "M12 19V6M7 10.5 12 5.5l5 5",
    "down-arrow": "M12 5v13M7 13.5l5 5 5-5",
    "same": "M5 12h14",
    "language": (
        "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 0 1 0-17ZM3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17"
    ),
}


def texture_id(band: str, uid: str) -> str:
    return f"{uid}-{band.replace('_', '-')}"


def textures(uid: str, scale: float = 1.0) -> str:
    """<defs> with the transparent patterns: dots on yellow, hatch on red and on not reported."""
    dark, light = colour("state-border"), colour("hatch")

    def pattern(band: str, side: float, turn: int, inner: str) -> str:
        size = f"{side * scale:g}"
        return (
            f'<pattern id="{texture_id(band, uid)}" width="{size}" height="{size}" '
            f'patternUnits="userSpaceOnUse" patternTransform="rotate({turn})">{inner}</pattern>'
        )

    dots = f'<circle cx="{scale:g}" cy="{scale:g}" r="{0.8 * scale:g}" fill="{dark}" fill-opacity=".7"/>'
    hatch = (
        f'<path d="M0 0V{5 * scale:g}" stroke="{light}" stroke-width="{2.2 * scale:g}" stroke-opacity=".75"/>'
    )
    bars = f'<path d="M0 0V{8 * scale:g}" stroke="{light}" stroke-width="{6 * scale:g}"/>'
    return (
        "<defs>"
        + pattern("yellow", 3.6, 45, dots)
        + pattern("red", 4.2, 45, hatch)
        + pattern("not_reported", 7.5, -45, bars)
        + "</defs>"
    )


def sign(band: str, transform: str = "", extra: str = "") -> str:
    """The sign of a band in its own ink."""
    place = f' transform="{transform}"' if transform else ""
    rule = ' fill-rule="evenodd"' if band == "no_threshold" else ""
    return f'<path class="sign"{extra} d="{SIGNS[band]}"{place}{rule} fill="{colour(BAND_INK[band])}"/>'


def _chip_body(band: str, uid: str) -> str:
    dash = ' stroke-dasharray="2.5 2"' if band in DASHED else ""
    box = 'x=".5" y=".5" width="23" height="19" rx="3"'
    parts = [f'<rect {box} fill="{colour(BAND_FILL[band])}" stroke="{colour("state-border")}"{dash}/>']
    if band in TEXTURED:
        area = (
            "M1 1H23V19H1Z"
            if band == "not_reported"
            else "M1 14.5H23V18a1.5 1.5 0 0 1-1.5 1.5h-19A1.5 1.5 0 0 1 1 18Z"
        )
        parts.append(f'<path d="{area}" fill="url(#{texture_id(band, uid)})"/>')
    shift = "translate(12 8.5) scale(.82)" if band in ("yellow", "red") else "translate(12 10)"
    parts.append(sign(band, shift))
    return "".join(parts)


@lru_cache(maxsize=1)
def sprite() -> str:
    """Put once at the start of each page; chips and icons refer to it."""
    chips = "".join(
        f'<symbol id="band-{band}" viewBox="0 0 24 20">{_chip_body(band, "tex")}</symbol>' for band in BANDS
    )
    line = {"fill": "none", "stroke": "currentColor", "stroke_width": 1.75}
    ends = {"stroke_linecap": "round", "stroke_linejoin": "round"}
    icons = "".join(
        f'<symbol id="icon-{name}" viewBox="0 0 24 24">{path(data, **line, **ends)}</symbol>'
        for name, data in ICONS.items()
    )
    mark = f'<symbol id="icon-mark" viewBox="0 0 24 24">{path(MARK, fill=colour("action"))}</symbol>'
    inner = f"{textures('tex', 0.8)}{chips}{icons}{mark}"
    return f'<svg class="sprite" width="0" height="0" aria-hidden="true" focusable="false">{inner}</svg>'


def chip(band: str, *, word: str = "", standalone: bool = False) -> Svg:
    """A 24 × 20 chip. With `word` it names itself (role img), without it is decoration beside a word.

    `standalone` carries its own patterns, for files and PDF that have no sprite.
    """
    name = f'role="img" aria-label="{quoted(word)}"' if word else 'aria-hidden="true"'
    body = f'<use href="#band-{band}"/>'
    if standalone:
        body = textures(f"c-{band}", 0.8) + _chip_body(band, f"c-{band}")
    size = 'width="24" height="20" viewBox="0 0 24 20" focusable="false"'
    return Svg(f'<svg xmlns="http://www.w3.org/2000/svg" class="chip" {size} {name}>{body}</svg>')


def icon(name: str, size: int = 24) -> Svg:
    """A line icon in the colour of the text around it; decoration, the word stands beside it."""
    box = f'width="{size}" height="{size}" aria-hidden="true" focusable="false"'
    return Svg(f'<svg class="icon" {box}><use href="#icon-{name}"/></svg>')


def swatch(band: str) -> Svg:
    """The tall colour field of a counter, 48 × 72, stretched by CSS to the height of its card."""
    uid = f"s-{band}"
    area = "M0 0H48V72H0Z" if band == "not_reported" else "M0 50H48V72H0Z"
    texture = path(area, fill=f"url(#{texture_id(band, uid)})") if band in TEXTURED else ""
    ground = path("M0 0H48V72H0Z", fill=colour(BAND_FILL[band]))
    box = 'viewBox="0 0 48 72" preserveAspectRatio="xMidYMax slice" aria-hidden="true" focusable="false"'
    sign_here = sign(band, "translate(24 30) scale(1.7)")
    return Svg(f'<svg class="swatch" {box}>{textures(uid)}{ground}{texture}{sign_here}</svg>')
