"""Preview, decision, conflict, expiry: nothing is written before somebody says so, and only once."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from haicap.audit import queries as audit
from haicap.core import clock
from haicap.reporting.models import Intake, Report, Upload, Value, ValueChange
from haicap.tables import annotating

from .office import FULL, NOW, Office
from .workbook_desk import ONE, Book, Desk, client, counts, stored, text_of

pytestmark = pytest.mark.once


@pytest.fixture
def desk(office: Office) -> Desk:
    office.save(office.open(), FULL)
    return Desk(office)


def five_hundred(book: Book) -> None:
    book.cell("HS_NHAN").value = 500


class TestPreview:
    def test_it_shows_before_and_after_and_writes_nothing(self, desk: Desk) -> None:
        """C11"""
        before = (Value.objects.count(), ValueChange.objects.count(), Report.objects.get().version)

        def change(book: Book) -> None:
            book.cell("HS_NHAN").value = 500
            book.cell("HD").value = 12
            book.cell("HS_TTTT").value = None
            book.cell("HS_PHI").value = "nhiều"

        book = desk.book()
        change(book)
        address = desk.address(book.data())
        page = text_of(desk.client.get(address))
        file = b"".join(desk.client.get(f"{address}?tai=csv")).decode("utf-8-sig").splitlines()
        assert len(file) == 1 + 4, "the heading and what changes or is wrong"
        place = book.cell("HS_NHAN").coordinate
        assert f"{place} A1 Tổng số hồ sơ tiếp nhận 412 500 Đổi" in page
        assert "B3 Lượt người được hướng dẫn – 12 Mới" in page
        assert "B2 Hồ sơ thanh toán trực tuyến 71 – Xóa trống" in page
        found = counts(page)
        assert found == {"new": 1, "changed": 1, "removed": 1, "same": 2, "wrong": 1}
        # what was read is what was counted
        assert f"Đã đọc {sum(found.values())} ô." in page
        assert (Value.objects.count(), ValueChange.objects.count(), Report.objects.get().version) == before
        assert not Intake.objects.exists()

    def test_the_counts_of_the_dry_run_are_those_of_the_real_one(self, desk: Desk) -> None:
        """C11"""
        data = desk.changed(five_hundred)
        assert counts(desk.preview(data))["changed"] == 1
        answer = desk.write(data)
        assert answer.status_code == 302
        assert answer.headers["Location"] == ONE.replace("tep/", "")
        assert "Đã ghi 1 ô từ tệp bao-cao.xlsx." in text_of(desk.client.get(answer.headers["Location"]))
        assert stored()["HS_NHAN"] == 500

    def test_it_is_known_which_file_a_figure_came_from(self, desk: Desk) -> None:
        desk.write(desk.changed(five_hundred))
        change = ValueChange.objects.select_related("intake").latest("pk")
        assert (change.door, change.to_number) == ("excel", 500)
        assert change.intake is not None
        assert change.intake.file_name == "bao-cao.xlsx"
        assert re.fullmatch("[0-9a-f]{64}", change.intake.file)

    def test_a_file_that_changes_nothing_says_so(self, desk: Desk) -> None:
        page = desk.preview(desk.download())
        assert "Tệp không đổi ô nào" in page
        assert "Ghi 0 ô" not in page

    def test_a_report_that_nobody_opened_is_opened_by_the_file(self, office: Office) -> None:
        desk = Desk(office)
        data = desk.changed(five_hundred)
        desk.preview(data)
        assert not Report.objects.exists()
        desk.write(data)
        assert Report.objects.get().state == "draft"
        assert stored() == {"HS_NHAN": 500}

    def test_errors_do_not_cost_the_rest(self, desk: Desk) -> None:
        def change(book: Book) -> None:
            five_hundred(book)
            book.cell("HS_PHI").value = "nhiều"

        answer = desk.write(desk.changed(change))
        page = text_of(desk.client.get(answer.headers["Location"]))
        assert "Đã ghi 1 ô" in page
        assert "Còn 1 ô chưa ghi được" in page
        assert "Tệp đã ghi" in page
        assert stored()["HS_NHAN"] == 500
        assert stored()["HS_PHI"] == 128


class TestConflict:
    def test_a_cell_changed_meanwhile_is_asked_about(self, desk: Desk) -> None:
        data = desk.changed(five_hundred)
        desk.office.save(Report.objects.get().pk, {"HS_NHAN": "420", "HS_PHI": "130"})
        page = desk.preview(data)
        assert "A1 Tổng số hồ sơ tiếp nhận 420 500 Người khác vừa đổi ô này" in page
        # the other one was not touched in the file: it is no conflict and keeps the newer figure
        assert counts(page) == {"new": 0, "changed": 0, "removed": 0, "same": 5, "wrong": 1}
        desk.write(data)
        assert stored()["HS_NHAN"] == 420
        assert stored()["HS_PHI"] == 130

    def test_the_person_decides_for_the_file(self, desk: Desk) -> None:
        data = desk.changed(five_hundred)
        desk.office.save(Report.objects.get().pk, {"HS_NHAN": "420"})
        address = desk.address(data)
        mine = re.search(r'name="mine" value="([^"]+)"', desk.client.get(address).content.decode())
        assert mine is not None
        desk.client.post(address, {"do": "apply", "mine": mine[1]})
        assert stored()["HS_NHAN"] == 500

    def test_a_decision_holds_for_what_was_seen(self, desk: Desk) -> None:
        data = desk.changed(five_hundred)
        report = Report.objects.get().pk
        desk.office.save(report, {"HS_NHAN": "420"})
        address = desk.address(data)
        mine = re.search(r'name="mine" value="([^"]+)"', desk.client.get(address).content.decode())
        assert mine is not None
        desk.office.save(report, {"HS_NHAN": "421"})
        desk.client.post(address, {"do": "apply", "mine": mine[1]})
        assert stored()["HS_NHAN"] == 421

    def test_a_report_that_was_handed_on_takes_nothing(self, desk: Desk) -> None:
        data = desk.changed(five_hundred)
        address = desk.address(data)
        desk.office.say_ready(Report.objects.get().pk)
        desk.client.post(address, {"do": "apply"})
        assert stored()["HS_NHAN"] == 412


class TestKept:
    def test_pressed_twice_is_written_once(self, desk: Desk) -> None:
        """C15"""
        address = desk.address(desk.changed(five_hundred))
        for _ in range(2):
            assert desk.client.post(address, {"do": "apply"}).status_code == 302
        assert Intake.objects.count() == 1
        assert ValueChange.objects.filter(to_number=500).count() == 1

    def test_after_its_time_it_is_gone_and_says_so(self, desk: Desk) -> None:
        address = desk.address(desk.changed(five_hundred))
        with clock.frozen(NOW + timedelta(hours=4, seconds=1)):
            for answer in (desk.client.get(address), desk.client.post(address, {"do": "apply"})):
                assert answer.status_code == 410
                assert "Tệp đã tải lên không còn được giữ" in text_of(answer)
        assert stored()["HS_NHAN"] == 412

    def test_a_newer_file_takes_the_place_of_the_older(self, desk: Desk) -> None:
        first = desk.address(desk.changed(five_hundred))
        second = desk.address(desk.changed(five_hundred))
        assert desk.client.get(first).status_code == 410
        assert desk.client.get(second).status_code == 200
        assert Upload.objects.count() == 1

    def test_it_can_be_thrown_away(self, desk: Desk) -> None:
        address = desk.address(desk.changed(five_hundred))
        assert desk.client.post(address, {"do": "drop"}).status_code == 302
        assert not Upload.objects.exists()
        assert stored()["HS_NHAN"] == 412

    def test_a_token_is_of_one_person_and_one_report(self, desk: Desk) -> None:
        address = desk.address(desk.changed(five_hundred))
        assert client(desk.office, "office").get(address).status_code == 410
        assert client(desk.office, "stranger").get(address).status_code == 404
        assert desk.client.get(address.replace("2026-10", "2026-09")).status_code == 404
        assert desk.client.get(address + "loi/").status_code == 200

    def test_every_file_is_in_the_log(self, desk: Desk) -> None:
        desk.address(desk.changed(five_hundred))
        (event,) = audit.history(f"upload:{Upload.objects.get().pk}")
        assert event.action == "workbook.received"
        assert event.detail["name"] == "bao-cao.xlsx"

    def test_without_a_token_of_the_form_nothing_is_taken(self, desk: Desk) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(
            desk.office.cast.commune_officer, backend="django.contrib.auth.backends.ModelBackend"
        )
        assert strict.post(ONE, {}).status_code == 403
        address = desk.address(desk.changed(five_hundred))
        assert strict.post(address, {"do": "apply"}).status_code == 403


class TestMarkedCopy:
    def test_errors_and_doubts_stand_at_their_cells(self, desk: Desk) -> None:
        book = desk.book()
        book.cell("HS_PHI").value = "nhiều"
        book.cell("HS_NHAN_CTT").value = 500
        answer = desk.client.get(desk.address(book.data()) + "loi/")
        assert "can-xem-lai_bao-cao.xlsx" in answer.headers["Content-Disposition"]
        marked = Book(b"".join(answer.streaming_content))
        wrong, doubt = marked.cell("HS_PHI"), marked.cell("HS_NHAN_CTT")
        assert wrong.value == "nhiều"
        assert wrong.comment is not None
        assert doubt.comment is not None
        assert "không được lớn hơn tổng số" in doubt.comment.text
        assert wrong.fill.start_color.rgb != doubt.fill.start_color.rgb
        assert marked.cell("HS_NHAN").comment is None
        listed = marked.book["Cần xem lại"]
        assert listed.cell(2, 1).value == doubt.coordinate
        assert listed.cell(3, 2).value == "B1 Hồ sơ có phát sinh phí"

    def test_where_no_copy_can_be_made_the_errors_come_as_a_list(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(annotating, "SECONDS", 0)
        book = desk.book()
        book.cell("HS_PHI").value = "nhiều"
        address = desk.address(book.data())
        answer = desk.client.get(address + "loi/")
        assert "can-xem-lai_bao-cao.xlsx.csv" in answer.headers["Content-Disposition"]
        listed = b"".join(answer.streaming_content).decode("utf-8-sig")
        assert "Cần xem lại" in listed.splitlines()[0]
        assert "B1 Hồ sơ có phát sinh phí" in listed
        assert "“nhiều” không phải là một số" in listed
        assert "quá phức tạp nên không ghi lỗi vào bản sao được" in text_of(desk.client.get(address))

    def test_the_copy_can_be_mended_and_brought_back(self, desk: Desk) -> None:
        book = desk.book()
        book.cell("HS_PHI").value = "nhiều"
        answer = desk.client.get(desk.address(book.data()) + "loi/")
        marked = Book(b"".join(answer.streaming_content))
        assert marked.cell("HS_PHI").protection.locked is False
        marked.cell("HS_PHI").value = 131
        address = desk.address(marked.data())
        again = Book(b"".join(desk.client.get(address + "loi/").streaming_content))
        assert again.cell("HS_PHI").comment is None
        assert "Cần xem lại" not in again.book.sheetnames
        desk.client.post(address, {"do": "apply"})
        assert stored()["HS_PHI"] == 131
