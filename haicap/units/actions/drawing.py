"""A layout on demand: asked for by a reader, computed by the worker, with its progress in the database."""

import time
from datetime import timedelta

from django.db import transaction

from haicap.audit.actions import Actor, record
from haicap.core import clock
from haicap.units import queries
from haicap.units.actions.layouts import make_layout
from haicap.units.models import Drawing

# A drawing that has not moved for so long was cut off; the next reader may ask again.
STALE = timedelta(minutes=2)
SECONDS_BETWEEN = 0.7


@transaction.atomic
def ask_drawing(*, by: Actor | str, owner_id: int) -> bool:
    """True when the layout now has to be computed; False when it is there or under way.

    Refusal unit.unknown.
    """
    owner = queries.by_id(owner_id)
    if queries.layout(owner.id) is not None:
        return False
    now = clock.now()
    drawing, made = Drawing.objects.get_or_create(
        owner_id=owner.id, defaults={"asked_at": now, "moved_at": now}
    )
    if not made and now - drawing.moved_at < STALE:
        return False
    if not made:
        Drawing.objects.filter(pk=drawing.pk).update(share=0.0, asked_at=now, moved_at=now)
    record(by=by, action="units.drawing_asked", object=f"unit:{owner.id}")
    return True


def draw(*, by: Actor | str, owner_id: int) -> None:
    """Compute and store the layout. Bears being run twice: the same layout is the same version."""
    told = 0.0

    def progress(share: float) -> None:
        nonlocal told
        # one short write now and then: the deadline hour needs the write lock more than this bar does
        if time.monotonic() - told > SECONDS_BETWEEN:
            told = time.monotonic()
            Drawing.objects.filter(owner_id=owner_id).update(share=share, moved_at=clock.now())

    try:
        make_layout(by=by, owner_id=owner_id, progress=progress)
    finally:
        Drawing.objects.filter(owner_id=owner_id).delete()
