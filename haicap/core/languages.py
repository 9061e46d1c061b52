"""The three languages of the product, and what belongs to their writing."""

from typing import Final

VI: Final = "vi"
EN: Final = "en"
BN: Final = "bn"
LANGUAGES: Final = (VI, EN, BN)

_BENGALI = str.maketrans("0123456789", "০১২৩৪৫৬৭৮৯")


def known(lang: str | None) -> str:
    """`lang` without its region when the product speaks it, else Vietnamese, the source language."""
    short = (lang or VI).replace("_", "-").split("-")[0].lower()
    return short if short in LANGUAGES else VI


def digits(text: str, lang: str) -> str:
    """`text` with its digits written as `lang` writes them."""
    return text.translate(_BENGALI) if known(lang) == BN else text
