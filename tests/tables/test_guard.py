import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.tables.guard import guard, is_dangerous, unguard

STARTERS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
NASTY = st.text("';,| ax1." + STARTERS, max_size=12)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "-1+cmd",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\uff1d1+1",
        "-",
        "=",
        "-2+3",
        "+x",
        "-5%+1",
    ],
)
def test_what_a_spreadsheet_would_run_is_neutralised(text: str) -> None:
    assert guard(text).startswith("'" + text[0])
    assert is_dangerous(text)


@pytest.mark.parametrize("text", ["a;=1+1", "x,@SUM(A1)", "x\n=1", "x\t+1+cmd", "x|=1"])
def test_a_formula_behind_a_foreign_separator_is_neutralised(text: str) -> None:
    assert "'" in guard(text)


@pytest.mark.parametrize(
    "text",
    [
        "-5",
        "-5,0",
        "-1.234,5",
        "+84 905 123 456",
        "-0.5",
        "12",
        "1 - 2",
        "Ea Knuếc",
        "",
        "a, -b",
        "Cư M'gar",
        "x=1",
        "a-b",
        "người@xã",
    ],
)
def test_numbers_and_plain_text_are_left_alone(text: str) -> None:
    assert guard(text) == text


@given(st.text() | NASTY)
def test_the_guard_comes_off_without_a_trace(text: str) -> None:
    assert unguard(guard(text)) == text


@given(st.text() | NASTY)
def test_whatever_is_written_starts_harmless_or_is_a_number(text: str) -> None:
    written = guard(text)
    if written and written[0] in STARTERS:
        assert float(written.replace(" ", "").replace(".", "").replace(",", "")) is not None


@given(NASTY)
def test_split_at_any_separator_no_piece_starts_a_formula(text: str) -> None:
    written = guard("a" + text)
    for separator in ";,|\t\n":
        assert all(piece[:1] not in tuple(STARTERS) for piece in written.split(separator))
