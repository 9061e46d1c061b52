"""How wide a name is and where it breaks, without a browser.

Advance widths of Be Vietnam Pro 600 in thousandths of an em, measured once with canvas.measureText. Marks do
not widen a letter, so a letter is measured by its base; đ, ơ and ư are letters of their own.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,-–'’·()/%đĐơưƠƯ"
_WIDTHS = (
    "652 662 624 662 611 401 654 600 285 292 584 277 895 590 652 662 662 416 527 434 581 588 879 591 "
    "592 514 758 698 778 743 634 640 788 725 280 482 703 637 877 743 828 667 825 697 656 674 733 732 "
    "1039 753 701 664 692 415 660 674 716 674 693 596 656 693 230 319 332 607 696 208 228 288 449 449 "
    "528 863 677 786 660 587 828 745 "
)
_ADVANCE = dict(zip(_LETTERS, (int(width) for width in _WIDTHS.split()), strict=True))
_UNKNOWN = 700


@dataclass(frozen=True)
class Lettering:
    """Lines of a name at one size in px; `cut` when the name had to be shortened."""

    lines: tuple[str, ...]
    size: float
    cut: bool = False


def _base(letter: str) -> str:
    return letter if letter in _ADVANCE else unicodedata.normalize("NFD", letter)[0]


def text_width(text: str, size: float) -> float:
    """Width in px of one line at `size` px, weight 600."""
    letters = (c for c in unicodedata.normalize("NFC", text) if not unicodedata.combining(c))
    return sum(_ADVANCE.get(_base(c), _UNKNOWN) for c in letters) * size / 1000


def _splits(name: str) -> list[tuple[str, ...]]:
    words = name.split()
    pairs = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
    return [(" ".join(words),), *pairs]


def _shorten(line: str, room: float, size: float) -> str:
    """Words become initials from the left, the way Vietnamese abbreviates: "Q. Tử Giám"."""
    words = line.split()
    for at in range(len(words) - 1):
        if len(words[at]) > 1:
            words[at] = words[at][0] + "."
        if text_width(" ".join(words), size) <= room:
            return " ".join(words)
    line = " ".join(words)
    while len(line) > 1 and text_width(line + ".", size) > room:
        line = line[:-1].rstrip(" .")
    return line + "."


@lru_cache(maxsize=8192)
def wrap(name: str, room: float, sizes: tuple[float, ...] = (10.5, 10, 9.5, 9, 8.5, 8, 7.5)) -> Lettering:
    """At most two lines no wider than `room` px, at the largest of `sizes` that fits; one line before two.

    A name that fits at no size is abbreviated (four of 3,321 communes in 46 px).
    """
    if not name.strip():
        return Lettering((), sizes[0])
    choices = _splits(name)
    for size in sizes:
        fitting = [c for c in choices if max(text_width(line, size) for line in c) <= room]
        if fitting:
            best = min(fitting, key=lambda c: (len(c), max(text_width(line, size) for line in c)))
            return Lettering(best, size)
    size = sizes[-1]
    best = min(choices, key=lambda c: max(text_width(line, size) for line in c))
    lines = tuple(line if text_width(line, size) <= room else _shorten(line, room, size) for line in best)
    return Lettering(lines, size, cut=True)
