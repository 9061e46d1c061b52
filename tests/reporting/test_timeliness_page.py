"""C1: the timeliness board: who is late, who may become late, and rates that stay between 0 and 100 %."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest
from django.test import Client
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from haicap.accounts.scopes import scope_of
from haicap.core import clock
from haicap.reporting import actions
from haicap.reporting.models import Report
from haicap.reporting.policies.timing import Timeliness
from haicap.reporting.presenters import timeliness as board
from haicap.reporting.queries.outstanding import outstanding
from haicap.reporting.queries.timeliness import Tally, history, tally
from haicap.reporting.states import State
from haicap.units import queries as units

from .office import DEADLINE, FORM, NOW, Office, state_of
from .test_queries import asking

PAGE = "/bao-cao/dung-han/"
SECOND = timedelta(seconds=1)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@given(marks=st.lists(st.sampled_from(list(Timeliness)), max_size=60))
def test_c1_a_rate_lies_between_0_and_100_by_construction(marks: list[Timeliness]) -> None:
    """C1"""
    found = tally(marks)
    assert found.expected == len(marks)
    assert found.rate is None if not found.judged else 0 <= found.rate <= 100


@given(parts=st.lists(st.lists(st.sampled_from(list(Timeliness)), max_size=9), max_size=9))
def test_the_rate_of_a_total_is_computed_from_the_counts(parts: list[list[Timeliness]]) -> None:
    """C7: never an average of rates."""
    total = sum((tally(part) for part in parts), Tally())
    assert total == tally([mark for part in parts for mark in part])


class TestQueries:
    def seen(self, office: Office) -> frozenset[int]:
        return units.subtree_ids(office.world["66"])

    @pytest.mark.parametrize(("offset", "late"), [(-SECOND, 0), (timedelta(), 0), (SECOND, 3)])
    def test_c3_late_begins_a_second_after_the_deadline(
        self, office: Office, offset: timedelta, late: int
    ) -> None:
        """C3: on the board as everywhere."""
        with clock.frozen(DEADLINE + offset):
            owed = outstanding(clock.now(), self.seen(office), FORM, back=1)
            assert len(board.late(owed, clock.now())) == late
            assert len(board.at_risk(owed, clock.now(), 3)) == 3 - late

    def test_due_in_time_but_not_soon_is_no_risk(self, office: Office) -> None:
        with clock.frozen("2026-10-15 09:00"):
            owed = outstanding(clock.now(), self.seen(office), FORM, back=1)
            assert board.at_risk(owed, clock.now(), 3) == []
        with clock.frozen("2026-10-16 09:00"):
            owed = outstanding(clock.now(), self.seen(office), FORM, back=1)
            assert len(board.at_risk(owed, clock.now(), 3)) == 3

    def test_sent_back_may_become_late(self, office: Office) -> None:
        report = office.submitted()
        assert self.risky(office) == {"22015", "24133"}
        office.give_back(report, {"": "Xem lại toàn bộ"})
        assert self.risky(office) == {"22015", "24133", "24505"}

    def risky(self, office: Office) -> set[str]:
        owed = outstanding(NOW, self.seen(office), FORM, back=1)
        return {one.place.code for one in board.at_risk(owed, NOW, 3)}

    def test_history_counts_each_obligation_once(self, office: Office) -> None:
        office.accepted("2026-10")
        with clock.frozen("2026-10-30 09:00"):
            office.submitted("2026-09")
            (form,) = [one.form for one in outstanding(clock.now(), self.seen(office), FORM, back=1)][:1]
            found = history([form], 3, self.seen(office), clock.now())
        assert [period.key for _form, period in found.sheets] == ["2026-08", "2026-09", "2026-10"]
        by_code = {row.place.code: row for row in found.rows}
        assert by_code["24505"].tally == Tally(on_time=1, late=1, missing=1)
        assert by_code["22015"].tally == Tally(missing=3)
        assert found.total == Tally(on_time=1, late=1, missing=7)
        assert found.total.rate == Decimal(100) / 9

    def test_the_last_period_waits_until_its_deadline(self, office: Office) -> None:
        form = outstanding(NOW, self.seen(office), FORM, back=1)[0].form
        assert history([form], 1, self.seen(office), NOW).total == Tally(waiting=3)
        later = history([form], 1, self.seen(office), DEADLINE + SECOND)
        assert later.total == Tally(missing=3)


@pytest.fixture
def office_page(office: Office, client: Client) -> Client:
    client.force_login(office.cast.office, backend=BACKEND)
    return client


class TestPage:
    def test_states_window_clock_time_and_coverage(self, office: Office, office_page: Client) -> None:
        office.submitted()
        with clock.frozen("2026-10-27 10:00"):
            html = office_page.get(PAGE, {"mau": FORM, "so": "3"}).content.decode()
        assert "Tính đến 10:00, 27/10/2026." in html
        assert "15/7/2026 – 14/10/2026, 3 đơn vị: 1 báo cáo đúng hạn trong 9 báo cáo đã đến hạn" in html
        assert "11,1 %" in html
        assert "Đang quá hạn" in html

    def test_two_questions_about_reports(self, office: Office, office_page: Client) -> None:
        office.submitted()
        with asking(2):
            office_page.get(PAGE)

    def test_one_unit_and_all_forms(self, office: Office, office_page: Client) -> None:
        html = office_page.get(PAGE, {"dv": "24505"}).content.decode()
        assert "Xã Ea Knuếc" in html
        assert 'scope="row">Phường Tuy Hoà' not in html

    def test_a_commune_sees_itself(self, office: Office, client: Client) -> None:
        client.force_login(office.cast.commune_officer, backend=BACKEND)
        html = client.get(PAGE).content.decode()
        assert "Xã Ea Knuếc" in html
        assert "Tuy Hoà" not in html
        assert client.get(PAGE, {"dv": "22015"}).status_code == 404

    @pytest.mark.parametrize("query", [{"mau": "LA"}, {"dv": "00466"}, {"dv": "99999"}])
    def test_what_is_unknown_or_out_of_scope_does_not_exist(
        self, office_page: Client, query: dict[str, str]
    ) -> None:
        assert office_page.get(PAGE, query).status_code == 404

    def test_a_stranger_of_another_province_sees_none_of_it(self, office: Office, client: Client) -> None:
        client.force_login(office.cast.stranger_office, backend=BACKEND)
        assert "Ea Knuếc" not in client.get(PAGE).content.decode()

    @pytest.mark.parametrize("lang", ["vi", "en", "bn"])
    def test_in_three_languages(self, office: Office, office_page: Client, lang: str) -> None:
        office.cast.office.language = lang
        office_page.cookies["django_language"] = lang
        with translation.override(lang):
            assert office_page.get(PAGE).status_code == 200


class TestFiles:
    def test_csv_of_the_unsent(self, office: Office, office_page: Client) -> None:
        office.submitted()
        answer = office_page.get(f"{PAGE}chua-gui.csv", {"mau": FORM})
        lines = b"".join(answer).decode("utf-8-sig").splitlines()
        assert lines[0].split(";")[0:2] == ["Mã đơn vị", "Đơn vị"]
        assert sum(";2026-10;" in line for line in lines) == 2

    def test_excel_of_the_history_has_numbers(self, office: Office, office_page: Client) -> None:
        office.submitted()
        with clock.frozen("2026-10-27 10:00"):
            answer = office_page.get(f"{PAGE}lich-su.xlsx", {"mau": FORM, "so": "3"})
        sheet = openpyxl.load_workbook(BytesIO(b"".join(answer))).active
        assert sheet is not None
        rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
        assert any(row[0] == "24505" and row[2:7] == [3, 1, 0, 2, 0] for row in rows)
        assert any("Tính đến" in str(row[0]) for row in rows)

    @pytest.mark.parametrize("name", ["khac.csv", "lich-su.pdf"])
    def test_other_files_do_not_exist(self, office_page: Client, name: str) -> None:
        assert office_page.get(PAGE + name).status_code == 404


class TestManyAtOnce:
    """Bulk acceptance: what can be accepted is, what cannot says why in the row that it is about."""

    def post(self, client: Client, *ticked: str) -> tuple[int, str]:
        data = {"mau": FORM, "ky": "2026-10", "tt": "submitted", "report": ticked}
        answer = client.post("/bao-cao/tong-hop/duyet/", data)
        return answer.status_code, answer.content.decode()

    def ticks(self, client: Client) -> list[str]:
        html = client.get("/bao-cao/tong-hop/", {"mau": FORM, "ky": "2026-10"}).content.decode()
        return [part.split('"')[0] for part in html.split('name="report" value="')[1:]]

    def test_each_refusal_stands_in_its_row(self, office: Office, office_page: Client) -> None:
        report = office.submitted()
        status, html = self.post(office_page, f"{report}:999")
        assert status == 409
        row = html.split(">Xã Ea Knuếc<")[1].split("</tr>")[0]
        assert "Báo cáo đã thay đổi sau khi bạn mở trang." in row
        assert "1 báo cáo chưa duyệt được" in html
        assert state_of(report) is State.SUBMITTED

    def test_a_row_that_left_the_filter_stays_in_sight_with_its_reason(
        self, office: Office, office_page: Client
    ) -> None:
        report = office.accepted()
        status, html = self.post(office_page, f"{report}:{Report.objects.get(pk=report).version}")
        assert status == 409
        assert "Báo cáo đang ở bước “Đã duyệt” nên không duyệt được." in html.split(">Xã Ea Knuếc<")[1]

    def test_good_ones_are_accepted_beside_refused_ones(self, office: Office, office_page: Client) -> None:
        report = office.submitted()
        (ticked,) = self.ticks(office_page)
        status, html = self.post(office_page, ticked, "0:1")
        assert status == 409
        assert "Đã duyệt 1 báo cáo." in html
        assert state_of(report) is State.ACCEPTED

    def test_without_refusals_back_to_the_list(self, office: Office, office_page: Client) -> None:
        report = office.submitted()
        (ticked,) = self.ticks(office_page)
        status, _html = self.post(office_page, ticked)
        assert (status, state_of(report)) == (302, State.ACCEPTED)


def test_the_history_page_shows_position_time_and_reason_of_a_reopening(
    office: Office, office_page: Client
) -> None:
    report, boss = office.accepted(), office.cast.leader
    actions.reopen(by=boss, scope=scope_of(boss), report=report, reason="Sửa theo kết luận thanh tra")
    html = office_page.get(f"/bao-cao/{FORM}/2026-10/24505/lich-su/").content.decode()
    row = next(part for part in html.split("<tr>") if "Mở lại" in part)
    for shown in ("Người leader", "Lãnh đạo tỉnh", "10:00, 20/10/2026", "Sửa theo kết luận thanh tra"):
        assert shown in row


def test_an_accepted_report_says_when_it_will_be_locked(office: Office, office_page: Client) -> None:
    office.accepted()
    html = office_page.get(f"/bao-cao/{FORM}/2026-10/24505/").content.decode()
    assert "<dt>Tự khóa</dt><dd>17:00, 4/11/2026</dd>" in html


def test_the_sheet_shows_who_reopened_it_in_which_position_when_and_why(
    office: Office, client: Client
) -> None:
    report, boss = office.accepted(), office.cast.leader
    actions.reopen(by=boss, scope=scope_of(boss), report=report, reason="Sửa theo kết luận thanh tra")
    client.force_login(office.cast.commune_officer, backend=BACKEND)
    html = client.get(f"/bao-cao/{FORM}/2026-10/24505/").content.decode()
    assert "<b>Lý do mở lại:</b> Sửa theo kết luận thanh tra" in html
    assert "Người leader, Lãnh đạo tỉnh, 10:00, 20/10/2026" in html
