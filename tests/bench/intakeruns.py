"""The measured process of the import figures: `python -m tests.bench.intakeruns rates|million`.

It needs an empty database of its own (DATABASE_URL, or SQLite in HAICAP_DATA_DIR) and prints one JSON object.
A country of 3,321 communes owes a monthly form of 60 cells with ten hard checks.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  models need the apps
from django.db import connection, transaction  # noqa: E402

from haicap.accounts.scopes import Grant, Scope  # noqa: E402
from haicap.accounts.states import Role  # noqa: E402
from haicap.catalogue import models as catalogue  # noqa: E402
from haicap.catalogue import queries  # noqa: E402
from haicap.core import clock, periods  # noqa: E402
from haicap.reporting.actions import Datum, IntakeResult, take_in  # noqa: E402
from haicap.reporting.models import Report, Value, ValueChange  # noqa: E402
from haicap.units.actions.stamp import touch  # noqa: E402
from haicap.units.models import Unit  # noqa: E402
from tests.bench import writing  # noqa: E402

COMMUNES, CELLS, CHECKS = 3321, 60, 10
DRAFTS, MACHINE = "THANG", "MAY"
MONTHS = [one.key for one in periods.span(periods.parse("2026-01"), periods.parse("2026-10"))]
NOW = datetime(2026, 10, 27, 3, 0, tzinfo=UTC)
SINCE = date(2025, 7, 1)
CODES = [f"E{number:02}" for number in range(CELLS)]


def country() -> Scope:
    """Units, elements and two forms; the scope is that of a system which sends for all of them."""
    root = Unit.objects.create(**_unit("00", 0, "country", None))
    Unit.objects.filter(pk=root.pk).update(path=f"/{root.pk}/")
    made = Unit.objects.bulk_create(
        [Unit(**_unit(f"{n:05}", 2, "xa", root.pk)) for n in range(COMMUNES)], batch_size=500
    )
    for unit in made:
        unit.path = f"/{root.pk}/{unit.pk}/"
    Unit.objects.bulk_update(made, ["path"], batch_size=500)
    touch()
    for number, code in enumerate(CODES):
        catalogue.Element.objects.create(
            uid=f"e{number:010}", code=code, counts=code, unit="hồ sơ", over_time="sum", over_units="sum",
            over_split="sum", published_at=NOW,
        )  # fmt: skip
    for number, code in enumerate((DRAFTS, MACHINE)):
        form = catalogue.Form.objects.create(uid=f"f{number:010}", code=code, owner_id=root.pk)
        spec = {**_spec(), "approval": code == DRAFTS}
        catalogue.FormVersion.objects.create(form=form, number=1, spec=spec, digest=code, published_at=NOW)
    catalogue.Pack.objects.create(
        code="bench", number=1, owner_id=root.pk, digest="bench", published_at=NOW,
        published_by="system:bench",
        contents={"elements": CODES, "forms": {DRAFTS: 1, MACHINE: 1}},
    )  # fmt: skip
    catalogue.Revision.objects.update_or_create(pk=1, defaults={"token": "bench"})
    queries.forget()
    path = f"/{root.pk}/"
    return Scope(user_id=0, ref="key:bench", grants=(Grant(Role.SOURCE, root.pk, path),))


def _unit(code: str, level: int, kind: str, parent: int | None) -> dict[str, object]:
    return {
        "uid": f"u{level}{code:0>9}", "code": code, "level": level, "kind": kind, "parent_id": parent,
        "path": "", "name": code, "full_name": code, "name_en": code, "folded": code, "valid_from": SINCE,
    }  # fmt: skip


def _spec() -> dict[str, object]:
    return {
        "kind": "month",
        "rule": "nd09",
        "obliged": ["xa"],
        "deadline": {"working_days": 5, "time": "17:00"},
        "first_day": SINCE.isoformat(),
        "sections": [
            {
                "code": "A",
                "cells": [{"element": code, "number": code, "required": False} for code in CODES],
            }
        ],
        "checks": [
            {
                "code": f"C{n}",
                "kind": "hard",
                "expression": f"E{2 * n:02} <= E{2 * n + 1:02}",
                "elements": [f"E{2 * n:02}", f"E{2 * n + 1:02}"],
            }
            for n in range(CHECKS)
        ],
    }


def data(form: str, months: list[str], seed: int) -> Iterator[Datum]:
    """Every cell of every commune, report by report as files bring them; another seed, other numbers."""
    communes = list(Unit.objects.filter(level=2).order_by("id").values_list("pk", flat=True))
    index = 0
    for month in months:
        for unit in communes:
            for place, code in enumerate(CODES):
                number = Decimal((unit * 7 + seed * 13) % 9000 + 10 * place)
                yield Datum(index, f"dòng {index + 2}", unit, form, month, code, number)
                index += 1


def taken(scope: Scope, form: str, months: list[str], seed: int) -> IntakeResult:
    return take_in(
        by=scope.ref, scope=scope, data=data(form, months, seed), door="api", file_name=f"{form}-{seed}.csv"
    )


def timed(call: Callable[[], IntakeResult]) -> dict[str, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    done = call()
    seconds = time.perf_counter() - wall
    assert done.read == done.imported + done.updated, done
    return {"values": done.read, "seconds": seconds, "processor": time.process_time() - cpu}


def rates(scope: Scope) -> dict[str, dict[str, float]]:
    """A month for the first time, the same month corrected, and both for a form that needs no approval;
    between them the bare SQL that does the writing alone."""
    found = {
        "bare_new": bare(scope, MONTHS[0], 1),
        "new": timed(lambda: taken(scope, DRAFTS, MONTHS[1:2], 1)),
    }
    found["bare_changed"] = bare(scope, MONTHS[0], 2)
    found["changed"] = timed(lambda: taken(scope, DRAFTS, MONTHS[1:2], 2))
    found["accepted_new"] = timed(lambda: taken(scope, MACHINE, MONTHS[1:2], 1))
    found["accepted_changed"] = timed(lambda: taken(scope, MACHINE, MONTHS[1:2], 2))
    return found


STAGE = 'CREATE TEMP TABLE bare (report_id bigint, element_id bigint, "number" decimal(18,4))'
UPSERT = """
INSERT INTO reporting_value (report_id, element_id, split, attribution, scenario, origin, "number", text,
  no_figure_reason, raw, refusal, grade, door, version, changed_at, changed_by)
