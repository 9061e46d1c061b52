"""The same door as CSV: accents, separators, guards and numbers survive the way out and back."""

import csv
import io
import unicodedata

import pytest

from haicap.reporting.models import Value

from .office import FULL, Office
from .workbook_desk import ONE, Desk, counts, stored

BOM = b"\xef\xbb\xbf"
VALUE, REASON, CODE = "Kỳ này", "Không có số, vì sao", "Mã ô"


@pytest.fixture
def desk(office: Office) -> Desk:
    office.save(office.open(), FULL)
    return Desk(office)


class Sheet:
    """A CSV in somebody's hands."""

    def __init__(self, data: bytes, delimiter: str = ";") -> None:
        self.delimiter = delimiter
        text = data.decode("utf-8-sig")
        self.header, *self.lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)

    def line(self, code: str) -> list[str]:
        return next(line for line in self.lines if line[self.header.index(CODE)] == code)

    def get(self, code: str, column: str = VALUE) -> str:
        return self.line(code)[self.header.index(column)]

    def put(self, code: str, text: str, column: str = VALUE) -> None:
        self.line(code)[self.header.index(column)] = text

    def data(self, delimiter: str = "", encoding: str = "utf-8-sig") -> bytes:
        target = io.StringIO(newline="")
        csv.writer(target, delimiter=delimiter or self.delimiter).writerows([self.header, *self.lines])
        return target.getvalue().encode(encoding)


def sheet_of(desk: Desk) -> Sheet:
    return Sheet(desk.download("csv"))


class TestWriting:
    def test_with_a_bom_and_as_many_lines_as_cells(self, desk: Desk) -> None:
        """C18, C19"""
        data = desk.download("csv")
        assert data.startswith(BOM)
        sheet = Sheet(data)
        assert len(sheet.lines) == 6
        assert sheet.get("HS_NHAN", "Nội dung") == "Tổng số hồ sơ tiếp nhận"
        assert sheet.get("HD") == ""

    def test_formulas_are_guarded_and_negative_numbers_are_numbers(self, desk: Desk) -> None:
        """C17"""
        report = desk.office.open()
        desk.office.save(report, {"KP": "-5"})
        path = ONE.replace("tep/", "")
        desk.client.post(path, {"v-HD": "", "r-HD": "=HYPERLINK(1)", "do": "save"})
        sheet = sheet_of(desk)
        assert sheet.get("KP") == "-5"
        assert sheet.get("HD", REASON) == "'=HYPERLINK(1)"
        # brought back, the guard is taken off: nothing has changed
        assert counts(desk.preview(sheet.data(), "a.csv"))["same"] == 6
        sheet.put("HD", "'=HYPERLINK(2)", REASON)
        desk.write(sheet.data(), "a.csv")
        assert Value.objects.get(element__code="HD").no_figure_reason == "=HYPERLINK(2)"

    def test_another_language_has_another_separator(self, desk: Desk) -> None:
        desk.office.save(desk.office.open(), {"KP": "97,5"})
        desk.client.cookies["django_language"] = "en"
        sheet = Sheet(desk.download("csv"), ",")
        assert sheet.header[10] == "This period"
        assert "97.5" in [line[10] for line in sheet.lines]


