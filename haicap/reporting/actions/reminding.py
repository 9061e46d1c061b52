"""The unsent are reminded by the working days of their regime; offices get one digest a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.urls import reverse

from haicap.accounts.states import Role
from haicap.audit.actions import Actor
from haicap.catalogue import calendar
from haicap.core import clock
from haicap.notify import actions as notify
from haicap.notify.actions import Outgoing, Seats

from ..permissions import responsible
from ..policies import timing
from ..policies.timing import Timeliness
from ..queries.outstanding import Owed, outstanding
from ..states import State

SOON_WORKING_DAYS = 3
PERIODS_BACK = 3
LISTED = 8


def remind_due(*, by: Actor | str, now: datetime | None = None) -> int:
    """Tell whoever has not sent, and the offices; returns how many notices were new.

    Each reminder has a key of its own (regime, window, unit, day of the rule), so the same one is never told
    twice, and after a standstill only the latest that is due is told.
    """
    at = now or clock.now()
    owed = outstanding(at, back=PERIODS_BACK)
    items = [item for one in owed if (item := _reminder(one, at)) is not None]
    return notify.send_many(by=by, items=[*items, *_digests(owed, at)])


def _reminder(one: Owed, now: datetime) -> Outgoing | None:
    offset = timing.reminder_due(one.form, one.deadline, now)
    how = one.timeliness(now)
    # sent back after it came in time: the return has been told, and late it is not
    if offset is None or (one.state is State.RETURNED and calendar.is_late(now, one.deadline)):
        return None
    left = timing.working_days_left(one.deadline, now)
    code = "report.reminder" if left else "report.due_today"
    if how in (Timeliness.OVERDUE, Timeliness.LATE):
        code = "report.late"
    own = responsible(one.place)
    return Outgoing(
        code=code,
        key=f"remind:{one.form.code}:{one.period.key}:{one.place.id}:{offset}",
        to=(Seats(own.id, Role.COMMUNE_OFFICER), Seats(own.id, Role.COMMUNE_LEADER)),
        params={
            "form": one.form.code,
            "period": one.period.key,
            "rule": one.period.rule.value,
            "deadline": one.deadline.isoformat(),
            "n": left,
        },
        link=reverse("reporting:report", args=[one.form.code, one.period.key, one.place.code]),
        unit_id=one.place.id,
    )


def _digests(owed: Iterable[Owed], now: datetime) -> Iterator[Outgoing]:
    """One per office and working day with something to say; counts, and the sheets that they come from."""
    today = timing.today(now)
    if not calendar.is_working(today):
        return
    near = timing.soon(now, SOON_WORKING_DAYS)
    counts: dict[int, dict[tuple[str, str, str], Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for one in owed:
        how, office = one.timeliness(now), responsible(one.place).parent_id
        late = how is Timeliness.OVERDUE
        if office is None or not (late or (how is Timeliness.WAITING and one.deadline < near)):
            continue
        sheet = (one.form.code, one.period.key, one.period.rule.value)
        counts[office][sheet]["late" if late else "soon"] += 1
    for office, sheets in counts.items():
        total = sum(sheets.values(), Counter())
        yield Outgoing(
            code="reports.digest",
            key=f"digest:{office}:{today.isoformat()}",
            to=(Seats(office, Role.PROVINCE_OFFICE),),
            params={
                "day": today.isoformat(),
                "late": total["late"],
                "soon": total["soon"],
                "n": SOON_WORKING_DAYS,
                "sheets": [
                    {"form": form, "period": key, "rule": rule, "late": n["late"], "soon": n["soon"]}
                    # the latest windows; older debts are counted and stand on the board
                    for (form, key, rule), n in list(sheets.items())[: -LISTED - 1 : -1]
                ],
            },
            link=reverse("reporting:timeliness"),
            unit_id=office,
        )
