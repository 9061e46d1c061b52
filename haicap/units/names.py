"""Names of units: as written in Vietnamese, without marks for English, and the stable short id."""

import hashlib
import unicodedata
from datetime import date

from haicap.units.states import PREFIX_VI, SUFFIX_EN, Kind

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SIGNS = "0123456789" + _LETTERS
_UID_LENGTH = 11


def tidy(text: str) -> str:
    """NFC, no-break and double spaces become one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def plain(text: str) -> str:
    """Without marks, capitals kept: "Ea Knuếc" → "Ea Knuec", "Đắk Lắk" → "Dak Lak"."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def full_vi(kind: Kind, name: str) -> str:
    return name if kind == Kind.COUNTRY else f"{PREFIX_VI[kind]} {name}"


def full_en(kind: Kind, name: str) -> str:
    """ "Ea Knuec Commune"; old wards that bear only a number read "Ward 1"."""
    if kind == Kind.COUNTRY:
        return "Viet Nam"
    return f"{SUFFIX_EN[kind]} {name}" if name.isdigit() else f"{plain(name)} {SUFFIX_EN[kind]}"


def uid(level: int, code: str, valid_from: date) -> str:
    """The same 11 characters on every installation, so that exports of two of them can be joined."""
    digest = hashlib.sha256(f"unit:{level}:{code}:{valid_from.isoformat()}".encode()).digest()
    number = int.from_bytes(digest[:12], "big")
    number, first = divmod(number, len(_LETTERS))
    rest = []
    for _ in range(_UID_LENGTH - 1):
        number, sign = divmod(number, len(_SIGNS))
        rest.append(_SIGNS[sign])
    return _LETTERS[first] + "".join(rest)
