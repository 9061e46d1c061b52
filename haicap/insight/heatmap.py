"""The heat map: one figure of every unit, coloured, ranked, with its change since the period before."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from haicap.catalogue.queries import Indicator
from haicap.core import periods
from haicap.core.bands import Band, Direction
from haicap.core.errors import Refusal
from haicap.core.periods import Kind, Period
from haicap.insight.boards import SCORE, Board, board, own_period
from haicap.insight.freshness import steady
from haicap.insight.readings import Reading
from haicap.insight.scores import Score
from haicap.units.places import Place


@dataclass(frozen=True)
class Row:
    """One unit. `rank` 1 is best; None without a value. `change` is in the indicator's unit (points of %)."""

    place: Place
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    band: Band
    reason: str
    provisional: bool
    change: Decimal | None
    band_before: Band | None
    rank: int | None
    coverage: tuple[int, int] | None


@dataclass(frozen=True)
class HeatMap:
    """`rows` are worst first, units without a value last. `indicator` None is the score."""

    board: Board
    before: Board
    indicator: Indicator | None
    period: Period
    rows: tuple[Row, ...]
    counts: Mapping[Band, int]
    counts_before: Mapping[Band, int]

    @property
    def coloured(self) -> bool:
        """Whether the figure has colours at all: the score has, a watched or a published one has not."""
        return has_colours(self.board, self.indicator)

    @property
    def reported(self) -> int:
        return sum(1 for row in self.rows if row.band not in (Band.NOT_REPORTED, Band.NOT_APPLICABLE))

    @property
    def expected(self) -> int:
        return sum(1 for row in self.rows if row.band is not Band.NOT_APPLICABLE)


@steady
def heatmap(owner: Place, period: Period, code: str = SCORE) -> HeatMap:
    """The map of `owner` for an indicator, or for the score (months only).

    An indicator of a longer period is read at its latest closed own period; `HeatMap.period` says which.
    Refusal indicator.unknown, period.not_month.
    """
    if code == SCORE:
        if period.kind is not Kind.MONTH:
            raise Refusal("period.not_month", key=period.key)
        return _map(board(owner, period), board(owner, periods.shift(period, -1)), None, period)
    here = board(owner, period)
    indicator = here.catalogue.indicators.get(code)
    if indicator is None:
        raise Refusal("indicator.unknown", place="indicator", indicator=code)
    own = own_period(indicator, period)
    return _map(board(owner, own), board(owner, periods.shift(own, -1)), indicator, own)


def _map(here: Board, before: Board, indicator: Indicator | None, period: Period) -> HeatMap:
    found = [_row(here, before, place, indicator) for place in here.places]
    rows = _ranked(found, indicator, has_colours(here, indicator))
    return HeatMap(
        board=here,
        before=before,
        indicator=indicator,
        period=period,
        rows=rows,
        counts=Counter(row.band for row in rows),
        counts_before=Counter(
            one.band for place in before.places if (one := figure(before, place.id, indicator)) is not None
        ),
    )


def has_colours(of: Board, indicator: Indicator | None) -> bool:
    return indicator is None or bool(of.catalogue.thresholds.get(indicator.code))


def figure(of: Board, unit_id: int, indicator: Indicator | None) -> Reading | Score | None:
    if indicator is None:
        return of.scores.get(unit_id)
    return of.readings.get(unit_id, {}).get(indicator.code)


def _row(here: Board, before: Board, place: Place, indicator: Indicator | None) -> Row:
    now = figure(here, place.id, indicator)
    then = figure(before, place.id, indicator)
    assert now is not None
    change = None
    if now.value is not None and then is not None and then.value is not None:
        change = now.value - then.value
    reading = now if isinstance(now, Reading) else None
    return Row(
        place=place,
        value=now.value,
        numerator=reading.numerator if reading else None,
        denominator=reading.denominator if reading else None,
        band=now.band,
        reason=reading.reason if reading else ("" if now.value is not None else now.band.value),
        provisional=now.provisional,
        change=change,
        band_before=then.band if then else None,
        rank=None,
        coverage=reading.coverage if reading else None,
    )


def _ranked(rows: list[Row], indicator: Indicator | None, coloured: bool) -> tuple[Row, ...]:
    """Equal values share a rank (1, 2, 2, 4); where nothing is judged, nobody is ranked."""
    lower_is_better = indicator is not None and indicator.direction is Direction.LOWER
    judged = coloured and (indicator is None or indicator.direction in (Direction.HIGHER, Direction.LOWER))
    valued = [(row.value, row) for row in rows if row.value is not None]
    valued.sort(key=lambda pair: (pair[0], pair[1].place.code), reverse=not lower_is_better)
    best_first = [row for _, row in valued]
    ranks: dict[int, int] = {}
    for position, row in enumerate(best_first, start=1):
        earlier = best_first[position - 2] if position > 1 else None
        tied = earlier is not None and earlier.value == row.value
        ranks[row.place.id] = ranks[earlier.place.id] if earlier and tied else position
    ordered = [replace(row, rank=ranks[row.place.id] if judged else None) for row in reversed(best_first)]
    rest = sorted((row for row in rows if row.value is None), key=lambda row: row.place.code)
    return (*ordered, *rest)
