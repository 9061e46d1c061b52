from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.core import numbers
from haicap.core.errors import Refusal

LANGS = st.sampled_from(["vi", "en", "bn"])
STORED = st.decimals(Decimal("-99999999999999.9999"), Decimal("99999999999999.9999"), places=4)


@pytest.mark.parametrize(
    ("text", "lang", "number"),
    [
        ("1.234,5", "vi", "1234.5"),
        ("1.234", "vi", "1234"),
        ("18500,00", "vi", "18500"),
        ("1,234", "vi", "1.234"),
        ("1,234", "en", "1234"),
        ("1.234", "en", "1.234"),
        ("1,234,567.89", "en", "1234567.89"),
        ("12,34,567", "bn", "1234567"),
        ("1,234,567", "bn", "1234567"),
        ("১২,৩৪,৫৬৭.৫", "bn", "1234567.5"),
        ("১২৩", "vi", "123"),
        ("\uff11\uff12\uff13\uff0c\uff15", "vi", "123.5"),
        ("1 234 567,5", "vi", "1234567.5"),
        ("1\u00a0234", "vi", "1234"),
        ("1\u202f234.5", "en", "1234.5"),
        ("\u22125,0", "vi", "-5.0"),
        ("-5,0", "vi", "-5.0"),
        ("\uff0d5", "vi", "-5"),
        ("+5", "vi", "5"),
        ("  7 ", "vi", "7"),
        ("\ufeff7", "vi", "7"),
        ("007", "vi", "7"),
        (",5", "vi", "0.5"),
        ("0", "vi", "0"),
        ("99.999.999.999.999,9999", "vi", "99999999999999.9999"),
        ("1,50000000", "vi", "1.5"),
        ("7", "en-GB", "7"),
    ],
)
def test_read(text: str, lang: str, number: str) -> None:
    assert numbers.parse(text, lang) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "lang", "understood"),
    [
        ("1.23", "vi", "1,23"),
        ("-1.23", "vi", "−1,23"),
        ("18500.00", "vi", "18.500"),
        ("1,234,567", "vi", "1.234.567"),
        ("1,234.5", "vi", "1.234,5"),
        ("1.234,5", "en", "1,234.5"),
        ("12,5", "en", "12.5"),
        ("95,5%", "vi", "95,5"),
        ("95,5 %", "vi", "95,5"),
        ("0.123", "vi", "0,123"),
        ("1234.567", "vi", "1.234,567"),
        ("12.34.5", "vi", ""),
        ("1.234.56", "vi", ""),
        ("12,34,567", "en", ""),
        ("1 23", "vi", ""),
        ("1.234 567", "vi", ""),
        ("abc", "vi", ""),
        ("12a", "vi", ""),
        ("1e5", "vi", ""),
        ("NaN", "vi", ""),
        ("Infinity", "vi", ""),
        ("--5", "vi", ""),
        ("- 5", "vi", "−5"),
        ("5-", "vi", ""),
        ("5,", "vi", ""),
        (",", "vi", ""),
        (".", "vi", ""),
        ("-", "vi", ""),
        ("(5)", "vi", ""),
        ("=1+1", "vi", ""),
        ("1_000", "vi", ""),
        ("٣", "vi", ""),
        ("½", "vi", ""),
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_malformed_text_is_refused_and_says_what_was_understood(
    text: str, lang: str, understood: str, strict: bool
) -> None:
    with pytest.raises(Refusal) as refused:
        numbers.parse(text, lang, strict=strict)
    assert refused.value.code == "number.text"
    assert refused.value.params == {"text": text, "why": "form", "understood": understood}


@pytest.mark.parametrize("text", ["", " ", "\u00a0", "\u200b"])
def test_nothing_is_not_zero(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        numbers.parse(text, "vi")
    assert (refused.value.code, refused.value.params["why"]) == ("number.text", "empty")


def test_a_novel_is_not_a_number() -> None:
    with pytest.raises(Refusal) as refused:
        numbers.parse("1" * 100_000, "vi")
    assert refused.value.params["why"] == "long"
    assert len(str(refused.value.params["text"])) < 80


@pytest.mark.parametrize(
    ("text", "lang", "readings"),
    [
        ("1.234", "vi", ("1,234", "1.234")),
        ("1,234", "vi", ("1,234", "1.234")),
        ("12,345", "en", ("12.345", "12,345")),
        ("123.456", "en", ("123.456", "123,456")),
        ("-1.234", "vi", ("−1.234", "−1,234")),
        ("১,২৩৪", "bn", ("১.২৩৪", "১,২৩৪")),
    ],
)
def test_two_way_text_from_a_file_is_refused(text: str, lang: str, readings: tuple[str, str]) -> None:
    with pytest.raises(Refusal) as refused:
        numbers.parse(text, lang, strict=True)
    assert refused.value.code == "number.ambiguous"
    assert set(refused.value.params["readings"]) == set(readings)  # type: ignore[call-overload]
    assert numbers.parse(text, lang) in {
        numbers.parse(reading, lang)
        for reading in refused.value.params["readings"]  # type: ignore[attr-defined]
    }


@pytest.mark.parametrize(
    "text", ["1234", "1.234,5", "1.234.567", "0,123", "1234,567", "1,23", "1 234", "1,2345"]
)
def test_one_way_text_from_a_file_is_read(text: str) -> None:
    assert numbers.parse(text, "vi", strict=True) == numbers.parse(text, "vi")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("100000000000000", "number.too_big"),
        ("-100.000.000.000.000", "number.too_big"),
        ("0,00001", "number.too_precise"),
        ("1,23456", "number.too_precise"),
    ],
)
def test_what_the_store_cannot_hold_exactly_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        numbers.parse(text, "vi")
    assert refused.value.code == code


