"""Where the words of gaps stand in a chart: inside the plot, over no line, marker or other words, or nowhere.

The table below the chart says the same, so words that find no room are left out rather than squeezed in.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Spot = tuple[float, float]

# px, for the letters of 12 px of a chart
LETTER, LINE, ASCENT, DESCENT = 6.4, 14, 10, 4
# px kept free around a marker or a line, and between two words
CLEAR = 6


@dataclass(frozen=True)
class Room:
    """The plot in px; `runs` are the drawn stretches between gaps."""

    left: float
    right: float
    top: float
    bottom: float
    runs: Sequence[Sequence[Spot]]


@dataclass(frozen=True)
class Words:
    """Lines around the middle `x`, the first on the baseline `y`."""

    x: float
    y: float
    lines: tuple[str, ...]

    @property
    def half(self) -> float:
        return LETTER * max(map(len, self.lines)) / 2

    @property
    def above(self) -> float:
        return self.y - ASCENT

    @property
    def below(self) -> float:
        return self.y + LINE * (len(self.lines) - 1) + DESCENT


def place(gaps: Sequence[tuple[float, str]], room: Room) -> list[Words]:
    """For gaps (x, words with line breaks): those that find room, the newest first: it is asked for most."""
    found: list[Words] = []
    for x, text in reversed(gaps):
        lines = tuple(text.split("\n"))
        if not text.strip():
            continue
        for y in (room.top + 4, room.bottom - DESCENT - LINE * (len(lines) - 1)):
            words = _inside(Words(x, y, lines), room)
            if words is not None and _free(words, room) and not any(_touch(words, one) for one in found):
                found.append(words)
                break
    return found


def _inside(words: Words, room: Room) -> Words | None:
    """Moved sideways until the plot holds it, as long as it still stands over its own gap."""
    if 2 * words.half > room.right - room.left or words.below > room.bottom:
        return None
    x = min(max(words.x, room.left + words.half), room.right - words.half)
    return Words(x, words.y, words.lines)


def _touch(a: Words, b: Words) -> bool:
    apart = abs(a.x - b.x) >= a.half + b.half + CLEAR
    return not apart and a.above < b.below and b.above < a.below


def _free(words: Words, room: Room) -> bool:
    left, right = words.x - words.half - CLEAR, words.x + words.half + CLEAR
    high, low = words.above - CLEAR, words.below + CLEAR
    for run in room.runs:
        for (x1, y1), (x2, y2) in zip(run, [*run[1:], run[-1]], strict=True):
            first, last = max(x1, left), min(x2, right)
            if first > last:
                continue
            ends = [y1 + (y2 - y1) * (x - x1) / (x2 - x1) if x2 > x1 else y1 for x in (first, last)]
            if min(ends) < low and max(ends) > high:
                return False
    return True
