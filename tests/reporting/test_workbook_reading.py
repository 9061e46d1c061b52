"""A workbook that came back: every cell is found by its code, and each oddity is told at its address."""

import io
import re
import zipfile
from collections import OrderedDict
from datetime import date

import pytest
from openpyxl import Workbook

from haicap.catalogue import queries as catalogue
from haicap.reporting.models import Value

from .conftest import ELEMENTS
from .office import FULL, Office
from .workbook_desk import ONE, Book, Desk, counts, stored

pytestmark = pytest.mark.once

SEPTEMBER = "2026-09"


@pytest.fixture
def desk(office: Office) -> Desk:
    """The officer, with a report that is filled: 412, 377, 128, 71 and two blanks."""
    office.save(office.open(), FULL)
    return Desk(office)


@pytest.fixture
def percent(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Desk:
    """The same, with a form whose last cell is counted in per cent."""
    monkeypatch.setitem(ELEMENTS, "KP", ("%", "none", False, False))
    # the catalogue is remembered by its token, which is the same in every test
    monkeypatch.setattr(catalogue, "_built", OrderedDict())
    return request.getfixturevalue("desk")


class TestNumbers:
    def test_a_native_number_is_never_read_again(self, desk: Desk) -> None:
        """C12: 18500.00 stays 18,500 and 0.5 stays a half."""

        def change(book: Book) -> None:
            book.cell("HS_NHAN").value = 18500.00
            book.cell("HS_NHAN").number_format = "0.00"
            book.cell("KP").value = 0.5

        desk.write(desk.changed(change))
        assert stored()["HS_NHAN"] == 18500
        assert str(stored()["KP"].normalize()) == "0.5"

    def test_text_that_means_two_things_is_asked_with_its_cell(self, desk: Desk) -> None:
        """C12"""
        book = desk.book()
        book.cell("HS_NHAN").value = "1.234"
        book.cell("HS_PHI").value = "1.234,5"
        book.cell("HD").value = "18500.00"
        place, other = book.cell("HS_NHAN").coordinate, book.cell("HD").coordinate
        page = desk.preview(book.data())
        assert f"{place} A1 Tổng số hồ sơ tiếp nhận 412 1.234 Lỗi, không ghi" in page
        assert f"{other} B3" in page
        # 1.234,5 is one number to a Vietnamese reader, but no whole one
        assert "Ô này cần số nguyên" in page
        assert counts(page) == {"new": 0, "changed": 0, "removed": 0, "same": 3, "wrong": 3}

    def test_text_that_means_one_thing_is_read(self, desk: Desk) -> None:
        def change(book: Book) -> None:
            book.cell("HS_NHAN").value = " 1.234.567 "
            book.cell("KP").value = "−97,5"

        desk.write(desk.changed(change))
        assert stored()["HS_NHAN"] == 1234567
        assert str(stored()["KP"].normalize()) == "-97.5"

    def test_the_language_of_the_file_reads_its_text(self, desk: Desk) -> None:
        desk.client.cookies["django_language"] = "en"
        book = desk.book()
        desk.client.cookies["django_language"] = "vi"
        book.cell("KP").value = "1,234,567.25"
        desk.write(book.data())
        assert str(stored()["KP"].normalize()) == "1234567.25"

    def test_a_blank_is_nothing_and_a_zero_is_zero(self, desk: Desk) -> None:
        """C4, C5: what was never filled stays untouched, what was emptied is emptied, 0 is a figure."""

        def change(book: Book) -> None:
            book.cell("HS_TTTT").value = None
            book.cell("HD").value = 0

        data = desk.changed(change)
        assert counts(desk.preview(data)) == {"new": 1, "changed": 0, "removed": 1, "same": 4, "wrong": 0}
        desk.write(data)
        assert stored() == {"HS_NHAN": 412, "HS_NHAN_CTT": 377, "HS_PHI": 128, "HS_TTTT": None, "HD": 0}
        assert Value.objects.get(element__code="HS_TTTT").changes.count() == 2

    def test_no_figure_with_its_reason(self, desk: Desk) -> None:
        def change(book: Book) -> None:
            book.cell("HS_TTTT").value = None
            book.cell("HS_TTTT", "@reason").value = "Chưa nối hệ thống"

        desk.write(desk.changed(change))
        assert Value.objects.get(element__code="HS_TTTT").no_figure_reason == "Chưa nối hệ thống"

    def test_a_figure_and_a_reason_are_one_too_many(self, desk: Desk) -> None:
        book = desk.book()
        book.cell("HS_TTTT", "@reason").value = "Chưa nối hệ thống"
        page = desk.preview(book.data())
        assert "Ô có cả số và lý do không có số" in page
        assert counts(page)["wrong"] == 1

    def test_a_formula_is_taken_with_its_result_or_not_at_all(self, desk: Desk) -> None:
        book = desk.book()
        place = book.cell("HS_NHAN").coordinate
        book.cell("HS_NHAN").value = "=400+20"
        uncalculated = book.data()
        assert "công thức chưa được tính" in desk.preview(uncalculated)
        page = desk.preview(calculated(uncalculated, place, "420"))
        assert "Ô là công thức: lấy kết quả đã tính trong tệp." in page
        assert counts(page)["changed"] == 1
        desk.write(calculated(uncalculated, place, "420"))
        assert stored()["HS_NHAN"] == 420

    def test_an_error_of_excel_is_no_number(self, desk: Desk) -> None:
        book = desk.book()
        book.cell("HS_NHAN").value = "#DIV/0!"
        book.cell("HS_NHAN").data_type = "e"
        assert counts(desk.preview(book.data()))["wrong"] == 1

    def test_a_date_is_no_number(self, desk: Desk) -> None:
        book = desk.book()
        book.cell("HS_NHAN").value = date(2026, 10, 5)
        book.cell("HS_NHAN").number_format = "dd/mm/yyyy"
        assert "ngày tháng hoặc giá trị đúng/sai" in desk.preview(book.data())

    def test_a_percentage_of_what_is_none_is_asked(self, desk: Desk) -> None:
        book = desk.book()
        book.cell("KP").value = 0.5
        book.cell("KP").number_format = "0%"
        page = desk.preview(book.data())
        assert "không rõ là 50% hay 0.5" in page
        assert counts(page)["wrong"] == 1

    def test_a_percentage_of_a_percent_is_what_is_seen(self, percent: Desk) -> None:
        desk = percent
        book = desk.book()
        book.cell("KP").value = 0.5
        book.cell("KP").number_format = "0.0%"
        page = desk.preview(book.data())
        assert "hiểu là số phần trăm như đang hiện" in page
        desk.write(book.data())
        assert stored()["KP"] == 50

    def test_a_percent_typed_as_text(self, percent: Desk) -> None:
        desk = percent
        book = desk.book()
        book.cell("KP").value = "97,5 %"
        desk.write(book.data())
        assert str(stored()["KP"].normalize()) == "97.5"

    def test_a_merged_cell_is_an_error_and_nothing_is_filled_down(self, desk: Desk) -> None:
        """C14"""
        book = desk.book()
        first, second = book.cell("HS_NHAN").coordinate, book.cell("HS_NHAN_CTT").coordinate
        book.sheet.merge_cells(f"{first}:{second}")
        page = desk.preview(book.data())
        assert page.count("Ô này bị gộp với ô khác") == 2
        desk.write(book.data())
        assert stored()["HS_NHAN_CTT"] == 377

    def test_the_rules_of_the_grid_hold(self, desk: Desk) -> None:
        book = desk.book()
        book.cell("HS_NHAN").value = -3
        book.cell("HS_PHI").value = 12.5
        book.cell("HS_TTTT").value = 10**17
        page = desk.preview(book.data())
        assert "Số này không thể âm" in page
        assert "Ô này cần số nguyên" in page
        assert counts(page)["wrong"] == 3

    def test_doubts_are_told_and_do_not_stop_it(self, desk: Desk) -> None:
        book = desk.book()
        book.cell("HS_NHAN_CTT").value = 500
        page = desk.preview(book.data())
        assert "Hồ sơ trực tuyến không được lớn hơn tổng số" in page
        assert counts(page)["changed"] == 1


class TestPlaces:
    """By code, never by position."""

    def test_a_renamed_sheet_moved_rows_and_added_columns(self, desk: Desk) -> None:
        def change(book: Book) -> None:
            book.cell("HS_NHAN").value = 500
            sheet = book.sheet
            sheet.title = "Số của tôi"
            sheet.insert_rows(book.row("HS_PHI"), 3)
            sheet.insert_cols(1, 2)
            swap(book, "HS_NHAN", "KP")
            sheet.cell(book.row("HD"), sheet.max_column + 2).value = "ghi chú của tôi"

        data = desk.changed(change)
        assert counts(desk.preview(data)) == {"new": 0, "changed": 1, "removed": 0, "same": 5, "wrong": 0}
        desk.write(data)
        assert stored()["HS_NHAN"] == 500

    def test_without_the_hidden_keys_the_headings_serve(self, desk: Desk) -> None:
        book = desk.book()
        book.cell("HS_NHAN").value = 500
        book.sheet.delete_rows(book.heading()[0].row)
        assert counts(desk.preview(book.data()))["changed"] == 1

    def test_a_code_twice_names_both(self, desk: Desk) -> None:
        book = desk.book()
        first, second = book.row("HS_NHAN"), book.row("HD")
        book.cell("HS_NHAN").value = 500
        book.sheet.cell(second, book.column("@code")).value = "HS_NHAN"
        column = book.cell("HS_NHAN").column_letter
        page = desk.preview(book.data())
        assert f"ở đây và ở {column}{second}" in page
        assert f"ở đây và ở {column}{first}" in page
        assert counts(page)["wrong"] == 2
        assert "1 mục không có trong tệp" in page
        desk.write(book.data())
        assert stored()["HS_NHAN"] == 412

    def test_a_missing_line_leaves_its_figure(self, desk: Desk) -> None:
        book = desk.book()
        book.sheet.delete_rows(book.row("HS_PHI"))
        page = desk.preview(book.data())
        assert "1 mục không có trong tệp, giữ nguyên số đang lưu B1 Hồ sơ có phát sinh phí" in page
        assert counts(page) == {"new": 0, "changed": 0, "removed": 0, "same": 5, "wrong": 0}

    def test_a_figure_without_a_code_is_told(self, desk: Desk) -> None:
        book = desk.book()
        line = book.sheet.max_row + 1
        book.sheet.cell(line, book.column("@value")).value = 77
        book.sheet.cell(line + 1, book.column("@code")).value = "KHONG_CO"
        book.sheet.cell(line + 1, book.column("@value")).value = 78
        page = desk.preview(book.data())
        assert "Dòng này có số nhưng không có mã ô" in page
        assert "Mẫu này không có ô mang mã “KHONG_CO”" in page

    def test_the_sheet_twice_is_refused_by_name(self, desk: Desk) -> None:
        book = desk.book()
        book.book.copy_worksheet(book.sheet).title = "Bản sao"
        assert "Tệp có hơn một bảng nhập số: “CQS-T”, “Bản sao”" in desk.refused(book.data())

    def test_a_column_twice_is_refused_by_name(self, desk: Desk) -> None:
        book = desk.book()
        line = book.heading()[0].row
        book.sheet.cell(line, 20).value = "@value"
        assert "Cột “Kỳ này” có hai lần" in desk.refused(book.data())

    def test_no_table_at_all(self, desk: Desk) -> None:
        book = desk.book()
        book.sheet.delete_rows(1, 60)
        book.sheet.cell(1, 1).value = "trống"
        assert "Không thấy bảng nhập số" in desk.refused(book.data())


class TestTheWrongFile:
    def test_another_form_period_unit_or_version(self, desk: Desk) -> None:
        for name, value, words in (
            ("form", "KHAC-T", "Tệp làm cho mẫu KHAC-T, còn đây là mẫu CQS-T."),
            ("period", SEPTEMBER, "Tệp làm cho Tháng 9/2026, còn đây là Tháng 10/2026."),
            ("unit", "22015", "Tệp làm cho đơn vị 22015, còn đây là báo cáo của đơn vị 24505."),
            ("unit", "", "Tệp này gồm nhiều đơn vị."),
            ("number", "2", "Tệp làm theo bản 2 của mẫu, đây là bản 1."),
        ):
            book = desk.book()
            for row in book.technical.iter_rows(max_row=9):
                if row[0].value == name:
                    row[1].value = value
            assert words in desk.refused(book.data())
        assert stored()["HS_NHAN"] == 412

    def test_a_damaged_hidden_sheet(self, desk: Desk) -> None:
        book = desk.book()
        book.technical.cell(10, 2).value = "x"
        book.technical.cell(11, 2).value = "nonsense"
        assert "Phần kỹ thuật ẩn của tệp đã bị sửa" in desk.refused(book.data())

    def test_a_workbook_of_somebody_else(self, desk: Desk) -> None:
        book = Workbook()
        book.active["A1"] = "Tổng số"
        target = io.BytesIO()
        book.save(target)
        assert "không phải tệp tải từ trang báo cáo" in desk.refused(target.getvalue())

    @pytest.mark.parametrize(
        ("name", "data", "words"),
        [
            ("a.xlsx", b"", "Tệp trống"),
            ("a.xlsx", b"PK\x03\x04 nothing of the kind", "Tệp bị hỏng"),
            ("a.xlsm", b"PK\x03\x04", "Tệp có macro"),
            ("a.pdf", b"%PDF-1.7 ...", "Đây là tệp PDF"),
            ("a.xlsx", b"<html><table></table></html>", "Đây là tệp HTML"),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Tệp bị hỏng"),
        ],
    )
    def test_files_that_are_none(self, desk: Desk, name: str, data: bytes, words: str) -> None:
        assert words in desk.refused(data, name)
        assert "Chưa có số nào được ghi" in desk.refused(data, name)

    def test_a_bomb_is_refused_before_it_opens(self, desk: Desk) -> None:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bomb:
            bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 300_000_000)
        assert "Tệp nén bất thường" in desk.refused(target.getvalue())

    def test_no_file_and_a_file_that_is_too_large(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        answer = desk.client.post(ONE, {})
        assert answer.status_code == 400
        assert "Chưa chọn tệp nào" in answer.content.decode()
        monkeypatch.setattr("haicap.reporting.presenters.workbooks.checking.MOST_BYTES", 1000)
        assert "Tệp lớn hơn" in desk.refused(b"PK" + bytes(2000))

    def test_two_hundred_megabytes_are_not_even_read(self, desk: Desk) -> None:
        answer = desk.client.generic(
            "POST", ONE, b"x", content_type="multipart/form-data; boundary=x", CONTENT_LENGTH=str(200 * 2**20)
        )
        assert answer.status_code == 413


def calculated(data: bytes, place: str, result: str) -> bytes:
    """The file as Excel leaves it: the formula with its result beside it."""
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                text = content.decode()
                at = text.index(f'r="{place}"')
                end = text.index("</c>", at)
                inside = re.sub(r"<v\s*/>|<v></v>", f"<v>{result}</v>", text[at:end])
                assert f"<v>{result}</v>" in inside, inside
                content = (text[:at] + inside + text[end:]).encode()
            made.writestr(entry, content)
    return target.getvalue()


def swap(book: Book, one: str, other: str) -> None:
    """Two lines change places."""
    first, second = book.row(one), book.row(other)
    for column in range(1, book.sheet.max_column + 1):
        above, below = book.sheet.cell(first, column), book.sheet.cell(second, column)
        above.value, below.value = below.value, above.value
