import io
import random
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
import xlwt  # type: ignore[import-untyped]
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from haicap.core.errors import Refusal
from haicap.tables import opening, packages
from haicap.tables.books import Broken, Merge, address
from haicap.tables.opening import open_book


def xlsx(fill: Callable[[Any], object], *, epoch_1904: bool = False) -> bytes:
    book = openpyxl.Workbook()
    if epoch_1904:
        book.epoch = CALENDAR_MAC_1904
    fill(book.active)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def xls(fill: Callable[[Any], object], *, epoch_1904: bool = False) -> bytes:
    book = xlwt.Workbook()
    book.dates_1904 = epoch_1904
    fill(book.add_sheet("Trang 1"))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repacked(data: bytes, replace: dict[str, bytes], add: dict[str, bytes] | None = None) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out,
    ):
        for entry in source.infolist():
            out.writestr(entry.filename, replace.get(entry.filename, source.read(entry)))
        for name, content in (add or {}).items():
            out.writestr(name, content)
    return target.getvalue()


def small(sheet: Any) -> None:
    sheet["A1"], sheet["B1"], sheet["A2"] = "Mã", "Số", "00466"
    sheet["B2"] = 1234.5


SMALL = xlsx(small)
SHEET = "xl/worksheets/sheet1.xml"


def refused(data: bytes, name: str = "so.xlsx", **limits: Any) -> Refusal:
    with pytest.raises(Refusal) as found:
        open_book(data, name, **limits)
    assert str(found.value) != found.value.code, "a refusal has words"
    assert "{" not in str(found.value)
    return found.value


def test_cells_are_native_and_blank_is_not_zero() -> None:
    def fill(sheet: Any) -> None:
        sheet.append(["00466", 5, 0, None, 1234.5, 0.1 + 0.2, True, date(2026, 10, 5), "  Hoà  "])
        sheet.append([datetime(2026, 10, 5, 17, 30), time(8, 30), 12345678901234567890])  # noqa: DTZ001
        sheet["A2"].number_format = "dd/mm/yyyy hh:mm"
        sheet["H1"].number_format = "dd/mm/yyyy"
        sheet["K5"] = "cuối"

    book = open_book(xlsx(fill), "so.xlsx")
    assert book.kind == "xlsx"
    sheet = book.sheets[0]
    assert sheet.rows[0][:9] == (
        "00466", Decimal(5), Decimal(0), None, Decimal("1234.5"), Decimal("0.3"), True,
        date(2026, 10, 5), "  Hoà  ",
    )  # fmt: skip
    assert sheet.rows[1][:2] == (datetime(2026, 10, 5, 17, 30), "08:30:00")  # noqa: DTZ001
    assert (len(sheet.rows), sheet.width, sheet.cell(4, 10), sheet.cell(9, 9)) == (5, 11, "cuối", None)
    assert type(sheet.rows[0][7]) is date


@pytest.mark.parametrize("made_with", [xlsx, xls])
@pytest.mark.parametrize("epoch_1904", [False, True])
def test_c13_real_dates_of_both_date_systems(made_with: Any, epoch_1904: bool) -> None:
    def fill(sheet: Any) -> None:
        if isinstance(sheet, xlwt.Worksheet):
            sheet.write(0, 0, date(2026, 10, 5), xlwt.easyxf(num_format_str="dd/mm/yyyy"))
        else:
            sheet["A1"] = date(2026, 10, 5)
            sheet["A1"].number_format = "dd/mm/yyyy"

    sheet = open_book(made_with(fill, epoch_1904=epoch_1904), "so").sheets[0]
    assert sheet.cell(0, 0) == date(2026, 10, 5)


def test_c12_a_native_number_is_taken_as_it_is_and_text_stays_text() -> None:
    def fill(sheet: Any) -> None:
        sheet.append([18500.00, "18500.00", "18.500", 1850000])

    sheet = open_book(xlsx(fill), "so.xlsx").sheets[0]
    assert sheet.rows[0] == (Decimal(18500), "18500.00", "18.500", Decimal(1850000))


def test_c12_sixteen_digits_stay_and_the_noise_of_a_double_goes() -> None:
    numbers = [126293201971875.7, 0.7 + 0.1, 36981.899999999994, 1 / 3, -0.0, 1e15]
    sheet = open_book(xlsx(lambda sheet: sheet.append(numbers)), "so.xlsx").sheets[0]
    assert [str(number) for number in sheet.rows[0]] == [
        "126293201971875.7", "0.8", "36981.9", "0.3333333333333333", "0", "1E+15",
    ]  # fmt: skip


