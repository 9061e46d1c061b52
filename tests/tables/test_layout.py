from decimal import Decimal
from typing import Any

import pytest

from haicap.tables.bodies import is_total_word
from haicap.tables.books import Book, Sheet
from haicap.tables.columns import Kind, Nature, nature_of
from haicap.tables.headers import is_numbering
from haicap.tables.layout import understand
from haicap.tables.opening import open_book
from haicap.tables.totals import figures_of
from tests.tables.foreign import HEALTH, HEALTH_MERGES, layout_of, sheet_of

COMMUNES = (
    ["24505", "Xã Ea Knuếc", 6, 30, 20, 10, 33.3, 1.5],
    ["24133", "Phường Buôn Ma Thuột", 6, 300, 200, 100, 33.3, 2.5],
    ["24154", "Phường Ea Kao", 6, 60, 55, 5, 8.3, 2.0],
)


def health(*rows: Any) -> Any:
    return layout_of(*HEALTH, *rows, merges=HEALTH_MERGES)


def test_heading_columns_and_rows_of_an_export_with_machine_parameters() -> None:
    found = health(*COMMUNES)
    assert (found.area.header, found.area.first, found.area.last) == ((4, 5), 6, 8)
    assert [column.label for column in found.columns] == [
        "Mã đơn vị", "Tên đơn vị", "Mã vùng", "Số lượt › Tổng cộng", "Số lượt › Ngoại trú",
        "Số lượt › Nội trú", "TL_Nội trú", "BQ chung (*)",
    ]  # fmt: skip
    assert [column.kind for column in found.columns[:4]] == [Kind.CODE, Kind.NAME, Kind.CODE, Kind.NUMBER]
    assert [(row.code, row.name) for row in found.data] == [(row[0], row[1]) for row in COMMUNES]
    assert (found.labels.code, found.labels.name) == (0, 1)
    assert found.parameters["tu_thang"] == 1
    assert found.notes == (("A1", "B02. Thống kê (tháng)"),)


def test_a_cumulative_sheet_is_not_its_last_month() -> None:
    found = health(*COMMUNES)
    assert found.hint is not None
    assert (found.cumulative, found.hint.key, found.hint.first, found.hint.last) == (
        True, "", 12 * 2026, 12 * 2026 + 10,
    )  # fmt: skip


def test_averages_and_ratios_are_marked_as_not_to_be_added() -> None:
    found = health(*COMMUNES)
    assert [column.nature for column in found.numbers] == [
        Nature.COUNT, Nature.COUNT, Nature.COUNT, Nature.RATIO, Nature.AVERAGE,
    ]  # fmt: skip
    assert [column.additive for column in found.numbers] == [True, True, True, False, False]


@pytest.mark.parametrize(
    ("path", "nature"),
    [
        (("BQ Chung", "Trong kỳ"), Nature.AVERAGE), (("BQ Chung", "tăng (%)"), Nature.GROWTH),
        (("Thứ hạng", "↑ chi BQ"), Nature.RANK), (("Thứ hạng", "Tỉ trọng (%)"), Nature.RATIO),
        (("Ngày ĐTBQ",), Nature.AVERAGE), (("Doanh thu", "Lũy kế"), Nature.CUMULATIVE),
        (("Thuế giá trị gia tăng", "Phát sinh"), Nature.COUNT), (("Thuế suất (%)",), Nature.RATIO),
        (("Số hộ gia tăng",), Nature.COUNT), (("Từ kỳ trước (6)",), Nature.COUNT), ((), Nature.COUNT),
        (("So với cùng kỳ",), Nature.GROWTH), (("Tổng số hồ sơ",), Nature.COUNT),
    ],
)  # fmt: skip
def test_natures(path: tuple[str, ...], nature: Nature) -> None:
    assert nature_of(*path) is nature


