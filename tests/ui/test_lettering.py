import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.ui.lettering import text_width, wrap

NAMES = st.lists(
    st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyẤỆỢM’-", min_size=1, max_size=9), min_size=1, max_size=5
)


def test_marks_do_not_widen_a_letter() -> None:
    assert text_width("Buồn Hồ", 10) == text_width("Buôn Hô", 10) == text_width("Buon Ho", 10)
    assert text_width("Buo\u0302\u0300n", 10) == text_width("Buồn", 10)
    assert text_width("Đ", 10) > text_width("D", 10)


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("Ea Wer", ("Ea Wer",)),
        ("Buôn Ma Thuột", ("Buôn Ma", "Thuột")),
        ("Liên Sơn Lắk", ("Liên", "Sơn Lắk")),
        ("", ()),
    ],
)
def test_where_names_break(name: str, lines: tuple[str, ...]) -> None:
    assert wrap(name, 46).lines == lines


def test_a_long_name_shrinks_before_it_is_cut() -> None:
    assert wrap("Phong Nha Kẻ Bàng", 46).size < 10.5
    assert not wrap("Phong Nha Kẻ Bàng", 46).cut
    cut = wrap("Thượngnghĩahành Trường", 46)
    assert cut.cut
    assert cut.lines[0].endswith(".")


@given(NAMES, st.floats(30, 90))
def test_lines_fit_and_nothing_is_lost_unless_cut(words: list[str], room: float) -> None:
    name = " ".join(words)
    lettering = wrap(name, room)
    assert len(lettering.lines) <= 2
    assert all(text_width(line, lettering.size) <= room + 0.01 for line in lettering.lines)
    if not lettering.cut:
        assert " ".join(lettering.lines).split() == name.split()


def test_abbreviated_the_vietnamese_way() -> None:
    assert wrap("Văn Miếu - Quốc Tử Giám", 46).lines == ("Văn Miếu -", "Q. Tử Giám")
