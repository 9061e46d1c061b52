"""What /heatmap and /series share: the figure and the period asked, and how both are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from haicap.api.open.v1.figures import number
from haicap.catalogue.queries import Catalogue, Indicator
from haicap.core import periods
from haicap.core.errors import Refusal
from haicap.core.languages import known
from haicap.core.periods import Period
from haicap.insight.asked import period_asked
from haicap.insight.boards import SCORE
from haicap.insight.freshness import made_at
from haicap.insight.readings import Reading
from haicap.insight.scores import Score
from haicap.units.places import Place
from haicap.warehouse.store import Snapshot

SCORE_UNIT = "điểm"


def indicator_of(code: str, catalogue: Catalogue) -> Indicator | None:
    """None is the score. Refusal indicator.unknown."""
    if code == SCORE:
        return None
    found = catalogue.indicators.get(code)
    if found is None:
        raise Refusal("indicator.unknown", _("Không có chỉ tiêu mang mã này."), place="indicator")
    return found


def period_of(key: str | None, indicator: Indicator | None, *, parameter: str) -> Period:
    with periods_at(parameter):
        return period_asked(key or "", indicator)


@contextmanager
def periods_at(parameter: str) -> Iterator[None]:
    """Refusals about periods get the parameter that carried the key as their place."""
    try:
        yield
    except Refusal as refusal:
        if refusal.code.startswith("period.") and not refusal.place:
            refusal.place = parameter
        raise


def name_of(place: Place) -> str:
    """The full name; in other languages than Vietnamese the English one, which is written without marks."""
    return place.full_name if known(get_language()) == "vi" else place.name_en or place.full_name


def unit_of(indicator: Indicator | None, catalogue: Catalogue) -> str:
    lang = known(get_language())
    return catalogue.unit_name(indicator.unit if indicator else SCORE_UNIT, lang)


def period(of: Period) -> dict[str, Any]:
    return {
        "key": of.key,
        "kind": of.kind,
        "rule": of.rule,
        "first_day": of.start,
        "last_day": of.last_day,
        "name": periods.label(of, known(get_language())),
    }


def snapshot(of: Snapshot) -> dict[str, Any]:
    return {"id": of.id, "made_at": made_at(of), "warning": of.warning}


def figure(of: Reading | Score) -> dict[str, Any]:
    """Value, band and why; a score has points and no fraction."""
    reading = of if isinstance(of, Reading) else None
    return {
        "value": number(of.value),
        "numerator": number(reading.numerator) if reading else None,
        "denominator": number(reading.denominator) if reading else None,
        "band": of.band,
        "reason": reading.reason if reading else ("" if of.value is not None else of.band.value),
        "provisional": of.provisional,
        "grade": reading.grade if reading else "",
    }
