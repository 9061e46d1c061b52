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
from .figures import Figure, Taken, programme, timed

ROUNDS, WARM_UP = 200, 10
YEAR = [month.key for month in national.MONTHS[-12:]]


@programme("heatmap")
def heatmap() -> Iterator[Figure]:
    """The map's question for one province and for the country, beside raw SQL on the same file."""
    with national.at_national_scale() as place:
        scale = f"{snapshot().rows:,} rows in files of {national.size(place) / 1e6:,.0f} MB"
        for units, goal in ((national.PROVINCE, 10.0), (national.ALL, None)):
            ours, raw = _side_by_side(units)
            yield ours.p95(f"heatmap_{len(units)}_p95", goal, scale)
            yield raw.p95(f"heatmap_{len(units)}_raw_sql_p95")
            for clock, mine, theirs in (("", ours.wall, raw.wall), ("_processor", ours.cpu, raw.cpu)):
                yield Figure(
                    f"heatmap_{len(units)}_ratio_to_raw_sql{clock}",
                    median(a / b for a, b in zip(mine, theirs, strict=True)),
                    "×",
                    1.5,
                    f"median of {ROUNDS} pairs; ours with rows as objects, raw SQL as plain tuples",
                )


def _side_by_side(units: list[int]) -> tuple[Taken, Taken]:
    cursor = store().cursor()
    pair = Taken([], []), Taken([], [])
    for turn, (above, below, period) in enumerate(national.some_indicators(ROUNDS + WARM_UP)):
        sql = _raw(above[0][0], below[0][0], period, len(units))
        calls = [
            lambda a=above, b=below, p=period: ratio_by_unit(a, b, units, p),
            lambda s=sql: cursor.execute(s, {"units": units}).fetchall(),
        ]
        if turn < WARM_UP:
            same = {row.unit_id: (row.numerator, row.denominator) for row in calls[0]() if row.status}
            assert same == {row[0]: row[1:3] for row in calls[1]()}
        # Each goes first every other time, so that neither pays for the other's cold pages.
        for which in (0, 1) if turn % 2 else (1, 0):
            one = timed([calls[which]])
            if turn >= WARM_UP:
                pair[which].wall.extend(one.wall)
                pair[which].cpu.extend(one.cpu)
    return pair


def _raw(above: int, below: int, period: str, units: int) -> str:
    """By hand, with literals, on the one file that matters; the faster of two ways to choose the units.

    The same question: a declared figure only where no other is, the weakest grade, the reason for a gap.
    """
    year = national.parse(period).last_day.year
    entry = next(e for e in store().current().files if e.key == ("values", year))
    few = units <= 256
    chosen = "list_contains($units::INT[], unit_id)" if few else "unit_id IN (SELECT unnest($units::INT[]))"
    return f"""
    SELECT unit_id, arg_min(number, origin = 'declared') FILTER (element_id = {above}),
      arg_min(number, origin = 'declared') FILTER (element_id = {below}), bool_or(status = 'provisional'),
      max(CASE grade WHEN 'system' THEN 0 WHEN 'proven' THEN 1 WHEN 'declared' THEN 2 ELSE 3 END),
      max(missing)
    FROM "{entry.name}".main."values"
    WHERE period = '{period}' AND rule = 'nd09' AND scenario = 'official' AND split = '' AND attribution = ''
      AND element_id IN ({above}, {below}) AND {chosen}
    GROUP BY unit_id"""


@programme("questions")
def questions() -> Iterator[Figure]:
    """The other questions of the first page, of a commune's page and of the national view."""
    with national.at_national_scale():
        forty, asked = national.forty(), national.some_indicators(40)
        months = [month.key for month in national.MONTHS[-24:]]
        for units in (national.ALL, national.PROVINCE):
            taken = timed([lambda p=p, u=units: all_indicators(forty, u, p) for p in months])
            yield taken.p95(f"all_40_indicators_{len(units)}_p95", note="one question")
        taken = timed([lambda a=a, b=b: over_periods(a, b, national.PROVINCE, YEAR) for a, b, _ in asked])
        yield taken.p95("twelve_months_102_p95")
        taken = timed([lambda a=a, b=b: trend(a, b, national.PROVINCE[0], YEAR) for a, b, _ in asked])
        yield taken.p95("trend_12_months_p95")
        taken = timed([lambda a=a, b=b, p=p: rollup(a, b, national.PARENTS, [p]) for a, b, p in asked])
        yield taken.p95("rollup_3321_to_34_p95")
        at = datetime(2026, 10, 20, tzinfo=UTC)
        taken = timed([lambda p=p: reporting_rates(national.ALL, [p], now=at) for p in months])
        yield taken.p95("reporting_rates_3321_p95", note="15 forms")
