"""One workbook for all communes of a form: a line per commune, a column per cell."""

import pytest

from haicap.reporting.models import Report, Value

from .office import FULL, PERIOD, Office
from .workbook_desk import MANY, Book, Desk, client, counts, text_of


@pytest.fixture
def desk(office: Office) -> Desk:
    office.save(office.open(), FULL)
    return Desk(office, "office", MANY)


def figures() -> dict[tuple[str, str], object]:
    rows = Value.objects.select_related("element", "report__unit")
    return {(row.report.unit.code, row.element.code): row.number for row in rows}


class TestWriting:
    def test_a_line_for_each_commune_that_owes_it(self, desk: Desk) -> None:
        """C18: as many lines in the file as units that owe the form."""
        desk.office.submitted("2026-09", {**FULL, "HS_NHAN": "400"})
        book = desk.book()
        codes = [row[0].value for row in book.sheet.iter_rows(max_col=1) if str(row[0].value).isdigit()]
        assert codes == ["22015", "24133", "24505"]
        assert book.at("24505", "HS_NHAN").value == 412
        assert book.at("22015", "HS_NHAN").value is None
        before = book.book.worksheets[1]
        assert [cell.value for cell in before[4]][:3] == ["24505", "Xã Ea Knuếc", 400]

    def test_a_part_is_held_under_its_whole_in_each_line(self, desk: Desk) -> None:
        book = desk.book()
        rules = {str(rule.sqref).split(":")[0]: rule for rule in book.sheet.data_validations.dataValidation}
        part, whole = book.at("22015", "HS_NHAN_CTT"), book.at("22015", "HS_NHAN")
        assert rules[part.coordinate].formula2 == whole.coordinate
        assert rules[part.coordinate].errorStyle == "warning"

    def test_reports_on_their_way_are_locked(self, desk: Desk) -> None:
        desk.office.say_ready(Report.objects.get().pk)
        book = desk.book()
        assert book.at("24505", "HS_NHAN").protection.locked
        assert not book.at("22015", "HS_NHAN").protection.locked

    def test_who_gets_which_communes(self, office: Office) -> None:
        leader = Desk(office, "leader", MANY)
        assert leader.book().at("22015", "HS_NHAN").protection.locked
        assert "chỉ để xem" in text_of(leader.client.get(MANY))
        for who in ("stranger", "stranger_office", "nobody"):
            assert client(office, who).get(MANY).status_code == 404
        own = Desk(office, "commune_officer", MANY).book()
        codes = [row[0].value for row in own.sheet.iter_rows(max_col=1) if str(row[0].value).isdigit()]
        assert codes == ["24505"]

    def test_the_board_leads_there(self, desk: Desk) -> None:
        page = desk.client.get(f"/bao-cao/tong-hop/?mau=CQS-T&ky={PERIOD}").content.decode()
        assert f'href="{MANY}"' in page

    def test_queries_do_not_grow_with_the_communes(self, desk: Desk, django_assert_max_num_queries) -> None:
        desk.download()
        with django_assert_max_num_queries(14):
            desk.download()


