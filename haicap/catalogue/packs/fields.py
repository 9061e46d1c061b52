"""Reading one field: the right kind of value, or a problem at its line and a harmless default."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from haicap.catalogue.packs.content import UnitRef
from haicap.catalogue.packs.files import Map
from haicap.catalogue.packs.problems import Problems
from haicap.catalogue.states import LANGUAGES
from haicap.core.folding import nfc

Word = TypeVar("Word", bound=StrEnum)
# DECIMAL(18,4) in the store.
LIMIT = Decimal(10) ** 14
LANGUAGE_NAMES = {"vi": "Tiếng Việt", "en": "English", "bn": "বাংলা"}


class Fields:
    """One mapping under reading; `name` is how the problems call it."""

    def __init__(self, source: object, name: str, problems: Problems, place: tuple[str, int]) -> None:
        self.problems, self.name = problems, name
        if not isinstance(source, Map):
            problems.add(place, _("%(name)s phải gồm các mục «tên: nội dung»") % {"name": name})
            source = Map()
            source.file, source.line, source.lines = place[0], place[1], {}
        self.source: Map = source
        self.place = place

    def at(self, key: object = None) -> tuple[str, int]:
        """The line of `key`; for what is missing, the line where this thing is named."""
        return self.source.at(key) if key in self.source else self.place

    def problem(self, key: object, what: str, mend: str = "") -> None:
        self.problems.add(self.at(key), f"{self.name}: {what}", mend)

    def known(self, keys: Collection[str]) -> None:
        for key in self.source:
            if key not in keys:
                mend = _("Dùng được: %(keys)s.") % {"keys": ", ".join(sorted(keys))}
                self.problem(key, _("không có mục «%(key)s»") % {"key": key}, mend)

    def text(self, key: object, required: bool = True, longest: int = 2000) -> str:
        value = self.source.get(key)
        if value is None:
            if required:
                self.problem(key, _("thiếu «%(key)s»") % {"key": key})
            return ""
        if isinstance(value, bool | dict | list):
            self.problem(key, _("«%(key)s» phải là chữ") % {"key": key}, _("Đặt trong dấu nháy."))
            return ""
        found = nfc(str(value)).strip()
        if len(found) > longest:
            self.problem(key, _("«%(key)s» dài quá %(longest)s chữ") % {"key": key, "longest": longest})
        if required and not found:
            self.problem(key, _("«%(key)s» để trống") % {"key": key})
        return found[:longest]

    def words(self, longest: int = 2000) -> dict[str, str]:
        """vi, en and bn: a screen in one language must not fall silent."""
        found = {}
        for lang in LANGUAGES:
            if not str(self.source.get(lang) or "").strip():
                what = _("thiếu tên bằng %(language)s") % {"language": LANGUAGE_NAMES[lang]}
                self.problem(lang, what, _("Thêm «%(lang)s: …».") % {"lang": lang})
            else:
                found[lang] = self.text(lang, longest=longest)
        return found

    def number(self, key: str, default: Decimal | None = None) -> Decimal | None:
        value = self.source.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            mend = _("Dùng dấu chấm cho phần thập phân, không dấu nháy.")
            self.problem(key, _("«%(key)s» phải là số") % {"key": key}, mend)
            return default
        number = Decimal(value)
        if abs(number) >= LIMIT or number != round(number, 4):
            self.problem(key, _("«%(key)s» quá lớn hoặc quá 4 chữ số thập phân") % {"key": key})
            return default
        return number

    def whole(self, key: str, low: int, high: int, default: int) -> int:
        value = self.source.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            what = _("«%(key)s» phải là số nguyên từ %(low)s đến %(high)s")
            self.problem(key, what % {"key": key, "low": low, "high": high})
            return default
        return value

    def flag(self, key: str, default: bool | None = None) -> bool:
        value = self.source.get(key, default)
        if not isinstance(value, bool):
            self.problem(key, _("«%(key)s» phải là true hoặc false") % {"key": key})
            return bool(default)
        return value

    def day(self, key: str) -> date | None:
        value = self.source.get(key)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            self.problem(key, _("«%(key)s» phải là ngày") % {"key": key}, _("Viết như 2026-10-15."))
            return None
        return value

    def choice(self, key: str, kinds: type[Word], default: Word | None = None) -> Word:
        value = self.source.get(key, default)
        try:
            return kinds(str(value))
        except ValueError:
            mend = _("Dùng được: %(keys)s.") % {"keys": ", ".join(kinds)}
            self.problem(key, _("«%(key)s» là «%(value)s»") % {"key": key, "value": value}, mend)
            return default or next(iter(kinds))

    def entries(self, key: str) -> list[Any]:
        value = self.source.get(key, [])
        if not isinstance(value, list):
            self.problem(key, _("«%(key)s» phải là danh sách") % {"key": key})
            return []
        return value

    def child(self, key: str) -> Fields:
        return Fields(self.source.get(key), f"{self.name} / {key}", self.problems, self.at(key))

    def children(self, key: str) -> Iterator[Fields]:
        for index, one in enumerate(self.entries(key), start=1):
            place = one.at() if isinstance(one, Map) else self.at(key)
            yield Fields(one, f"{self.name} / {key} {index}", self.problems, place)

    def named(self) -> Iterator[tuple[str, Fields]]:
        for key, one in self.source.items():
            yield str(key), Fields(one, str(key), self.problems, self.at(key))

    def unit(self, key: str) -> UnitRef | None:
        if self.source.get(key) is None:
            return None
        child = self.child(key)
        child.known({"code", "level"})
        return UnitRef(child.text("code", longest=10), child.whole("level", 0, 9, 2))
