"""The page of one commune: its forty indicators by pillar, each with n, change and a small curve."""

from dataclasses import dataclass
from decimal import Decimal

from haicap.catalogue.queries import Indicator, spoken
from haicap.core import periods
from haicap.core.bands import Band
from haicap.core.periods import Period
from haicap.desk.presenters import words
from haicap.desk.presenters.table import MONTHS, spark
from haicap.insight.boards import Board, board
from haicap.insight.readings import COLOURS, Reading
from haicap.insight.series import series, window
from haicap.ui.svg import Svg
from haicap.units.places import Place

FEW = 30


@dataclass(frozen=True)
class Item:
    code: str
    name: str
    full_name: str
    band: str
    value: str
    n: str
    few: bool
    change: Decimal | None
    reason: str
    provisional: bool
    age: str
    spark: Svg
    chosen: bool


@dataclass(frozen=True)
class Block:
    """One pillar; `counts` are (band, number)."""

    code: str
    name: str
    weight: str
    score: str
    counts: tuple[tuple[str, int], ...]
    items: tuple[Item, ...]


def blocks(here: Board, place: Place, chosen: str = "") -> list[Block]:
    readings = here.readings[place.id]
    score = here.scores[place.id]
    found = []
    for pillar in here.catalogue.pillars:
        indicators = here.catalogue.indicators_of(pillar.code)
        items = tuple(_item(here, place, one, readings[one.code], chosen) for one in indicators)
        bands = [readings[one.code].band for one in indicators]
        found.append(
            Block(
                code=pillar.code,
                name=spoken(pillar.labels, words.lang()),
                weight=words.number(pillar.weight, 0),
                score=words.number(score.pillars.get(pillar.code), 1),
                counts=tuple((band.value, bands.count(band)) for band in COLOURS),
                items=items,
            )
        )
    return found


def with_value(here: Board, place: Place) -> tuple[int, int]:
    """(indicators with a value, all indicators of the pillars)."""
    pillars = {pillar.code for pillar in here.catalogue.pillars}
    mine = [
        r for code, r in here.readings[place.id].items() if here.catalogue.indicators[code].pillar in pillars
    ]
    return sum(1 for reading in mine if reading.value is not None), len(mine)


def _item(here: Board, place: Place, indicator: Indicator, reading: Reading, chosen: str) -> Item:
    before = board(here.owner, _before(reading.period)).readings.get(place.id, {}).get(indicator.code)
    change = None
    if reading.value is not None and before is not None and before.value is not None:
        change = reading.value - before.value
    n = reading.denominator if indicator.has_denominator else None
    return Item(
        code=indicator.code,
        name=words.indicator_name(indicator, short=True),
        full_name=words.indicator_name(indicator),
        band=reading.band.value,
        value=words.value(reading.value, indicator),
        n=words.number(n),
        few=n is not None and n < FEW and reading.value is not None,
        change=change,
        reason=words.reason(reading.reason, reading.band) if reading.value is None else "",
        provisional=reading.provisional,
        age="" if reading.period == here.period else words.period_name(reading.period),
        spark=_spark(here, place, indicator, reading),
        chosen=indicator.code == chosen,
    )


def _before(period: Period) -> Period:
    return periods.shift(period, -1)


def _spark(here: Board, place: Place, indicator: Indicator, reading: Reading) -> Svg:
    asked = window(reading.period, MONTHS, here.catalogue)
    points = series(here.owner, [place.id], indicator, asked)[place.id]
    values = [float(point.value) for point in points if point.value is not None]
    return spark(points, (), min(values, default=0.0), max(values, default=1.0))


def silent(here: Board, place: Place) -> bool:
    return here.scores[place.id].band is Band.NOT_REPORTED
