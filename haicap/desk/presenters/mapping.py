"""The heat map as a picture: cells of the cartogram or outlines, with a sentence for each commune."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from haicap.core.bands import Band
from haicap.desk.choices import OUTLINE, Choice
from haicap.desk.presenters import words
from haicap.insight.heatmap import HeatMap, Row
from haicap.ui.map import Cell, Shape, hexmap, shapemap
from haicap.ui.svg import Svg
from haicap.units import queries as units


def picture(
    of: HeatMap, choice: Choice, link: Callable[[Row], str], variant: str = "desk", links: bool = True
) -> Svg | None:
    """The map, or None while the owner has neither a layout nor outlines."""
    shown = {row.place.code: row for row in of.rows}
    title = _("Bản đồ %(indicator)s, %(count)s đơn vị") % {
        "indicator": words.indicator_name(of.indicator),
        "count": words.number(len(shown)),
    }
    outlines = units.outlines(of.board.owner.id) if choice.view == OUTLINE else None
    if outlines:
        return Svg(shapemap(_shapes(shown, outlines, of, choice, link), selected=choice.unit, label=title))
    layout = units.layout(of.board.owner.id)
    if layout is None:
        return None
    cells = [
        _cell(shown[code], place, of, choice, link) for code, place in layout.cells.items() if code in shown
    ]
    return hexmap(
        cells, variant=variant, selected=choice.unit, label=title, uid=f"map-{variant}", links=links
    )


def unplaced(of: HeatMap) -> list[str]:
    """Names of units that the layout does not know: said beside the map, never dropped in silence."""
    layout = units.layout(of.board.owner.id)
    known = layout.cells if layout else {}
    return [words.place_name(row.place) for row in of.rows if row.place.code not in known]


def spoken(row: Row, of: HeatMap) -> str:
    """Name, band, value, change, provisional: what the eye sees, for the ear."""
    parts = [words.place_name(row.place), words.band(row.band, of.indicator)]
    if row.value is not None:
        parts.append(words.value(row.value, of.indicator))
    if row.change:
        size = {"n": words.number(abs(row.change), 1)}
        parts.append(_("tăng %(n)s") % size if row.change > 0 else _("giảm %(n)s") % size)
    if row.provisional:
        parts.append(_("tạm tính, chưa duyệt"))
    return ", ".join(parts)


def dimmed(row: Row, choice: Choice) -> bool:
    """Outside the chosen kind or band: kept on the map for its place, but pale."""
    return bool((choice.kind and row.place.kind != choice.kind) or (choice.band and row.band != choice.band))


def _cell(row: Row, place: tuple[int, int], of: HeatMap, choice: Choice, link: Callable[[Row], str]) -> Cell:
    return Cell(
        code=row.place.code,
        col=place[0],
        row=place[1],
        name=row.place.name,
        band=row.band.value,
        href=link(row),
        label=spoken(row, of),
        value=words.number(row.value, words.places_of(of.indicator)) if row.value is not None else "",
        provisional=row.provisional,
        change=_arrow(row),
        dimmed=dimmed(row, choice),
    )


def _arrow(row: Row) -> str:
    """Only a change of band is worth an arrow on the map; the table shows every change."""
    order = (Band.RED, Band.YELLOW, Band.GREEN)
    if row.band not in order or row.band_before not in order or row.band is row.band_before:
        return ""
    return "up" if order.index(row.band) > order.index(row.band_before) else "down"


def _shapes(
    shown: Mapping[str, Row],
    outlines: Mapping[str, str],
    of: HeatMap,
    choice: Choice,
    link: Callable[[Row], str],
) -> list[Shape]:
    return [
        Shape(
            code=code,
            path=outlines[code],
            name=row.place.name,
            band=row.band.value,
            href=link(row),
            label=spoken(row, of),
            provisional=row.provisional,
            dimmed=dimmed(row, choice),
        )
        for code, row in shown.items()
        if code in outlines
    ]
