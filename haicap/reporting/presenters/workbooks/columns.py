"""The columns of our workbooks: found by key or by heading in any of our languages, never by place."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from django.utils import translation
from django.utils.translation import gettext_lazy

from haicap.core.folding import fold
from haicap.core.languages import LANGUAGES

SIGN: Final = "@"
LABELS: Final = {
    "form": gettext_lazy("Mẫu"),
    "version": gettext_lazy("Bản của mẫu"),
    "period": gettext_lazy("Kỳ báo cáo"),
    "unit": gettext_lazy("Mã đơn vị"),
    "place": gettext_lazy("Đơn vị"),
    "number": gettext_lazy("Mã"),
    "what": gettext_lazy("Nội dung"),
    "measure": gettext_lazy("Đơn vị tính"),
    "before": gettext_lazy("Kỳ trước"),
    "value": gettext_lazy("Kỳ này"),
    "reason": gettext_lazy("Không có số, vì sao"),
    "code": gettext_lazy("Mã ô"),
    "seen": gettext_lazy("Số khi tải"),
    "base": gettext_lazy("Phiên bản ô"),
}


def label(key: str) -> str:
    return str(LABELS[key])


def mark(key: str) -> str:
    """What the hidden row above the headings says: "@value"."""
    return SIGN + key


def found(cells: Iterable[str]) -> dict[str, list[int]]:
    """Key → places of the columns that are marked or headed so; headings count by their first line."""
    places: dict[str, list[int]] = {}
    known = _known()
    for place, text in enumerate(cells):
        key = text[1:] if text.startswith(SIGN) else known.get(fold(text.split("\n")[0]), "")
        if key in LABELS:
            places.setdefault(key, []).append(place)
    return places


def language(heading: object, key: str) -> str:
    """In which language the heading of `key` is written; "" for anything else."""
    if isinstance(heading, str):
        for lang in LANGUAGES:
            with translation.override(lang):
                if fold(str(LABELS[key])) == fold(heading.split("\n")[0]):
                    return lang
    return ""


@cache
def _known() -> Mapping[str, str]:
    spoken = {}
    for lang in LANGUAGES:
        with translation.override(lang):
            spoken.update({fold(str(words)): key for key, words in LABELS.items()})
    return spoken
