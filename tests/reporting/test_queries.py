"""What the screens ask, and how many questions to the database that takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from haicap.core import clock, periods
from haicap.reporting import actions, queries
from haicap.reporting.queries import Timeliness
from haicap.reporting.states import State
from haicap.units import queries as units

from .office import DEADLINE, FORM, FULL, MACHINE, NOW, PERIOD, Office


@contextmanager
def asking(count: int) -> Iterator[None]:
    """Exactly so many questions about reports; the versions of the rooms below are remembered in service."""
    with CaptureQueriesContext(connection) as asked:
        yield
    own = [query["sql"] for query in asked if "reporting_" in query["sql"]]
    assert len(own) == count, own


def test_detail_of_a_report_nobody_opened(office: Office) -> None:
    detail = office.detail()
    assert (detail.id, detail.state, detail.version) == (None, State.OPEN, 0)
    assert detail.deadline == DEADLINE
    assert (detail.filled, detail.total) == (0, 6)
    assert [section.code for section in detail.sections] == ["A", "B"]
    assert [cell.number for cell in detail.sections[0].cells] == ["A1", "A2"]


def test_detail_shows_the_period_before_and_the_change(office: Office) -> None:
    office.submitted("2026-09", {"HS_NHAN": "398", "HS_NHAN_CTT": "377", "HS_PHI": "131", "HS_TTTT": "71"})
    office.save(office.open(), {"HS_NHAN": "412", "HD": "0"})
    cells = {cell.element: cell for section in office.detail().sections for cell in section.cells}
    assert (cells["HS_NHAN"].previous, cells["HS_NHAN"].value, cells["HS_NHAN"].change) == (398, 412, 14)
    assert (cells["HS_PHI"].previous, cells["HS_PHI"].value, cells["HS_PHI"].change) == (131, None, None)
    assert (cells["HD"].value, cells["HD"].filled, cells["HD"].change) == (0, True, None)
    assert cells["HS_NHAN"].trend[-1] == 398
    assert len(cells["HS_NHAN"].trend) == 12
    assert cells["HS_NHAN"].changed_by == office.cast.commune_officer.ref


def test_what_was_never_sent_is_no_history(office: Office) -> None:
    report = office.ready("2026-09")
    office.open()
    figures = [cell.previous for section in office.detail().sections for cell in section.cells]
    assert set(figures) == {None}
    office.submit(report)
    assert 412 in {cell.previous for s in office.detail().sections for cell in s.cells}
    office.give_back(report, {"": "Xem lại toàn bộ"})
    figures = [cell.previous for section in office.detail().sections for cell in section.cells]
    assert set(figures) == {None}, "a returned report leaves the facts, and so the history"


def test_detail_needs_six_questions(office: Office) -> None:
    report = office.submitted()
    office.give_back(report, {"HS_PHI": "Không khớp biên lai"})
    place, period = office.world.place("24505"), periods.parse(PERIOD)
    queries.detail(place, FORM, period, "vi")
    with asking(6):
        queries.detail(place, FORM, period, "vi")


def test_the_board_of_a_commune(office: Office) -> None:
    office.accepted()
    office.open(period="2026-09")
    with asking(1):
        rows = queries.board(office.world["24505"], NOW, "vi")
    assert {(row.form, row.period.key) for row in rows} == {
        (FORM, "2026-11"), (FORM, PERIOD), (FORM, "2026-09"),
        (MACHINE, "2026-11"), (MACHINE, PERIOD), (MACHINE, "2026-09"),
    }  # fmt: skip
    assert rows[0].period.key == "2026-09"
    assert rows[0].timeliness(NOW) is Timeliness.OVERDUE
    assert (rows[-1].state, rows[-1].filled, rows[-1].total) == (State.ACCEPTED, 4, 6)


def test_the_board_of_a_province_counts_everybody_once(office: Office) -> None:
    office.submitted()
    form, period = queries.form_and_period(FORM, PERIOD)
    province = units.subtree_ids(office.world["66"])
    with asking(1):
        rows = queries.form_board(form, period, province)
    assert [row.place.code for row in rows] == ["22015", "24133", "24505"]
    assert [row.state for row in rows] == [State.OPEN, State.OPEN, State.SUBMITTED]
    for moment, late in [(NOW, 0), (DEADLINE, 0), (DEADLINE + timedelta(seconds=1), 2)]:
        found = queries.progress(rows, moment)
        assert (found.expected, found.on_time, found.late, found.overdue, found.waiting) == (
            3, 1, 0, late, 2 - late,
        )  # fmt: skip


def test_reporting_rates_lie_between_0_and_1(office: Office) -> None:
    """C1: expected reports are periods × units, so nothing sent twice or opened early can pass 100 %."""
    office.submitted()
    actions.open_period(by="system:test", form=FORM, period=PERIOD)
    form, period = queries.form_and_period(FORM, PERIOD)
    found = queries.progress(queries.form_board(form, period), NOW)
    assert found.expected == len(queries.expected(form, period)) == 3
    assert sum(found.states.values()) == found.expected


def test_late_lists_what_nobody_sent(office: Office) -> None:
    office.submitted()
    actions.open_period(by="system:test", form=FORM, period=PERIOD)
    ids = units.subtree_ids(office.world["66"])
    assert queries.late(ids, DEADLINE) == []
    rows = queries.late(ids, DEADLINE + timedelta(seconds=1))
    assert {row.unit_id for row in rows} == {office.world["22015"], office.world["24133"]}


def test_open_forms_begin_with_the_regime(office: Office) -> None:
    with clock.frozen("2025-09-20 08:00"):
        ((form, keys), _) = queries.open_forms(clock.now())
    assert form.code == FORM
    assert [period.key for period in keys] == ["2025-10", "2025-09", "2025-08", "2025-07"]


def test_declared_figures_keep_their_range(office: Office) -> None:
    figure = actions.DeclaredFigure(
        office.world["00466"], "HS_NHAN", "2025-Q3", None, "Báo cáo", missing="Không nêu"
    )
    actions.declare(by="system:test", figures=[figure])
    (row,) = queries.declared([office.world["00466"]], ["2025-Q3"])
    assert (row.number, row.missing, row.low) == (None, "Không nêu", None)


def test_full_is_enough(office: Office) -> None:
    office.save(office.open(), FULL)
    assert office.detail().blocking == ()