def test_c14_merges_are_known_and_never_filled() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["B1"], sheet["A3"] = "Số lượt", "Tên", 7
        sheet.merge_cells("A1:A2")
        sheet.merge_cells("A3:B4")
        sheet["D4"] = "x"

    sheet = open_book(xlsx(fill), "so.xlsx").sheets[0]
    assert sheet.merges == (Merge(0, 0, 1, 0), Merge(2, 0, 3, 1))
    assert (sheet.label(1, 0), sheet.cell(1, 0)) == ("Số lượt", None)
    assert [sheet.cell(2, 1), sheet.cell(3, 0), sheet.cell(3, 1)] == [None, None, None]
    assert sheet.merge_at(3, 1) == Merge(2, 0, 3, 1)
    assert sheet.merge_at(3, 2) is None


def test_a_tall_merge_is_found_far_below_its_top() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["B900"] = "Tỉnh", 1
        sheet.merge_cells("A1:A800")

    sheet = open_book(xlsx(fill), "so.xlsx").sheets[0]
    assert sheet.label(799, 0) == "Tỉnh"
    assert sheet.label(800, 0) == ""


def test_old_workbooks_are_read_alike() -> None:
    def fill(sheet: Any) -> None:
        sheet.write_merge(0, 0, 0, 2, "BÁO CÁO")
        for column, value in enumerate(["00466", 5, 2.5]):
            sheet.write(2, column, value)

    book = open_book(xls(fill), "so.xls")
    assert (book.kind, book.sheets[0].name) == ("xls", "Trang 1")
    assert book.sheets[0].rows == (
        ("BÁO CÁO", None, None), (None, None, None), ("00466", Decimal(5), Decimal("2.5")),
    )  # fmt: skip
    assert book.sheets[0].merges == (Merge(0, 0, 0, 2),)


def test_what_the_file_is_say_its_bytes_not_its_name() -> None:
    assert open_book(SMALL, "so.xls").kind == "xlsx"
    assert open_book(xls(lambda sheet: sheet.write(0, 0, "a")), "so.xlsx").kind == "xls"


def test_errors_and_formulas_nobody_calculated_are_broken_text_not_blank() -> None:
    """C4, C12: a formula without a value would otherwise come in as "nothing entered"."""

    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["B1"], sheet["C1"] = 5, "=A1*2", "#DIV/0!"
        sheet["C1"].data_type = "e"

    row = open_book(xlsx(fill), "so.xlsx").sheets[0].rows[0]
    assert row == (Decimal(5), "#?", "#DIV/0!")
    assert [isinstance(cell, Broken) for cell in row] == [False, True, True]


def test_errors_of_old_workbooks_are_broken_too() -> None:
    def fill(sheet: Any) -> None:
        sheet.write(0, 0, 1)
        sheet.row(0).set_cell_error(1, "#N/A!")

    row = open_book(xls(fill), "so.xls").sheets[0].rows[0]
    assert (row, isinstance(row[1], Broken)) == ((Decimal(1), "#N/A"), True)


def test_a_csv_with_notes_above_and_a_doubled_heading_is_a_sheet() -> None:
    """C17 and C19: the guard comes off, the BOM is no letter, accents are composed."""
    text = "\ufeffBáo cáo tháng 10, 2026\r\n\r\nMã;Số;Số\r\n00466;1,5;'=2\r\n00467;;-5,0\r\n"
    book = open_book(text.encode(), "so.csv")
    assert book.kind == "csv"
    assert book.sheets[0].rows == (
        ("Báo cáo tháng 10, 2026", None, None),
        (None, None, None),
        ("Mã", "Số", "Số"),
        ("00466", "1,5", "=2"),
        ("00467", None, "-5,0"),
    )
    assert open_book(b"sep=|\r\na|b\r\n", "x.csv").sheets[0].rows == (("a", "b"),)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "so.xlsx", "tables.empty_file"),
        (b"PK\x03\x04" + b"x" * 100, "so.xlsx", "tables.corrupt"),
        (SMALL[: len(SMALL) // 2], "so.xlsx", "tables.corrupt"),
        (SMALL, "so.xlsm", "tables.macros"),
        (b"%PDF-1.7 x", "so.xlsx", "tables.wrong_type"),
        (b"\x89PNG\r\n\x1a\n\0\0", "so.xls", "tables.wrong_type"),
        (b"\xff\xd8\xff\xe0\0", "anh.csv", "tables.wrong_type"),
        (b"<html><body><table><tr><td>1</td></tr></table>", "so.xls", "tables.wrong_type"),
        (b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
         "so.xls", "tables.wrong_type"),
        (b"MIME-Version: 1.0\r\n", "so.xls", "tables.wrong_type"),
        (b"a\tb\r\n1\t2\r\n", "so.xls", "tables.wrong_type"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, "so.xls", "tables.corrupt"),
        (b"\x00\x01\x02\x03" * 50, "so.xlsx", "tables.corrupt"),
        (b"a,b\r\n1,\x002\r\n", "so.csv", "tables.not_text"),
        (repacked(SMALL, {}, {"xl/vbaProject.bin": b"x"}), "so.xlsx", "tables.macros"),
        (repacked(SMALL, {}, {"xl/macrosheets/sheet1.xml": b"x"}), "so.xlsx", "tables.macros"),
        (repacked(SMALL, {SHEET: b"<worksheet><sheetData>"}), "so.xlsx", "tables.corrupt"),
        (repacked(SMALL, {SHEET: b'<!DOCTYPE w [<!ENTITY a "b">]><w/>'}), "so.xlsx", "tables.corrupt"),
        (xlsx(lambda sheet: None), "so.xlsx", "tables.empty_file"),
    ],
)  # fmt: skip
def test_bad_files_are_refused_with_a_reason(data: bytes, name: str, code: str) -> None:
    assert refused(data, name).code == code


