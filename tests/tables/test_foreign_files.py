"""Real workbooks that offices sent, read from the shared data; right readings stand beside them."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from haicap.tables.columns import Kind, Nature
from haicap.tables.layout import Layout, understand
from haicap.tables.opening import open_book
from haicap.tables.totals import figures_of

Reader = Callable[[str], Layout]


@pytest.fixture
def folder(shared_data: Path) -> Path:
    found = shared_data / "trials" / "workbooks"
    if not found.is_dir():
        pytest.skip("no trial workbooks")
    return found


@pytest.fixture
def read(folder: Path) -> Reader:
    def reader(name: str) -> Layout:
        book = open_book((folder / name).read_bytes(), name)
        found = understand(book, book.sheets[0])
        assert found is not None
        return found

    return reader


def total(found: Layout, column: int) -> Decimal:
    figures = figures_of(found.sheet, found.data, found.columns)
    return sum((figures[row.index].get(column, Decimal(0)) for row in found.data), Decimal(0))


@pytest.mark.parametrize(
    "name",
    ["b02_cumulative_jan_nov_2023.xlsx", "b02_month_oct_2024.xlsx", "b02_national_with_total_row.xlsx"],
)
def test_monthly_exports(read: Reader, folder: Path, name: str) -> None:
    expected: dict[str, Any] = json.loads((folder / "b02_expected.json").read_text())[name]
    found = read(name)
    for parameter, value in expected["params"].items():
        assert str(found.parameters[parameter]) == str(value)
    aggregates = len(expected["aggregate_rows_inside"])
    assert len(found.data) + len(found.totals) == expected["data_rows_from_row_7"]
    assert [f"{row.code} {row.name}" for row in found.totals] == expected["aggregate_rows_inside"]
    assert len(found.totals) == aggregates
    assert found.rows[0].index == 6
    assert [total(found, column) for column in (3, 4, 5)] == [
        expected["sum_so_luot_tong"], expected["sum_ngoai_tru"], expected["sum_noi_tru"],
    ]  # fmt: skip
    assert found.disagreements == ()
    assert found.cumulative is (expected["params"]["den_thang"] == 11)
    assert found.hint is not None
    assert found.hint.key == ("" if found.cumulative else "2024-10")


def test_the_national_total_row_equals_its_rows_and_is_not_added(read: Reader, folder: Path) -> None:
    expected = json.loads((folder / "b02_expected.json").read_text())["b02_national_with_total_row.xlsx"]
    found = read("b02_national_with_total_row.xlsx")
    (row,) = found.totals
    assert [[found.sheet.cell(row.index, c) for c in (3, 4, 5)]] == expected["national_row"]
    assert len(found.data) == 63


def test_a_sheet_of_averages_has_nothing_to_add(read: Reader) -> None:
    found = read("b04_averages.xlsx")
    assert len(found.data) == 167
    assert {column.nature for column in found.numbers} == {Nature.AVERAGE}
    assert found.hint is not None
    assert found.hint.key == "2024-10"


def test_a_sheet_of_growth_has_nothing_to_add(read: Reader) -> None:
    found = read("b26_growth.xlsx")
    assert [(row.label, row.why) for row in found.totals] == [("Toàn tỉnh", "word")]
    assert len(found.data) == 193
    natures = {column.label: column.nature for column in found.numbers}
    assert natures["BQ Chung › Trong kỳ"] is Nature.AVERAGE
    assert natures["BQ Chung › tăng (%)"] is Nature.GROWTH
    assert natures["Thứ hạng › ↑ chi BQ"] is Nature.RANK
    assert not [label for label, nature in natures.items() if nature is Nature.COUNT]
    assert found.hints == ()


def test_a_summary_of_dossiers_whose_printed_totals_are_wrong(read: Reader) -> None:
    found = read("tonghop_tthc_2026_01.xlsx")
    assert len(found.data) == 14
    assert [row.index for row in found.totals] == [22]
    assert len({row.key for row in found.data}) == 14
    assert {row.section for row in found.data} == {"I. Trên Hệ thống các Bộ", "II. Trên Hệ thống thành phố"}
    doubts = {doubt.place: (doubt.printed, doubt.summed) for doubt in found.disagreements}
    assert doubts["C23"] == (19896, 19946)
    assert doubts["C14"] == (10361, 10362)
    assert "M23" not in doubts, "the printed zero is right"
    assert [hint.key for hint in found.hints] == ["2026-01", "2026-01"]


@pytest.mark.parametrize(
    ("name", "month", "cumulative"),
    [("A_Apr_2022-2023.xlsx", "Apr", False), ("G_Oct_2022-2023.xlsx", "Oct", True)],
)
def test_a_state_workbook_with_96_merged_cells(
    read: Reader, folder: Path, name: str, month: str, cumulative: bool
) -> None:
    right = json.loads((folder / "india_hmis.json").read_text())
    found = read(name)
    assert (len(found.data), len(found.sheet.merges), found.totals) == (540, 96, ())
    assert found.cumulative is cumulative
    assert found.twins == ()
    totals = {c.path[0]: c.index for c in found.numbers if c.path[-1].startswith("Total")}
    assert len(totals) == 27
    for code, units in right.items():
        row = next(row for row in found.data if row.code == code)
        for unit, years in units.items():
            printed = years["2022-2023"]["cumulative_as_printed"][month]
            cell = found.sheet.cell(row.index, totals[unit])
            assert cell == (None if printed is None else Decimal(str(printed)).normalize()), (code, unit)
    assert {"17.1", "17.10"} <= {row.code for row in found.data}
    assert found.sheet.cell(547, 5) is None, "blank is not zero"


def test_old_forms_of_the_post_office(read: Reader) -> None:
    revenue = read("MauBaoCaoB0205.xls")
    assert [column.label for column in revenue.columns] == [
        "Chỉ tiêu", "Đơn vị tính", "Mã số (11-01)", "Sản lượng", "Doanh thu (chưa có thuế) › Phát sinh",
        "Doanh thu (chưa có thuế) › Lũy kế", "Thuế giá trị gia tăng › Thuế suất (%)",
        "Thuế giá trị gia tăng › Phát sinh", "Thuế giá trị gia tăng › Lũy kế", "Sản lượng nghiệp vụ đi",
        "Sản lượng đến",
    ]  # fmt: skip
    assert revenue.columns[5].nature is Nature.CUMULATIVE
    assert (revenue.rows, revenue.hints, revenue.area.numbering) == ((), (), (10,))
    cash = read("TonQuyCuoiNgay.xls")
    assert [column.label for column in cash.columns][3:6] == [
        "ĐMLQ TKBĐ", "BÁO CÁO SỐ DƯ › QUỸ TCBC TT", "BÁO CÁO SỐ DƯ › TCBC TTTĐV",
    ]  # fmt: skip
    assert [column.kind for column in cash.columns[:2]] == [Kind.ORDINAL, Kind.NAME]
    assert cash.notes == (("A2", "BÁO CÁO TỒN QUỸ CUỐI NGÀY"),)
