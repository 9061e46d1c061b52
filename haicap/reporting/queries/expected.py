"""Who owes a form for a period."""

from haicap.catalogue.queries import Form
from haicap.core.periods import Period
from haicap.units import queries as units
from haicap.units.queries import Place

from ..policies import workflow


def expected(form: Form, period: Period) -> tuple[Place, ...]:
    """Units of the obliged kinds under the form's owner that existed at the close of the window, by code."""
    root = units.country().id if form.owner_unit_id is None else form.owner_unit_id
    ids = units.subtree_ids(root, period.last_day)
    places = (place for place in units.by_ids(ids).values() if workflow.is_obliged(form, place, period))
    return tuple(sorted(places, key=lambda place: place.code))
