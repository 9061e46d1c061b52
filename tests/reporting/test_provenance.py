"""Where a figure comes from, cell by cell, and what changed between two submissions."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from haicap.core import clock
from haicap.reporting import actions
from haicap.reporting.actions.intake import Datum, take_in
from haicap.reporting.models import Value
from haicap.reporting.queries.provenance import contents, origins, submissions

from .office import FORM, FULL, NOW, PERIOD, Office

SHEET = f"/bao-cao/{FORM}/{PERIOD}/24505/"
MOST = 30


@pytest.fixture
def corrected(office: Office) -> int:
    """Sent, sent back with a reason, corrected by hand and by a file, sent again."""
    cast = office.cast
    report = office.open()
    with clock.frozen(NOW):
        office.save(report, FULL)
        actions.say_ready(by=cast.commune_officer, scope=office.scope(cast.commune_officer), report=report)
        actions.submit(by=cast.commune_leader, scope=office.scope(cast.commune_leader), report=report)
    with clock.frozen(NOW + timedelta(minutes=10)):
        office_scope = office.scope(cast.office)
        reasons = {"HS_TTTT": "Số chưa khớp với kho bạc."}
        actions.return_report(by=cast.office, scope=office_scope, report=report, reasons=reasons)
    with clock.frozen(NOW + timedelta(minutes=20)):
        office.save(report, {"HS_TTTT": "80"})
    with clock.frozen(NOW + timedelta(minutes=30)):
        take_in(
            by=cast.commune_officer,
            scope=office.scope(cast.commune_officer),
            data=[Datum(0, "B5", office.world["24505"], FORM, PERIOD, "HS_TTTT", number=Decimal(88))],
            door="excel",
            file_name="thang-10.xlsx",
        )
        actions.say_ready(by=cast.commune_officer, scope=office.scope(cast.commune_officer), report=report)
        actions.submit(by=cast.commune_leader, scope=office.scope(cast.commune_leader), report=report)
    return report


def test_every_step_of_a_cell_tells_who_when_and_from_which_file(office: Office, corrected: int) -> None:
    element = _element(corrected, "HS_TTTT")
    rows = origins(corrected, element)
    assert [(row.before.number, row.after.number) for row in rows] == [(80, 88), (71, 80), (None, 71)]
    assert [(row.door, row.file) for row in rows] == [("excel", "thang-10.xlsx"), ("web", ""), ("web", "")]
    assert {row.by for row in rows} == {office.cast.commune_officer.ref}


def _element(report: int, code: str) -> int:
    return Value.objects.get(report=report, element__code=code).element_id


def test_the_contents_of_each_submission_are_known(office: Office, corrected: int) -> None:
    element = _element(corrected, "HS_TTTT")
    first, second = submissions(corrected)
    assert (first.cycle, second.cycle) == (1, 2)
    before, after, now = contents(corrected, [first.at, second.at, None])
    assert before[element, "", ""].number == 71
    assert after[element, "", ""].number == now[element, "", ""].number == 88
    assert set(before) == set(after)


Open = Callable[[str], Client]


@pytest.fixture
def open_as(office: Office) -> Open:
    def opened(who: str) -> Client:
        client = Client()
        client.force_login(getattr(office.cast, who), backend="django.contrib.auth.backends.ModelBackend")
        return client

    return opened


def test_the_grid_leads_to_the_life_of_each_cell(
    corrected: int, open_as: Open, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client, address = open_as("commune_leader"), f"{SHEET}o/HS_TTTT/"
    assert address in client.get(SHEET).text
    with django_assert_max_num_queries(MOST):  # type: ignore[attr-defined]
        page = client.get(address).text
    assert "thang-10.xlsx" in page
    assert "Công chức xã" in page
    assert "sau lần gửi 1" in page
    assert page.index("<b>88</b>") < page.index("<b>80</b>") < page.index("<b>71</b>")


def test_two_submissions_stand_side_by_side(corrected: int, open_as: Open) -> None:
    client = open_as("office")
    assert f"{SHEET}lich-su/so-sanh/" in client.get(f"{SHEET}lich-su/").text
    page = client.get(f"{SHEET}lich-su/so-sanh/", {"truoc": "1", "sau": "2"}).text
    assert "1/4 ô khác nhau" in page
    assert "Hồ sơ thanh toán trực tuyến" in page
    assert "Tổng số hồ sơ tiếp nhận" not in page
    everything = client.get(f"{SHEET}lich-su/so-sanh/", {"truoc": "1", "sau": "2", "moi-o": "1"}).text
    assert "Tổng số hồ sơ tiếp nhận" in everything
    same = client.get(f"{SHEET}lich-su/so-sanh/", {"truoc": "2", "sau": ""}).text
    assert "Hai bản giống nhau" in same


@pytest.mark.parametrize("path", ["o/HS_TTTT/", "lich-su/so-sanh/"])
@pytest.mark.parametrize("who", ["stranger", "other_officer", "nobody"])
def test_strangers_find_nothing(corrected: int, open_as: Open, path: str, who: str) -> None:
    assert open_as(who).get(SHEET + path).status_code == 404


@pytest.mark.parametrize("path", ["o/KHONG_CO/", "lich-su/so-sanh/?truoc=7", "lich-su/so-sanh/?sau=x"])
def test_what_is_not_there_is_not_found(corrected: int, open_as: Open, path: str) -> None:
    assert open_as("office").get(SHEET + path).status_code == 404


def test_an_untouched_report_has_no_life_yet(office: Office, open_as: Open) -> None:
    office.open()
    assert "Chưa có số nào được nhập" in open_as("commune_officer").get(f"{SHEET}o/HS_NHAN/").text
    page = open_as("commune_officer").get(f"{SHEET}lich-su/so-sanh/")
    assert "0/0 ô khác nhau" in page.text
