"""Bytes of a text file as text, composed (NFC), with or without a BOM."""

import codecs
import unicodedata
from dataclasses import dataclass

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_OTHER_FILES = (
    (b"PK\x03\x04", "Excel (.xlsx), ZIP"),
    (b"\xd0\xcf\x11\xe0", "Excel 97–2003 (.xls)"),
    (b"%PDF", "PDF"),
    (b"\x1f\x8b", "GZIP"),
)
_NUL_SAMPLE = 4096
# Letters of TCVN3 (ABC) lie where cp1258 has signs that no Vietnamese text is full of.
_TCVN3_LETTERS = bytes(range(0xA1, 0xC0))
_TCVN3_SHARE = 3


@dataclass(frozen=True)
class Decoded:
    text: str
    encoding: str


def decode(data: bytes) -> Decoded:
    """UTF-8, UTF-16, UTF-32 by BOM; without one UTF-8 or UTF-16; else cp1258, the old Vietnamese Windows.

    Refusals: "tables.not_text" for other kinds of files, "tables.encoding" (place: byte) for none of these,
    "tables.tcvn3" for the old fonts: which capital a letter is, only its font says.
    """
    check_is_text(data)
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], encoding)
    without_bom = utf16_without_bom(data)
    if without_bom:
        return _strict(data, without_bom)
    try:
        return _strict(data, "utf-8")
    except Refusal:
        if looks_like_tcvn3(data.translate(None, bytes(range(128)))):
            raise tcvn3() from None
        return _strict(data, "cp1258")


def check_is_text(data: bytes) -> None:
    """Refusal tables.not_text for the beginning of another kind of file."""
    for start, kind in _OTHER_FILES:
        if data.startswith(start):
            raise not_text(kind)


def not_text(kind: str) -> Refusal:
    if kind == "binary":
        words: object = gettext_lazy("Đây là tệp nhị phân, không phải tệp văn bản CSV.")
    else:
        words = format_lazy(gettext_lazy("Đây là tệp {kind}, không phải tệp văn bản CSV."), kind=kind)
    return Refusal("tables.not_text", words, kind=kind)


def looks_like_tcvn3(high: bytes) -> bool:
    """`high`: the bytes beyond ASCII of a text that is no Unicode."""
    signs = len(high) - len(high.translate(None, _TCVN3_LETTERS))
    return signs * _TCVN3_SHARE > len(high) > 0


def tcvn3() -> Refusal:
    return Refusal(
        "tables.tcvn3",
        gettext_lazy(
            "Tệp dùng bảng mã TCVN3 (ABC). Hãy chuyển sang Unicode (ví dụ bằng UniKey: Công cụ chuyển mã) "
            "rồi tải lên lại."
        ),
    )


def undecodable(byte: int) -> Refusal:
    return Refusal(
        "tables.encoding",
        format_lazy(
            gettext_lazy("Không đọc được bảng mã của tệp (byte {byte}). Hãy lưu lại dưới dạng CSV UTF-8."),
            byte=byte + 1,
        ),
        place=str(byte + 1),
    )


def _strict(data: bytes, encoding: str) -> Decoded:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise undecodable(error.start) from None
    if "\0" in text:
        raise not_text("binary")
    return Decoded(unicodedata.normalize("NFC", text), encoding)


def utf16_without_bom(data: bytes) -> str | None:
    """Separators and digits have a zero byte in UTF-16; text in other encodings has none at all."""
    sample = data[:_NUL_SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(data) % 2 or not (even or odd):
        return None
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else None
