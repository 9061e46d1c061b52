from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.core.errors import Refusal
from haicap.tables.books import UNCALCULATED, Broken, Merge, Sheet, label_text
from haicap.tables.cells import as_day, code_text, day_at, number_at


def one(content: Any, *merges: Merge) -> Sheet:
    return Sheet("a", ((content,),), merges)


@pytest.mark.parametrize(
    ("content", "number"),
    [(Decimal("18500.00"), Decimal(18500)), (None, None), ("", None), ("  ", None), ("0", Decimal(0)),
     ("1.234,5", Decimal("1234.5")), ("-5,0", Decimal(-5)), (Decimal(0), Decimal(0))],
)  # fmt: skip
def test_c12_numbers(content: Any, number: Decimal | None) -> None:
    assert number_at(one(content), 0, 0, "vi") == number


@pytest.mark.parametrize(
    ("content", "code"),
    [("1.234", "number.ambiguous"), ("18500.00", "number.text"), ("abc", "number.text"),
     (Broken("#DIV/0!"), "tables.value_broken"), (UNCALCULATED, "tables.value_broken"),
     (True, "tables.value_kind"), (date(2026, 1, 2), "tables.value_kind")],
)  # fmt: skip
def test_c12_what_is_no_number_is_told_with_its_cell(content: Any, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        number_at(one(content), 0, 0, "vi")
    assert (refused.value.code, refused.value.place) == (code, "A1")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**9), max_value=10**9))
def test_c12_a_native_number_is_never_re_read(number: Decimal) -> None:
    for lang in ("vi", "en", "bn"):
        assert number_at(one(number), 0, 0, lang) == number


def test_c14_a_merged_value_cell_is_an_error_in_each_of_its_cells() -> None:
    sheet = Sheet("a", ((Decimal(7), None), (None, None)), (Merge(0, 0, 1, 0),))
    for row in (0, 1):
        with pytest.raises(Refusal, match="gộp") as refused:
            number_at(sheet, row, 0, "vi")
        assert (refused.value.code, refused.value.place) == ("tables.value_merged", f"A{row + 1}")
    assert number_at(sheet, 1, 1, "vi") is None


@pytest.mark.parametrize(
    ("content", "day"),
    [("05/10/2026", date(2026, 10, 5)), ("5/10/2026", date(2026, 10, 5)), ("5-10-2026", date(2026, 10, 5)),
     ("5.10.2026", date(2026, 10, 5)), ("2026-10-05", date(2026, 10, 5)), ("", None), (None, None),
     (date(2026, 10, 5), date(2026, 10, 5)), (datetime(2026, 10, 5, 17), date(2026, 10, 5))],  # noqa: DTZ001
)  # fmt: skip
def test_c13_days_are_day_month_year(content: Any, day: date | None) -> None:
    assert day_at(one(content), 0, 0) == day


@pytest.mark.parametrize(
    ("content", "code"),
    [("05/10/26", "tables.date_year"), ("10/31/2026", "tables.date_order"),
     ("31/02/2026", "tables.date_text"),
     ("hôm qua", "tables.date_text"), ("45/45/2026", "tables.date_text"), ("5/10-2026", "tables.date_text"),
     (Decimal(46300), "tables.date_number"), (True, "tables.date_number")],
)  # fmt: skip
def test_c13_two_digit_years_and_months_first_are_refused(content: Any, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        day_at(one(content), 0, 0)
    assert (refused.value.code, refused.value.place) == (code, "A1")
    assert str(refused.value) != code


@given(st.dates())
def test_c13_a_day_written_here_is_read_here(day: date) -> None:
    assert as_day(f"{day.day:02d}/{day.month:02d}/{day.year:04d}") == day
    assert as_day(day.isoformat()) == day


def test_codes_are_text() -> None:
    assert code_text("'17.1") != code_text("'17.10")
    assert [code_text(text) for text in ("'17.1", "'tis", " 00466 ")] == ["17.1", "'tis", "00466"]


def test_labels_of_cells() -> None:
    contents = (None, Decimal("10.0"), Decimal(100), "a\n b ", date(2026, 1, 2))
    assert [label_text(content) for content in contents] == ["", "10", "100", "a b", "02/01/2026"]
