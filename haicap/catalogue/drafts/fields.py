"""Reading one field of a draft: a value, or a note at its place and a harmless default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haicap.core import numbers
from haicap.core.errors import Refusal
from haicap.core.folding import nfc
from haicap.core.languages import VI, known
from haicap.ui import wording

CODE_OF_FORM = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,39}")
DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
LONGEST_NAME = 200
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass
class Notes:
    """Problems as they are found: (field of the editor, sentence)."""

    found: list[tuple[str, str]] = field(default_factory=list)

    def add(self, place: str, message: str) -> None:
        self.found.append((place, message))


def words(found: Mapping[str, str], place: str, notes: Notes, longest: int = LONGEST_NAME) -> dict[str, str]:
    """Vietnamese is required; a screen in another language shows it until somebody has translated it."""
    read = {}
    for lang, text in found.items():
        name = " ".join(nfc(text).split())
        if not name and lang == VI:
            notes.add(f"{place}.{lang}", _("Thiếu tên bằng tiếng Việt."))
        elif len(name) > longest:
            notes.add(f"{place}.{lang}", _("Tên dài quá %(most)s chữ.") % {"most": longest})
        if name:
            read[lang] = name[:longest]
    return read


def day(text: str, place: str, notes: Notes) -> date | None:
    """dd/mm/yyyy; anything else is a note, never a guess."""
    text = text.strip()
    if not text:
        return None
    found = DAY.fullmatch(text)
    try:
        read = date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        read = None
    if read is None or not FIRST_YEAR <= read.year <= LAST_YEAR:
        notes.add(place, _("Ngày viết như 15/10/2026."))
        return None
    return read


def whole(text: str, low: int, high: int, default: int, place: str, notes: Notes) -> int:
    text = text.strip()
    if not re.fullmatch(r"[0-9]{1,6}", text) or not low <= int(text) <= high:
        notes.add(place, _("Nhập số nguyên từ %(low)s đến %(high)s.") % {"low": low, "high": high})
        return default
    return int(text)


def minutes(text: str, place: str, notes: Notes) -> Decimal | None:
    """Minutes per cell, in the reader's way of writing numbers; empty: the usual ones."""
    if not text.strip():
        return None
    try:
        read = numbers.parse(text, known(get_language()))
    except Refusal as refusal:
        notes.add(place, wording.refusal(refusal))
        return None
    if not 0 < read <= 480:
        notes.add(place, _("Số phút mỗi ô phải lớn hơn 0 và không quá 480."))
        return None
    return read
