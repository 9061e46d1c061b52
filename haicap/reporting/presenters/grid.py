"""The grid of one report: its rows, what stands in the way, and who may do what now."""

import uuid
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext

from haicap.accounts import queries as accounts
from haicap.accounts.queries import Seat
from haicap.accounts.scopes import Scope
from haicap.accounts.states import ROLE_NAMES, Role
from haicap.core import numbers, periods
from haicap.core.periods import Kind, Period
from haicap.ui import charts, wording
from haicap.ui.svg import Svg

from .. import permissions
from ..actions import CellResult
from ..policies import timing, workflow
from ..policies.checks import Issue, Weight
from ..queries import CellDetail, ReportDetail, SectionDetail, SentBack, hands
from ..states import FACTS, Act, State
from . import words
from .rows import Message, Row, row


@dataclass(frozen=True, slots=True)
class Block:
    """A section with its lines; `sign` is the icon of its count."""

    code: str
    label: str
    rows: tuple[Row, ...]
    count: str
    sign: str
    sign_words: str


class Sent(NamedTuple):
    """What came with a request that is answered with the page: per element."""

    answers: Mapping[str, CellResult]
    typed: Mapping[str, str]
    reasons: Mapping[str, str]

    def of(self, element: str) -> tuple[CellResult | None, str | None, str]:
        return self.answers.get(element), self.typed.get(element), self.reasons.get(element, "")


@dataclass(frozen=True, slots=True)
class Review:
    """One thing to look at again."""

    kind: str
    title: str
    element: str
    label: str
    text: str


@dataclass(frozen=True)
class Grid:
    """`missing`: what keeps the report from being handed on, "" when nothing does; `first`: where to go."""

    report: ReportDetail
    blocks: tuple[Block, ...]
    review: tuple[Review, ...]
    whole: tuple[Message, ...]
    missing: str
    first: str
    can: Mapping[str, bool]
    state: str
    left: str
    due: str
    saved: str
    previous_label: str
    this_label: str
    people: tuple[tuple[str, str], ...]
    filled: str
    meter: Svg
    unit: str
    key: str
    lang: str


def grid(
    report: ReportDetail,
    scope: Scope,
    now: datetime,
    results: Mapping[str, CellResult] | None = None,
    typed: Mapping[str, str] | None = None,
    reasons: Mapping[str, str] | None = None,
) -> Grid:
    """`results`: the answers to a save just made; `typed`, `reasons`: what the browser sent with it."""
    lang, sent = words.lang(), Sent(results or {}, typed or {}, reasons or {})
    cells = {cell.element: cell for section in report.sections for cell in section.cells}
    names = _names(report, cells, sent.answers)
    usual = Counter(cell.unit for cell in cells.values()).most_common(1)[0][0] if cells else ""
    counts = Counter(issue.weight for issue in report.blocking)
    return Grid(
        report=report,
        blocks=tuple(_block(section, names, lang, sent, usual) for section in report.sections),
        review=tuple(_review(issue, cells) for issue in report.blocking if issue.weight is not Weight.EMPTY),
        whole=tuple(_of_whole(report, names)),
        missing=_missing(counts, lang),
        first=next((issue.element for issue in report.blocking if issue.element), ""),
        can=_may(report, scope),
        state=words.state(report.state, bool(report.sent_back and report.sent_back.act is Act.REOPEN)),
        left=words.left(report.deadline, report.submitted, now),
        due=words.due(report.deadline),
        saved=_saved(cells),
        previous_label=column(periods.shift(report.period, -1), lang),
        this_label=column(report.period, lang),
        people=tuple(_people(report, cells, names)),
        filled=gettext("%(filled)s/%(total)s ô đã điền") % _count(report.filled, report.total, lang),
        meter=charts.meter(report.filled / max(1, report.total)),
        unit=str(wording.unit(usual)),
        key=uuid.uuid4().hex,
        lang=lang,
    )


def column(period: Period, lang: str) -> str:
    """The head of a column: without the year where the name stays clear."""
    label = periods.label(period, lang)
    return label.split("/")[0] if lang == "vi" and period.kind in (Kind.MONTH, Kind.QUARTER) else label


def _names(
    report: ReportDetail, cells: Mapping[str, CellDetail], answers: Mapping[str, CellResult]
) -> dict[str, str]:
    typists = {cell.changed_by for cell in cells.values()} | {answer.by for answer in answers.values()}
    back = {report.sent_back.by} if report.sent_back else set()
    return words.names(typists | back | {report.ready_by, report.submitted_by, report.accepted_by})


def _count(filled: int, total: int, lang: str) -> dict[str, str]:
    return {"filled": numbers.format(filled, lang), "total": numbers.format(total, lang)}


