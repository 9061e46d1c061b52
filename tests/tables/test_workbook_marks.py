"""Formulas and percentages of a sheet, and remarks written into a copy: by another program's files."""

import resource
import zipfile
from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Font

from haicap.core.errors import Refusal
from haicap.tables import annotating
from haicap.tables.annotating import Remark, annotate
from haicap.tables.books import address
from haicap.tables.marks import marks
from haicap.tables.opening import open_book


def made() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "Số liệu"
    sheet["A1"], sheet["B2"], sheet["C3"], sheet["D4"] = 1, "=A1*2", 0.5, 0.25
    sheet["C3"].number_format = "0%"
    sheet["D4"].number_format = '0.0" %"'
    sheet["E5"] = 0.125
    sheet["E5"].number_format = "0.00%"
    book.create_sheet("Khác")["A1"] = "=1+1"
    target = BytesIO()
    book.save(target)
    return target.getvalue()


def test_formulas_and_percentages_of_the_sheet_that_was_asked() -> None:
    found = marks(made(), "Số liệu")
    assert {address(*place) for place in found.formulas} == {"B2"}
    # a percent sign in quotes is decoration: the number is shown as it is
    assert {address(*place) for place in found.percents} == {"C3", "E5"}
    assert {address(*place) for place in marks(made(), "Khác").formulas} == {"A1"}


def test_a_sheet_that_is_not_there_or_a_part_that_is_gone() -> None:
    with pytest.raises(Refusal, match="hỏng"):
        marks(made(), "Không có")
    source, target = zipfile.ZipFile(BytesIO(made())), BytesIO()
    with zipfile.ZipFile(target, "w") as torn:
        for entry in source.infolist():
            if entry.filename != "xl/worksheets/sheet1.xml":
                torn.writestr(entry, source.read(entry))
    with pytest.raises(Refusal, match="hỏng"):
        marks(target.getvalue(), "Số liệu")


def test_remarks_stand_at_their_cells_and_nothing_else_changes() -> None:
    data = annotate(
        made(),
        [
            Remark("Số liệu", 0, 0, "Sai", subject="Ô thứ nhất"),
            Remark("Số liệu", 0, 0, "Cũng sai"),
            Remark("Số liệu", 2, 2, "Xem lại", "doubt", "=HYPERLINK(1)"),
            Remark("Không có", 0, 0, "Dòng thiếu"),
        ],
    )
    book = load_workbook(BytesIO(data))
    sheet = book["Số liệu"]
    assert sheet["A1"].comment.text == "Sai\nCũng sai"
    assert sheet["C3"].comment.text == "Xem lại"
    assert (sheet["A1"].value, sheet["B2"].value, sheet["C3"].value) == (1, "=A1*2", 0.5)
    assert sheet["B2"].comment is None
    listed = book["Cần xem lại"]
    assert listed.max_row == 5
    # what comes from people is never run as a formula (C17)
    assert "'=HYPERLINK(1)" in [cell.value for cell in listed["B"]]


def test_marks_of_an_earlier_round_are_taken_off() -> None:
    once = annotate(made(), [Remark("Số liệu", 0, 0, "Sai")])
    again = load_workbook(BytesIO(annotate(once, [])))
    assert again["Số liệu"]["A1"].comment is None
    assert again.sheetnames == ["Số liệu", "Khác"]


def test_a_merged_cell_carries_its_remark_in_the_first() -> None:
    book = Workbook()
    book.active.merge_cells("B2:C4")
    target = BytesIO()
    book.save(target)
    found = load_workbook(BytesIO(annotate(target.getvalue(), [Remark("Sheet", 3, 2, "Ô gộp")])))
    assert found.active["B2"].comment.text == "Ô gộp"


def with_merge(corners: str) -> bytes:
    source, target = zipfile.ZipFile(BytesIO(made())), BytesIO()
    merge = f'</sheetData><mergeCells count="1"><mergeCell ref="{corners}"/></mergeCells>'
    with zipfile.ZipFile(target, "w") as changed:
        for entry in source.infolist():
            body = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                body = body.replace(b"</sheetData>", merge.encode())
            changed.writestr(entry, body)
    return target.getvalue()


def test_a_copy_that_takes_too_much_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One merge over the whole sheet: a line in the file, seventeen thousand million cells to openpyxl."""
    data = with_merge("A1:XFD1048576")
    assert open_book(data, "so.xlsx").sheets[0].rows
    monkeypatch.setattr(annotating, "MEMORY", 300 * 1024 * 1024)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(Refusal) as refused:
        annotate(data, [Remark("Số liệu", 0, 0, "Sai")])
    assert refused.value.code == "tables.cannot_mark"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 30 * 1024
    assert annotate(with_merge("A1:B2"), [Remark("Số liệu", 0, 0, "Sai")])


def test_a_copy_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotating, "SECONDS", 0)
    with pytest.raises(Refusal) as refused:
        annotate(made(), [])
    assert refused.value.code == "tables.cannot_mark"


def test_a_far_cell_without_content_is_nobodys_trouble() -> None:
    book = load_workbook(BytesIO(made()))
    book["Số liệu"]["XFD1048576"].font = Font(bold=True)
    target = BytesIO()
    book.save(target)
    marked = load_workbook(BytesIO(annotate(target.getvalue(), [Remark("Số liệu", 0, 0, "Sai")])))
    assert marked["Số liệu"]["A1"].comment.text == "Sai"
