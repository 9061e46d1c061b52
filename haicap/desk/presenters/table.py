"""The ranked table beside the map: the same figures, worst first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from haicap.core.bands import Band
from haicap.desk.choices import Choice, offered
from haicap.desk.presenters import words
from haicap.desk.presenters.mapping import dimmed
from haicap.insight.heatmap import HeatMap, Row
from haicap.insight.series import Point, series, window
from haicap.ui import charts
from haicap.ui.svg import Svg

MONTHS = 12
PHONE_ROWS = 8


@dataclass(frozen=True)
class Line:
    code: str
    name: str
    href: str
    band: str
    band_word: str
    value: str
    share: str
    change: Decimal | None
    rank: int | None
    provisional: bool
    reason: str
    spark: Svg
    selected: bool
    beyond_phone: bool


def lines(of: HeatMap, choice: Choice, link: Callable[[Row], str]) -> list[Line]:
    shown = [row for row in of.rows if not dimmed(row, choice)]
    drawn = sparks(of, [row.place.id for row in shown])
    return [
        Line(
            code=row.place.code,
            name=words.place_name(row.place, full=False),
            href=link(row),
            band=row.band.value,
            band_word=words.band(row.band, of.indicator),
            value=words.value(row.value, of.indicator),
            share=_share(row),
            change=row.change,
            rank=row.rank,
            provisional=row.provisional,
            reason=words.reason(row.reason, row.band) if row.value is None else "",
            spark=drawn[row.place.id],
            selected=row.place.code == choice.unit,
            beyond_phone=position >= PHONE_ROWS and not choice.all_rows,
        )
        for position, row in enumerate(shown)
    ]


def _share(row: Row) -> str:
    if row.numerator is None or row.denominator is None:
        return ""
    return f"{words.number(row.numerator)}/{words.number(row.denominator)}"


def sparks(of: HeatMap, unit_ids: Sequence[int]) -> dict[int, Svg]:
    """One small curve per unit on one common scale, with the cuts where the figure has them."""
    asked = window(of.period, MONTHS, of.board.catalogue)
    found = series(of.board.owner, unit_ids, of.indicator, asked)
    values = [float(p.value) for points in found.values() for p in points if p.value is not None]
    cuts = cut_values(of)
    low, high = min([*values, *cuts], default=0.0), max([*values, *cuts], default=1.0)
    return {unit: spark(points, cuts, low, high) for unit, points in found.items()}


def spark(points: Sequence[Point], cuts: Sequence[float], low: float, high: float) -> Svg:
    values = [None if point.value is None else float(point.value) for point in points]
    band = points[-1].band if points else Band.NO_THRESHOLD
    return charts.spark(values, cuts=cuts, band=band.value, low=low, high=high)


def cut_values(of: HeatMap) -> list[float]:
    """The thresholds drawn as dashed lines: the first unit's, which hold for all unless one differs."""
    if of.indicator is None:
        return [float(of.board.catalogue.cuts.yellow), float(of.board.catalogue.cuts.green)]
    place = of.board.places[0] if of.board.places else None
    rule = of.board.catalogue.threshold_for(of.indicator.code, place, of.period.last_day) if place else None
    found = [rule.threshold.yellow, rule.threshold.green] if rule else []
    return [float(cut) for cut in found if cut is not None]


def periods_offered(of: HeatMap, choice: Choice) -> list[tuple[str, str, bool]]:
    """(key, words, chosen) for the period picker."""
    from_catalogue = offered(of.board.catalogue, of.indicator, choice.period)
    return [(period.key, words.period_name(period), period == of.period) for period in from_catalogue]
