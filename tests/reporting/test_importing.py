"""Many reports at once: the same rules, the whole history, all or none."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from haicap.audit import queries as audit
from haicap.reporting import actions, facts, queries
from haicap.reporting.actions import ImportedCell, ImportedReport, ImportedReturn, ImportedStep, Signed
from haicap.reporting.models import Report, ValueChange
from haicap.reporting.states import State

from .office import FORM, PERIOD, Office, refused


def at(day: int, hour: int = 9) -> datetime:
    return datetime(2026, 10, day, hour, tzinfo=UTC)


def a_report(office: Office, code: str = "24505", **more: object) -> ImportedReport:
    life = ImportedReport(
        unit_id=office.world[code],
        form=FORM,
        period=PERIOD,
        state=State.ACCEPTED,
        typed=Signed(at(15), "demo:officer"),
        cells=(
            ImportedCell("HS_NHAN", Decimal(412)),
            ImportedCell("HS_NHAN_CTT", Decimal(377)),
            ImportedCell("HS_PHI", None, "Chưa có số"),
            ImportedCell("HS_TTTT", Decimal(0)),
        ),
        submissions=(Signed(at(16), "demo:leader"),),
        accepted=Signed(at(17), "demo:office"),
    )
    return replace(life, **more)  # type: ignore[arg-type]


BROKEN = tuple(
    ImportedCell(code, Decimal(number))
    for code, number in {"HS_NHAN": 1, "HS_NHAN_CTT": 2, "HS_PHI": 1, "HS_TTTT": 1}.items()
)


def load(*rows: ImportedReport) -> actions.ImportResult:
    return actions.bulk_import(by="system:demo", rows=rows)


def test_everything_is_written_with_its_own_instant(office: Office) -> None:
    assert load(a_report(office)) == actions.ImportResult(reports=1, unchanged=0, values=4, changes=4)
    row = Report.objects.get()
    assert (row.state, row.first_submitted_at, row.accepted_at, row.accepted_by) == (
        "accepted", at(16), at(17), "demo:office",
    )  # fmt: skip
    assert {(c.at, c.by, c.door) for c in ValueChange.objects.all()} == {(at(15), "demo:officer", "import")}
    assert len(list(facts.value_rows())) == 4
    assert [e.action for e in audit.history(f"report:{row.pk}")] == ["report.imported"]
    assert [p.slice.unit_id for p in audit.pending()] == [office.world["24505"]]


def test_again_is_unchanged_and_open_reports_are_filled(office: Office) -> None:
    actions.open_period(by="system:test", form=FORM, period=PERIOD)
    assert load(a_report(office)).reports == 1
    again = load(a_report(office), a_report(office, "22015"))
    assert (again.reports, again.unchanged) == (1, 1)
    assert Report.objects.count() == 3


def test_a_life_with_a_return_and_a_correction(office: Office) -> None:
    steps = (
        ImportedStep(at(15), "demo:officer", Decimal(4120)),
        ImportedStep(at(19), "demo:officer", Decimal(412), cycle=1, why="Gõ thừa số"),
    )
    rows = a_report(
        office,
        cells=(
            ImportedCell("HS_NHAN", Decimal(412), steps=steps),
            *(ImportedCell(code, None, "Chưa có số") for code in ("HS_NHAN_CTT", "HS_PHI", "HS_TTTT")),
        ),
        submissions=(Signed(at(16), "demo:leader"), Signed(at(20), "demo:leader")),
        returns=(ImportedReturn(1, "HS_NHAN", "Lớn bất thường", at(18), "demo:office"),),
        accepted=Signed(at(21), "demo:office"),
    )
    load(rows)
    row = Report.objects.get()
    assert (row.cycle, row.first_submitted_at) == (2, at(20))
    assert row.returns.get().number == 4120
    life = [(c.before, c.after) for c in queries.changes(row.pk) if c.after is not None]
    assert life == [(4120, 412), (None, 4120)]


def test_sent_again_unchanged_counts_from_the_first_time(office: Office) -> None:
    load(
        a_report(
            office,
            submissions=(Signed(at(16), "demo:leader"), Signed(at(20), "demo:leader")),
            returns=(ImportedReturn(1, "", "Cần xác nhận", at(18), "demo:office"),),
            accepted=Signed(at(21), "demo:office"),
        )
    )
    assert Report.objects.get().first_submitted_at == at(16)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"accepted": Signed(at(17), "demo:leader")}, "report.own_work"),
        ({"accepted": Signed(at(17), "demo:officer")}, "report.own_work"),
        ({"accepted": None}, "import.state"),
        ({"state": State.OPEN}, "import.state"),
        ({"state": State.RETURNED, "accepted": None}, "import.state"),
        ({"state": State.LOCKED}, "import.state"),
        ({"submissions": ()}, "import.state"),
        ({"submissions": (Signed(at(18), "demo:leader"),)}, "import.order"),
        ({"cells": (ImportedCell("HS_NHAN", Decimal(-1)),)}, "number.negative"),
        ({"cells": (ImportedCell("MAY", Decimal(1)),)}, "cell.unknown"),
        ({"cells": (ImportedCell("HS_NHAN", Decimal(1)),)}, "import.empty"),
        ({"cells": BROKEN}, "import.check"),
        ({"cells": (ImportedCell("HS_NHAN", Decimal(1), "vì"),)}, "import.both"),
        ({"period": "2026-Q3"}, "period.kind"),
        ({"form": "LA"}, "form.unknown"),
    ],
)
def test_one_bad_row_keeps_nothing(office: Office, change: dict[str, object], code: str) -> None:
    with refused(code) as refusal:
        load(a_report(office, "22015"), a_report(office, **change))
    assert refusal.error.place
    assert not Report.objects.exists()
    assert not audit.pending()


def test_a_unit_of_another_province_owes_nothing(office: Office) -> None:
    with refused("unit.not_obliged"):
        load(a_report(office, "00466"))
