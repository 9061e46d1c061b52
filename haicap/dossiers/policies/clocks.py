"""Whose time a dossier cost, and whose the lateness was: pure arithmetic over its status times.

Time is counted on working days only, whole days from midnight to midnight: who holds a dossier over a weekend
costs it nothing. 61 % of the overdue dossiers of one province were late by synchronisation alone (domain
§11), so the official figure and the attributable one stand side by side.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from haicap.core import clock

from ..states import Holder

Step = tuple[datetime, Holder]
"""since this instant (aware) the dossier lies in these hands, until the next step"""

NOTHING = timedelta()
DAY = timedelta(days=1)
# Where two held it equally long, the one that no office can help is named first.
_ORDER = (Holder.SYNC, Holder.OTHER, Holder.CITIZEN)


def working_time(start: datetime, end: datetime, is_working: Callable[[date], bool]) -> timedelta:
    """The time between two instants, without days on which nobody works. Nothing when end ≤ start."""
    here, last = clock.local(start), clock.local(end)
    spent = NOTHING
    while here < last:
        midnight = datetime.combine(here.date() + DAY, datetime.min.time(), here.tzinfo)
        until = min(midnight, last)
        if is_working(here.date()):
            spent += until - here
        here = until
    return spent


def spent(
    received: datetime, until: datetime, steps: Sequence[Step], is_working: Callable[[date], bool]
) -> dict[Holder, timedelta]:
    """Working time in each one's hands between the two instants; the unit holds it until a step says else.

    The sum is the working time between them, whatever the steps are.
    """
    found = dict.fromkeys(Holder, NOTHING)
    holder, since = Holder.UNIT, received
    for at, next_holder in sorted(steps, key=lambda step: step[0]):
        if at >= until:
            break
        if at > since:
            found[holder] += working_time(since, at, is_working)
            since = at
        holder = next_holder
    found[holder] += working_time(since, until, is_working)
    return found


def holder_at(at: datetime, steps: Sequence[Step]) -> Holder:
    """In whose hands it lies just before this instant."""
    holder = Holder.UNIT
    for since, next_holder in sorted(steps, key=lambda step: step[0]):
        if since >= at:
            break
        holder = next_holder
    return holder


def blame(
    received: datetime,
    due: datetime | None,
    finished: datetime | None,
    steps: Sequence[Step],
    is_working: Callable[[date], bool],
    now: datetime,
) -> Holder | None:
    """Who the lateness is attributed to; None without one, without a due date or without status times.

    Finished late: whose time, taken away alone, leaves no more than the term; of several the one that held it
    longest; if only all of them together would have made it, the longest of them; else the unit. Open and
    overdue: in whose hands it was when the term ended. The term is the working time from receipt to due.
    """
    if due is None or not steps:
        return None
    if finished is None:
        return holder_at(due, steps) if now > due else None
    if finished <= due:
        return None
    held = spent(received, finished, steps, is_working)
    term, total = working_time(received, due, is_working), sum(held.values(), NOTHING)
    others = [one for one in _ORDER if held[one] > NOTHING]
    alone = [one for one in others if total - held[one] <= term]
    if not alone and held[Holder.UNIT] > term:
        return Holder.UNIT
    return max(alone or others, key=lambda one: held[one], default=Holder.UNIT)
