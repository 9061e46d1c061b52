import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.core.folding import fold, nfc, rank

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ"
WORDS = st.text(VIETNAMESE + VIETNAMESE.upper() + " '’-.0123", max_size=30)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Tôi được đi học", "toi duoc di hoc"),
        ("ĐẮK  LẮK", "dak lak"),
        ("Ðắk Lắk", "dak lak"),
        ("Cư M’gar", "cu mgar"),
        ("Cư M'gar", "cu mgar"),
        ("Ea H‘leo", "ea hleo"),
        ("\u00a0Ea\u00a0Knuếc ", "ea knuec"),
        (unicodedata.normalize("NFD", "Buôn Ma Thuột"), "buon ma thuot"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(("old", "new"), [("Hoà", "Hòa"), ("Thuỷ", "Thủy"), ("Quý", "Qúy"), ("khoẻ", "khỏe")])
def test_both_schools_of_tone_marks_are_equal(old: str, new: str) -> None:
    assert fold(old) == fold(new)
    assert rank(old, new) == rank(new, old) == 0


def test_bengali_vowel_signs_are_letters_not_marks() -> None:
    assert fold("কি") != fold("কু") != fold("ক")


@given(WORDS)
def test_folded_vietnamese_is_plain_ascii_and_stays_so(text: str) -> None:
    assert fold(text).isascii()
    assert fold(fold(text)) == fold(text)
    assert fold(text) == fold(text.upper()) == fold(unicodedata.normalize("NFD", text))


@given(st.text(max_size=30))
def test_nfc_composes(text: str) -> None:
    assert unicodedata.is_normalized("NFC", nfc(text))
    assert fold(nfc(text)) == fold(text)


@given(WORDS)
def test_a_name_finds_itself_first_typed_either_way(text: str) -> None:
    if fold(text):
        assert rank(text, text) == 0
        assert rank(fold(text), text) in (0, 4)


def test_typing_without_marks_finds_text_with_marks() -> None:
    assert rank("toi duoc di hoc", "tôi được đi học") == 4


def test_marks_typed_rank_before_marks_folded() -> None:
    names = ["Dương", "Duong", "Đường 9", "Con đường", "Đường"]
    found = sorted((rank("đường", name), name) for name in names if rank("đường", name) is not None)
    assert [name for _, name in found] == ["Đường", "Đường 9", "Con đường", "Duong", "Dương"]


def test_what_is_typed_so_far_is_a_beginning() -> None:
    for typed in ("h", "hò", "hòa", "hoà", "hòa b"):
        assert rank(typed, "Hoà Bình") == 1
    assert rank("đườ", "Đường Hoa") == 1


def test_a_letter_is_not_the_same_letter_with_a_mark() -> None:
    assert rank("Cu", "Cư Pui") == 5
    assert rank("cư", "Cu Pui") == 5


def test_beginnings_of_words_rank_before_middles() -> None:
    assert rank("knuếc", "Xã Ea Knuếc") == 2
    assert rank("nuếc", "Xã Ea Knuếc") == 3
    assert rank("knuec", "Xã Ea Knuếc") == 6
    assert rank("nuec", "Xã Ea Knuếc") == 7


def test_no_match_and_nothing_typed() -> None:
    assert rank("krông", "Ea Knuếc") is None
    assert rank("", "Ea Knuếc") is None
    assert rank("  ’", "Ea Knuếc") is None