class TestReading:
    def test_figures_of_many_communes_at_once(self, desk: Desk) -> None:
        def change(book: Book) -> None:
            book.at("22015", "HS_NHAN").value = 77
            book.at("24133", "HS_NHAN").value = "1.234.567"
            book.at("24505", "HS_PHI").value = None
            book.at("24505", "HD").value = 0

        data = desk.changed(change)
        page = desk.preview(data)
        assert counts(page) == {"new": 3, "changed": 0, "removed": 1, "same": 14, "wrong": 0}
        assert "Phường Tuy Hoà A1 Tổng số hồ sơ tiếp nhận – 77 Mới" in page
        answer = desk.write(data)
        assert answer.headers["Location"] == f"/bao-cao/tong-hop/?mau=CQS-T&ky={PERIOD}"
        found = figures()
        assert found["22015", "HS_NHAN"] == 77
        assert found["24133", "HS_NHAN"] == 1234567
        assert found["24505", "HS_PHI"] is None
        assert found["24505", "HD"] == 0

    def test_no_figure_is_said_in_the_cell(self, desk: Desk) -> None:
        def change(book: Book) -> None:
            book.at("22015", "HS_NHAN").value = "Không có số: chưa nối hệ thống"

        desk.write(desk.changed(change))
        value = Value.objects.get(report__unit__code="22015")
        assert (value.number, value.no_figure_reason) == (None, "chưa nối hệ thống")
        assert counts(desk.preview(desk.download()))["same"] == 18

    def test_by_code_whatever_the_place(self, desk: Desk) -> None:
        def change(book: Book) -> None:
            sheet = book.sheet
            book.at("22015", "HS_NHAN").value = 77
            sheet.insert_cols(3, 2)
            sheet.title = "102 xã"
            first = next(row[0].row for row in sheet.iter_rows(max_col=1) if row[0].value == "22015")
            sheet.insert_rows(first, 2)
            for column in range(1, sheet.max_column + 1):
                above, below = sheet.cell(first + 2, column), sheet.cell(first + 4, column)
                above.value, below.value = below.value, above.value

        assert counts(desk.preview(desk.changed(change))) == {
            "new": 1,
            "changed": 0,
            "removed": 0,
            "same": 17,
            "wrong": 0,
        }

    def test_a_commune_twice_names_both_lines(self, desk: Desk) -> None:
        def change(book: Book) -> None:
            book.at("22015", "HS_NHAN").value = 77
            line = next(row[0].row for row in book.sheet.iter_rows(max_col=1) if row[0].value == "24133")
            book.sheet.cell(line, 1).value = "22015"

        page = desk.preview(desk.changed(change))
        assert page.count("Ô này có hai lần trong tệp") == 2
        assert "1 mục không có trong tệp, giữ nguyên số đang lưu Phường Buôn Ma Thuột" in page
        assert counts(page)["new"] == 0

    def test_a_commune_that_is_not_ours(self, desk: Desk) -> None:
        def change(book: Book) -> None:
            line = next(row[0].row for row in book.sheet.iter_rows(max_col=1) if row[0].value == "24133")
            book.sheet.cell(line, 1).value = "00466"
            book.sheet.cell(line, 4).value = 5

        page = desk.preview(desk.changed(change))
        assert "mã đơn vị “00466” không thuộc trang này" in page

    def test_a_code_without_its_zeros_is_known(self, office: Office) -> None:
        path = MANY
        desk = Desk(office, "office", path)

        def change(book: Book) -> None:
            line = next(row[0].row for row in book.sheet.iter_rows(max_col=1) if row[0].value == "22015")
            book.sheet.cell(line, 1).value = 22015
            book.sheet.cell(line, book.column("HS_NHAN")).value = 5

        assert counts(desk.preview(desk.changed(change)))["new"] == 1

    def test_merged_cells_and_errors_are_told_with_their_unit(self, desk: Desk) -> None:
        """C14"""

        def change(book: Book) -> None:
            first, second = book.at("22015", "HD"), book.at("24133", "HD")
            first.value = 5
            book.sheet.merge_cells(f"{first.coordinate}:{second.coordinate}")
            book.at("24505", "HS_NHAN").value = "1.234"

        data = desk.changed(change)
        page = desk.preview(data)
        assert counts(page)["wrong"] == 3
        assert "Xã Ea Knuếc A1 Tổng số hồ sơ tiếp nhận 412 1.234 Lỗi, không ghi" in page
        answer = desk.client.get(desk.address(data) + "loi/")
        marked = Book(b"".join(answer.streaming_content))
        assert marked.at("24505", "HS_NHAN").comment is not None
        assert "Xã Ea Knuếc: A1 Tổng số hồ sơ tiếp nhận" in [
            cell.value for cell in marked.book["Cần xem lại"]["B"]
        ]

    def test_the_file_of_one_commune_does_not_fit(self, office: Office, desk: Desk) -> None:
        one = Desk(office).download()
        assert "Tệp làm cho riêng đơn vị 24505" in desk.refused(one)
        assert "Tệp này gồm nhiều đơn vị" in Desk(office).refused(desk.download())

    def test_as_csv_with_a_line_for_every_cell(self, desk: Desk) -> None:
        """C18"""
        data = desk.download("csv")
        lines = data.decode("utf-8-sig").splitlines()
        assert len(lines) == 1 + 3 * 6
        line = next(line for line in lines if ";22015;" in line and ";HD;" in line)
        changed = data.replace(line.encode(), line.replace(";lượt;;;;;0", ";lượt;;9;;;0").encode())
        assert counts(desk.preview(changed, "a.csv"))["new"] == 1
        desk.write(changed, "a.csv")
        assert figures()["22015", "HD"] == 9
