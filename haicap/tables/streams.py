"""A text file of any size, record by record: what `read_csv` is for a desk, this is for a whole system.

Nothing is held but one record; the encoding is found by one pass over the bytes.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from haicap.tables.encodings import (
    BOMS,
    check_is_text,
    looks_like_tcvn3,
    not_text,
    tcvn3,
    undecodable,
    utf16_without_bom,
)
from haicap.tables.reading import broken, sniffed

_PIECE = 1024 * 1024
_HEAD = 64 * 1024
_SEP_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Kind:
    """`encoding` is a codec of Python, `skip` the bytes of the mark before the text."""

    encoding: str
    skip: int = 0


def encoding_of(path: Path) -> Kind:
    """UTF-8, UTF-16, UTF-32 by their mark; without one UTF-8 or UTF-16; else cp1258.

    Refusals: tables.not_text, tables.encoding (place: byte), tables.tcvn3.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    check_is_text(head)
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return _checked(path, Kind(encoding, len(bom)))
    wide = utf16_without_bom(head)
    if wide:
        return _checked(path, Kind(wide))
    if b"\0" in head:
        raise not_text("binary")
    if _wrong_byte(path, Kind("utf-8")) is None:
        return Kind("utf-8")
    if looks_like_tcvn3(_high_bytes(path)):
        raise tcvn3()
    return _checked(path, Kind("cp1258"))


def _checked(path: Path, kind: Kind) -> Kind:
    wrong = _wrong_byte(path, kind)
    if wrong is not None:
        raise undecodable(wrong)
    return kind


def _wrong_byte(path: Path, kind: Kind) -> int | None:
    """Where the bytes stop being this encoding, counted from 0; None where they are it throughout."""
    decoder, read = codecs.getincrementaldecoder(kind.encoding)(), kind.skip
    with path.open("rb") as file:
        file.seek(kind.skip)
        while True:
            piece = file.read(_PIECE)
            try:
                decoder.decode(piece, final=not piece)
            except UnicodeDecodeError as error:
                return read + error.start
            if not piece:
                return None
            read += len(piece)


def _high_bytes(path: Path) -> bytes:
    """The bytes beyond ASCII of the first megabytes."""
    with path.open("rb") as file:
        return file.read(4 * _PIECE).translate(None, bytes(range(128)))


class Lines:
    """The lines of a text file, composed (NFC), without the line that only names a separator.

    `share` tells how far the reading is (0…1): bytes taken from the disk, a little ahead of the lines.
    """

    def __init__(self, path: Path, kind: Kind) -> None:
        self._size = max(1, path.stat().st_size)
        self._raw = path.open("rb")
        self._raw.seek(kind.skip)
        self._text = io.TextIOWrapper(self._raw, encoding=kind.encoding, newline="")
        first = self._text.readline()
        told = _SEP_LINE.fullmatch(first)
        self.delimiter = told[1] if told else ""
        self.skipped = int(bool(told))
        self._first = "" if told else first

    def __iter__(self) -> Iterator[str]:
        if self._first:
            yield unicodedata.normalize("NFC", self._first)
        for line in self._text:
            # to be asked costs less than to be composed, and most lines are composed already
            yield line if unicodedata.is_normalized("NFC", line) else unicodedata.normalize("NFC", line)

    def __enter__(self) -> "Lines":
        return self

    def __exit__(self, *_error: object) -> None:
        self._text.close()

    @property
    def share(self) -> float:
        return min(1.0, self._raw.tell() / self._size)

    def records(self) -> Iterator[list[str]]:
        """Every record, the heading first; an empty line is [].

        Refusal tables.broken (place: line) where a quotation is never closed: the file was cut."""
        reader = csv.reader(self, delimiter=self.delimiter or sniffed(self._first), strict=True)
        while True:
            try:
                yield next(reader)
            except StopIteration:
                return
            except csv.Error:
                raise broken(reader.line_num + self.skipped) from None
