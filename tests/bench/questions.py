"""Questions at national scale, and the same question as a person would write it in SQL by hand."""

from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median

from haicap.warehouse.queries.all_indicators import all_indicators
from haicap.warehouse.queries.obligations import reporting_rates
from haicap.warehouse.queries.over_periods import over_periods
from haicap.warehouse.queries.ratio_by_unit import ratio_by_unit
from haicap.warehouse.queries.rollup import rollup
from haicap.warehouse.queries.trend import trend
from haicap.warehouse.store import snapshot, store

from . import national
from .figures import Figure, ms, programme, quantile, timed

ROUNDS = 200
YEAR = [month.key for month in national.MONTHS[-12:]]


@programme("heatmap")
def heatmap() -> Iterator[Figure]:
    """The map's question for one province and for the country, beside raw SQL on the same file."""
    with national.at_national_scale() as place:
        rows, megabytes = snapshot().rows, national.size(place) / 1e6
        scale = f"{rows:,} rows of values and obligations, {megabytes:,.0f} MB in files"
        for units, goal in ((national.PROVINCE, 10.0), (national.ALL, None)):
            ours, raw = _side_by_side(units)
            size = len(units)
            yield Figure(f"heatmap_{size}_p95", ms(quantile(ours, 0.95)), "ms", goal, scale)
            yield Figure(f"heatmap_{size}_median", ms(median(ours)), "ms", None, f"raw {ms(median(raw)):.2f} ms")
            yield Figure(
                f"heatmap_{size}_ratio_to_raw_sql",
                median(a / b for a, b in zip(ours, raw, strict=True)),
                "×",
                1.5,
                "median over pairs; ours with rows as objects, raw SQL with literals and plain tuples",
            )


def _side_by_side(units: list[int]) -> tuple[list[float], list[float]]:
    asked = national.some_indicators(ROUNDS + 10)
    ours, raw = [], []
    cursor = store().cursor()
    for turn, (above, below, period) in enumerate(asked):
        sql = _raw(above[0][0], below[0][0], period, units)
        calls = [
            lambda a=above, b=below, p=period: ratio_by_unit(a, b, units, p),
            lambda s=sql: cursor.execute(s).fetchall(),
        ]
        # Each goes first every other time, so that neither pays for the other's cold pages.
        order = (0, 1) if turn % 2 else (1, 0)
        taken = dict(zip(order, timed([calls[index] for index in order]), strict=True))
        if turn >= 10:
            ours.append(taken[0])
            raw.append(taken[1])
    return ours, raw


def _raw(above: int, below: int, period: str, units: list[int]) -> str:
    """By hand, with literals, on the one file that matters; the faster of two ways to name the units."""
    year = national.parse(period).last_day.year
    entry = next(e for e in store().current().files if e.key == ("values", year))
    listed = f"[{', '.join(map(str, units))}]"
    few = len(units) <= 256
    chosen = f"list_contains({listed}, unit_id)" if few else f"unit_id IN (SELECT unnest({listed}))"
    return f"""
    SELECT unit_id, max(number) FILTER (element_id = {above}), max(number) FILTER (element_id = {below}),
      bool_or(status = 'provisional'), max(grade), max(missing)
    FROM "{entry.name}".main."values"
    WHERE period = '{period}' AND rule = 'nd09' AND scenario = 'official' AND split = '' AND attribution = ''
      AND element_id IN ({above}, {below}) AND {chosen}
    GROUP BY unit_id"""


@programme("questions")
def questions() -> Iterator[Figure]:
    """The other questions of the first page, of a commune's page and of the national view."""
    with national.at_national_scale():
        forty = national.forty()
        months = [month.key for month in national.MONTHS[-24:]]
        at = datetime(2026, 10, 20, tzinfo=UTC)
        asked = national.some_indicators(40)
        for units in (national.ALL, national.PROVINCE):
            taken = timed([lambda p=p, u=units: all_indicators(forty, u, p) for p in months])
            yield Figure(f"all_40_indicators_{len(units)}_p95", ms(quantile(taken, 0.95)), "ms", None, "one question")
        taken = timed([lambda a=a, b=b: over_periods(a, b, national.PROVINCE, YEAR) for a, b, _ in asked])
        yield Figure("twelve_months_102_p95", ms(quantile(taken, 0.95)), "ms")
        taken = timed([lambda a=a, b=b: trend(a, b, 1850, YEAR) for a, b, _ in asked])
        yield Figure("trend_12_months_p95", ms(quantile(taken, 0.95)), "ms")
        taken = timed([lambda a=a, b=b, p=p: rollup(a, b, national.PARENTS, [p]) for a, b, p in asked])
        yield Figure("rollup_3321_to_34_p95", ms(quantile(taken, 0.95)), "ms")
        taken = timed([lambda p=p: reporting_rates(national.ALL, [p], now=at) for p in months])
        yield Figure("reporting_rates_3321_p95", ms(quantile(taken, 0.95)), "ms", None, "15 forms")
