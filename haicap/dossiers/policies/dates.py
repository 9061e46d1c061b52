"""Dates of other systems. 04/12/2018 reads both ways: which one a file means is asked once, never guessed.

A column is read by memory, not by a parser: it has few different days and few different times of day.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo, available_timezones

from haicap.core.clock import ZONE

DAY = 86_400
# Vietnam has kept one offset since 13 June 1975; no dossier here is older.
OFFSET = 7 * 3600
# A sum of a day and a time that is far below any date is no date.
BAD = -(10**15)
FIRST_YEAR, LAST_YEAR = 1990, 2199
_EPOCH = date(1970, 1, 1).toordinal()
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_OTHER = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})")
_TIME = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]+)?)? ?(AM|PM|SA|CH)?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)


class Style(StrEnum):
    DMY = "dmy"
    MDY = "mdy"
    ISO = "iso"


def known_zone(name: str) -> bool:
    return name in available_timezones()


class _Days(dict[str, int]):
    """Text of a day → seconds from 1970 to its midnight on the wall; BAD for no day."""

    def __init__(self, style: Style) -> None:
        self._style = style

    def __missing__(self, text: str) -> int:
        found = _day(text, self._style)
        self[text] = seconds = BAD if found is None else (found.toordinal() - _EPOCH) * DAY
        return seconds


def _day(text: str, style: Style) -> date | None:
    iso = _ISO.fullmatch(text) or _COMPACT.fullmatch(text)
    other = None if iso or style is Style.ISO else _OTHER.fullmatch(text)
    if iso:
        year, month, day = map(int, iso.groups())
    elif other:
        first, second, year = map(int, other.groups())
        day, month = (first, second) if style is Style.DMY else (second, first)
    else:
        return None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


class _Times(dict[str, tuple[int, int | None]]):
    """Text of a time of day → (seconds since midnight or BAD, seconds that its own zone is ahead or None)."""

    def __missing__(self, text: str) -> tuple[int, int | None]:
        found = _TIME.fullmatch(text.strip().upper())
        self[text] = answer = _time(found) if found else (BAD, None)
        return answer


def _time(found: re.Match[str]) -> tuple[int, int | None]:
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    half, zone = found[4], found[5]
    if half:
        if not 1 <= hour <= 12:
            return BAD, None
        hour = hour % 12 + (12 if half in ("PM", "CH") else 0)
    if hour > 23 or minute > 59 or second > 59:
        return BAD, None
    ahead = None
    if zone:
        digits = zone.lstrip("+-").replace(":", "")
        ahead = 0 if zone == "Z" else int(digits[:2]) * 3600 + int(digits[2:]) * 60
        ahead = -ahead if zone.startswith("-") else ahead
    return hour * 3600 + minute * 60 + second, ahead


class Reader:
    """Texts → instants as seconds since 1970 in UTC. A day without a time is its midnight."""

    def __init__(self, style: Style, zone: str = "") -> None:
        self._days, self._times = _Days(style), _Times()
        self._zone = ZoneInfo(zone) if zone else ZONE
        self._fixed = {"UTC": 0, ZONE.key: OFFSET}.get(self._zone.key)

    def column(self, texts: Sequence[str]) -> tuple[list[int | None], set[int]]:
        """The instants (None for an empty cell, BAD for no date), and where only a day was given."""
        found: list[int | None] = []
        whole: set[int] = set()
        days, times, fixed = self._days, self._times, self._fixed
        for text in texts:
            if not text:
                found.append(None)
                continue
            head, space, tail = text.partition(" ")
            if not space and "T" in head:
                head, space, tail = text.partition("T")
            elif ":" in head:
                head, tail = tail, head
            day = days[head]
            if not tail:
                whole.add(len(found))
                seconds, ahead = 0, None
            else:
                seconds, ahead = times[tail]
            wall = day + seconds
            if ahead is None:
                ahead = fixed if fixed is not None or wall < 0 else self._ahead(wall)
            found.append(BAD if wall < 0 else wall - (ahead or 0))
        return found, whole

    def one(self, text: str) -> int | None:
        """The instant; None for an empty text or for no date."""
        (found,), _whole = self.column([text])
        return None if found == BAD else found

    def _ahead(self, wall: int) -> int:
        here = datetime.fromtimestamp(wall, UTC).replace(tzinfo=self._zone)
        return int((here.utcoffset() or timedelta()).total_seconds())


@dataclass(frozen=True)
class Evidence:
    """How the dates of a column can be read, counted in rows.

    `both`: as day/month and as month/day (`same`: of these, 05/05 and the like, which mean one day);
    `other`: no date at all.
    """

    iso: int = 0
    dmy: int = 0
    mdy: int = 0
    both: int = 0
    same: int = 0
    other: int = 0

    def __add__(self, more: "Evidence") -> "Evidence":
        return Evidence(
            self.iso + more.iso, self.dmy + more.dmy, self.mdy + more.mdy,
            self.both + more.both, self.same + more.same, self.other + more.other,
        )  # fmt: skip

    @property
    def is_date(self) -> bool:
        """Whether this column holds dates at all."""
        dates = self.iso + self.dmy + self.mdy + self.both
        return dates > 3 * self.other

    def settled(self) -> Style | None:
        """The style that needs no question: nothing reads both ways and all else reads one way."""
        if self.both > self.same or (self.dmy and self.mdy):
            return None
        if self.dmy or self.mdy:
            return Style.DMY if self.dmy else Style.MDY
        return Style.DMY if self.both else Style.ISO

    def fits(self, style: Style) -> bool:
        """Whether every date of the column can be read in this style."""
        wrong = {Style.DMY: self.mdy, Style.MDY: self.dmy, Style.ISO: self.dmy + self.mdy + self.both}
        return not wrong[style]


def evidence(heads: Mapping[str, int]) -> Evidence:
    """From the day parts of a column, each with how often it stands there."""
    found = Evidence()
    for text, rows in heads.items():
        found += _evidence(text, rows)
    return found


def _evidence(text: str, rows: int) -> Evidence:
    if _day(text, Style.ISO):
        return Evidence(iso=rows)
    dmy, mdy = _day(text, Style.DMY), _day(text, Style.MDY)
    if dmy and mdy:
        return Evidence(both=rows, same=rows if dmy == mdy else 0)
    return Evidence(dmy=rows) if dmy else Evidence(mdy=rows) if mdy else Evidence(other=rows)


def head(text: str) -> str:
    """The day part of a date with or without a time, whichever stands first."""
    first, space, rest = text.partition(" ")
    if not space and "T" in first:
        return first.partition("T")[0]
    return rest if ":" in first else first


class Stamps:
    """Instants → the text that both databases take: UTC, without a zone. Days and times are made once."""

    def __init__(self) -> None:
        self._days: dict[int, str] = {}
        self._times: dict[int, str] = {}

    def column(self, instants: Iterable[int | None]) -> list[str | None]:
        return [None if one is None else self.of(one) for one in instants]

    def of(self, instant: int) -> str:
        day, second = divmod(instant, DAY)
        date_text = self._days.get(day)
        if date_text is None:
            date_text = self._days[day] = date.fromordinal(day + _EPOCH).isoformat() + " "
        time_text = self._times.get(second)
        if time_text is None:
            time_text = self._times[second] = f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"
        return date_text + time_text


def local_day(instant: int) -> date:
    """The date on the wall in Vietnam."""
    return date.fromordinal((instant + OFFSET) // DAY + _EPOCH)
