"""Which stored values a reader asks for: data sets, elements, periods or days, units."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from haicap.api.dhis2 import periodids
from haicap.api.dhis2.doors import Ask
from haicap.api.dhis2.messages import WebMessageError, bad_parameter
from haicap.api.dhis2.naming import Names
from haicap.catalogue.queries import Element, Form
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.units import queries as units
from haicap.units.places import Place

T = TypeVar("T")
WORDS = {
    "E2001": "At least one data element, data set or data element group must be specified",
    "E2002": "At least one period, start/end dates, last updated or last updated duration must be specified",
    "E2003": "Both periods and start/end date cannot be specified",
    "E2004": "Start date must be before end date",
    "E2005": "Duration is not valid: `{0}`",
    "E2006": "At least one organisation unit must be specified",
    "E2012": "User is not allowed to view org unit: `{0}`",
}
_UNITS = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}


@dataclass(frozen=True)
class Selection:
    """`single_…`: what one name alone was asked for, so that it need not stand on every row."""

    forms: tuple[Form, ...]
    elements: tuple[Element, ...] | None
    periods: tuple[str, ...] | None
    between: tuple[date, date] | None
    places: tuple[Place, ...]
    children: bool
    attributions: tuple[str, ...] | None
    changed_since: datetime | None
    emptied: bool
    limit: int | None

    @property
    def unit_ids(self) -> list[int]:
        """With children: everything below, also what closed meanwhile."""
        if not self.children:
            return [place.id for place in self.places]
        paths = tuple(place.path for place in self.places)
        return [one.id for one in units.every() if one.path.startswith(paths)]

    @property
    def single_form(self) -> Form | None:
        return self.forms[0] if len(self.forms) == 1 else None

    @property
    def single_period(self) -> str | None:
        return self.periods[0] if self.periods is not None and len(self.periods) == 1 else None

    @property
    def single_place(self) -> Place | None:
        return self.places[0] if len(self.places) == 1 and not self.children else None


def refused(code: str, *told: object) -> WebMessageError:
    return WebMessageError(409, WORDS[code].format(*told), code)


def read(ask: Ask, names: Names, *, elements: bool = True) -> Selection:
    """WebMessageError 409 E20xx. Without `elements` data sets alone are asked for (registrations)."""
    for name in ("dataElementGroup", "orgUnitGroup", "inputOrgUnitGroup", "inputDataElementGroup"):
        if name in ask.query:
            raise WebMessageError(409, f"Groups are not kept here, {name} cannot be used")
    forms = _found(ask.each("dataSet"), names.form, "Data set")
    chosen = _found(ask.each("dataElement"), names.element, "Data element") if elements else ()
    if not forms and not chosen:
        raise refused("E2001")
    places = _places(ask, names)
    attributions = _found(ask.each("attributeOptionCombo"), names.split, "Attribute option combo")
    since = _since(ask)
    keys, between = _when(ask, since is not None)
    limit = ask.whole("limit", -1, least=-1)
    return Selection(
        forms=forms,
        elements=_elements(forms, chosen, names) if elements else None,
        periods=keys,
        between=between,
        places=places,
        children=ask.flag("children", False),
        attributions=attributions or None,
        changed_since=since,
        emptied=ask.flag("includeDeleted", False),
        limit=None if limit < 0 else limit,
    )


def _elements(forms: Sequence[Form], chosen: Sequence[Element], names: Names) -> tuple[Element, ...]:
    listed = {one.code: one for one in chosen}
    for form in forms:
        listed |= {code: names.catalogue.elements[code] for code in form.elements}
    return tuple(listed.values())


def _places(ask: Ask, names: Names) -> tuple[Place, ...]:
    asked = ask.each("orgUnit")
    if not asked:
        raise refused("E2006")
    found = _found(asked, names.unit, "Organisation unit")
    for place in found:
        if not ask.scope.sees(place):
            raise refused("E2012", names.of_unit(place))
    return found


def _when(ask: Ask, dated: bool) -> tuple[tuple[str, ...] | None, tuple[date, date] | None]:
    asked, start, end = ask.each("period"), ask.text("startDate"), ask.text("endDate")
    if asked and (start or end):
        raise refused("E2003")
    if asked:
        return tuple(dict.fromkeys(key_of(text) for text in asked)), None
    if not start and not end:
        if not dated:
            raise refused("E2002")
        return None, None
    first, last = _day("startDate", start), _day("endDate", end)
    if first > last:
        raise refused("E2004")
    return None, (first, last)


def key_of(text: str) -> str:
    try:
        return periodids.key_of(text)
    except Refusal:
        raise bad_parameter("period", text, "a period such as 202610") from None


def _day(name: str, text: str) -> date:
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        raise bad_parameter(name, text, "a date such as 2026-10-31") from None
    if not 1901 <= found.year < 2199:
        raise bad_parameter(name, text, "a date such as 2026-10-31")
    return found


def _since(ask: Ask) -> datetime | None:
    told, duration = ask.text("lastUpdated"), ask.text("lastUpdatedDuration")
    if told:
        try:
            found = datetime.fromisoformat(told)
        except ValueError:
            raise bad_parameter("lastUpdated", told, "a date or an instant") from None
        return (found if found.tzinfo else found.replace(tzinfo=clock.ZONE)).astimezone(UTC)
    if not duration:
        return None
    number, unit = duration[:-1], duration[-1:].lower()
    if not (number.isascii() and number.isdigit() and len(number) < 7 and unit in _UNITS):
        raise refused("E2005", duration[:40])
    return clock.now() - int(number) * _UNITS[unit]


def _found(
    asked: Iterable[str],
    find: Callable[[str], T | None],
    what: str,
) -> tuple[T, ...]:
    answer = []
    for name in dict.fromkeys(asked):
        found = find(name)
        if found is None:
            raise WebMessageError(409, f"{what} does not exist: `{name[:80]}`", "E1005")
        answer.append(found)
    return tuple(answer)
