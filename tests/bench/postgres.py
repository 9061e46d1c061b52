"""The same questions on PostgreSQL with a tenth of the rows: the last twelve months of the country."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import duckdb
import psycopg

from haicap.warehouse.store import store
from tests.services import postgres

from . import national
from .figures import Figure, ms, programme, quantile, timed

MONTHS = national.MONTHS[-12:]
WARM_UP = 2
COPY = "COPY facts FROM STDIN (FORMAT csv, FORCE_NOT_NULL (split, attribution, missing))"
WHERE = (
    "rule = 'nd09' AND scenario = 'official' AND split = '' AND attribution = '' AND unit_id = ANY(%(units)s)"
)
MAP = f"""
SELECT unit_id, period, max(number) FILTER (WHERE element_id = %(a)s),
  max(number) FILTER (WHERE element_id = %(b)s), bool_or(status = 'provisional'), max(grade), max(missing)
FROM facts WHERE period = ANY(%(periods)s) AND element_id IN (%(a)s, %(b)s) AND {WHERE}
GROUP BY unit_id, period"""
FORTY = f"""
SELECT unit_id, (element_id - 1) / 2, max(number) FILTER (WHERE element_id %% 2 = 1),
  max(number) FILTER (WHERE element_id %% 2 = 0), bool_or(status = 'provisional'), max(grade), max(missing)
FROM facts WHERE period = ANY(%(periods)s) AND element_id <= 80 AND {WHERE}
GROUP BY 1, 2"""


@programme("postgres")
def comparison() -> Iterator[Figure]:
    try:
        postgres.programs()
    except postgres.NotInstalledError as missing:
        yield Figure("postgres_heatmap_102_p95", None, "ms", None, f"left out: not installed: {missing}")
        return
    with postgres.running() as url, psycopg.connect(url, autocommit=True) as connection:
        rows = _load(connection)
        connection.execute("SET work_mem = '64MB'")
        note = f"{rows:,} rows, index on period, element, unit; analysed; work_mem 64 MB"
        keys = [month.key for month in MONTHS]
        asked = [(2 * n + 1, 2 * n + 2, keys[n % 12]) for n in range(0, 120, 4)]
        one = [_call(connection, MAP, national.PROVINCE, [p], a, b) for a, b, p in asked]
        yield _p95("postgres_heatmap_102_p95", one, note)
        one = [_call(connection, MAP, national.ALL, [p], a, b) for a, b, p in asked]
        yield _p95("postgres_heatmap_3321_p95", one, note)
        one = [_call(connection, MAP, national.PROVINCE, keys, a, b) for a, b, _ in asked]
        yield _p95("postgres_twelve_months_102_p95", one, note)
        one = [_call(connection, FORTY, national.ALL, [p]) for p in keys]
        yield _p95("postgres_all_40_indicators_3321_p95", one, note)


def _p95(name: str, calls: Sequence[Callable[[], object]], note: str) -> Figure:
    for call in calls[:WARM_UP]:
        call()
    taken = timed(calls)
    # The work is done in the server's processes: the processor time of this one would say nothing.
    return Figure(
        name, ms(quantile(taken.wall, 0.95)), "ms", None, f"{note}; median {ms(median(taken.wall)):.2f} ms"
    )


def _call(
    connection: psycopg.Connection[Any],
    sql: str,
    units: list[int],
    periods: list[str],
    a: int = 0,
    b: int = 0,
) -> Callable[[], object]:
    named = {"units": units, "periods": periods, "a": a, "b": b}
    return lambda: connection.execute(sql, named).fetchall()


def _load(connection: psycopg.Connection[Any]) -> int:
    """The rows of the warehouse's own files, in the order of the index, then what a careful operator does."""
    connection.execute(
        "CREATE UNLOGGED TABLE facts (unit_id int, element_id int, split text, attribution text, "
        'period text, kind text, rule text, start date, "end" date, scenario text, origin text, form text, '
        "number decimal(18,4), missing text, status text, grade text)"
    )
    with national.at_national_scale(), tempfile.TemporaryDirectory() as place:
        for month in MONTHS:
            path = Path(place) / "month.csv"
            _export(month.last_day.year, month.key, path)
            with connection.cursor() as cursor, path.open("rb") as file, cursor.copy(COPY) as copy:
                while block := file.read(1 << 20):
                    copy.write(block)
    connection.execute("CREATE INDEX ON facts (period, element_id, unit_id)")
    connection.execute("VACUUM ANALYZE facts")
    found = connection.execute("SELECT count(*) FROM facts").fetchone()
    return found[0] if found else 0


def _export(year: int, period: str, path: Path) -> None:
    entry = next(one for one in store().current().files if one.key == ("values", year))
    with duckdb.connect(str(store().root / entry.name), read_only=True) as file:
        rows = f"SELECT * FROM \"values\" WHERE period = '{period}' ORDER BY element_id, unit_id"
        file.execute(f"COPY ({rows}) TO '{path}' (FORMAT csv, HEADER false)")
