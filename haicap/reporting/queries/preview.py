"""A form that is not published yet, as the officer of one commune would see it."""

from collections.abc import Mapping

from haicap.catalogue.queries import Element, Form
from haicap.core.periods import Period
from haicap.units.queries import Place

from ..policies.checks import Case
from .casefile import CaseFile
from .detail import ReportDetail, shown


def preview(
    form: Form, elements: Mapping[str, Element], place: Place, period: Period, lang: str
) -> ReportDetail:
    """Blank: nothing is read and nothing can be stored. `elements` also has those declared with the form."""
    return shown(None, form, place, period, CaseFile(Case(form, elements, {}, lang=lang)))
