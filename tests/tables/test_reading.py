import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.core.errors import Refusal
from haicap.tables.encodings import decode
from haicap.tables.reading import MAX_COLUMNS, Row, column_name, number, read_csv

TABLE = "Mã;Tên;Số\r\n24505;Xã Ea Knuếc;1.234,5\r\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TABLE.encode("utf-8"), "utf-8"),
        (TABLE.encode("utf-8-sig"), "utf-8"),
        (unicodedata.normalize("NFD", TABLE).encode("utf-8"), "utf-8"),
        (TABLE.encode("utf-16"), "utf-16-le"),
        (b"\xfe\xff" + TABLE.encode("utf-16-be"), "utf-16-be"),
        (TABLE.encode("utf-16-le"), "utf-16-le"),
        (TABLE.encode("utf-16-be"), "utf-16-be"),
        (TABLE.encode("utf-32"), "utf-32-le"),
        ("Mã;Tên;Số\r\n24505;Xã Ea Knuếc;1.234,5\r\n", "cp1258"),
    ],
)
def test_encodings(data: bytes | str, encoding: str) -> None:
    if isinstance(data, str):
        data = windows(data)
        assert b"\xec" in data, "the tone is a byte of its own in cp1258"
    sheet = read_csv(data)
    assert sheet.encoding == encoding
    assert sheet.header == ("Mã", "Tên", "Số")
    assert sheet.rows == (Row(2, ("24505", "Xã Ea Knuếc", "1.234,5")),)


def windows(text: str) -> bytes:
    """cp1258 has the letters but only some with tones: a tone that has no letter of its own follows."""
    encoded = b""
    for letter in text:
        try:
            encoded += letter.encode("cp1258")
        except UnicodeEncodeError:
            bare = unicodedata.normalize("NFD", letter)
            tone = next(mark for mark in bare if mark in "\u0300\u0301\u0303\u0309\u0323")
            letters = unicodedata.normalize("NFC", bare.replace(tone, ""))
            encoded += (letters + tone).encode("cp1258")
    return encoded


@given(st.text("aăâđêôơư" + "áàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ" + " \n;,"))
def test_old_windows_text_comes_in_composed(text: str) -> None:
    data = windows(text + " Đắk Lắk")
    assert decode(data).text == text + " Đắk Lắk"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04rest", "tables.not_text"),
        (b"\xd0\xcf\x11\xe0rest", "tables.not_text"),
        (b"%PDF-1.7", "tables.not_text"),
        (b"a,b\r\n1,\x002\r\n", "tables.not_text"),
        (b"a,b\r\n\xd2\x8a\x90\r\n", "tables.encoding"),
        (b"\xff\xfea", "tables.encoding"),
        (b"\xef\xbb\xbf\xff", "tables.encoding"),
        (b"", "tables.empty"),
        (b"\xef\xbb\xbf", "tables.empty"),
        (b"\r\n\r\n", "tables.empty"),
        (b",,\r\n1,2,3\r\n", "tables.empty"),
        (b'a,b\r\n1,"open\r\n2,3\r\n', "tables.broken"),
        (b'a,b\r\n1,"x"y\r\n', "tables.broken"),
        (b"a,b\r\n1," + b"x" * 200_000, "tables.broken"),
        (b"a,b,a\r\n", "tables.header_twice"),
        (b",".join(b"c%d" % i for i in range(MAX_COLUMNS + 1)), "tables.too_wide"),
    ],
)
def test_broken_files_are_refused_with_a_reason(data: bytes, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_csv(data)
    assert refused.value.code == code
    assert str(refused.value) != code
    assert "{" not in str(refused.value)


def test_a_refusal_says_where() -> None:
    with pytest.raises(Refusal) as refused:
        read_csv(b'a,b\r\n1,2\r\n3,"x"y\r\n')
    assert refused.value.place == "3"
    with pytest.raises(Refusal) as refused:
        read_csv("Mã,Tên,Mã".encode())
    assert (refused.value.place, refused.value.params["label"]) == ("C", "Mã")


def test_a_file_that_is_too_big_is_not_even_decoded() -> None:
    with pytest.raises(Refusal, match="2 MB") as refused:
        read_csv(b"\xff" * (2 * 1024 * 1024 + 1), max_bytes=2 * 1024 * 1024)
    assert refused.value.code == "tables.too_big"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_separator_is_found_outside_quotes(mark: str) -> None:
    sheet = read_csv(f'"a,b;c|d;e"{mark}x{mark}y{mark}z{mark}w\n1{mark}2\n'.encode())
    assert sheet.delimiter == mark
    assert sheet.header == ("a,b;c|d;e", "x", "y", "z", "w")


def test_excels_own_separator_line_is_obeyed_and_counted() -> None:
    sheet = read_csv(b"sep=|\r\na|b\r\n1|2\r\n")
    assert (sheet.header, sheet.rows[0].line) == (("a", "b"), 3)


def test_short_rows_are_filled_long_ones_are_shown_and_empty_lines_are_none() -> None:
    sheet = read_csv(b"a,b,,\r\n1\r\n\r\n1,2,,\r\n1,2,3,\r\n,\r\n")
    assert sheet.header == ("a", "b")
    assert [(row.line, row.cells, row.extra) for row in sheet.rows] == [
        (2, ("1", ""), ()),
        (4, ("1", "2"), ()),
        (5, ("1", "2"), ("3",)),
        (6, ("", ""), ()),
    ]


def test_the_guard_comes_off_on_the_way_in() -> None:
    sheet = read_csv(b"'=a,b\r\n'=1+1,\"x\n'- y\"\r\n")
    assert sheet.header == ("=a", "b")
    assert sheet.rows[0].cells == ("=1+1", "x\n- y")


def test_numbers_of_a_file_are_strict_and_say_their_cell() -> None:
    row = Row(7, ("1.234", "1.234,5", " ", "0", "-5,0"))
    assert [number(row, column, "vi") for column in (1, 2, 3, 4)] == [Decimal("1234.5"), None, 0, -5]
    with pytest.raises(Refusal, match=r"number\.ambiguous") as refused:
        number(row, 0, "vi")
    assert refused.value.place == "A7"


@pytest.mark.parametrize(("index", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_names(index: int, name: str) -> None:
    assert column_name(index) == name


@given(st.binary(max_size=200))
def test_any_bytes_are_a_sheet_or_a_refusal(data: bytes) -> None:
    try:
        sheet = read_csv(data)
    except Refusal as refused:
        code = refused.code
    else:
        assert all(len(row.cells) == len(sheet.header) for row in sheet.rows)
        return
    assert code.startswith("tables.")