class TestReading:
    @pytest.mark.parametrize("delimiter", [";", ",", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16"])
    def test_any_separator_with_or_without_a_bom(self, desk: Desk, delimiter: str, encoding: str) -> None:
        """C19"""
        sheet = sheet_of(desk)
        sheet.put("HS_NHAN", "500")
        page = desk.preview(sheet.data(delimiter, encoding), "a.csv")
        assert counts(page) == {"new": 0, "changed": 1, "removed": 0, "same": 5, "wrong": 0}

    def test_accents_arrive_composed(self, desk: Desk) -> None:
        """C19"""
        sheet = sheet_of(desk)
        sheet.put("HD", unicodedata.normalize("NFD", "Chưa nối hệ thống"), REASON)
        desk.write(sheet.data(), "a.csv")
        assert Value.objects.get(element__code="HD").no_figure_reason == "Chưa nối hệ thống"
        assert Value.objects.get(element__code="HD").door == "csv"

    def test_numbers_are_read_as_the_file_is_written(self, desk: Desk) -> None:
        """C12"""
        sheet = sheet_of(desk)
        sheet.put("HS_NHAN", "1.234.567")
        sheet.put("HS_PHI", "1.234")
        sheet.put("KP", "-97,5")
        sheet.put("HD", "18500.00")
        page = desk.preview(sheet.data(), "a.csv")
        assert counts(page) == {"new": 1, "changed": 1, "removed": 0, "same": 2, "wrong": 2}
        assert "dòng 4 B1 Hồ sơ có phát sinh phí 128 1.234 Lỗi, không ghi" in page
        desk.write(sheet.data(), "a.csv")
        assert stored()["HS_NHAN"] == 1234567
        assert stored()["HS_PHI"] == 128
        assert str(stored()["KP"].normalize()) == "-97.5"

    def test_the_heading_tells_the_language(self, desk: Desk) -> None:
        """C12: an English file read on a Vietnamese page."""
        desk.client.cookies["django_language"] = "en"
        data = desk.download("csv")
        desk.client.cookies["django_language"] = "vi"
        text = data.decode("utf-8-sig")
        line = next(line for line in text.splitlines() if ",KP," in line)
        changed = line.replace(",,,,0", ',"1,234,567.25",,,0')
        assert changed != line
        desk.write(text.replace(line, changed).encode(), "a.csv")
        assert str(stored()["KP"].normalize()) == "1234567.25"

    def test_blank_is_nothing(self, desk: Desk) -> None:
        """C4: an emptied cell is emptied; without the column of versions an empty cell says nothing."""
        sheet = sheet_of(desk)
        sheet.put("HS_TTTT", "")
        assert counts(desk.preview(sheet.data(), "a.csv"))["removed"] == 1
        base = sheet.header.index("Phiên bản ô")
        sheet.header[base] = "x"
        sheet.put("HS_NHAN", "500")
        desk.write(sheet.data(), "a.csv")
        assert stored()["HS_TTTT"] == 71
        assert stored()["HS_NHAN"] == 500

    def test_each_line_that_does_not_belong_here_is_told(self, desk: Desk) -> None:
        sheet = sheet_of(desk)
        sheet.put("HS_NHAN", "KHAC", "Mẫu")
        sheet.put("HS_NHAN_CTT", "Tháng 9/2026", "Kỳ báo cáo")
        sheet.put("HS_PHI", "22015", "Mã đơn vị")
        sheet.put("HS_TTTT", "7", "Bản của mẫu")
        sheet.put("HD", "KHONG_CO", CODE)
        page = desk.preview(sheet.data(), "a.csv")
        assert counts(page)["wrong"] == 5
        for words in ("Mẫu “KHAC”", "“Tháng 9/2026”", "Đơn vị “22015”", "“7”", "mã “KHONG_CO”"):
            assert words in page

    def test_a_cell_twice_names_both_lines(self, desk: Desk) -> None:
        sheet = sheet_of(desk)
        sheet.lines.append(list(sheet.line("HS_NHAN")))
        page = desk.preview(sheet.data(), "a.csv")
        assert "ở đây và ở dòng 8" in page
        assert "ở đây và ở dòng 2" in page

    def test_a_broken_file_says_where(self, desk: Desk) -> None:
        data = desk.download("csv") + b'"x;y;z\r\n'
        assert "dấu ngoặc kép không khớp" in desk.refused(data, "a.csv")
        assert "Không thấy bảng nhập số" in desk.refused(b"a;b\r\n1;2\r\n", "a.csv")

    def test_the_marked_copy_has_a_column_of_errors(self, desk: Desk) -> None:
        sheet = sheet_of(desk)
        sheet.put("HS_PHI", "nhiều")
        answer = desk.client.get(desk.address(sheet.data(), "a.csv") + "loi/")
        marked = Sheet(b"".join(answer.streaming_content))
        assert marked.header[-1] == "Cần xem lại"
        assert "“nhiều” không phải là một số" in marked.line("HS_PHI")[-1]
        assert marked.line("HS_NHAN")[-1] == ""
        marked.put("HS_PHI", "131")
        desk.write(marked.data(), "a.csv")
        assert stored()["HS_PHI"] == 131
