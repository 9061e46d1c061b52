"""The answer as curves or bars, and as a map of one figure of one period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from django.utils.translation import gettext as _

from haicap.catalogue.queries import Catalogue
from haicap.core import bands
from haicap.core.bands import Band
from haicap.core.periods import Period
from haicap.desk.exploring import wordings
from haicap.desk.exploring.address import ITEMS, PERIODS, SPLIT, UNITS, Address
from haicap.desk.exploring.pivot import axes
from haicap.desk.presenters import words
from haicap.desk.presenters.panel import short_period
from haicap.insight.boards import board
from haicap.insight.exploring.answers import ALL, Answer, Figure, Key
from haicap.insight.exploring.question import Item
from haicap.ui import charts
from haicap.ui.map import Cell, hexmap
from haicap.ui.svg import Svg
from haicap.units import queries as units
from haicap.units.places import Place

# More curves than this nobody reads; the table has all of them.
MOST_CURVES = 12
MOST_BARS = 120
BAR = 320


@dataclass(frozen=True)
class Curve:
    caption: str
    unit: str
    drawing: Svg
    points: tuple[charts.Point, ...]


@dataclass(frozen=True)
class Bar:
    name: str
    value: str
    note: str
    drawing: Svg | None
    provisional: bool


@dataclass(frozen=True)
class Bars:
    caption: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Charts:
    """Curves where there are several periods, else bars; `left_out` of them are not drawn."""

    curves: tuple[Curve, ...] = ()
    bars: tuple[Bars, ...] = ()
    left_out: int = 0


@dataclass(frozen=True)
class Picture:
    """The map, or the reason why there is none. `items`, `periods`: (value of `ve`, words, chosen)."""

    drawing: Svg | None
    refused: str
    caption: str
    classes: str
    provisional: bool
    items: tuple[tuple[str, str, bool], ...]
    periods: tuple[tuple[str, str, bool], ...]
    unplaced: tuple[str, ...] = ()


def charts_of(answer: Answer, catalogue: Catalogue) -> Charts:
    found = axes(answer, catalogue)
    times = found[PERIODS].values
    if len(times) < 2:
        return _bars(answer, catalogue)
    series = list(product(found[ITEMS].values, found[UNITS].values, found[SPLIT].values))
    ordered = sorted(times, key=lambda one: answer.question.periods[one[0]].start)
    curves = []
    for (item, item_words), (place, place_words), (group, group_words) in series[:MOST_CURVES]:
        points = tuple(
            _point(answer, Key(item, place, number, group), answer.question.periods[number])
            for number, _name in ordered
        )
        caption = f"{place_words}: {item_words}" + (f" · {group_words}" if answer.question.split else "")
        drawing = charts.trend(points, label=caption)
        curves.append(Curve(caption, wordings.item_unit(answer.question.items[item]), drawing, points))
    return Charts(curves=tuple(curves), left_out=max(0, len(series) - MOST_CURVES))


def _point(answer: Answer, at: Key, period: Period) -> charts.Point:
    figure = answer.figures[at]
    value = None if figure.value is None else float(figure.value)
    places = wordings.digits(answer.question.items[at.item])
    return charts.Point(
        label=short_period(period),
        value=value,
        text=words.number(figure.value, places),
        gap=wordings.reason(figure),
    )


def _bars(answer: Answer, catalogue: Catalogue) -> Charts:
    """One list per figure, the longest bar is the greatest value; what is missing has no bar at all."""
    found = axes(answer, catalogue)
    lists, left_out = [], 0
    period = found[PERIODS].values[0][0]
    for item, item_words in found[ITEMS].values:
        rows = list(product(found[UNITS].values, found[SPLIT].values))
        left_out += max(0, len(rows) - MOST_BARS)
        figures = [
            (f"{name} · {group}" if answer.question.split else name,
             answer.figures[Key(item, place, period, part)])
            for (place, name), (part, group) in rows[:MOST_BARS]
        ]  # fmt: skip
        most = max((one.value for _name, one in figures if one.value is not None), default=None)
        places = wordings.digits(answer.question.items[item])
        bars = tuple(
            Bar(
                name,
                words.number(one.value, places),
                wordings.reason(one) or wordings.coverage(one),
                charts.meter(float(one.value / most), width=BAR, height=12)
                if one.value is not None and most
                else None,
                one.provisional,
            )
            for name, one in figures
        )
        lists.append(Bars(item_words, bars))
    return Charts(bars=tuple(lists), left_out=left_out)


def picture(
    answer: Answer, address: Address, catalogue: Catalogue, origin: Callable[[Key, Figure], str]
) -> Picture:
    """The last period and the first figure unless another is chosen; refused in words where units are not the
    parts of one unit, or were added up."""
    asked, found = answer.question, axes(answer, catalogue)
    item, period = _drawn(answer, address)
    code = asked.items[item].code
    key = ALL if period == ALL else asked.periods[period].key
    items = tuple((f"{asked.items[i].code}.{key}", words_, i == item) for i, words_ in found[ITEMS].values)
    times = tuple(
        (f"{code}.{asked.periods[t].key}", words_, t == period)
        for t, words_ in found[PERIODS].values
        if t != ALL
    )
    caption = f"{found[ITEMS].values[item][1]} · {dict(found[PERIODS].values)[period]}"
    refused = _refused(asked.places, asked.together, asked.split)
    if refused:
        return Picture(None, refused, caption, "", False, items, times)
    owner = units.by_id(asked.places[0].parent_id or 0)
    layout = units.layout(owner.id)
    if layout is None:
        why = _("Chưa có bản đồ của %(name)s. Bảng có cùng số liệu.") % {"name": words.place_name(owner)}
        return Picture(None, why, caption, "", False, items, times)
    shown = {place.code: number for number, place in enumerate(asked.places)}
    judged = _bands(answer, item, period, owner, catalogue)
    cells = []
    for code_, (column, row) in layout.cells.items():
        if code_ in shown:
            at = Key(item, shown[code_], period, 0)
            cells.append(_cell(answer, at, (column, row), judged[shown[code_]], origin))
    kinds = [band.value for band in Band if band in set(judged.values())]
    provisional = any(cell.provisional for cell in cells)
    unplaced = tuple(words.place_name(one) for one in asked.places if one.code not in layout.cells)
    drawing = hexmap(cells, label=caption, uid="map-explorer", values=True)
    return Picture(drawing, "", caption, " ".join(kinds), provisional, items, times, unplaced)


def _drawn(answer: Answer, address: Address) -> tuple[int, int]:
    asked = answer.question
    code, _dot, key = address.drawn.partition(".")
    item = next((i for i, one in enumerate(asked.items) if one.code == code), 0)
    if "ky" in asked.together:
        return item, ALL
    latest = max(range(len(asked.periods)), key=lambda number: asked.periods[number].end)
    return item, next((i for i, one in enumerate(asked.periods) if one.key == key), latest)


def _refused(places: tuple[Place, ...], together: frozenset[str], split: str) -> str:
    if "dv" in together:
        return _("Bản đồ vẽ từng đơn vị, còn câu hỏi này cộng các đơn vị lại. Bỏ “Cộng các đơn vị” để vẽ.")
    if split:
        return _("Bản đồ vẽ một số của mỗi đơn vị, còn câu hỏi này chia nhóm. Bỏ cách chia để vẽ.")
    if len({one.parent_id for one in places}) != 1 or places[0].parent_id is None:
        return _("Bản đồ vẽ các đơn vị cùng thuộc một đơn vị cấp trên. Chọn “từng đơn vị thuộc …” để vẽ.")
    return ""


def _bands(answer: Answer, item: int, period: int, owner: Place, catalogue: Catalogue) -> dict[int, Band]:
    """The one classifier: where the board holds this very figure its own word, else by the same thresholds.
    A bare count is not judged."""
    asked, one = answer.question, answer.question.items[item]
    of = None
    if one.indicator is not None and period != ALL:
        when = asked.periods[period]
        if (when.kind, when.rule) == (one.indicator.period_kind, one.indicator.rule):
            of = board(owner, when)
    found = {}
    for number, place in enumerate(asked.places):
        figure = answer.figures[Key(item, number, period, 0)]
        reading = of.readings.get(place.id, {}).get(one.code) if of else None
        found[number] = reading.band if reading else _band(one, figure)
    return found


def _band(item: Item, figure: Figure) -> Band:
    """Without a board: a sum of several periods has no threshold of its own."""
    if figure.value is not None:
        return Band.NO_THRESHOLD
    if figure.reason in ("no_unit", "not_collected", "forbidden"):
        return Band.NOT_APPLICABLE
    made = bands.Figure(figure.numerator, figure.denominator, has_denominator=item.denominator is not None)
    return bands.missing(made) or Band.NOT_REPORTED


def _cell(
    answer: Answer, at: Key, spot: tuple[int, int], band: Band, origin: Callable[[Key, Figure], str]
) -> Cell:
    place, figure = answer.question.places[at.place], answer.figures[at]
    item = answer.question.items[at.item]
    value = words.number(figure.value, wordings.digits(item)) if figure.value is not None else ""
    said = [words.place_name(place), words.band(band, item.indicator), value or wordings.reason(figure)]
    if figure.provisional:
        said.append(_("tạm tính, chưa duyệt"))
    return Cell(
        code=place.code,
        col=spot[0],
        row=spot[1],
        name=place.name,
        band=band.value,
        href=origin(at, figure) or "#ket-qua",
        label=", ".join(filter(None, said)),
        value=value,
        provisional=figure.provisional,
    )
