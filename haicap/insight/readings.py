"""A reading: one indicator of one unit in one period, with its colour and why."""

from dataclasses import dataclass
from decimal import Decimal

from haicap.catalogue.queries import Cuts, Indicator, ThresholdRule
from haicap.core.bands import Band, Figure, classify, value
from haicap.core.periods import Period
from haicap.insight.points import points

HUNDRED = Decimal(100)
# where the report that should hold the figure stands
NOBODY, OPEN, SENT, RETURNED = "nobody", "open", "sent", "returned"
COLOURS = (Band.GREEN, Band.YELLOW, Band.RED)


@dataclass(frozen=True)
class Reading:
    """`value` is unrounded; None together with a `reason` (a code that `presenters` put into words)."""

    unit_id: int
    indicator: str
    period: Period
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    band: Band
    reason: str
    points: Decimal | None
    provisional: bool
    grade: str
    threshold_version: int | None
    coverage: tuple[int, int] | None = None

    @property
    def coloured(self) -> bool:
        return self.band in COLOURS


@dataclass(frozen=True)
class Raw:
    """What the warehouse knows of a figure; None is 'nothing entered'."""

    numerator: Decimal | None
    denominator: Decimal | None
    provisional: bool = False
    grade: str = ""
    missing: str = ""
    coverage: tuple[int, int] | None = None
    additive: bool = True


NOTHING = Raw(None, None)


def elements_of(indicator: Indicator) -> set[int]:
    """Ids of the elements in its formulas."""
    return {id for id, _c in (*indicator.numerator_terms, *(indicator.denominator_terms or ()))}


def read(
    *,
    unit_id: int,
    indicator: Indicator,
    period: Period,
    raw: Raw,
    rule: ThresholdRule | None,
    obliged: bool,
    report: str,
    cuts: Cuts,
) -> Reading:
    """Classify one figure. Nothing there is 'not reported' where it was owed, else 'not applicable'.

    `report` says where the report stands: NOBODY owes it (published figures), OPEN, SENT or RETURNED.
    """
    figure = Figure(
        numerator=raw.numerator,
        denominator=raw.denominator,
        factor=indicator.factor,
        has_denominator=indicator.has_denominator,
        applicable=raw.additive and (obliged or raw.numerator is not None),
    )
    threshold = rule.threshold if rule else None
    band = classify(figure, threshold)
    number = value(figure)
    best = HUNDRED if indicator.has_denominator and indicator.factor == HUNDRED else None
    return Reading(
        unit_id=unit_id,
        indicator=indicator.code,
        period=period,
        numerator=raw.numerator,
        denominator=raw.denominator,
        value=number,
        band=band,
        reason=_reason(band, raw, report),
        points=points(number, threshold, cuts, best) if number is not None and threshold else None,
        provisional=raw.provisional,
        grade=raw.grade,
        threshold_version=rule.version if rule else None,
        coverage=raw.coverage,
    )


def _reason(band: Band, raw: Raw, report: str) -> str:
    if not raw.additive:
        return "not_additive"
    if band is Band.NOT_REPORTED:
        if raw.missing:
            return f"no_figure:{raw.missing}"
        return {SENT: "no_figure", NOBODY: "no_figure", RETURNED: "returned"}.get(report, "not_reported")
    return "" if band in COLOURS else band.value
