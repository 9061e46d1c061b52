"""Cells that the system counts, at every door: people cannot type over them, machines' figures are kept."""

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from haicap.catalogue import queries as catalogue
from haicap.core import clock
from haicap.reporting import actions, facts, queries
from haicap.reporting.actions import CellStatus, Datum
from haicap.reporting.models import DerivedValue, Value
from haicap.reporting.policies.checks import Weight
from haicap.reporting.queries.differences import differences
from haicap.reporting.queries.provenance import contents, counts, submissions
from haicap.reporting.queries.sheets import unit_sheets
from haicap.reporting.queries.stored import Wanted, stored_values
from haicap.reporting.states import State

from .counted import count_cells, counted
from .office import FORM, MACHINE, PERIOD, Office, state_of

OWN = {"HS_PHI": "128", "HS_TTTT": "71"}


def cell(office: Office, code: str) -> queries.CellDetail:
    return next(one for part in office.detail().sections for one in part.cells if one.element == code)


def test_a_counted_cell_is_filled_and_closed(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 1204, "HS_NHAN_CTT": 900})
    found = cell(office, "HS_NHAN")
    assert (found.value, found.door, found.filled, found.counted) == (1204, "derived", True, True)
    assert found.system is not None
    assert found.system.records == 1204
    assert (office.detail().filled, cell(office, "HS_PHI").filled) == (2, False)


def test_without_records_it_is_typed_as_before(office: Office) -> None:
    count_cells(office)
    report = office.submitted()
    assert state_of(report) is State.SUBMITTED
    assert Value.objects.get(report=report, element__code="HS_NHAN").number == 412


def test_typing_over_it_is_refused_in_words_and_the_same_figure_is_no_change(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 412, "HS_NHAN_CTT": 377})
    saved = office.save(office.open(), {"HS_NHAN": "500", "HS_NHAN_CTT": "377", **OWN})
    by_code = {one.element: one for one in saved.cells}
    assert by_code["HS_NHAN"].status is CellStatus.REFUSED
    assert "hệ thống" in by_code["HS_NHAN"].message
    assert by_code["HS_NHAN_CTT"].status is CellStatus.UNCHANGED
    assert by_code["HS_PHI"].status is CellStatus.SAVED
    assert not Value.objects.filter(element__code="HS_NHAN").exists()


def test_a_report_of_counted_cells_alone_can_be_sent_at_once(office: Office) -> None:
    codes = ("HS_NHAN", "HS_NHAN_CTT", "HS_PHI", "HS_TTTT")
    count_cells(office, *codes)
    counted(office, dict.fromkeys(codes, 5))
    report = office.open()
    office.save(report, {"HD": "3"})
    office.say_ready(report)
    office.submit(report)
    assert DerivedValue.objects.filter(frozen_by=report).count() == 4


def test_checks_look_at_counted_figures_and_ask_only_for_what_can_be_mended(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 100, "HS_NHAN_CTT": 300})
    office.save(office.open(), {"HS_PHI": "128", "HS_TTTT": "71"})
    found = {one.check: one.weight for one in office.detail().issues}
    # both sides counted: nobody here can mend it; one side typed: it asks
    assert found["ONLINE"] is Weight.HINT
    assert found["FEES"] is Weight.SOFT


def test_what_was_signed_does_not_change_when_records_come_later(office: Office) -> None:
    count_cells(office)
    office.submitted()
    counted(office, {"HS_NHAN": 430})
    found = cell(office, "HS_NHAN")
    assert (found.value, found.door, found.counted) == (412, "web", False)
    (row,) = [one for one in differences([office.world["24505"]], PERIOD, "nd09") if one.typed == 412]
    assert (row.gap, row.records, row.figure.snapshot, row.form) == (-18, 430, "s1", FORM)
    shown = {row.origin for row in facts.value_rows() if row.number in (412, 430)}
    assert shown == {"reported"}


def test_sent_with_it_the_figure_stands_and_the_later_one_is_listed(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 412, "HS_NHAN_CTT": 300})
    office.submitted(texts=OWN)
    counted(office, {"HS_NHAN": 430}, snapshot="s2")
    assert cell(office, "HS_NHAN").value == 412
    (row,) = differences([office.world["24505"]], PERIOD, "nd09")
    assert (row.typed, row.gap) == (None, 18)


def take_in(
    office: Office, door: str, text: str, element: str = "HS_NHAN", form: str = FORM
) -> actions.IntakeResult:
    user = office.cast.commune_officer
    datum = Datum(0, "B7", office.world["24505"], form, PERIOD, element, text=text)
    return actions.take_in(by=user, scope=office.scope(user), data=[datum], door=door)


def test_a_workbook_that_changes_it_is_refused_and_an_untouched_one_is_not(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 412})
    form, period = queries.form_and_period(FORM, PERIOD)
    (sheet,) = unit_sheets(form, period, [office.world.place("24505")])
    assert (sheet.at("HS_NHAN").content.number, sheet.at("HS_NHAN").door) == (412, "derived")
    assert sheet.at("HS_PHI").door == ""
    assert take_in(office, "excel", "412").unchanged == 1
    refused = take_in(office, "excel", "413")
    assert [one.code for one in refused.rejections] == ["cell.system"]
    assert "hệ thống" in refused.rejections[0].message