def test_a_total_row_by_word_is_left_out_and_not_doubted_when_it_agrees() -> None:
    found = health(["00", "Toàn quốc", None, 390, 275, 115, 29.5, 2.1], *COMMUNES)
    assert [(row.label, row.why) for row in found.totals] == [("Toàn quốc", "word")]
    assert [row.code for row in found.data] == [row[0] for row in COMMUNES]
    assert found.disagreements == ()


def test_a_total_row_by_its_code() -> None:
    found = health(["00", "Việt Nam", None, 390, 275, 115, 29.5, 2.1], *COMMUNES)
    assert [(row.label, row.why) for row in found.totals] == [("Việt Nam", "code")]


@pytest.mark.parametrize("last", [True, False])
def test_a_total_row_by_arithmetic(last: bool) -> None:
    total = ["66", "Đắk Lắk", None, 390, 275, 115, 29.5, 2.1]
    found = health(*((*COMMUNES, total) if last else (total, *COMMUNES)))
    assert [(row.label, row.why) for row in found.totals] == [("Đắk Lắk", "sum")]
    assert len(found.data) == 3


def test_a_row_that_is_no_sum_stays_a_row() -> None:
    found = health(*COMMUNES, ["24175", "Xã Ea Kiết", 6, 390, 275, 114, 29.5, 2.1])
    assert (len(found.data), found.totals) == (4, ())


def test_one_column_of_small_numbers_proves_no_total() -> None:
    found = layout_of(["Tên", "Số"], ["Xã A", 1], ["Xã B", 2], ["Xã C", 3])
    assert (len(found.data), found.totals) == (3, ())


def test_two_equal_rows_are_two_rows() -> None:
    found = layout_of(["Tên", "Số", "Khác", "Nữa"], ["Xã A", 1, 2, 3], ["Xã B", 1, 2, 3])
    assert (len(found.data), found.totals) == (2, ())


def test_a_printed_total_that_disagrees_is_told_with_both_numbers_and_left_out() -> None:
    found = health(*COMMUNES, [], [None, "Tổng cộng", None, 391, 275, 115, 29.5, 2.1])
    assert [row.label for row in found.totals] == ["Tổng cộng"]
    (doubt,) = found.disagreements
    assert (doubt.place, doubt.printed, doubt.summed, doubt.column) == (
        "D11",
        391,
        390,
        "Số lượt › Tổng cộng",
    )


def test_rounded_figures_agree_with_their_total() -> None:
    found = layout_of(
        ["Tên", "Chi", "Số"],
        ["Xã A", 10.125, 1], ["Xã B", 20.124, 2], ["Xã C", 30.333, 3], ["Tổng", 60.58, 6],
    )  # fmt: skip
    assert found.disagreements == ()


def test_sections_keep_names_that_recur_apart() -> None:
    found = layout_of(
        ["STT", "Lĩnh vực", "Tiếp nhận", "Trực tuyến"],
        ["I", "Hệ thống các Bộ"],
        ["1", "Chứng thực", 10, 9], ["2", "Hộ tịch", 5, 4],
        [],
        ["II", "Hệ thống tỉnh"],
        ["1", "Chứng thực", 20, 19], ["2", "Hộ tịch", 8, None],
        [],
        [None, "TỔNG CỘNG", 43, 36],
    )  # fmt: skip
    assert [row.key for row in found.data] == [
        ("i. he thong cac bo", "chung thuc", ""), ("i. he thong cac bo", "ho tich", ""),
        ("ii. he thong tinh", "chung thuc", ""), ("ii. he thong tinh", "ho tich", ""),
    ]  # fmt: skip
    assert found.twins == ()
    assert [row.label for row in found.totals] == ["TỔNG CỘNG"]
    assert [(doubt.place, doubt.printed, doubt.summed) for doubt in found.disagreements] == [("D10", 36, 32)]
    assert found.sheet.cell(7, 3) is None, "blank is not zero"


def test_rows_of_one_key_are_named_together() -> None:
    found = layout_of(["Tên", "Số", "Khác"], ["Xã A", 1, 2], ["Xã B", 2, 3], ["xã a", 3, 5])
    assert [(first.index, second.index) for first, second in found.twins] == [(1, 3)]


