"""The published contract: what the warehouse reads, and when."""

from datetime import date
from decimal import Decimal

from haicap.accounts.scopes import scope_of
from haicap.audit import queries as audit
from haicap.audit.slices import Slice
from haicap.core import clock
from haicap.core.counts import Grade
from haicap.reporting import actions, facts
from haicap.reporting.actions import CellChange
from haicap.units.actions.stamp import touch
from haicap.units.models import Unit

from .office import DEADLINE, FORM, FULL, NOW, PERIOD, Office

COLUMNS = (
    "unit_id", "element_id", "split", "attribution", "period", "kind", "rule", "start", "end", "scenario",
    "origin", "form", "number", "missing", "status", "grade",
)  # fmt: skip


def values(**where: object) -> list[facts.FactRow]:
    return [row for row in facts.value_rows() if all(getattr(row, k) == v for k, v in where.items())]


def test_columns_stand_in_the_order_of_the_table() -> None:
    assert facts.FactRow._fields == COLUMNS
    assert facts.ObligationRow._fields == (
        "unit_id", "form", "period", "kind", "rule", "start", "end", "deadline", "submitted", "state",
    )  # fmt: skip


def test_nothing_is_a_fact_before_submission(office: Office) -> None:
    office.ready()
    assert values() == []


def test_provisional_then_accepted(office: Office) -> None:
    office.submitted()
    assert {row.status for row in values()} == {"provisional"}
    first = values(number=Decimal(412))[0]
    assert (first.unit_id, first.period, first.kind, first.rule) == (
        office.world["24505"], PERIOD, "month", "nd09",
    )  # fmt: skip
    assert (first.start, first.end) == (date(2026, 9, 15), date(2026, 10, 15))
    assert (first.form, first.origin, first.scenario, first.grade) == (
        FORM, "reported", "official", "declared",
    )  # fmt: skip
    office.accepted(period="2026-09")
    assert {row.status for row in values(period="2026-09")} == {"accepted"}


def test_a_blank_is_no_row_and_no_figure_is_one(office: Office) -> None:
    report = office.open()
    office.save(report, {**{k: v for k, v in FULL.items() if k != "HS_PHI"}, "HD": "3"})
    office.save(report, {"HD": ""})
    office.change(report, CellChange("HS_PHI", 0, no_figure_reason="Chưa có số"))
    office.say_ready(report)
    office.submit(report)
    rows = values()
    assert len(rows) == 4
    assert [(row.number, row.missing) for row in rows if row.missing] == [(None, "Chưa có số")]


def test_a_returned_report_leaves_the_current_facts(office: Office) -> None:
    report = office.submitted()
    office.give_back(report, {"HS_PHI": "Không khớp biên lai"})
    assert values() == []
    (row,) = facts.obligation_rows()
    assert (row.state, row.submitted) == ("returned", NOW)


def test_slices_read_what_they_name_and_nothing_else(office: Office) -> None:
    office.submitted()
    office.submitted(period="2026-09")
    place = office.world["24505"]
    wanted = [Slice("reporting", FORM, PERIOD, place), Slice("reporting", FORM, "2026-08", place)]
    assert {row.period for row in facts.value_rows(wanted)} == {PERIOD}
    assert {row.period for row in facts.obligation_rows(wanted)} == {PERIOD}
    assert list(facts.value_rows([Slice("reporting", FORM, PERIOD, office.world["22015"])])) == []


def test_what_the_log_announces_is_enough_to_rebuild(office: Office) -> None:
    office.accepted()
    pending = [row.slice for row in audit.pending()]
    assert sorted(facts.value_rows(pending)) == sorted(facts.value_rows())
    assert list(facts.obligation_rows(pending)) == list(facts.obligation_rows())


def test_nobody_opened_it_and_it_is_owed_all_the_same(office: Office) -> None:
    actions.open_period(by="system:test", form=FORM, period=PERIOD)
    rows = list(facts.obligation_rows())
    assert len(rows) == 3
    assert {(row.state, row.submitted, row.deadline) for row in rows} == {("open", None, DEADLINE)}


def test_a_commune_that_ended_inside_the_window_owes_nothing(office: Office) -> None:
    with clock.frozen("2026-10-01 09:00"):
        office.open()
    unit = Unit.objects.filter(pk=office.world["24505"])
    unit.update(valid_to=date(2026, 10, 14))
    assert list(facts.obligation_rows()) == []
    unit.update(valid_to=date(2026, 10, 15))
    assert len(list(facts.obligation_rows())) == 1
    unit.update(valid_to=date(2026, 10, 14))
    touch()
    assert actions.open_period(by="system:test", form=FORM, period=PERIOD) == 2


def test_declared_figures_are_facts_outside_the_obligations(office: Office) -> None:
    figure = actions.DeclaredFigure(
        unit_id=office.world["00466"],
        element="HS_NHAN",
        period="2025-Q3",
        number=Decimal(8155),
        low=Decimal(8151),
        high=Decimal(8159),
        grade=Grade.INFERRED,
        source="Cổng thông tin xã",
    )
    assert actions.declare(by="system:test", figures=[figure]) == actions.DeclareResult(1, 0)
    assert actions.declare(by="system:test", figures=[figure]) == actions.DeclareResult(0, 1)
    (row,) = facts.value_rows([row.slice for row in audit.pending()])
    assert (row.form, row.origin, row.rule, row.grade, row.number) == (
        "declared", "declared", "calendar", "inferred", 8155,
    )  # fmt: skip
    assert (row.start, row.end) == (date(2025, 7, 1), date(2025, 10, 1))
    assert list(facts.obligation_rows()) == []


def test_reopened_reports_leave_the_facts_until_they_come_back(office: Office) -> None:
    report, boss = office.accepted(), office.cast.leader
    actions.reopen(by=boss, scope=scope_of(boss), report=report, reason="Sửa số liệu")
    assert values() == []
