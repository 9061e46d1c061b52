"""The text of a key: made, taken apart, recognised."""

import hashlib
import hmac
import re
import secrets

MARK = "haicap"
# Lower case letters and digits that cannot be mistaken for each other when read aloud
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
PREFIX_LENGTH, SECRET_LENGTH = 8, 40
_FORM = re.compile(rf"{MARK}_([{ALPHABET}]{{{PREFIX_LENGTH}}})_([{ALPHABET}]{{{SECRET_LENGTH}}})")


def fresh() -> tuple[str, str]:
    """(prefix, text) of a new key; 40 letters of 31 are 198 bits."""
    prefix, secret = _random(PREFIX_LENGTH), _random(SECRET_LENGTH)
    return prefix, f"{MARK}_{prefix}_{secret}"


def prefix_of(text: str) -> str | None:
    """The prefix of what looks like a key, else None."""
    found = _FORM.fullmatch(text)
    return found.group(1) if found else None


def digest(text: str) -> str:
    """What is stored. A key is random, so a slow hash would only slow down its holder."""
    return hashlib.sha256(text.encode()).hexdigest()


def fits(text: str, stored: str) -> bool:
    return hmac.compare_digest(digest(text), stored)


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
