"""/series: one figure of one unit, period after period, each as the board of its period has it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from haicap.api.access import Access
from haicap.api.open.v1 import asking, places
from haicap.api.open.v1.parameters import SeriesQuery
from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.queries import Indicator
from haicap.core import periods
from haicap.core.bands import Band
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.insight import freshness
from haicap.insight.boards import SCORE, glimpse
from haicap.insight.heatmap import figure
from haicap.insight.memory import Memory
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.warehouse import store

USUAL, MOST = 13, 60
# A province's score is hundreds of questions; a figure is a few hundred bytes
_memory: Memory[dict[str, Any]] = Memory(4096)
NOTHING = {
    "value": None,
    "numerator": None,
    "denominator": None,
    "band": Band.NOT_APPLICABLE,
    "reason": Band.NOT_APPLICABLE.value,
    "provisional": False,
    "grade": "",
}


def answered(access: Access, query: SeriesQuery) -> dict[str, Any]:
    catalogue = catalogue_queries.current()
    place = places.any_place(query.unit, access)
    indicator = asking.indicator_of(query.indicator, catalogue)
    access.check_figure(place, indicator, catalogue, parameter="unit")
    if place.parent_id is None:
        raise Refusal("unit.country", _("Chuỗi thời gian chỉ có cho tỉnh và xã."), place="unit")
    owner = units.by_id(place.parent_id)
    with store.pinned() as snapshot:
        with asking.periods_at("from"):
            asked = _window(query, indicator)
        points = [_point(owner, place, indicator, period) for period in asked]
    return {
        "indicator": query.indicator,
        "measure": asking.unit_of(indicator, catalogue),
        "unit": place.code,
        "name": asking.name_of(place),
        "snapshot": asking.snapshot(snapshot),
        "catalogue": catalogue.version,
        "points": points,
    }


def _window(query: SeriesQuery, indicator: Indicator | None) -> list[Period]:
    last = asking.period_of(query.last, indicator, parameter="to")
    if query.first:
        first = asking.period_of(query.first, indicator, parameter="from")
    else:
        first = periods.shift(last, 1 - USUAL)
    if first.start > last.start:
        raise Refusal("series.order", _("Kỳ đầu phải đứng trước kỳ cuối."), place="from")
    if periods.shift(first, MOST).start <= last.start:
        words = _("Nhiều nhất %(most)s kỳ trong một lần hỏi.") % {"most": MOST}
        raise Refusal("series.too_long", words, place="from")
    return periods.span(first, last)


def _point(owner: Place, place: Place, indicator: Indicator | None, period: Period) -> dict[str, Any]:
    key = (freshness.stamp(), place.id, period, indicator.code if indicator else SCORE)
    told = _memory.get(key, lambda: _figure(owner, place, indicator, period))
    return {"period": period.key, "first_day": period.start, "last_day": period.last_day, **told}


def _figure(owner: Place, place: Place, indicator: Indicator | None, period: Period) -> dict[str, Any]:
    found = figure(glimpse(owner, place, period, indicator), place.id, indicator)
    return NOTHING if found is None else asking.figure(found)
