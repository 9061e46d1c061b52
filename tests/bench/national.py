"""The country for ten years: 3,321 communes × 300 elements × 120 months, about 15 % missing.

Made by SQL straight into year files of the store's own format, once, and kept under data/bench/.
"""

import os
import random
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.test import override_settings

from haicap.core.periods import Period, parse, span
from haicap.warehouse import manifest as manifests
from haicap.warehouse.building import Workshop
from haicap.warehouse.manifest import Entry, Manifest
from haicap.warehouse.queries.all_indicators import Asked
from haicap.warehouse.queries.cells import Terms
from haicap.warehouse.refresh import writing
from haicap.warehouse.store import store
from haicap.warehouse.tables import OBLIGATIONS, VALUES, Table

COMMUNES, ELEMENTS, PER_FORM, PROVINCES = 3321, 300, 20, 34
MONTHS = span(parse("2016-11"), parse("2026-10"))
LAST = MONTHS[-1].key
ALL = list(range(1, COMMUNES + 1))
# As many communes as Đắk Lắk has, with neighbouring ids as a register loaded in order gives them.
PROVINCE = list(range(1801, 1903))
PARENTS = {unit: 1 + (unit - 1) * PROVINCES // COMMUNES for unit in ALL}
FORMS = [f"F{number:02}" for number in range(ELEMENTS // PER_FORM)]
VERSION = 1


def directory() -> Path:
    return Path(settings.DATA_DIR) / "bench" / f"national-{VERSION}"


def indicator(number: int) -> tuple[Terms, Terms]:
    """Element 2n over element 2n + 1, as most indicators are."""
    return ((2 * number + 1, Decimal(1)),), ((2 * number + 2, Decimal(1)),)


def forty() -> dict[str, Asked]:
    return {f"I{number:02}": Asked(*indicator(number)) for number in range(40)}


def values_sql(months: list[Period], seed: int = 0) -> str:
    """A SELECT of these months' facts; another seed gives other numbers in the same cells."""
    listed = ", ".join(f"('{m.key}', DATE '{m.start}', DATE '{m.end}')" for m in months)
    return f"""
    SELECT CAST(u AS INTEGER) AS unit_id, CAST(e AS INTEGER) AS element_id, '' AS split, '' AS attribution,
      p AS period, 'month' AS kind, 'nd09' AS rule, s AS start, t AS "end", 'official' AS scenario,
      'reported' AS origin, 'F' || lpad(CAST((e - 1) // {PER_FORM} AS VARCHAR), 2, '0') AS form,
      CAST(hash(u, e, p, {seed}) % 100000 AS DECIMAL(18,4)) AS number, '' AS missing,
      CASE WHEN p = '{LAST}' AND hash(u) % 5 = 0 THEN 'provisional' ELSE 'accepted' END AS status,
      'declared' AS grade
    FROM (VALUES {listed}) m(p, s, t), range(1, {ELEMENTS + 1}) b(e), range(1, {COMMUNES + 1}) c(u)
    WHERE hash(u, e, p) % 100 >= 15"""


def obligations_sql(months: list[Period]) -> str:
    listed = ", ".join(f"('{m.key}', DATE '{m.start}', DATE '{m.end}')" for m in months)
    return f"""
    SELECT CAST(u AS INTEGER) AS unit_id, 'F' || lpad(CAST(f AS VARCHAR), 2, '0') AS form, p AS period,
      'month' AS kind, 'nd09' AS rule, s AS start, t AS "end",
      CAST(t + 5 AS TIMESTAMP) + INTERVAL 10 HOUR AS deadline,
      CASE WHEN hash(u, f, p) % 100 >= 3 THEN CAST(t AS TIMESTAMP)
        + to_minutes(CAST(hash(f, u, p) % 9000 AS BIGINT)) END AS submitted,
      CASE WHEN hash(u, f, p) % 100 >= 3 THEN 'accepted' ELSE 'open' END AS state
    FROM (VALUES {listed}) m(p, s, t), range({len(FORMS)}) b(f), range(1, {COMMUNES + 1}) c(u)"""


def prepared() -> Path:
    """The generated store's directory; made now if this machine has none (minutes, about a gigabyte)."""
    place = directory()
    with override_settings(WAREHOUSE_DIR=place), writing() as root:
        if manifests.read(root) is None:
            generate(root, MONTHS)
    return place


def generate(root: Path, months: list[Period]) -> None:
    """A store of those months, one file per table and year."""
    files: list[Entry] = []
    shop = Workshop(root)
    # Sorting ten million rows within the writer's own limit spills; making the data may take more.
    shop.db.execute("SET memory_limit = '3GB'")
    try:
        for year in sorted({month.last_day.year for month in months}):
            its = [month for month in months if month.last_day.year == year]
            print(f"making {year} …", file=sys.stderr, flush=True)
            files.append(_year(shop, VALUES, year, values_sql(its)))
            files.append(_year(shop, OBLIGATIONS, year, obligations_sql(its)))
    finally:
        shop.close()
    made = Manifest(manifests.new_id(), "2026-10-20T00:00:00+00:00", None, tuple(files))
    manifests.swap(root, made)


def _year(shop: Workshop, table: Table, year: int, rows: str) -> Entry:
    return shop.write(table, year, rows, shop.sums(f"({rows})", table))


@contextmanager
def at_national_scale() -> Iterator[Path]:
    """The store as made, for questions only."""
    with override_settings(WAREHOUSE_DIR=prepared()):
        try:
            yield directory()
        finally:
            store().close()


@contextmanager
def scratch() -> Iterator[Path]:
    """A store to write into: the same immutable files by hard link, thrown away afterwards."""
    made = prepared()
    place = made.parent / f"scratch-{os.getpid()}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir()
    for path in made.glob("*.duckdb"):
        os.link(path, place / path.name)
    shutil.copyfile(made / manifests.NAME, place / manifests.NAME)
    try:
        with override_settings(WAREHOUSE_DIR=place):
            yield place
            store().close()
    finally:
        shutil.rmtree(place)


def size(place: Path) -> int:
    found = manifests.read(place)
    return sum(entry.bytes for entry in found.files) if found else 0


def some_indicators(count: int, seed: int = 1) -> list[tuple[Terms, Terms, str]]:
    """Random indicators in random months of all ten years."""
    dice = random.Random(seed)
    return [(*indicator(dice.randrange(ELEMENTS // 2)), dice.choice(MONTHS).key) for _ in range(count)]
