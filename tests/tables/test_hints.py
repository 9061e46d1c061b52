import pytest

from haicap.tables.hints import Hint, parameters, span, told
from tests.tables.foreign import sheet_of


def hints(*texts: str, names: tuple[str, ...] = ()) -> list[Hint]:
    sheet = sheet_of(*[[text] for text in texts])
    return told(sheet, range(len(sheet.rows)), {}, names)


@pytest.mark.parametrize(
    ("text", "key", "cumulative"),
    [
        ("BÁO CÁO THÁNG 10 NĂM 2026", "2026-10", False),
        ("Kỳ báo cáo: Tháng 01/2026", "2026-01", False),
        ("Số liệu T10/2026", "2026-10", False),
        ("Kỳ: 10/2026", "2026-10", False),
        ("Quý III năm 2026", "2026-Q3", False),
        ("Quý 4/2026", "2026-Q4", False),
        ("6 tháng đầu năm 2026", "2026-H1", False),
        ("6 tháng cuối năm 2026", "2026-H2", False),
        ("9 tháng năm 2026", "2026-9M", False),
        ("Từ tháng 1 đến tháng 11 năm 2026", "", True),
        ("Từ tháng 4 đến tháng 6/2026", "2026-Q2", False),
        ("Lũy kế 11 tháng năm 2026", "", True),
        ("Lũy kế đến tháng 10 năm 2026", "", True),
        ("Luỹ kế 9 tháng đầu năm 2026", "2026-9M", True),
        ("11 tháng đầu năm 2026", "", True),
        ("Năm 2026", "2026", False),
        ("Tuần 7 năm 2026", "2026-W07", False),
        ("Từ ngày 15/9/2026 đến ngày 14/10/2026", "2026-09-15..2026-10-14", False),
        ("Provisional Figures, Month - Apr-2022 To Oct-2022", "", True),
        ("Month - Apr-2022", "2022-04", False),
    ],
)
def test_what_a_title_says(text: str, key: str, cumulative: bool) -> None:
    found = hints(text)[0]
    assert (found.key, found.cumulative, found.text, found.place) == (key, cumulative, text, "A1")


@pytest.mark.parametrize(
    "text",
    ["Đắk Lắk, ngày 14 tháng 10 năm 2026", "Tháng. . . . năm . . . .", "Status As On: 21 Jun 2023",
     "Tháng 13 năm 2026",
     "Từ ngày 31/02/2026 đến ngày 01/03/2026", "Quyết định 757/QĐ-BKHCN"],
)  # fmt: skip
def test_what_only_looks_like_a_period(text: str) -> None:
    assert [hint for hint in hints(text) if len(hint.key) != 4] == []


def test_cumulative_to_october_begins_in_january() -> None:
    (found,) = hints("Lũy kế đến tháng 10 năm 2026")
    assert (found.first, found.last) == (12 * 2026, 12 * 2026 + 9)


def test_a_word_beside_the_title_makes_it_cumulative() -> None:
    assert hints("Tháng 10 năm 2026", "Số liệu lũy kế từ đầu năm")[0].cumulative


def test_january_is_a_month_even_where_everything_is_cumulative() -> None:
    assert span(12 * 2026, 12 * 2026, "", "", cumulative=True).key == "2026-01"


def test_parameters_come_before_words_and_words_before_names() -> None:
    sheet = sheet_of(["Năm 2026"], ["Tháng 9 năm 2026"], ["tu_thang", "den_thang", "nam"], [10, 10, 2026])
    found, used = parameters(sheet, range(4))
    assert (used, found["nam"]) == ((2, 3), 2026)
    keys = [hint.key for hint in told(sheet, [0, 1], found, ("bao_cao_2026_08",))]
    assert keys == ["2026-10", "2026-09", "2026", "2026-08"]


@pytest.mark.parametrize(
    ("names", "values", "key"),
    [
        (["thang", "nam", "ma_tinh"], [10, 2026, 66], "2026-10"),
        (["quy", "nam", "ma_tinh"], [3, 2026, 66], "2026-Q3"),
        (["tu_thang", "den_thang", "nam"], [1, 3, 2026], "2026-Q1"),
        (["tu_thang", "den_thang", "nam"], [1, 12, 2026], "2026"),
        (["tu_thang", "den_thang", "nam"], [2, 3, 2026], ""),
    ],
)
def test_machine_parameters(names: list[str], values: list[int], key: str) -> None:
    sheet = sheet_of(names, values)
    found, _ = parameters(sheet, range(2))
    assert [hint.key for hint in told(sheet, [], found)] == [key]


def test_parameters_in_one_cell() -> None:
    sheet = sheet_of(["Tham số: tu_thang=1, den_thang=11, nam=2026"])
    found, used = parameters(sheet, range(1))
    assert (found["den_thang"], used) == ("11", (0,))
    assert told(sheet, [], found)[0].cumulative


def test_a_heading_in_snake_case_over_figures_is_no_parameter_when_it_is_the_only_one() -> None:
    """Names without values below them are a heading, and so are names over more values than names."""
    sheet = sheet_of(["ma_tinh", "so_luot"], [66, 5, 7])
    assert parameters(sheet, range(2)) == ({}, ())
