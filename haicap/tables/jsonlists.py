"""A file that holds one JSON list of records, of any size, one after the other; nothing else is held."""

import io
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal

from .streams import Kind

_PIECE = 256 * 1024
_BETWEEN = re.compile(r"[\s,]*")
_LIST = re.compile(rb"\s*\[\s*(?:[{\]]|$)")


def begins_a_list(head: bytes) -> bool:
    """Do the first bytes of a file look like a list of records, and not like lines of lists?"""
    return bool(_LIST.match(head.removeprefix(b"\xef\xbb\xbf")))


def listed(path: Path, kind: Kind, longest: int) -> Iterator[tuple[float, object]]:
    """(How far the reading is, 0…1; the value) of each in the list.

    Refusal tables.json_list (place: number of the record) where it is cut or longer than `longest`
    characters.
    """
    decoder = json.JSONDecoder(parse_float=Decimal)
    size, number = max(1, path.stat().st_size), 1
    with path.open("rb") as raw, io.TextIOWrapper(raw, encoding=kind.encoding) as file:
        text = file.read(_PIECE).lstrip("\ufeff \t\r\n")[1:]
        while True:
            text = text[_BETWEEN.match(text).end() :]  # type: ignore[union-attr]
            place = 0
            while text[place : place + 1] not in ("", "]"):
                try:
                    value, place = decoder.raw_decode(text, place)
                except (ValueError, RecursionError):
                    # cut by the end of the piece, unless there is no more
                    break
                yield min(1.0, raw.tell() / size), value
                number += 1
                place = _BETWEEN.match(text, place).end()  # type: ignore[union-attr]
            text = text[place:]
            if text.startswith("]"):
                return
            piece = file.read(_PIECE)
            if not piece or len(text) > longest:
                raise _broken(number)
            text += piece


def _broken(number: int) -> Refusal:
    words = gettext_lazy("Bản ghi thứ {number} của danh sách JSON bị cắt, sai cú pháp hoặc quá dài.")
    return Refusal("tables.json_list", format_lazy(words, number=number), place=str(number))
