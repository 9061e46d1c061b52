import io
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haicap.core.errors import Refusal
from haicap.tables import excel
from haicap.tables.excel import LONGEST_TEXT, About, Column, write_xlsx
from haicap.tables.values import Value

ABOUT = About("Tỷ lệ đúng hạn", "Tháng 10/2026", "s-1", "98/102", (("Ghi chú", "=1+1"),))


def book(rows: Iterable[Sequence[Value]], header: Sequence[str | Column], **options: Any) -> Any:
    target = io.BytesIO()
    book.written = write_xlsx(target, rows, header, **options)  # type: ignore[attr-defined]
    return openpyxl.load_workbook(target)


def test_numbers_and_dates_are_native_and_text_is_text() -> None:
    row: list[Value] = [
        "00466", 5, Decimal("-5.5"), None, 0, True, date(2026, 10, 14),
        datetime(2026, 10, 14, 17, tzinfo=UTC), "12", 12345678901234567890, float("nan"),
    ]  # fmt: skip
    cells = next(book([row], [str(i) for i in range(len(row))]).active.iter_rows(min_row=2))
    assert [cell.value for cell in cells] == [
        "00466", 5, -5.5, None, 0, True, datetime(2026, 10, 14), datetime(2026, 10, 15), "12",  # noqa: DTZ001
        "12345678901234567890", None,
    ]  # fmt: skip
    assert [cell.data_type for cell in cells[:3]] == ["s", "n", "n"]


def test_number_formats_show_only_the_decimals_there_are() -> None:
    sheet = book(
        [[5, Decimal("5.5"), Decimal("5.0000"), Decimal("97.9996")]], ["a", "b", "c", Column("d", places=1)]
    ).active
    assert [cell.number_format for cell in sheet[2]] == ["#,##0", "#,##0.0###", "#,##0", "#,##0.0"]
    assert sheet["D2"].value == 97.9996


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+x", "@x", "{=1}", "\t=1", "https://a.vn", "'=1"])
def test_text_is_never_a_formula_or_link_and_stays_as_it_was(text: str) -> None:
    cell = book([[text]], [text]).active["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_text_that_looks_like_a_formula_stays_text_after_editing() -> None:
    sheet = book([["=1+1", "Xã"]], ["a", "b"]).active
    assert sheet["A2"].quotePrefix
    assert not sheet["B2"].quotePrefix


def test_what_the_figures_are_stands_above_a_frozen_heading() -> None:
    sheet = book([["x", 1]], ["Xã", "Số"], about=ABOUT).active
    rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    assert rows == [
        ["Tỷ lệ đúng hạn"], ["Kỳ báo cáo", "Tháng 10/2026"], ["Bản dữ liệu", "s-1"], ["Độ phủ", "98/102"],
        ["Ghi chú", "=1+1"], [], ["Xã", "Số"], ["x", 1],
    ]  # fmt: skip
    assert sheet.freeze_panes == "A8"
    assert sheet.auto_filter.ref == "A7:B8"


def test_without_anything_to_say_the_heading_comes_first() -> None:
    sheet = book([], ["a"], about=About(period="")).active
    assert (sheet["A1"].value, sheet.freeze_panes, sheet.max_row) == ("a", "A2", 1)


@pytest.mark.parametrize("size", [0, 1, 7, 8, 20, 2_001])
def test_rows_beyond_a_sheet_go_on_in_the_next(size: int) -> None:
    workbook = book(
        ([i] for i in range(size)), ["số"], sheet_rows=8 if size < 100 else 10_000, sheet="Xã/phường"
    )
    values = [row[0] for sheet in workbook for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert values == list(range(size))
    assert book.written == size  # type: ignore[attr-defined]
    assert all(sheet["A1"].value == "số" for sheet in workbook)
    assert workbook.sheetnames[:2] == ["Xã phường", "Xã phường (2)"][: len(workbook.sheetnames)]


def test_a_long_sheet_name_is_shortened_as_excel_wants() -> None:
    names = book(([i] for i in range(3)), ["a"], sheet_rows=3, sheet="'" + "x" * 40).sheetnames
    assert all(0 < len(name) <= 31 for name in names)
    assert len(set(names)) == 2


def test_text_that_excel_cannot_hold_is_refused_with_its_cell() -> None:
    with pytest.raises(Refusal) as refused:
        book([["a", "x"], ["b", "x" * (LONGEST_TEXT + 1)]], ["a", "b"])
    assert (refused.value.code, refused.value.place) == ("tables.text_long", "B3")
    assert "B3" in str(refused.value)
    assert book([["x" * LONGEST_TEXT]], ["a"]).active["A2"].value == "x" * LONGEST_TEXT


def test_a_ragged_row_is_a_bug() -> None:
    with pytest.raises(ValueError, match="headings"):
        book([["x"]], ["a", "b"])


def test_dates_before_excels_calendar_are_text() -> None:
    assert book([[date(1899, 12, 31)]], ["a"]).active["A2"].value == "1899-12-31"


def test_labels_are_worded_when_the_book_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "_", str.upper)
    assert [label for label, _ in ABOUT.lines()] == ["KỲ BÁO CÁO", "BẢN DỮ LIỆU", "ĐỘ PHỦ", "Ghi chú"]


@settings(max_examples=25)
@given(
    st.lists(
        st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1), min_size=1, max_size=4
    )
)
def test_text_comes_back_as_it_went_out(texts: list[str]) -> None:
    sheet = book([texts], ["x"] * len(texts)).active
    assert [cell.value for cell in sheet[2]] == texts