def test_a_section_that_carries_its_own_total_names_the_rows_below() -> None:
    found = layout_of(
        ["STT", "Tên", "Số", "Khác"],
        ["I", "Khu vực 1", 30, 3], ["1", "Xã A", 10, 1], ["2", "Xã B", 20, 2],
        ["II", "Khu vực 2", 70, 7], ["1", "Xã C", 30, 3], ["2", "Xã D", 40, 4],
    )  # fmt: skip
    assert [(row.section, row.name) for row in found.data] == [
        ("I. Khu vực 1", "Xã A"), ("I. Khu vực 1", "Xã B"),
        ("II. Khu vực 2", "Xã C"), ("II. Khu vực 2", "Xã D"),
    ]  # fmt: skip


def test_text_codes_stay_text_and_a_section_column_is_known() -> None:
    rows = [
        [f"M{1 + i // 4}", f"'{1 + i // 4}.{1 + i % 4}", f"Chỉ tiêu {i}", i + 1, 2 * i + 1] for i in range(12)
    ]
    rows[8] = ["M3", "'17.1", "Có thai", 5, 7]
    rows[9] = ["M3", "'17.10", "Sinh con", 6, None]
    found = layout_of(["Mục", None, "Tên", "Huyện A", "Huyện B"], *rows)
    assert [row.code for row in found.data[8:10]] == ["17.1", "17.10"]
    assert [row.section for row in found.data[:5]] == ["M1", "M1", "M1", "M1", "M2"]


def test_a_word_for_total_in_every_row_is_no_total() -> None:
    found = layout_of(
        ["Mã", "Tên", "Loại", "Số", "Khác"],
        *[[f"'1.{i}", f"Chỉ tiêu {i}", "TOTAL", i, i + 1] for i in range(1, 7)],
    )
    assert (len(found.data), found.totals) == (6, ())


@pytest.mark.parametrize(
    "text", ["Tổng", "TỔNG CỘNG:", "Cộng", "Toàn quốc", "Toàn tỉnh", "Total", "Tổng số (1+2)", "Cộng mục I"]
)
def test_total_words(text: str) -> None:
    assert is_total_word(text)


@pytest.mark.parametrize(
    "text", ["Tổng số hồ sơ tiếp nhận", "Cộng Hòa", "Xã Cộng Hiền", "Toàn Thắng", "Xã Tổng Cọt", ""]
)
def test_names_that_only_begin_like_a_total(text: str) -> None:
    assert not is_total_word(text)


def test_columns_that_are_the_sum_of_the_next_are_found_and_their_errors_told() -> None:
    rows = [["Xã A", 10, 6, 3, 1], ["Xã B", 20, 15, 3, 2], ["Xã C", 30, 20, 5, 5], ["Xã D", 9, 5, 3, 1],
            ["Xã E", 17, 8, 8, 2]]  # fmt: skip
    found = layout_of(["Tên", "Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn"], *rows)
    assert found.across == {1: (2, 3, 4)}
    (doubt,) = found.disagreements
    assert (doubt.place, doubt.printed, doubt.summed, doubt.what) == ("B6", 17, 18, "column")


def test_a_blank_form_has_a_heading_and_no_rows() -> None:
    found = layout_of(
        ["Đơn vị gửi:", None, None, None, "Biểu 02"],
        [None, "Tháng . . . năm . . ."],
        ["Chỉ tiêu", "Đơn vị tính", "Sản lượng", "Doanh thu", None],
        [None, None, None, "Phát sinh", "Lũy kế"],
        ["A", "B", 1, 2, 3],
        merges=((2, 0, 3, 0), (2, 1, 3, 1), (2, 2, 3, 2), (2, 3, 2, 4)),
    )
    assert [column.label for column in found.columns] == [
        "Chỉ tiêu", "Đơn vị tính", "Sản lượng", "Doanh thu › Phát sinh", "Doanh thu › Lũy kế",
    ]  # fmt: skip
    assert (found.rows, found.hints, found.area.numbering) == ((), (), (4,))


