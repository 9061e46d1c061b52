"""From the address to what is asked: items, periods and units, each as dimension or as filter."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from haicap.api.dhis2.analytics import items, orgunits, times
from haicap.api.dhis2.analytics.errors import refused
from haicap.api.dhis2.analytics.items import ElementItem, IndicatorItem, Item, RateItem
from haicap.api.dhis2.doors import Ask
from haicap.api.dhis2.messages import bad_parameter
from haicap.api.dhis2.naming import Names
from haicap.api.dhis2.records import Schemes, scheme_of
from haicap.catalogue.queries import Catalogue
from haicap.core import clock
from haicap.core.periods import Period
from haicap.units.places import Place

DATA, PERIOD, UNIT, COMBO, ATTRIBUTE = "dx", "pe", "ou", "co", "ao"
KNOWN = (DATA, PERIOD, UNIT, COMBO, ATTRIBUTE)
# They would change figures; to leave them out without a word would be a wrong answer.
UNSUPPORTED = (
    "measureCriteria",
    "preAggregationMeasureCriteria",
    "approvalLevel",
    "timeField",
    "userOrgUnit",
    "columns",
    "rows",
    "relativePeriodDate",
)


@dataclass
class Question:
    """`filters`: dimensions that narrow the answer and do not appear in it; the order of `columns` is that of
    the address."""

    items: list[Item] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    between: tuple[date, date] | None = None
    places: list[Place] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)
    splits: set[str] | None = None
    attributions: set[str] | None = None
    relative: dict[str, list[str]] = field(default_factory=dict)

    @property
    def asked(self) -> list[str]:
        return self.columns + self.filters


def read(ask: Ask, catalogue: Catalogue) -> Question:
    """WebMessageError 409 with E71xx for what cannot be answered."""
    for name in UNSUPPORTED:
        if name in ask.query:
            raise refused("E7135", name)
    if ask.text("aggregationType", "DEFAULT").upper() != "DEFAULT":
        raise refused("E7135", "aggregationType")
    given, question = _dimensions(ask)
    names = Names(catalogue, Schemes(scheme_of(ask.text("inputIdScheme")) or "UID"))
    question.items = items.read(given[DATA], names)
    question.places = orgunits.read(given[UNIT], names, ask)
    if PERIOD in given:
        question.periods, question.relative = times.read(given[PERIOD], clock.today())
    else:
        question.between = times.between(ask.text("startDate"), ask.text("endDate"))
    if COMBO in given:
        question.splits = _combos(given[COMBO], names)
    if ATTRIBUTE in given:
        question.attributions = _combos(given[ATTRIBUTE], names)
    _check(question)
    return question


def _dimensions(ask: Ask) -> tuple[dict[str, list[str]], Question]:
    question, given = Question(), {}
    for parameter, kept in (("dimension", question.columns), ("filter", question.filters)):
        for text in ask.query.getlist(parameter):
            name, _colon, rest = text.strip().partition(":")
            if name not in KNOWN:
                raise refused("E7125", name[:80])
            if name in kept:
                raise refused("E7111", name)
            if name in given:
                raise refused("E7103", name)
            kept.append(name)
            given[name] = [one.strip() for one in rest.split(";") if one.strip()]
    if not question.columns:
        raise refused("E7101")
    if not given.get(DATA):
        raise refused("E7102")
    dated = bool(ask.text("startDate") or ask.text("endDate"))
    if PERIOD in given and dated:
        raise refused("E7105")
    if not dated and not given.get(PERIOD):
        raise refused("E7104")
    if not given.get(UNIT):
        raise refused("E7143", "ou")
    return given, question


def _combos(given: list[str], names: Names) -> set[str]:
    """Our codes; nothing named is every combination."""
    found = {}
    for name in given:
        found[name] = names.split(name)
    unknown = [name for name, code in found.items() if code is None]
    if unknown:
        raise refused("E7124", ", ".join(unknown)[:200])
    return {code for code in found.values() if code is not None}


def _check(question: Question) -> None:
    rates = [one for one in question.items if isinstance(one, RateItem)]
    indicators = [one for one in question.items if isinstance(one, IndicatorItem)]
    if DATA in question.filters:
        if len(indicators) > 1:
            raise refused("E7108")
        if len(rates) > 1:
            raise refused("E7109")
        if len(question.items) > 1:
            raise refused("E7135", "several items as filter")
    if COMBO in question.filters or ATTRIBUTE in question.filters:
        raise refused("E7110")
    divided = COMBO in question.columns or ATTRIBUTE in question.columns
    if rates and divided:
        raise refused("E7112", "[DATA_X, PERIOD, ORGANISATION_UNIT]")
    if rates and question.between:
        raise refused("E7107")
    if indicators and divided:
        raise refused("E7135", "co or ao together with indicators")
    for one in question.items:
        if isinstance(one, ElementItem) and not one.addable:
            raise refused("E7115", one.name)


def display_of(ask: Ask) -> str:
    found = ask.text("displayProperty", "NAME").upper()
    if found not in ("NAME", "SHORTNAME"):
        raise bad_parameter("displayProperty", found, "NAME or SHORTNAME")
    return found
