"""Text cells that a spreadsheet would run as a formula are neutralised; numbers stay numbers.

`guard` puts an apostrophe before the dangerous character, `unguard` takes exactly that one away
again: unguard(guard(text)) == text for every text. Not only the first character counts: where the
reader's spreadsheet splits at another separator than ours, a formula may stand after any of them.
"""

import re

_STARTERS = "=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_SEPARATORS = ";,|\t\r\n"
_BEFORE = rf"(?<![^{_SEPARATORS}])"
_DANGER = re.compile(rf"{_BEFORE}(?='*[{_STARTERS}])")
_GUARD = re.compile(rf"{_BEFORE}'(?='*[{_STARTERS}])")
_JUST_A_NUMBER = re.compile(r"[+-]?[0-9](?:[0-9 .,]*[0-9])?")


def guard(text: str) -> str:
    """`text` that no spreadsheet takes for a formula. Plain numbers, negative ones too, are left alone."""
    return text if _JUST_A_NUMBER.fullmatch(text) else _DANGER.sub("'", text)


def unguard(text: str) -> str:
    """`text` as it was before `guard`."""
    return _GUARD.sub("", text)


def is_dangerous(text: str) -> bool:
    """Whether `guard` would change `text`."""
    return guard(text) != text
