"""How a report went: in time or late, sent back, accepted, still waiting, never sent."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from haicap.config.demo.chance import uniform
from haicap.config.demo.figures import Setting, strength
from haicap.config.demo.profile import Profile
from haicap.core.clock import ZONE
from haicap.reporting.actions.importrows import (
    ImportedCell,
    ImportedReport,
    ImportedReturn,
    ImportedStep,
    Signed,
)
from haicap.reporting.states import State

REASONS = (
    "Số không khớp với hệ thống một cửa, đề nghị kiểm tra lại.",
    "Số tăng quá nhanh so với kỳ trước, đề nghị giải thích.",
    "Tử số và mẫu số có thể bị nhầm chỗ.",
)
SATURDAY = 5
NO_FIGURE = "Hệ thống nguồn bị gián đoạn, chưa lấy được số."


@dataclass(frozen=True)
class Hands:
    """References of the three people a report passes through."""

    officer: str
    leader: str
    office: str


@dataclass(frozen=True)
class Sheet:
    """`deadline` is the instant the report was due; `number` the version of the form does not matter here."""

    form: str
    deadline: datetime
    now: datetime


def life(
    sheet: Sheet, setting: Setting, hands: Hands, numbers: dict[str, Decimal], profile: Profile
) -> ImportedReport | None:
    """The report with its whole life, or None where it was never sent."""
    code, key = setting.place.code, setting.period.key
    weak = max(0.3, 1.0 - 0.6 * strength(setting, profile, None))
    chance = uniform("life", sheet.form, code, key)
    if chance < profile.lives["never_sent"] * weak:
        return None
    late = uniform("late", sheet.form, code, key) < profile.lives["late"] * weak
    sent = _sent(sheet, setting, late)
    if sent >= sheet.now:
        return None
    typed = Signed(
        sent - timedelta(days=1, minutes=50 * uniform("typed", sheet.form, code, key)), hands.officer
    )
    ready = Signed(sent - timedelta(hours=2), hands.officer)
    return _decided(
        sheet, setting, hands, numbers, profile, _Start(typed, ready, Signed(sent, hands.leader), weak)
    )


@dataclass(frozen=True)
class _Start:
    typed: Signed
    ready: Signed
    sent: Signed
    weak: float


def _next_day(at: datetime, minutes: float) -> datetime:
    """The same hour of the next day in office, some minutes later."""
    later = at + timedelta(days=1, minutes=minutes)
    while later.astimezone(ZONE).weekday() >= SATURDAY:
        later += timedelta(days=1)
    return later


def _sent(sheet: Sheet, setting: Setting, late: bool) -> datetime:
    """In office hours; most on the last two days, as everywhere."""
    chance = uniform("sent", sheet.form, setting.place.code, setting.period.key)
    days = 1 + int(5 * chance) if late else -int(4 * chance**2)
    day = sheet.deadline.astimezone(ZONE).date() + timedelta(days=days)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1 if late else -1)
    minutes = int(540 * uniform("minute", sheet.form, setting.place.code, setting.period.key))
    at = datetime.combine(day, time(7, 30), ZONE) + timedelta(minutes=minutes)
    return at if late else min(at, sheet.deadline - timedelta(minutes=1))


def _decided(
    sheet: Sheet, setting: Setting, hands: Hands, numbers: dict[str, Decimal], profile: Profile, start: _Start
) -> ImportedReport:
    code, key = setting.place.code, setting.period.key
    times = _times_returned(sheet, code, key, profile, start.weak)
    newest = setting.back == 0
    elements = list(numbers)
    doubted = elements[int(len(elements) * uniform("cell", sheet.form, code, key))]
    submissions, returns = [start.sent], []
    for cycle in range(1, times + 1):
        back_at = _next_day(submissions[-1].at, 10)
        again = _next_day(back_at, 25)
        if again >= sheet.now:
            break
        reason = REASONS[int(len(REASONS) * uniform("reason", sheet.form, code, key, cycle))]
        returns.append(ImportedReturn(cycle, doubted, reason, back_at, hands.office))
        submissions.append(Signed(again, hands.leader))
    cells = [
        _cell(element, numbers, start, returns, hands, doubted, sheet, code, key, profile)
        for element in elements
    ]
    accept_at = _next_day(submissions[-1].at, 50 * uniform("accept", sheet.form, code, key))
    waiting = newest and uniform("waiting", sheet.form, code, key) < profile.lives["waiting"]
    if newest and not returns and uniform("back", sheet.form, code, key) < profile.lives["sent_back"]:
        back_at = _next_day(start.sent.at, 15)
        returns = [ImportedReturn(1, doubted, REASONS[0], back_at, hands.office)]
        return _report(sheet, setting, State.RETURNED, start, cells, submissions, returns, None)
    if waiting or accept_at >= sheet.now:
        return _report(sheet, setting, State.SUBMITTED, start, cells, submissions, returns, None)
    accepted = Signed(accept_at, hands.office)
    return _report(sheet, setting, State.ACCEPTED, start, cells, submissions, returns, accepted)


def _times_returned(sheet: Sheet, code: str, key: str, profile: Profile, weak: float) -> int:
    chance = uniform("returned", sheet.form, code, key)
    if chance < profile.lives["returned_twice"] * weak:
        return 2
    return 1 if chance < profile.lives["returned_once"] * weak else 0


def _cell(
    element: str,
    numbers: dict[str, Decimal],
    start: _Start,
    returns: list[ImportedReturn],
    hands: Hands,
    doubted: str,
    sheet: Sheet,
    code: str,
    key: str,
    profile: Profile,
) -> ImportedCell:
    number = numbers[element]
    if returns and element == doubted:
        # before the return a slip stood here; a part stays a part, so it can only have been too small
        wrong = Decimal(int(number * Decimal("0.6")))
        mended = returns[-1].at + timedelta(hours=4)
        steps = (
            ImportedStep(start.typed.at, hands.officer, wrong),
            ImportedStep(mended, hands.officer, number, cycle=returns[-1].cycle, why=returns[-1].reason),
        )
        return ImportedCell(element, number, steps=steps)
    if uniform("gap", sheet.form, code, key, element) < profile.lives["no_figure"]:
        return ImportedCell(element, None, NO_FIGURE)
    return ImportedCell(element, number)


def _report(
    sheet: Sheet,
    setting: Setting,
    state: State,
    start: _Start,
    cells: list[ImportedCell],
    submissions: list[Signed],
    returns: list[ImportedReturn],
    accepted: Signed | None,
) -> ImportedReport:
    return ImportedReport(
        unit_id=setting.place.id,
        form=sheet.form,
        period=setting.period.key,
        state=state,
        typed=start.typed,
        cells=cells,
        ready=start.ready if not returns else None,
        submissions=submissions,
        returns=returns,
        accepted=accepted,
    )
