"""The period that somebody asked for, turned into one in which the figure exists."""

from haicap.catalogue.queries import Indicator
from haicap.core import clock, periods
from haicap.core.periods import Kind, Period, Rule
from haicap.reporting import queries as reports


def own(indicator: Indicator | None) -> tuple[Kind, Rule]:
    """The kind and window rule of periods in which a figure exists; scores (None) are monthly."""
    return (indicator.period_kind, indicator.rule) if indicator else (Kind.MONTH, Rule.DECREE09)


def published_periods(indicator: Indicator | None) -> list[Period]:
    """The periods for which figures of a published indicator exist, newest first; [] for reported ones."""
    if indicator is None or indicator.rule is not Rule.CALENDAR:
        return []
    elements = {element for element, _factor in indicator.numerator_terms}
    keys = {row.period for row in reports.declared() if row.element_id in elements}
    found = (periods.parse(key, indicator.rule) for key in keys)
    return sorted((p for p in found if p.kind is indicator.period_kind), key=lambda p: p.start, reverse=True)


def period_asked(key: str, indicator: Indicator | None) -> Period:
    """The period asked, in the figure's own kind: a quarter becomes its last month, and so on.

    The key is read by the figure's own window rule. "" is the last closed period. Refusal period.key.
    """
    kind, rule = own(indicator)
    if not key:
        published = published_periods(indicator)
        return published[0] if published else periods.last_closed(kind, clock.today(), rule)
    asked = periods.parse(key, rule)
    return asked if asked.kind is kind else periods.last_closed(kind, asked.end, rule)
