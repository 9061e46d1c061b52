import csv
import io
import unicodedata
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.core import numbers
from haicap.tables.csv import BOM, write_csv
from haicap.tables.reading import number, read_csv
from haicap.tables.values import Value, number_text

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
STORED = st.decimals(Decimal("-99999999999999.9999"), Decimal("99999999999999.9999"), places=4)


def written(rows: list[list[Value]], header: list[str], **options: object) -> str:
    return b"".join(write_csv(rows, header, **options)).decode("utf-8")  # type: ignore[arg-type]


def test_the_bom_comes_once_and_only_when_wanted() -> None:
    assert b"".join(write_csv([], ["a"])) == BOM + b"a\r\n"
    assert b"".join(write_csv([], ["a"], bom=False)) == b"a\r\n"


def test_every_kind_of_value() -> None:
    row: list[Value] = [
        "Ea Knuếc", 5, Decimal("-5.0"), Decimal("1234.5000"), 0, None, True, date(2026, 10, 14),
        datetime(2026, 10, 14, 17, 0, 1, tzinfo=UTC), float("nan"), 0.1, Decimal("-0.0000"), Decimal("1E+3"),
    ]  # fmt: skip
    text = written([row], [str(i) for i in range(len(row))], bom=False)
    assert text.splitlines()[1] == ("Ea Knuếc,5,-5,1234.5,0,,true,2026-10-14,2026-10-15 00:00:01,,0.1,0,1000")


def test_the_vietnamese_dialect_opens_in_columns_on_a_vietnamese_desk() -> None:
    assert (
        written([["Xã A; B", Decimal("-5.5")]], ["Xã", "%"], lang="vi", bom=False)
        == 'Xã;%\r\n"Xã A; B";-5,5\r\n'
    )


def test_formulas_are_neutralised_and_negative_numbers_stay_numbers() -> None:
    rows: list[list[Value]] = [["=HYPERLINK(1)", Decimal("-5.0"), -3, "-5,0", "@x"]]
    line = next(
        csv.reader(io.StringIO(written(rows, ["=a", "b", "c", "d", "e"], bom=False).split("\r\n", 1)[1]))
    )
    assert line == ["'=HYPERLINK(1)", "-5", "-3", "-5,0", "'@x"]
    assert written(rows, ["=a", "b", "c", "d", "e"], bom=False).startswith("'=a,")
    assert "'" not in written(rows, ["=a", "b", "c", "d", "e"], guard=False)


def test_missing_is_an_empty_cell_and_zero_is_a_zero() -> None:
    assert written([[None, 0]], ["a", "b"], bom=False) == "a,b\r\n,0\r\n"


def test_a_ragged_row_is_a_bug_not_a_shifted_column() -> None:
    with pytest.raises(ValueError, match="1 cells under 2 headings"):
        written([["x"]], ["a", "b"])


@pytest.mark.parametrize("value", [float("inf"), Decimal("-Infinity")])
def test_infinity_is_not_exported(value: Value) -> None:
    with pytest.raises(ValueError, match="infinite"):
        written([[value]], ["a"])


def test_an_unknown_kind_is_a_bug() -> None:
    with pytest.raises(TypeError, match="list"):
        written([[[]]], ["a"])  # type: ignore[list-item]


def test_rows_are_taken_as_they_are_written() -> None:
    taken = 0

    def rows() -> Iterator[list[Value]]:
        nonlocal taken
        for taken in range(1, 50_001):
            yield [taken, "Xã"]

    pieces = write_csv(rows(), ["số", "tên"])
    next(pieces), next(pieces)
    assert 0 < taken < 20_000
    rest = b"".join(pieces)
    assert taken == 50_000
    assert rest.decode().splitlines()[-1] == "50000,Xã"


@pytest.mark.parametrize("size", [0, 1, 2_001, 30_001])
def test_as_many_rows_in_the_file_as_rows_given(size: int) -> None:
    data = b"".join(write_csv(([i, None, "Xã\n- A"] for i in range(size)), ["a", "b", "c"]))
    assert len(read_csv(data).rows) == size


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5), st.sampled_from([None, "vi"]))
def test_text_comes_back_as_it_went_out(rows: list[tuple[str, str]], lang: str | None) -> None:
    sheet = read_csv(b"".join(write_csv(rows, ["một", "hai"], lang=lang)))
    composed = [tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in rows]
    assert [row.cells for row in sheet.rows] == composed
    assert sheet.header == ("một", "hai")


@given(
    st.lists(st.none() | STORED, min_size=1, max_size=5),
    st.sampled_from([(None, "en"), ("vi", "vi"), (None, "bn")]),
)
def test_numbers_come_back_and_nothing_stays_nothing(
    values: list[Decimal | None], langs: tuple[str | None, str]
) -> None:
    out, back = langs
    sheet = read_csv(b"".join(write_csv([["x", v] for v in values], ["tên", "số"], lang=out)))
    assert [number(row, 1, back) for row in sheet.rows] == values


@given(STORED)
def test_a_number_is_never_written_two_ways(value: Decimal) -> None:
    assert numbers.parse(number_text(value), "en", strict=True) == value
    assert numbers.parse(number_text(value, ","), "vi", strict=True) == value