def _block(
    section: SectionDetail,
    names: Mapping[str, str],
    lang: str,
    sent: Sent,
    usual: str,
) -> Block:
    lines = tuple(row(cell, names, lang, *sent.of(cell.element), usual) for cell in section.cells)
    sign, said = "", ""
    if section.worst is Weight.HARD:
        sign, said = "error", gettext("có lỗi")
    elif section.worst is Weight.SOFT:
        sign, said = "warn", gettext("cần xác nhận")
    elif section.filled == len(section.cells):
        sign, said = "check", gettext("đủ")
    count = _count(section.filled, len(section.cells), lang)
    return Block(section.code, section.label, lines, f"{count['filled']}/{count['total']}", sign, said)


def _review(issue: Issue, cells: Mapping[str, CellDetail]) -> Review:
    cell = cells.get(issue.element)
    title = gettext("Lỗi phải sửa") if issue.weight is Weight.HARD else gettext("Cần xác nhận")
    label = f"{cell.number} {cell.label}" if cell else gettext("Toàn báo cáo")
    return Review(issue.weight.value, title, issue.element, label, issue.message)


def _of_whole(report: ReportDetail, names: Mapping[str, str]) -> list[Message]:
    found = [
        Message("note" if issue.note else issue.weight.value, issue.message, check=issue.check)
        for issue in report.issues
        if not issue.element
    ]
    if report.returned:
        head, foot = _sent_back(report.sent_back, names)
        found.insert(0, Message("returned", report.returned, head=head, foot=foot))
    return found


def _sent_back(one: SentBack | None, names: Mapping[str, str]) -> tuple[str, str]:
    """What kind of reason it is, and who signed it, in which position and when."""
    heads = {
        Act.HAND_BACK: gettext("Lý do đưa về bước nhập:"),
        Act.REOPEN: gettext("Lý do mở lại:"),
    }
    if one is None:
        return gettext("Lý do trả lại:"), ""
    role = str(ROLE_NAMES[Role(one.role)]) if one.role in set(Role) else ""
    signed = ", ".join(part for part in (names.get(one.by, ""), role, words.moment(one.at)) if part)
    return heads.get(one.act, gettext("Lý do trả lại:")), signed


def _missing(counts: Mapping[Weight, int], lang: str) -> str:
    parts = [
        words % {"n": numbers.format(counts[weight], lang)}
        for weight, words in (
            (Weight.HARD, gettext("%(n)s lỗi")),
            (Weight.SOFT, gettext("%(n)s ô cần xác nhận")),
            (Weight.EMPTY, gettext("%(n)s ô trống")),
        )
        if counts.get(weight)
    ]
    return gettext("Chưa gửi được: còn %(what)s") % {"what": ", ".join(parts)} if parts else ""


def _may(report: ReportDetail, scope: Scope) -> dict[str, bool]:
    may = {
        act.value: workflow.can_step(report.state, act) and permissions.can(scope, act, report.place)
        for act in Act
    }
    if may["accept"] and report.id is not None:
        may["accept"] = workflow.can_accept(scope.ref, hands(report.id))
    # A report that has never been opened has no draft to hand on, but it can be filled.
    may["say_ready"] = may["say_ready"] or (report.id is None and may["fill"])
    return may


def _saved(cells: Mapping[str, CellDetail]) -> str:
    last = max((cell.changed_at for cell in cells.values() if cell.changed_at), default=None)
    return gettext("Đã lưu lúc %(time)s") % {"time": words.recent(last)} if last else ""


def _people(
    report: ReportDetail, cells: Mapping[str, CellDetail], names: Mapping[str, str]
) -> list[tuple[str, str]]:
    """Who did it, or who is to do it."""
    seats = accounts.seats_in([report.place.id])
    typed = [cell for cell in cells.values() if cell.changed_at]
    last = max(typed, key=lambda cell: cell.changed_at or report.deadline, default=None)
    sent = report.state in FACTS or report.cycle > 0
    return [
        (gettext("Nhập số"), names[last.changed_by] if last else _seat(seats, Role.COMMUNE_OFFICER)),
        (
            gettext("Gửi"),
            names.get(report.submitted_by, "") if sent else _seat(seats, Role.COMMUNE_LEADER),
        ),
        (gettext("Duyệt"), names.get(report.accepted_by, "") or gettext("Văn phòng điều phối của tỉnh")),
        *_lock(report),
    ]


def _lock(report: ReportDetail) -> list[tuple[str, str]]:
    """Until when an accepted report may still be reopened without having been locked."""
    if report.state is not State.ACCEPTED or report.accepted_at is None:
        return []
    at = timing.locks_at(report.form, report.deadline, report.accepted_at)
    return [(gettext("Tự khóa"), words.moment(at))] if at is not None else []


def _seat(seats: list[Seat], role: Role) -> str:
    return next((seat.name for seat in seats if seat.role is role), gettext("Chưa có người"))
