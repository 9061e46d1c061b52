"""Received and silent: by commune with the receiver of the alarm, or the dossiers of one commune."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.accounts import queries as accounts
from haicap.accounts.states import Role
from haicap.catalogue import calendar
from haicap.core import clock, numbers

from ..permissions import responsible
from ..presenters import silence as words
from ..presenters.tables import Table, lang
from ..queries import silence as queries
from ..signals import rules
from ..signals.rules import Rules
from .asked import Asked, asked
from .frame import frame


@login_required
@never_cache
@require_safe
def silence(request: HttpRequest) -> HttpResponse:
    what, in_force = asked(request), rules.in_force()
    if in_force is None:
        return render(request, "dossiers/silence.html", frame(what, "silence", without_rules=True))
    context = frame(
        what,
        "silence",
        table=lines(what, in_force) if what.single else communes(what, in_force),
        share=numbers.format(in_force.silence_share, lang()),
        proposal=in_force.basis["silence"]["kind"] == rules.PROPOSAL,
        blind=[one.name for one in what.sources.values() if not one.has_steps],
    )
    if what.single:
        context["receiver"] = words.receiver(_seats(what).get(what.chosen[0].id))
    return render(request, "dossiers/silence.html", context)


def communes(what: Asked, in_force: Rules) -> Table:
    today = clock.local(what.now).date()
    found = queries.silences(what.unit_ids, today, in_force.silence_share, calendar.workdays())
    rows = words.communes(found.values(), what.by_id, _seats(what), reverse("dossiers:silence"))
    return Table("im-lang", gettext("Hồ sơ im lặng, theo xã"), words.commune_columns(), rows)


def lines(what: Asked, in_force: Rules) -> Table:
    """All of them: a commune has a few, and whoever is told of them must see each one."""
    today, days = clock.local(what.now).date(), calendar.workdays()
    found = list(queries.silent(what.unit_ids, today, in_force.silence_share, days))
    rows = words.lines(found, what.names, today, days)
    return Table("im-lang", gettext("Hồ sơ im lặng"), words.line_columns(), rows)


def _seats(what: Asked) -> dict[int, accounts.Seat]:
    """Commune → who holds its leader's seat today. One query."""
    own = {one.id: responsible(one).id for one in what.chosen}
    held = {seat.unit_id: seat for seat in accounts.seats_in(own.values(), Role.COMMUNE_LEADER)}
    return {unit: held[answers] for unit, answers in own.items() if answers in held}
