"""A draft of a form in the grid of the officer. Typing is possible; nothing is kept."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from haicap.accounts.scopes import Grant, Scope, scope_in
from haicap.accounts.states import Role
from haicap.catalogue import gate
from haicap.catalogue import queries as catalogue
from haicap.catalogue.definitions import Form
from haicap.catalogue.drafts import queries as drafts
from haicap.catalogue.drafts.reading import read
from haicap.catalogue.drafts.schedule import first_window
from haicap.catalogue.queries import spoken
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.core.periods import Period
from haicap.units import queries as units
from haicap.units.queries import Place

from ..presenters import words
from ..presenters.grid import grid
from ..queries.preview import preview


@login_required
@never_cache
@require_safe
def draft(request: HttpRequest, draft_id: int) -> HttpResponse:
    """For those who may edit the draft; to everybody else it does not exist."""
    try:
        found = drafts.draft(scope_in(request), draft_id)
    except Refusal as refusal:
        raise Http404 from refusal
    reading = read(found.content, catalogue.current(), found.owner, found.base)
    period = reading.form.window or first_window(reading.form, clock.today())
    place = _somebody(reading.form, period, found.owner)
    report = preview(reading.form, reading.elements, place, period, words.lang())
    officer = Scope(0, "", (Grant(Role.COMMUNE_OFFICER, place.id, place.path),))
    context = {
        "draft": found,
        "grid": grid(report, officer, clock.now()),
        "place": place,
        "period": period,
        "problems": len(reading.problems),
        "instructions": spoken(reading.form.instructions, words.lang()),
    }
    return render(request, "reporting/preview.html", context)


def _somebody(form: Form, period: Period, owner: Place) -> Place:
    """The first unit that would owe it; while nobody would, the first below the owner, else the owner."""
    owing = gate.owing(form, period.last_day) or units.children(owner.id)
    return owing[0] if owing else owner
