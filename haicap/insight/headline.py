"""What the one sentence of the first page says, as figures; `desk` puts it into words."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from haicap.core.bands import Band
from haicap.insight.heatmap import HeatMap

SHOWN = 2


@dataclass(frozen=True)
class Headline:
    """`more` is None while the period before cannot be compared; `costliest` are indicator codes."""

    red: int
    total: int
    more: int | None
    costliest: tuple[str, ...]
    silent: int


def headline(of: HeatMap) -> Headline:
    lost: dict[str, Decimal] = defaultdict(Decimal)
    if of.indicator is None:
        for score in of.board.scores.values():
            for loss in score.losses:
                lost[loss.reading.indicator] += loss.lost
    dearest = sorted((code for code in lost if lost[code] > 0), key=lambda code: (-lost[code], code))
    comparable = any(band in of.counts_before for band in (Band.GREEN, Band.YELLOW, Band.RED))
    return Headline(
        red=of.counts.get(Band.RED, 0),
        total=len(of.rows),
        more=of.counts.get(Band.RED, 0) - of.counts_before.get(Band.RED, 0) if comparable else None,
        costliest=tuple(dearest[:SHOWN]),
        silent=of.counts.get(Band.NOT_REPORTED, 0),
    )