@pytest.mark.parametrize(
    "number", ["1E+14", "1E+400", "-1E+20", "0.00001", "1E-400", "NaN", "sNaN", "Infinity"]
)
def test_limits_of_decimals_that_were_not_typed(number: str) -> None:
    with pytest.raises(Refusal):
        numbers.within_limits(Decimal(number))


@pytest.mark.parametrize("number", ["0", "0E-20", "0E+99", "1E+13", "-0.0001", "5.10000000"])
def test_decimals_that_fit(number: str) -> None:
    assert numbers.within_limits(Decimal(number)) == Decimal(number)


@pytest.mark.parametrize(
    ("number", "vi", "en", "bn"),
    [
        ("1234567.5", "1.234.567,5", "1,234,567.5", "১২,৩৪,৫৬৭.৫"),
        ("1234.5000", "1.234,5", "1,234.5", "১,২৩৪.৫"),
        ("100.0000", "100", "100", "১০০"),
        ("1E+3", "1.000", "1,000", "১,০০০"),
        ("-0.0500", "−0,05", "−0.05", "−০.০৫"),
        ("-0", "0", "0", "০"),
        ("0", "0", "0", "০"),
    ],
)
def test_write(number: str, vi: str, en: str, bn: str) -> None:
    assert [numbers.format(Decimal(number), lang) for lang in ("vi", "en", "bn")] == [vi, en, bn]


@pytest.mark.parametrize(
    ("number", "places", "shown"),
    [("0.05", 1, "0,1"), ("0.04", 1, "0,0"), ("-0.04", 1, "0,0"), ("-0.05", 1, "−0,1"), ("2.5", 0, "3"),
     ("97.95", 1, "98,0"), ("5", 2, "5,00"), ("999.95", 1, "1.000,0")],
)  # fmt: skip
def test_rounding_is_half_up_and_only_shown(number: str, places: int, shown: str) -> None:
    assert numbers.format(Decimal(number), "vi", places) == shown


def test_without_groups() -> None:
    assert numbers.format(1234567, "vi", group=False) == "1234567"


@pytest.mark.parametrize("number", ["NaN", "Infinity"])
def test_no_number_is_never_shown(number: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        numbers.format(Decimal(number), "vi")


@given(STORED, LANGS, st.booleans())
def test_what_is_written_reads_back(number: Decimal, lang: str, group: bool) -> None:
    assert numbers.parse(numbers.format(number, lang, group=group), lang) == number


@given(STORED, LANGS, st.integers(0, 4))
def test_what_is_written_rounded_reads_back_rounded(number: Decimal, lang: str, places: int) -> None:
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    if abs(rounded) < 10**14:
        assert numbers.parse(numbers.format(number, lang, places), lang) == rounded


@given(st.decimals(allow_nan=False, allow_infinity=False), LANGS, st.none() | st.integers(0, 6))
def test_every_finite_decimal_can_be_shown(number: Decimal, lang: str, places: int | None) -> None:
    if abs(number.adjusted()) < 500:
        assert numbers.format(number, lang, places)


@given(st.text("0123456789., -+%−১২\u00a0", max_size=14), LANGS, st.booleans())
def test_any_text_is_a_number_that_fits_or_a_refusal(text: str, lang: str, strict: bool) -> None:
    try:
        number = numbers.parse(text, lang, strict=strict)
    except Refusal as refused:
        code = refused.code
    else:
        assert numbers.within_limits(number) == number
        assert numbers.parse(numbers.format(number, lang), lang) == number
        return
    assert code in {"number.text", "number.ambiguous", "number.too_big", "number.too_precise"}
