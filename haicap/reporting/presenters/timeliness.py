"""The timeliness board: who is late, who may become late, how it was; on the page and in files alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext

from haicap.catalogue.queries import Form, spoken
from haicap.core import numbers, periods
from haicap.core.periods import Period
from haicap.tables.values import Value

from ..policies import timing
from ..policies.timing import Timeliness
from ..queries.outstanding import Owed
from ..queries.timeliness import History, HistoryRow, Tally
from ..states import State
from . import words
from .lists import address

MARKS = {
    Timeliness.ON_TIME: "check",
    Timeliness.LATE: "clock",
    Timeliness.OVERDUE: "error",
    Timeliness.WAITING: "same",
}


@dataclass(frozen=True, slots=True)
class OwedLine:
    place: str
    href: str
    title: str
    period: str
    state: str
    due: str
    left: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One cell of the history: a sign and a word, never a colour alone."""

    icon: str
    word: str


@dataclass(frozen=True, slots=True)
class HistoryLine:
    place: str
    code: str
    marks: tuple[Mark | None, ...]
    tally: Tally
    rate: str


def late(owed: Sequence[Owed], now: datetime) -> list[Owed]:
    """The deadline has passed and nothing came: the latest deadline first, where most can still be done."""
    found = [one for one in owed if one.timeliness(now) is Timeliness.OVERDUE]
    return sorted(found, key=lambda one: one.deadline, reverse=True)


def at_risk(owed: Sequence[Owed], now: datetime, working_days: int) -> list[Owed]:
    """Not sent and due within n working days, or sent back: a new version that comes late makes it late."""
    near = timing.soon(now, working_days)
    return [
        one
        for one in owed
        if one.timeliness(now) is not Timeliness.OVERDUE
        and (one.state is State.RETURNED or (one.submitted is None and one.deadline < near))
    ]


def owed_lines(owed: Sequence[Owed], now: datetime) -> list[OwedLine]:
    lang = words.lang()
    return [
        OwedLine(
            place=one.place.full_name,
            href=address(one.form.code, one.period, one.place),
            title=spoken(one.form.labels, lang),
            period=periods.label(one.period, lang),
            state=words.state(one.state, one.reopened),
            due=words.due(one.deadline),
            left=words.left(one.deadline, one.submitted, now),
        )
        for one in owed
    ]


def history_lines(found: History) -> list[HistoryLine]:
    """With one form the marks of its periods; over several forms the counts alone."""
    single = len({form.code for form, _period in found.sheets}) == 1
    return [
        HistoryLine(
            place=row.place.full_name,
            code=row.place.code,
            marks=tuple(_mark(row, sheet) for sheet in found.sheets) if single else (),
            tally=row.tally,
            rate=percent(row.tally.rate),
        )
        for row in found.rows
    ]


def _mark(row: HistoryRow, sheet: tuple[Form, Period]) -> Mark | None:
    how = row.marks.get((sheet[0].code, sheet[1].key))
    return Mark(MARKS[how], str(words.TIMELINESS[how])) if how is not None else None


def heads(found: History) -> list[str]:
    lang = words.lang()
    if len({form.code for form, _period in found.sheets}) != 1:
        return []
    return [periods.label(period, lang) for _form, period in found.sheets]


def percent(rate: Decimal | None) -> str:
    return f"{numbers.format(rate, words.lang(), 1)} %" if rate is not None else "–"


def window(found: History) -> str:
    """ "15/4/2026 – 14/10/2026": the days that the history covers, first and last inclusive."""
    if not found.sheets:
        return ""
    first = min((period for _form, period in found.sheets), key=lambda one: one.start)
    last = max((period for _form, period in found.sheets), key=lambda one: one.end)
    begin = periods.window_label(first, words.lang()).split(" – ")[0]
    return f"{begin} – {periods.window_label(last, words.lang()).split(' – ')[-1]}"


def owed_header() -> list[str]:
    return [
        gettext("Mã đơn vị"),
        gettext("Đơn vị"),
        gettext("Mã mẫu"),
        gettext("Mẫu"),
        gettext("Kỳ"),
        gettext("Trạng thái"),
        gettext("Hạn nộp"),
        gettext("So với hạn"),
    ]


def owed_rows(owed: Sequence[Owed], now: datetime) -> Iterator[list[Value]]:
    for one, line in zip(owed, owed_lines(owed, now), strict=True):
        how = str(words.TIMELINESS[one.timeliness(now)])
        at = words.moment(one.deadline)
        yield [one.place.code, line.place, one.form.code, line.title, one.period.key, line.state, at, how]


def history_header() -> list[str]:
    return [
        gettext("Mã đơn vị"),
        gettext("Đơn vị"),
        gettext("Phải nộp"),
        gettext("Đúng hạn"),
        gettext("Trễ hạn"),
        gettext("Quá hạn"),
        gettext("Chưa đến hạn"),
        gettext("Tỷ lệ đúng hạn (%)"),
    ]


def history_rows(found: History) -> Iterator[list[Value]]:
    for row in found.rows:
        yield [row.place.code, row.place.full_name, *_counts(row.tally)]
    if found.rows:
        yield ["", gettext("Cộng"), *_counts(found.total)]


def _counts(tally: Tally) -> list[Value]:
    rate = tally.rate
    shown = None if rate is None else rate.quantize(Decimal("0.1"))
    return [tally.expected, tally.on_time, tally.late, tally.missing, tally.waiting, shown]
