"""/heatmap: the map's figures, from the same board as the page."""

from __future__ import annotations

from typing import Any

from haicap.api.access import Access
from haicap.api.open.v1 import asking, places
from haicap.api.open.v1.figures import number
from haicap.api.open.v1.parameters import HeatmapQuery
from haicap.catalogue import queries as catalogue_queries
from haicap.core.counts import Grade
from haicap.insight.heatmap import HeatMap, Row, figure, heatmap
from haicap.insight.readings import Reading, elements_of
from haicap.reporting.queries.derived import records_behind


def answered(access: Access, query: HeatmapQuery) -> dict[str, Any]:
    catalogue = catalogue_queries.current()
    owner = places.province(query.province, access)
    indicator = asking.indicator_of(query.indicator, catalogue)
    access.check_figure(owner, indicator, catalogue, parameter="province")
    period = asking.period_of(query.period, indicator, parameter="period")
    with asking.periods_at("period"):
        of = heatmap(owner, period, query.indicator)
    records = _records(of)
    return {
        "province": owner.code,
        "indicator": query.indicator,
        "unit": asking.unit_of(of.indicator, of.board.catalogue),
        "asked": query.period or period.key,
        "period": asking.period(of.period),
        "snapshot": asking.snapshot(of.board.snapshot),
        "catalogue": of.board.catalogue.version,
        "coverage": {"reported": of.reported, "expected": of.expected},
        "rows": [_row(row, of, records.get(row.place.id)) for row in of.rows],
    }


def _records(of: HeatMap) -> dict[int, int]:
    """Unit → records behind a figure that the system counted; nothing to ask where no element is counted."""
    if of.indicator is None:
        return {}
    ids = elements_of(of.indicator)
    book = of.board.catalogue.elements_by_id
    if not any(book[id].derived for id in ids if id in book):
        return {}
    units = [row.place.id for row in of.rows]
    return records_behind(units, of.period.key, of.period.rule.value, ids)


def _row(row: Row, of: HeatMap, records: int | None) -> dict[str, Any]:
    found = figure(of.board, row.place.id, of.indicator)
    assert found is not None
    return {
        "unit": row.place.code,
        "name": asking.name_of(row.place),
        **asking.figure(found),
        "records": records if isinstance(found, Reading) and found.grade == Grade.SYSTEM else None,
        "change": number(row.change),
        "band_before": row.band_before,
        "rank": row.rank,
    }
