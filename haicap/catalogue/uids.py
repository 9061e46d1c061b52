"""The stored 11-character uid that other systems exchange: a letter, then letters and digits."""

from __future__ import annotations

import hashlib
import string

LETTERS = string.ascii_letters
SIGNS = string.ascii_letters + string.digits
LENGTH = 11


def uid_of(kind: str, code: str) -> str:
    """Always the same for the same thing, so that two installations agree without talking."""
    number = int.from_bytes(hashlib.sha256(f"haicap:{kind}:{code}".encode()).digest(), "big")
    number, first = divmod(number, len(LETTERS))
    rest = []
    for _step in range(LENGTH - 1):
        number, place = divmod(number, len(SIGNS))
        rest.append(SIGNS[place])
    return LETTERS[first] + "".join(rest)
