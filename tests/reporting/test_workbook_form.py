"""A form as a workbook: what the file holds, what Excel is told about it, who gets it."""

import re

import pytest

from haicap.reporting.models import Report
from haicap.tables.opening import open_book

from .office import FORM, FULL, PERIOD, Office
from .workbook_desk import ONE, Desk, client, text_of

SEPTEMBER = "2026-09"


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def rules(desk: Desk) -> dict[str, object]:
    """Element → its data validation."""
    book = desk.book()
    found = {str(rule.sqref): rule for rule in book.sheet.data_validations.dataValidation}
    return {code: found.get(book.cell(code).coordinate) for code in ("HS_NHAN", "HS_NHAN_CTT", "KP")}


class TestContent:
    def test_what_stands_in_it(self, desk: Desk) -> None:
        desk.office.submitted(SEPTEMBER, {**FULL, "HS_NHAN": "400"})
        desk.office.save(desk.office.open(), {"HS_NHAN": "412", "KP": "-5,25"})
        book = desk.book()
        assert book.cell("HS_NHAN").value == 412
        assert book.cell("HS_NHAN", "@before").value == 400
        assert book.cell("KP").value == -5.25
        texts = [str(cell.value) for row in book.sheet.iter_rows() for cell in row if cell.value]
        for words in (
            "Báo cáo tháng về chính quyền số",
            "Xã Ea Knuếc (24505)",
            "Hạn nộp 17:00, thứ Tư 21/10/2026",
            "Tháng 10/2026: 15/9/2026 – 14/10/2026",
            "A. Hồ sơ thủ tục hành chính",
        ):
            assert words in texts

    def test_what_is_not_there_is_an_empty_cell_never_zero(self, desk: Desk) -> None:
        """C4"""
        desk.office.save(desk.office.open(), {"HS_NHAN": "0"})
        book = desk.book()
        assert book.cell("HS_NHAN").value == 0
        assert book.cell("HS_PHI").value is None
        assert book.cell("HS_PHI", "@before").value is None

    def test_a_reason_and_refused_text_go_out_as_they_stand(self, desk: Desk) -> None:
        report = desk.office.open()
        desk.office.save(report, {"HS_NHAN": "4x2"})
        desk.client.post(
            ONE.replace("tep/", ""), {"v-HS_PHI": "", "r-HS_PHI": "Chưa nối hệ thống", "do": "save"}
        )
        book = desk.book()
        assert book.cell("HS_NHAN").value == "4x2"
        assert book.cell("HS_PHI", "@reason").value == "Chưa nối hệ thống"

    def test_numbers_are_shown_as_the_language_groups_them(self, desk: Desk) -> None:
        assert desk.book().cell("HS_NHAN").number_format == "[$-42A]#,##0"
        desk.client.cookies["django_language"] = "en"
        assert desk.book().cell("HS_NHAN").number_format == "[$-409]#,##0"

    def test_the_hidden_sheet_names_what_the_file_is_for(self, desk: Desk) -> None:
        desk.office.save(desk.office.open(), {"HS_NHAN": "412"})
        technical = desk.book().technical
        assert technical.sheet_state == "veryHidden"
        about = {row[0].value: row[1].value for row in technical.iter_rows(max_col=2)}
        assert about["form"] == FORM
        assert about["period"] == PERIOD
        assert about["unit"] == "24505"
        assert (about["number"], about["version"]) == ("1", "1")
        assert about["24505"] == "1;412;"

    def test_a_download_writes_nothing(self, desk: Desk) -> None:
        desk.download()
        desk.download("csv")
        assert not Report.objects.exists()


class TestLocks:
    def test_only_figures_and_reasons_can_be_changed(self, desk: Desk) -> None:
        book = desk.book()
        assert book.sheet.protection.sheet
        open_cells = {
            cell.coordinate for row in book.sheet.iter_rows() for cell in row if not cell.protection.locked
        }
        codes = ("HS_NHAN", "HS_NHAN_CTT", "HS_PHI", "HS_TTTT", "HD", "KP")
        wanted = {book.cell(code, key).coordinate for code in codes for key in ("@value", "@reason")}
        assert open_cells == wanted

    def test_excel_knows_kind_sign_and_the_whole_of_a_part(self, desk: Desk) -> None:
        book, found = desk.book(), rules(desk)
        plain, part, money = found["HS_NHAN"], found["HS_NHAN_CTT"], found["KP"]
        assert (plain.type, float(plain.formula1)) == ("whole", 0)
        assert float(plain.formula2) == 1e14
        assert part.formula2 == book.cell("HS_NHAN").coordinate
        assert (money.type, float(money.formula1)) == ("decimal", -1e14)

    @pytest.mark.parametrize("who", ["commune_leader", "leader", "analyst"])
    def test_who_does_not_type_gets_it_for_reading(self, office: Office, who: str) -> None:
        desk = Desk(office, who)
        office.save(office.open(), FULL)
        book = desk.book()
        assert book.cell("HS_NHAN").value == 412
        assert book.cell("HS_NHAN").protection.locked
        page = text_of(desk.client.get(ONE))
        assert "Tệp tải về chỉ để xem" in page
        assert "Xem trước thay đổi" not in page
        assert "Báo cáo không ở bước nhập" in desk.refused(book.data())

    def test_the_office_fills_for_a_commune(self, office: Office) -> None:
        assert not Desk(office, "office").book().cell("HS_NHAN").protection.locked

    def test_after_handing_on_everything_is_locked(self, office: Office) -> None:
        office.ready()
        assert Desk(office).book().cell("HS_NHAN").protection.locked

    @pytest.mark.parametrize("who", ["stranger", "stranger_office", "nobody", "other_officer"])
    def test_strangers_find_nothing(self, office: Office, who: str) -> None:
        for path in ("", "tai/xlsx/", "tai/csv/", "aaaaaaaaaaaaaaaaaaaaaa/"):
            assert client(office, who).get(ONE + path).status_code == 404

    def test_other_formats_do_not_exist(self, desk: Desk) -> None:
        assert desk.client.get(f"{ONE}tai/pdf/").status_code == 404


class TestReaders:
    def test_our_own_reader_finds_native_numbers(self, desk: Desk) -> None:
        """C12: a number in the file is that number, whatever its format shows."""
        desk.office.save(desk.office.open(), {"HS_NHAN": "18500"})
        book = open_book(desk.download(), "a.xlsx")
        numbers = [cell for row in book.sheets[0].rows for cell in row if cell == 18500]
        assert len(numbers) == 1

    def test_in_english_and_bengali_it_is_found_again(self, desk: Desk) -> None:
        desk.office.save(desk.office.open(), FULL)
        for lang in ("en", "bn"):
            desk.client.cookies["django_language"] = lang
            book = desk.book()
            book.sheet.delete_rows(book.heading()[0].row)
            answer = desk.bring(book.data())
            assert answer.status_code == 302, text_of(answer)

    def test_queries_are_few(self, desk: Desk, django_assert_max_num_queries) -> None:
        desk.office.submitted(SEPTEMBER)
        desk.office.save(desk.office.open(), FULL)
        desk.client.get(ONE)
        with django_assert_max_num_queries(13):
            assert re.search("Nhập bằng tệp", text_of(desk.client.get(ONE)))
        with django_assert_max_num_queries(13):
            desk.download()
