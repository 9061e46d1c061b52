"""Received and silent: the leader of the commune is told, once for each new heap. No alarm without a
receiver: a notice that finds nobody is kept and shown to the office."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.urls import reverse

from haicap.accounts.states import Role
from haicap.audit.actions import Actor
from haicap.catalogue import calendar
from haicap.core import clock
from haicap.notify import actions as notify
from haicap.notify.actions import Outgoing, Seats
from haicap.units import queries as units

from ..models import Source
from ..permissions import responsible
from ..policies.timing import day_of
from ..queries.silence import silences
from ..signals import rules

#: what a dissolved commune left open is told to the leader of its heir, for about a year
ENDED_BACK = timedelta(days=400)


def alarm(*, by: Actor | str, now: datetime | None = None) -> int:
    """Tell the leaders about dossiers that have become silent; returns how many notices are new.

    The key names the newest day of silence, so a heap that did not grow is not told again."""
    in_force = rules.in_force()
    today = day_of(now or clock.now())
    days = calendar.workdays()
    if in_force is None or not days.is_working(today):
        return 0
    owners = set(Source.objects.filter(has_steps=True).values_list("owner_id", flat=True))
    seen = {one for owner in owners for one in units.ever_under(owner, today - ENDED_BACK)}
    found = silences(seen, today, in_force.silence_share, days)
    items = []
    for one in found.values():
        place = units.by_id(one.unit_id)
        items.append(
            Outgoing(
                code="dossiers.silent",
                key=f"dossiers.silent:{one.unit_id}:{one.newest.isoformat()}",
                to=(Seats(responsible(place).id, Role.COMMUNE_LEADER),),
                params={"n": one.n},
                link=f"{reverse('dossiers:silence')}?xa={place.code}",
                unit_id=one.unit_id,
            )
        )
    return notify.send_many(by=by, items=items)