SELECT report_id, element_id, '', '', 'official', 'reported', "number", '', '', '', '', 'declared', 'api', 1,
  {now}, 'bare' FROM bare WHERE true
ON CONFLICT (report_id, element_id, split, attribution, scenario, origin) DO UPDATE
SET "number" = excluded."number", version = reporting_value.version + 1, changed_at = excluded.changed_at,
  changed_by = excluded.changed_by
WHERE reporting_value."number" IS DISTINCT FROM excluded."number"
"""
HISTORY = """
INSERT INTO reporting_valuechange (value_id, at, by, door, cycle, from_number, to_number, from_reason,
  to_reason, from_text, to_text, why)
SELECT v.id, {now}, 'bare', 'api', 0, NULL, b."number", '', '', '', '', ''
FROM bare b JOIN reporting_value v ON v.report_id = b.report_id AND v.element_id = b.element_id
"""


def bare(scope: Scope, month: str, seed: int) -> dict[str, float]:
    """No check, no judgement, no audit: a staging table, an upsert of changed rows, one history row each.

    The reports are there already, and so are the rows to be written.
    """
    if seed == 1:
        # Opening the reports is no part of it: one cell each, taken back out of the history's way.
        first = (one for one in data(DRAFTS, [month], 0) if one.element == CODES[0])
        take_in(by=scope.ref, scope=scope, data=first, door="api")
    elements = dict(catalogue.Element.objects.values_list("code", "pk"))
    reports = dict(Report.objects.filter(form=DRAFTS, period=month).values_list("unit_id", "pk"))
    rows = [
        (reports[one.unit_id], elements[one.element], str(one.number)) for one in data(DRAFTS, [month], seed)
    ]
    now = "now()" if connection.vendor == "postgresql" else "'2026-10-27 03:00:00'"
    wall, cpu = time.perf_counter(), time.process_time()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STAGE)
        if connection.vendor == "postgresql":
            with cursor.copy("COPY bare FROM STDIN") as copy:
                copy.write("".join(f"{report}\t{element}\t{number}\n" for report, element, number in rows))
        else:
            cursor.executemany("INSERT INTO bare VALUES (%s, %s, %s)", rows)
        cursor.execute(UPSERT.format(now=now))
        cursor.execute(HISTORY.format(now=now))
        cursor.execute("DROP TABLE bare")
    seconds = time.perf_counter() - wall
    return {"values": len(rows), "seconds": seconds, "processor": time.process_time() - cpu}


def million(scope: Scope) -> dict[str, float]:
    """Five months of the country and a bit in one call: 1,000,000 values or a little more."""
    months = MONTHS[2 : 3 + 1_000_000 // (COMMUNES * CELLS)]
    before = writing.peak_megabytes()
    found = timed(lambda: taken(scope, DRAFTS, months, 1))
    assert Value.objects.count() == ValueChange.objects.count() == found["values"]
    return {**found, "before": before, "peak": writing.peak_megabytes()}


def main() -> None:
    call_command("migrate", verbosity=0)
    with clock.frozen(NOW):
        scope = country()
        print(json.dumps({"rates": rates, "million": million}[sys.argv[1]](scope)))


if __name__ == "__main__":
    main()
