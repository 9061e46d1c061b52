"""Search without marks: "toi duoc di hoc" finds "tôi được đi học", and exact marks rank first."""

import re
import unicodedata

# Only the marks that Latin letters carry: Bengali vowel signs are combining characters too, and a
# Bengali word without them is another word.
_LATIN_MARKS = re.compile("[\u0300-\u036f]")
_APOSTROPHES = re.compile("['’‘‛`´ʼʹ′]")
_SPACES = re.compile(r"\s+")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = re.compile("(?:[aeiouy][\u0300-\u036f]*)+")
_FIRST_VOWEL = re.compile("[aeiouy][\u0302\u0306\u031b]*")


def nfc(text: str) -> str:
    """Composed form, in which everything that comes in is stored."""
    return unicodedata.normalize("NFC", text)


def _plain(text: str) -> str:
    """Decomposed, lower case, without apostrophes and doubled spaces; marks stay."""
    lowered = unicodedata.normalize("NFD", unicodedata.normalize("NFC", text).lower())
    return _SPACES.sub(" ", _APOSTROPHES.sub("", lowered)).strip()


def fold(text: str) -> str:
    """The form for searching: no marks, no apostrophes, đ as d, single spaces, lower case."""
    bare = _LATIN_MARKS.sub("", _plain(text)).replace("đ", "d").replace("ð", "d")
    return unicodedata.normalize("NFC", bare)


def _marked(text: str) -> str:
    """The form for exact matches: marks kept, but Hoà and Hòa are one, whichever school placed the tone.

    The tone goes behind the first vowel of its cluster, so that what is typed so far ("hò") stays a
    beginning of the whole word ("hoà").
    """

    def move(found: re.Match[str]) -> str:
        cluster = found.group()
        tones = "".join(mark for mark in cluster if mark in _TONES)
        if not tones:
            return cluster
        bare = "".join(mark for mark in cluster if mark not in _TONES)
        return _FIRST_VOWEL.sub(lambda first: first.group() + tones, bare, count=1)

    return _VOWELS.sub(move, _plain(text))


def rank(query: str, text: str) -> int | None:
    """How well `text` answers `query`: 0 is best, None is no answer.

    0–3 match with the marks as typed (whole, beginning, beginning of a word, anywhere),
    4–7 match the same four ways with marks folded.
    """
    with_marks = _match(_marked(query), _marked(text))
    if with_marks is not None:
        return with_marks
    folded = _match(fold(query), fold(text))
    return None if folded is None else 4 + folded


def _match(query: str, text: str) -> int | None:
    if not query:
        return None
    if query == text:
        return 0
    # A letter must not match the same letter with one more mark: "a" is no beginning of "ă".
    found = re.search(re.escape(query) + "(?![\u0300-\u036f])", text)
    if found is None:
        return None
    if found.start() == 0:
        return 1
    if re.search(r"(?<![\w\u0300-\u036f])" + re.escape(query) + "(?![\u0300-\u036f])", text):
        return 2
    return 3
