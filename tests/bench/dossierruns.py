"""The measured process of the dossier figures: `python -m tests.bench.dossierruns ROWS`.

It needs an empty database of its own (DATABASE_URL, or SQLite in HAICAP_DATA_DIR) and prints one JSON object.
A province of 102 communes and 24 months; one file of ROWS dossiers in no order of theirs, then the same file
again, then the facts as the warehouse reads them. The file is made by another process.
"""

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
django.setup()

from django.conf import settings  # noqa: E402  models need the apps
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from haicap.accounts.scopes import Grant, Scope  # noqa: E402
from haicap.accounts.states import Role  # noqa: E402
from haicap.audit.actions import Slice  # noqa: E402
from haicap.catalogue.actions import load_pack  # noqa: E402
from haicap.core import clock  # noqa: E402
from haicap.dossiers import actions, facts  # noqa: E402
from haicap.dossiers.models import Dossier, Import  # noqa: E402
from haicap.routines.deriving import count_derived  # noqa: E402
from haicap.units.actions.stamp import touch  # noqa: E402
from haicap.units.models import Unit  # noqa: E402
from haicap.warehouse.refresh import refresh  # noqa: E402
from tests.bench import writing  # noqa: E402
from tests.dossiers import making  # noqa: E402

COMMUNES, MONTHS = 102, 24
NOW = "2026-10-27T10:00"
SINCE = date(2024, 1, 1)
CODES = [f"{24000 + number}" for number in range(COMMUNES)]
NAMES = [name for name in making.HEADINGS if name not in ("account", "steps", "last_step")]
PIECE = 1024 * 1024
PACK = Path(__file__).resolve().parents[2] / "packs" / "dak-lak"


def write_file(path: Path, rows: int) -> None:
    """ROWS dossiers with a name and a telephone number in columns of their own, which nobody must keep."""
    chance = Random(7)
    first = datetime(2024, 10, 1, 7, 30)  # noqa: DTZ001 - wall time of a file
    procedures, levels = list(making.PROCEDURES), ("full", "part", "info")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow([*(making.HEADINGS[name] for name in NAMES), "Họ và tên", "Điện thoại"])
        for number in range(rows):
            came = first + timedelta(minutes=chance.randrange(MONTHS * 30 * 24 * 60))
            due = came + timedelta(days=chance.randrange(1, 12))
            done = due + timedelta(minutes=chance.randrange(-1440, 300))
            is_open = chance.random() < 0.05
            writer.writerow(
                (
                    f"H15.{came:%y%m%d}-{number:07}", chance.choice(CODES), chance.choice(procedures),
                    f"{came:%d/%m/%Y %H:%M:%S}", f"{due:%d/%m/%Y %H:%M:%S}",
                    "" if is_open else f"{max(done, came):%d/%m/%Y %H:%M:%S}", "4" if is_open else "10",
                    "2" if chance.random() < 0.9 else "1", chance.choice(levels),
                    "self" if chance.random() < 0.6 else "helped", chance.choice(("0", "15.000", "8.000")),
                    chance.choice("01"), chance.choice("01"), chance.choice("01"),
                    chance.choice(("", "5", "4")), "Nguyễn Thử Nghiệm", "0905123456",
                )
            )  # fmt: skip


def province() -> Scope:
    def unit(code: str, level: int, kind: str, above: Unit | None) -> Unit:
        made = Unit.objects.create(
            uid=f"u{code:>10}".replace(" ", "0"), code=code, level=level, kind=kind,
            parent_id=above and above.pk, path="", name=code, full_name=code, name_en=code, folded=code,
            valid_from=SINCE,
        )  # fmt: skip
        made.path = f"{above.path if above else '/'}{made.pk}/"
        made.save()
        return made

    country = unit("00", 0, "country", None)
    root = unit("66", 1, "tinh", country)
    for code in CODES:
        unit(code, 2, "xa", root)
    touch()
    return Scope(0, "system:bench", (Grant(Role.SOURCE, root.pk, root.path),))


def timed(work: Callable[[], object]) -> dict[str, float]:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return {"seconds": time.perf_counter() - wall, "processor": time.process_time() - processor}


def bring(scope: Scope, path: Path) -> dict[str, float]:
    def pieces() -> Iterator[bytes]:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def work() -> None:
        token = actions.receive(
            by=scope.ref, scope=scope, source=making.SOURCE, pieces=pieces(), name="a.csv", queue=False
        )
        actions.run_now(token=token)

    found = timed(work)
    batch = Import.objects.latest("id")
    assert batch.state == "done", batch.failure
    return found | {"rows": batch.read, "created": batch.created, "unchanged": batch.unchanged}


def read_facts() -> dict[str, float]:
    rows = 0

    def work() -> None:
        nonlocal rows
        rows = sum(len(batch) for batch in facts.dossier_batches())

    return timed(work) | {"rows": rows}


def read_month() -> dict[str, float]:
    """What one chunk of a sorted import makes the warehouse read again."""
    units = Dossier.objects.filter(period="2025-06").values_list("unit_id", flat=True).distinct()
    slices = [Slice("dossiers", "dossiers", "2025-06", unit) for unit in units]
    return timed(lambda: sum(len(batch) for batch in facts.dossier_batches(slices)))


def to_the_map() -> dict[str, dict[str, float]]:
    """Swapped in, counted for every element of the pack, swapped in again: then the rates are on the map."""
    load_pack(by="system:bench", path=PACK)
    return {"swapped": timed(refresh), "counted": timed(count_derived), "shown": timed(refresh)}


def main() -> None:
    rows = int(sys.argv[1])
    path = Path(settings.DATA_DIR) / "bench.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    if len(sys.argv) > 2:
        write_file(path, rows)
        return
    subprocess.run([sys.executable, "-m", "tests.bench.dossierruns", str(rows), "file"], check=True)
    call_command("migrate", verbosity=0)
    if Unit.objects.exists():
        raise SystemExit("this database is somebody's: the bench wants one of its own")
    with clock.frozen(NOW):
        scope = province()
        making.source(scope)
        before = writing.peak_megabytes()
        found = {"new": bring(scope, path), "again": bring(scope, path)}
        found["memory"] = {"before": before, "peak": writing.peak_megabytes()}
        found["facts"], found["month"] = read_facts(), read_month()
        found |= to_the_map()
    found["file"] = {"megabytes": path.stat().st_size / 2**20}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dossiers_dossier")
        assert cursor.fetchone()[0] == found["new"]["created"]
    print(json.dumps(found))


main()
