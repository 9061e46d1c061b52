"""A Spark cluster (two workers of one core here) and DuckDB on the same lake, question by question."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from unittest.mock import patch

from django.conf import settings
from django.db import connection
from django.test import override_settings

from haicap.core.periods import Rule
from haicap.warehouse import lake, store
from haicap.warehouse.engines import cluster
from haicap.warehouse.queries.all_indicators import all_indicators
from haicap.warehouse.queries.crosstab import Item, Window, crosstab
from haicap.warehouse.queries.obligations import reporting_rates
from haicap.warehouse.queries.ratio_by_unit import ratio_by_unit
from haicap.warehouse.queries.rollup import rollup
from haicap.warehouse.refresh import writing
from tests.services import spark as services

from . import national
from .figures import Figure, Taken, ms, programme, timed

# Two months of one year and three of the next: 4.2 million values, 0.25 million obligations
MONTHS = [*national.MONTHS[-12:-10], *national.MONTHS[-3:]]
KEYS = [month.key for month in MONTHS]
ROUNDS, FEW, SLOW = 7, 2, 10.0
# More than the tests give: an answer of the country has to fit
MEMORY = {"spark.driver.memory": "1g", "spark.executor.memory": "1g"}
Question = Callable[[], object]


@programme("spark")
def spark() -> Iterator[Figure]:
    """Medians of the same questions in one run; every pair of answers is compared first."""
    with sample() as scale:
        try:
            with services.running(MEMORY, memory="1g") as url:
                yield from _figures(url, scale)
                cluster.stop()
        except services.NotInstalledError as missing:
            yield Figure("spark_first_answer", None, "s", None, f"not installed: {missing}")


def _figures(url: str, scale: str) -> Iterator[Figure]:
    asked = questions()
    began = time.perf_counter()
    with override_settings(ENGINE=url):
        asked["heatmap_102"]()
    yield Figure("spark_first_answer", time.perf_counter() - began, "s", None, f"driver started; {scale}")
    for name, question in asked.items():
        answer, ours = _taken(question)
        with patch.object(store, "relation", over_lake):
            _same, parquet = _taken(question)
        # a question of the whole country may take longer here than a page would wait
        with override_settings(ENGINE=url), patch.object(cluster, "LONGEST_QUESTION", 900.0):
            its, theirs = _taken(question)
        assert its == answer, name
        files, same, far = (median(one.wall) for one in (ours, parquet, theirs))
        told = f"DuckDB, one thread: {ms(same):.1f} ms on the same lake, {ms(files):.1f} ms on its own files"
        yield Figure(f"spark_{name}", ms(far), "ms", None, f"median of {len(theirs.wall)}; {told}")
        yield Figure(f"spark_{name}_ratio_to_duckdb", far / same, "×", None, "on the same lake")


def questions() -> dict[str, Question]:
    """From the smallest that a page asks to one that reads every fact."""
    above, below = national.indicator(7)
    forty, provinces = national.forty(), dict.fromkeys(range(1, national.PROVINCES + 1))
    places = {one: [unit for unit, parent in national.PARENTS.items() if parent == one] for one in provinces}
    items = {n: Item(*national.indicator(n)) for n in range(national.ELEMENTS // 2)}
    windows = [
        Window(element, key, Rule.DECREE09, 1) for element in range(1, national.ELEMENTS + 1) for key in KEYS
    ]
    at = datetime(2026, 10, 20, tzinfo=UTC)
    return {
        "heatmap_102": lambda: ratio_by_unit(above, below, national.PROVINCE, KEYS[-1]),
        "heatmap_3321": lambda: ratio_by_unit(above, below, national.ALL, KEYS[-1]),
        "all_40_indicators_3321": lambda: all_indicators(forty, national.ALL, KEYS[-1]),
        "rollup_3321_to_34": lambda: rollup(above, below, national.PARENTS, KEYS),
        "reporting_rates_3321": lambda: reporting_rates(national.ALL, KEYS, now=at),
        "every_fact_34_provinces": lambda: crosstab(items, windows, places),
    }


def _taken(question: Question) -> tuple[object, Taken]:
    """Its answer, and what it takes once it has been asked."""
    began = time.perf_counter()
    answer = question()
    slow = time.perf_counter() - began > SLOW
    return answer, timed([question] * (FEW if slow else ROUNDS))


def over_lake(view: store.View, table: str, years: tuple[int, ...] | None) -> str:
    """In place of `store.relation`: DuckDB reads the Parquet files that the cluster reads."""
    wanted = sorted(
        one.year for one in view.files if one.table == table and (years is None or one.year in years)
    )
    place = Path(settings.LAKE) / "current" / table
    listed = ", ".join(f"'{place}/year={year}/part-0.parquet'" for year in wanted)
    return f"(SELECT * FROM read_parquet([{listed}], hive_partitioning = false))"


@contextmanager
def sample() -> Iterator[str]:
    """A store and a lake of `MONTHS`, made anew and thrown away; says how large they are."""
    place = Path(settings.DATA_DIR) / "bench" / "spark"
    shutil.rmtree(place, ignore_errors=True)
    # the dictionary of a lake asks the catalogue, which may well be empty here
    used = str(connection.settings_dict["NAME"])
    connection.creation.create_test_db(verbosity=0, serialize=False)
    try:
        with override_settings(WAREHOUSE_DIR=place / "store", LAKE=str(place / "lake")):
            with writing() as root:
                national.generate(root, MONTHS)
            began = time.perf_counter()
            made = lake.write(place / "lake")
            seconds = time.perf_counter() - began
            bytes = sum(one.stat().st_size for one in made.path.rglob("*.parquet"))
            rows = sum(made.rows.values())
            yield f"{rows:,} rows, lake of {bytes / 1e6:,.0f} MB written in {seconds:.1f} s"
            store.store().close()
    finally:
        connection.creation.destroy_test_db(used, verbosity=0)
        shutil.rmtree(place, ignore_errors=True)