def test_other_packages_are_named() -> None:
    def package(**parts: bytes) -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as out:
            for name, content in parts.items():
                out.writestr(name, content)
        return target.getvalue()

    kinds = {
        package(**{"word/document.xml": b""}): "Word (.docx)",
        package(**{"xl/workbook.bin": b""}): "Excel (.xlsb)",
        package(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"): "OpenDocument (.ods)",
        package(**{"a.txt": b"a"}): "ZIP",
    }
    assert {data: refused(data).params["kind"] for data in kinds} == kinds


def test_a_zip_that_says_it_unpacks_to_too_much_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = repacked(SMALL, {}, {"xl/media/a.xml": b"\0" * 30_000_000})
    many = repacked(SMALL, {}, {f"xl/media/{i}.xml": b"" for i in range(2001)})
    assert refused(bomb).code == refused(many).code == "tables.bomb"
    monkeypatch.setattr(packages, "_unpacked", None)
    for data in (bomb, many):
        with pytest.raises(packages.Unfit, match="bomb"):
            packages.inspect(data, opening.MAX_CELLS)


def test_a_zip_that_lies_about_its_sizes_is_stopped_at_the_lie() -> None:
    honest = repacked(SMALL, {}, {"xl/media/a.xml": b"\0" * 3_000_000})
    size = (3_000_000).to_bytes(4, "little")
    lying = honest.replace(size, (1000).to_bytes(4, "little"))
    assert lying != honest
    assert refused(lying).code == "tables.corrupt"


def test_an_encrypted_part_of_a_zip_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    target = bytearray(SMALL)
    central = target.find(b"PK\x01\x02")
    target[central + 8] |= 1
    assert refused(bytes(target)).code == "tables.encrypted"


def test_a_few_cells_that_span_the_whole_sheet_are_not_unfolded() -> None:
    def fill(sheet: Any) -> None:
        sheet["A1"], sheet["XFD1048576"] = 1, 1

    assert refused(xlsx(fill)).code == "tables.too_many_cells"


def test_a_far_cell_with_a_border_and_no_content_is_nobodys_trouble() -> None:
    def fill(sheet: Any) -> None:
        small(sheet)
        sheet["XFD1048576"].font = openpyxl.styles.Font(bold=True)

    assert len(open_book(xlsx(fill), "so.xlsx").sheets[0].rows) == 2


def test_sizes_are_judged_first() -> None:
    assert refused(b"\xff" * (2 * 1024 * 1024 + 1), max_bytes=2 * 1024 * 1024).code == "tables.too_big"
    assert refused(SMALL, max_cells=3).code == "tables.too_many_cells"
    assert refused(b"a;b\n" * 10, "so.csv", max_cells=19).code == "tables.too_many_cells"
    assert open_book(SMALL, "so.xlsx", max_cells=4).sheets[0].width == 2


def test_a_text_that_many_cells_share_counts_as_often_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_TEXT", 100_000)
    long = xlsx(lambda sheet: [sheet.append(["x" * 10_000]) for _ in range(11)])
    assert refused(long).code == "tables.too_heavy"


def test_the_reader_dies_alone_when_it_needs_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    big = xlsx(lambda sheet: [sheet.append(list(range(200))) for _ in range(500)])
    # less than any process has already: not one more page is given, wherever the interpreter begins
    monkeypatch.setattr(opening, "MEMORY", 1024 * 1024)
    assert refused(big).code in {"tables.too_heavy", "tables.corrupt"}


def ole(*names: str) -> bytes:
    """The smallest compound file: one FAT sector, one directory sector, empty streams of these names."""
    header = bytearray(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16)
    header += b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + b"\0" * 10
    header += (1).to_bytes(4, "little") + (1).to_bytes(4, "little") + b"\0" * 4 + (4096).to_bytes(4, "little")
    header += (
        b"\xfe\xff\xff\xff" + b"\0" * 4 + b"\xfe\xff\xff\xff" + b"\0" * 4 + b"\0" * 4 + b"\xff" * 4 * 108
    )
    fat = b"\xfd\xff\xff\xff" + b"\xfe\xff\xff\xff" + b"\xff" * 4 * 126
    directory = b""
    for index, name in enumerate(("Root Entry", *names)):
        text = name.encode("utf-16-le")
        entry = text.ljust(64, b"\0") + (len(text) + 2).to_bytes(2, "little")
        entry += bytes([5 if index == 0 else 2, 1]) + b"\xff" * 4
        right = index + 1 if 0 < index < len(names) else 0xFFFFFFFF
        child = 1 if index == 0 and names else 0xFFFFFFFF
        entry += right.to_bytes(4, "little") + child.to_bytes(4, "little") + b"\0" * 36
        entry += b"\xfe\xff\xff\xff" + b"\0" * 8
        directory += entry
    return bytes(header[:512].ljust(512, b"\0")) + fat + directory.ljust(512, b"\0")


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("EncryptedPackage", "EncryptionInfo"), "tables.encrypted"),
        (("Workbook", "_VBA_PROJECT_CUR"), "tables.macros"),
        (("WordDocument",), "tables.wrong_type"),
        (("Contents",), "tables.wrong_type"),
    ],
)
def test_compound_files_say_what_they_are(names: tuple[str, ...], code: str) -> None:
    assert refused(ole(*names), "so.xlsx").code == code