def test_figures_of_machines_are_kept_beside_it(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 412})
    assert take_in(office, "api", "500").imported == 1
    found = cell(office, "HS_NHAN")
    assert (found.value, found.typed) == (412, 500)


def test_a_form_without_approval_takes_counted_cells_for_filled_and_freezes_them(office: Office) -> None:
    count_cells(office, "MAY", "HS_NHAN")
    counted(office, {"MAY": 7})
    done = take_in(office, "api", "9", element="MAY", form=MACHINE)
    assert (done.imported, done.held) == (1, ())
    value = DerivedValue.objects.get(element__code="MAY")
    assert value.number == 7
    assert value.frozen_by is not None
    assert {row.origin: row.number for row in facts.value_rows()} == {"reported": 9, "derived": 7}


@pytest.fixture
def officer(client: Client, office: Office) -> Client:
    client.force_login(office.cast.commune_officer)
    return client


def test_the_pages_say_where_it_comes_from(officer: Client, office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 1204, "HS_NHAN_CTT": 900})
    take_in(office, "api", "1200")
    page = officer.get(reverse("reporting:report", args=[FORM, PERIOD, "24505"])).content.decode()
    assert "từ 1.204 hồ sơ" in page
    assert 'name="v-HS_NHAN"' not in page
    assert 'name="v-HS_PHI"' in page
    assert "Trước đó đã nhập tay 1.200" in page
    story = officer.get(reverse("reporting:cell", args=[FORM, PERIOD, "24505", "HS_NHAN_CTT"]))
    told = story.content.decode()
    assert "Số hồ sơ tiếp nhận trong kỳ; mức độ dịch vụ: toàn trình, một phần" in told
    assert "15/9/2026 – 14/10/2026" in told
    assert "Số này không đúng" in told


def test_the_list_of_differences(
    officer: Client, office: Office, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    count_cells(office)
    office.submitted()
    counted(office, {"HS_NHAN": 430})
    counted(office, {"HS_NHAN": 1}, unit="22015")
    with django_assert_max_num_queries(14):
        page = officer.get(reverse("reporting:differences")).content.decode()
    assert "Tổng số hồ sơ tiếp nhận" in page
    assert "430" in page
    assert "-18" in page or "−18" in page
    file = officer.get(reverse("reporting:differences_file", args=["csv"]))
    assert b"24505" in b"".join(file.streaming_content)  # type: ignore[attr-defined]
    assert officer.get(reverse("reporting:differences"), {"dv": "22015"}).status_code == 404
    assert officer.get(reverse("reporting:differences"), {"ky": "2020-01@nd09"}).status_code == 404


def test_history_of_earlier_periods_is_what_the_facts_show(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 390}, period="2026-09")
    found = cell(office, "HS_NHAN")
    assert found.previous == Decimal(390)


def test_other_systems_read_what_was_sent(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 412, "HS_NHAN_CTT": 300})
    take_in(office, "api", "500")
    wanted = Wanted([office.world["24505"]], forms=[FORM], sent_only=True)
    assert list(stored_values(wanted)) == []
    report = office.ready(texts=OWN)
    office.submit(report)
    found = {one.element_id: one.number for one in stored_values(wanted)}
    book = catalogue.current().elements
    assert found == {
        book["HS_NHAN"].id: 412,
        book["HS_NHAN_CTT"].id: 300,
        book["HS_PHI"].id: 128,
        book["HS_TTTT"].id: 71,
    }


def test_lists_of_reports_know_what_is_filled(office: Office) -> None:
    count_cells(office)
    counted(office, {"HS_NHAN": 412, "HS_NHAN_CTT": 300})
    take_in(office, "api", "500")
    form, period = queries.form_and_period(FORM, PERIOD)
    place = office.world["24505"]

    def told() -> list[int]:
        lines = queries.board(place, clock.now(), "vi")
        mine = [row.filled for row in lines if (row.form, row.period.key) == (FORM, PERIOD)]
        return mine + [row.filled for row in queries.form_board(form, period, [place])]

    assert told() == [2, 2]
    report = office.ready(texts=OWN)
    office.submit(report)
    assert told() == [4, 4]


def test_two_submissions_are_compared_with_what_was_counted(office: Office) -> None:
    count_cells(office)
    book = catalogue.current().elements
    cell_of = (book["HS_NHAN"].id, "", "")
    with clock.frozen("2026-10-20 10:00"):
        counted(office, {"HS_NHAN": 412, "HS_NHAN_CTT": 300})
        report = office.submitted(texts=OWN)
    with clock.frozen("2026-10-20 11:00"):
        counted(office, {"HS_NHAN": 430}, snapshot="s2")
        office.give_back(report, {"": "Xem lại số hồ sơ"})
    with clock.frozen("2026-10-20 12:00"):
        office.say_ready(report)
        office.submit(report)
        counted(office, {"HS_NHAN": 431}, snapshot="s3")
    first, second = (one.at for one in submissions(report))
    found = contents(report, [first, second, None])
    assert [held[cell_of].number for held in found] == [412, 430, 430]
    life = counts(DerivedValue.objects.get(element__code="HS_NHAN").pk)
    assert [(one.act, one.number, one.counted) for one in reversed(life)] == [
        ("count", 412, 412),
        ("freeze", 412, 412),
        ("later", 412, 430),
        ("thaw", 430, 430),
        ("freeze", 430, 430),
        ("later", 430, 431),
    ]
