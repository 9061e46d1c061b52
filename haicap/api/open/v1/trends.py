"""/series: one figure of one unit, period after period, each as the board of its period has it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from haicap.api.access import Access
from haicap.api.open.v1 import asking, places
from haicap.api.open.v1.figures import number
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
from haicap.insight.recast import Reading, RecastPoint, story
from haicap.units import queries as units
from haicap.units.places import Place
from haicap.units.states import Level
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
AS_REPORTED: dict[str, Any] = {
    "reading": "reported",
    "made_of": [],
    "to_blame": [],
    "low": None,
    "high": None,
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
        if query.reading == "today":
            points = _recast(place, indicator, asked)
        else:
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
    return {**_window_of(period), **told, **AS_REPORTED}


def _window_of(period: Period) -> dict[str, Any]:
    return {"period": period.key, "first_day": period.start, "last_day": period.last_day}


def _recast(place: Place, indicator: Indicator | None, asked: list[Period]) -> list[dict[str, Any]]:
    """Every period under the unit of today. Refusals series.score, series.level."""
    if indicator is None:
        raise Refusal(
            "series.score", _("Điểm tổng hợp không tính lại được cho đơn vị cũ."), place="indicator"
        )
    if place.level != Level.COMMUNE:
        raise Refusal("series.level", _("Chỉ tính lại được cho xã, phường, đặc khu."), place="unit")
    told = story(place, indicator, asked)
    known = {point.period: point for point in told.points}
    nothing = {**NOTHING, **AS_REPORTED, "reading": "unavailable"}
    return [_window_of(period) | (_told(known[period]) if period in known else nothing) for period in asked]


def _told(point: RecastPoint) -> dict[str, Any]:
    sums = point.sums
    recast = sums.reading is not Reading.REPORTED
    parts = units.by_ids([*(one.unit_id for one in point.parts), *(one.unit_id for one in sums.blame)])
    return {
        "value": number(point.value),
        "numerator": number(sums.numerator),
        "denominator": number(sums.denominator),
        "band": point.band,
        "reason": "" if point.value is not None else (sums.blame[0].why if sums.blame else point.band.value),
        "provisional": sums.provisional,
        "grade": sums.grade,
        "reading": sums.reading,
        "made_of": [
            {"unit": parts[one.unit_id].code, "uid": parts[one.unit_id].uid, "share": number(one.share)}
            for one in point.parts
            if recast
        ],
        "to_blame": [
            {"unit": parts[one.unit_id].code, "uid": parts[one.unit_id].uid, "why": one.why}
            for one in sums.blame
            if recast
        ],
        "low": number(sums.low),
        "high": number(sums.high),
    }


def _figure(owner: Place, place: Place, indicator: Indicator | None, period: Period) -> dict[str, Any]:
    found = figure(glimpse(owner, place, period, indicator), place.id, indicator)
    return NOTHING if found is None else asking.figure(found)