def test_an_old_workbook_with_a_password_is_told() -> None:
    data = xls(lambda sheet: sheet.write(0, 0, "a"))
    codepage = data.find(b"\x42\x00\x02\x00")
    assert codepage > 0
    locked = bytearray(data)
    locked[codepage] = 0x2F
    assert refused(bytes(locked), "so.xls").code == "tables.encrypted"


def test_an_old_workbook_whose_cells_lie_far_apart_is_not_unfolded() -> None:
    def fill(sheet: Any) -> None:
        sheet.write(0, 0, 1)
        sheet.write(65_535, 255, 1)

    assert refused(xls(fill), "so.xls").code == "tables.too_many_cells"


@pytest.mark.parametrize("made_with", [xlsx, xls])
def test_a_damaged_workbook_is_a_book_or_a_refusal(made_with: Any) -> None:
    """Whatever byte is wrong, nothing but a Refusal comes out, also where the reader panics."""
    data = made_with(lambda sheet: small(sheet) if made_with is xlsx else sheet.write(0, 0, "a"))
    dice = random.Random(7)
    for _ in range(25):
        broken = bytearray(data)
        for _ in range(dice.randint(1, 12)):
            broken[dice.randrange(8, len(broken))] = dice.randrange(256)
        assert outcome(bytes(broken)).startswith(("sheets", "tables."))


def outcome(data: bytes) -> str:
    try:
        return f"sheets {len(open_book(data, 'so.xlsx').sheets)}"
    except Refusal as found:
        return found.code


def test_c18_as_many_rows_as_the_file_has() -> None:
    sheet = open_book(xlsx(lambda sheet: [sheet.append([i, i]) for i in range(12_345)]), "so.xlsx").sheets[0]
    assert (len(sheet.rows), sheet.rows[-1][0], address(12_344, 0)) == (12_345, Decimal(12_344), "A12345")


def test_hidden_sheets_are_marked_and_names_are_composed() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Bie\u0302\u0309u 1"
    book.active["A1"] = 1
    book.create_sheet("Ẩn").sheet_state = "hidden"
    target = io.BytesIO()
    book.save(target)
    sheets = open_book(target.getvalue(), "so.xlsx").sheets
    assert [(sheet.name, sheet.visible) for sheet in sheets] == [("Biểu 1", True), ("Ẩn", False)]