def test_a_row_that_numbers_the_columns_is_no_data() -> None:
    assert is_numbering(("A", "B", Decimal(1), Decimal(2), Decimal(3)))
    assert is_numbering(("(1)", "(2)", "(3)=(1)+(2)"))
    assert not is_numbering(("Xã A", Decimal(1), Decimal(2)))
    assert not is_numbering((Decimal(4), Decimal(9), Decimal(2)))
    found = layout_of(["Tên", "Số", "Khác"], ["A", 1, 2], ["Xã A", 7, 9], ["Xã B", 8, 4])
    assert [row.name for row in found.data] == ["Xã A", "Xã B"]


def test_the_same_heading_has_the_same_fingerprint_and_another_has_not() -> None:
    first, second = health(*COMMUNES), health(*COMMUNES[:2])
    assert first.fingerprint == second.fingerprint
    changed = list(HEALTH)
    changed[5] = [None, None, None, "Tổng cộng", "Nội trú", "Ngoại trú", None, None]
    assert layout_of(*changed, *COMMUNES, merges=HEALTH_MERGES).fingerprint != first.fingerprint


def test_a_csv_without_merges_carries_the_name_of_a_group_to_the_right() -> None:
    text = "Mã;Tên;Số lượt;;;Ghi chú\n;;Tổng;Ngoại trú;Nội trú;\n24505;Xã A;3;2;1;\n24133;Xã B;30;20;10;x\n"
    book = open_book(text.encode(), "so.csv")
    found = understand(book, book.sheets[0])
    assert found is not None
    assert [column.label for column in found.columns] == [
        "Mã", "Tên", "Số lượt › Tổng", "Số lượt › Ngoại trú", "Số lượt › Nội trú", "Ghi chú",
    ]  # fmt: skip
    assert [(row.code, row.name) for row in found.data] == [("24505", "Xã A"), ("24133", "Xã B")]


def test_numbers_that_are_text_still_make_a_row() -> None:
    found = layout_of(["Tên", "Số", "Khác"], ["Xã A", "1.234,5", "7"], ["Xã B", "2", None])
    assert [row.name for row in found.data] == ["Xã A", "Xã B"]
    assert figures_of(found.sheet, found.data, found.columns)[1] == {1: Decimal("1234.5"), 2: 7}


def test_a_sheet_without_a_table_is_none() -> None:
    for sheet in (sheet_of(["Lời nói đầu"], ["Không có số"]), Sheet("trống", ())):
        assert understand(Book("a", "xlsx", (sheet,)), sheet) is None


def test_names_and_notes_below_the_table_are_notes() -> None:
    found = layout_of(
        ["Tên", "Số", "Khác"], ["Xã A", 1, 2], ["Xã B", 3, 4], [], [], [], [], ["Người lập biểu"]
    )
    assert found.notes == (("A8", "Người lập biểu"),)
    assert found.area.last == 2


def test_a_person_may_say_where_the_table_is() -> None:
    sheet = sheet_of(["Báo cáo", "ghi"], ["Tên", "Số"], ["Xã A", 1], ["Xã B", 2], ["Xã C", 3])
    found = understand(Book("a", "xlsx", (sheet,)), sheet, header=(1, 1), last=3)
    assert found is not None
    assert [column.label for column in found.columns] == ["Tên", "Số"]
    assert [row.name for row in found.data] == ["Xã A", "Xã B"]
    beyond = understand(Book("a", "xlsx", (sheet,)), sheet, header=(90, 99), last=9)
    assert beyond is not None
    assert [column.label for column in beyond.columns] == ["Báo cáo › Tên", "ghi › Số"]
    assert [row.name for row in beyond.data] == ["Xã A", "Xã B", "Xã C"]
