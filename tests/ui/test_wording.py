"""Every code that core can refuse with has a sentence, in three languages, without holes."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils.translation import override

from haicap import core
from haicap.core import counts, numbers, periods
from haicap.core.bands import Band, Direction
from haicap.core.errors import Refusal
from haicap.ui import wording

CODE = re.compile(r"Refusal\(\s*\"([a-z_.]+)\"")
LANGUAGES = ("vi", "en", "bn")


def core_codes() -> set[str]:
    folder = Path(core.__file__).parent
    return {code for path in folder.glob("*.py") for code in CODE.findall(path.read_text("utf-8"))}


def refused(call: object, *args: object, **more: object) -> Refusal:
    with pytest.raises(Refusal) as caught:
        call(*args, **more)  # type: ignore[operator]
    return caught.value


def test_core_refuses_with_known_codes_only() -> None:
    assert len(core_codes()) > 8
    assert core_codes() <= set(wording.REFUSALS)


def test_no_words_without_a_code() -> None:
    known = core_codes()
    assert {code for code in wording.REFUSALS if ".".join(code.split(".")[:2]) not in known} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_real_refusals_become_whole_sentences(lang: str) -> None:
    people = counts.Measure("people", "người", counts.Adds.NONE, counts.Adds.SUM, counts.Adds.NONE)
    figures = [counts.Count(Decimal(n), people, counts.Grade.DECLARED) for n in (3, 5)]
    errors = [
        refused(numbers.parse, "abc", lang),
        refused(numbers.parse, "", lang),
        refused(numbers.parse, "9" * 70, lang),
        refused(numbers.parse, "12%", lang),
        refused(numbers.parse, "1.234", lang, strict=True),
        refused(numbers.parse, "9" * 20, lang),
        refused(numbers.parse, "0,12345" if lang == "vi" else "0.12345", lang),
        refused(periods.parse, "2026-13"),
        refused(periods.parts, periods.parse("2026-10"), periods.Kind.QUARTER),
        refused(periods.span, periods.parse("2026-10"), periods.parse("2026-Q3")),
        refused(counts.add, figures, "time"),
        refused(counts.add, [], "time"),
    ]
    with override(lang):
        for error in errors:
            sentence = wording.refusal(error)
            assert len(sentence) > 10
            assert not re.search(r"%\(|None|Decimal|[a-z]+\.[a-z_]+\b(?=\s*$)", sentence), sentence


def test_an_ambiguous_number_shows_both_readings() -> None:
    with override("vi"):
        sentence = wording.refusal(refused(numbers.parse, "1.234", "vi", strict=True))
    assert "1,234" in sentence
    assert "1.234" in sentence


def test_a_message_of_a_room_passes_through() -> None:
    assert wording.refusal(Refusal("room.code", "Câu của phòng.")) == "Câu của phòng."


def test_an_unknown_code_is_still_a_sentence() -> None:
    assert wording.refusal(Refusal("never.heard")) == str(wording.UNKNOWN)


def test_every_state_has_a_word() -> None:
    for table in (wording.BANDS, wording.BAND_REASONS):
        assert set(table) == {band.value for band in Band}
    assert set(wording.KINDS) == {kind.value for kind in periods.Kind}
    assert set(wording.GRADES) == {grade.value for grade in counts.Grade}
    assert set(wording.DIRECTIONS) == {way.value for way in Direction}


def test_a_unit_of_the_pack_is_shown_as_it_is() -> None:
    assert wording.unit("bao cà phê") == "bao cà phê"
