"""What a record may say, and why one was not taken, in the language of the moment."""

from ..policies.mapping import FIELDS
from ..policies.rejecting import WORDS

__all__ = ["FIELDS", "reason"]


def reason(code: str) -> str:
    return str(WORDS.get(code, code))
