"""The measured processes of the memory figures: `python -m tests.bench.peaks writer|server`."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
django.setup()

from haicap.warehouse.queries.all_indicators import all_indicators  # noqa: E402  models need the apps
from haicap.warehouse.queries.obligations import obligations  # noqa: E402
from haicap.warehouse.queries.over_periods import over_periods  # noqa: E402
from haicap.warehouse.queries.ratio_by_unit import ratio_by_unit  # noqa: E402
from haicap.warehouse.queries.rollup import rollup  # noqa: E402
from haicap.warehouse.refresh import refresh  # noqa: E402
from tests.bench import national, writing  # noqa: E402


def writer() -> float:
    with national.scratch() as place:
        # Made by another process: generating the month takes more memory than writing it.
        subprocess.run([sys.executable, "-m", "tests.bench.peaks", "month", str(place)], check=True)
        report = writing.one_report(1)
        paths = {name: place / f"{name}.parquet" for name in ("values", "obligations")}
        month = writing.Prepared(writing.month_tokens(), dict(paths))
        before = writing.peak_megabytes()
        refresh(report)
        refresh(month)
        return before


def server() -> float:
    before = writing.peak_megabytes()
    with national.at_national_scale():
        at = datetime(2026, 10, 20, tzinfo=UTC)
        for above, below, period in national.some_indicators(150):
            ratio_by_unit(above, below, national.ALL, period)
            rollup(above, below, national.PARENTS, [period])
        for month in national.MONTHS[::10]:
            all_indicators(national.forty(), national.ALL, month.key)
            obligations(national.ALL, [month.key], now=at)
            over_periods(*national.indicator(1), national.ALL, [m.key for m in national.MONTHS[-12:]])
    return before


def main() -> None:
    what = sys.argv[1]
    if what == "month":
        writing.write_month(Path(sys.argv[2]))
        return
    before = {"writer": writer, "server": server}[what]()
    print(json.dumps({"before": before, "peak": writing.peak_megabytes()}))


main()
