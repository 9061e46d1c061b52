"""SVG text that a template may print as it is, and the parts that both maps share."""

from collections.abc import Mapping
from html import escape

from haicap.ui.palette import colour

FONT = "Be Vietnam Pro, Noto Sans Bengali, sans-serif"


class Svg(str):
    """Markup made by this room from escaped parts; templates print it unescaped (`__html__`)."""

    __slots__ = ()

    def __html__(self) -> "Svg":
        return self


def quoted(text: str) -> str:
    """`text` for inside a double-quoted attribute."""
    return escape(text, quote=True)


def path(d: str, **attributes: object) -> str:
    """A <path>; stroke_width=2 becomes stroke-width="2", kind= becomes class=, empty values are left out."""
    words = {"kind": "class"}
    named = (
        (words.get(name, name.replace("_", "-")), value)
        for name, value in attributes.items()
        if value not in ("", None)
    )
    return f'<path d="{d}"' + "".join(f' {name}="{value}"' for name, value in named) + "/>"


def open_map(
    kind: str,
    uid: str,
    box: tuple[float, float, float, float],
    size: tuple[float, float],
    label: str,
    links: bool,
) -> str:
    """The opening tag of a map: a group of links, or one image where nothing can be opened."""
    view = " ".join(f"{side:g}" for side in box)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="map map--{kind}" id="{uid}" viewBox="{view}" '
        f'width="{size[0]:.0f}" height="{size[1]:.0f}" role="{"group" if links else "img"}" '
        f'aria-label="{quoted(label)}" text-anchor="middle" font-family="{FONT}" font-weight="600">'
    )


def ring(d: str, transform: str, *, hidden: bool) -> str:
    """Marks the selected commune, above all the others; the script moves it."""
    state = ' visibility="hidden"' if hidden else ""
    same = {"vector_effect": "non-scaling-stroke"}
    return (
        f'<g class="map-ring" pointer-events="none" fill="none" stroke-linejoin="round" '
        f'transform="{transform}"{state}>'
        f"{path(d, stroke=colour('paper'), stroke_width=8, **same)}"
        f"{path(d, stroke=colour('action'), stroke_width=4, **same)}</g>"
    )


def link(
    kind: str,
    code: str,
    href: str,
    label: str,
    keys: Mapping[str, str],
    inner: str,
    *,
    transform: str = "",
    selected: bool = False,
    dimmed: bool = False,
) -> str:
    """One commune as a link; `keys` name what the arrow keys reach; pale where a filter leaves it out."""
    current = ' aria-current="true"' if selected else ""
    ways = "".join(f' data-{way}="{other}"' for way, other in keys.items())
    place = f' transform="{transform}"' if transform else ""
    kinds = f"hex hex--{kind.replace('_', '-')}" + (" is-dimmed" if dimmed else "")
    return (
        f'<a class="{kinds}"{place} href="{quoted(href)}" '
        f'data-code="{quoted(code)}"{ways}{current} aria-label="{quoted(label)}">{inner}</a>'
    )
