"""From what a sender calls a thing to the thing, and back: by uid, code or name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from haicap.api.dhis2.records import CODE, NAME, UID, Schemes
from haicap.catalogue.queries import Catalogue, Element, Form, Indicator, spoken
from haicap.core.errors import Refusal
from haicap.units import queries as units
from haicap.units.places import Place

T = TypeVar("T")
UID_FORM = re.compile(r"[A-Za-z][A-Za-z0-9]{10}")
# The one combination of every DHIS2 that divides nothing; ours is the empty text.
DEFAULT_UID, DEFAULT = "HllvX50cXC0", "default"


def code_of(thing: Any) -> str:
    """The code that the other system knows: its own where the thing came from there."""
    foreign = getattr(thing, "foreign_code", "") or getattr(thing, "exchange", {}).get("code", "")
    return str(foreign or thing.code)


def name_of(thing: Any) -> str:
    return spoken(thing.labels, "en")


class Names:
    """Look-ups for one body or one answer. Unknown names give None, for splits the caller asks `known`."""

    def __init__(self, catalogue: Catalogue, schemes: Schemes) -> None:
        self.catalogue, self.schemes = catalogue, schemes
        self._elements = _index(catalogue.elements.values(), schemes.of("data_elements"))
        self._forms = _index(catalogue.forms.values(), schemes.of("data_sets"))
        self._indicators: dict[str, tuple[Indicator, bool]] = {
            name: (one, one.code in catalogue.exchanged)
            for name, one in _index(
                [*catalogue.indicators.values(), *catalogue.exchanged.values()], schemes.general
            ).items()
        }
        self._splits = {
            name: one.code for name, one in _index(catalogue.splits.values(), self._combos).items()
        }
        self._splits[{UID: DEFAULT_UID}.get(self._combos, DEFAULT)] = ""
        self._units: dict[tuple[str, date | None], Place | None] = {}
        self._by_name: dict[str, Place] | None = None

    @property
    def _combos(self) -> str:
        return self.schemes.of("option_combos")

    def element(self, name: str) -> Element | None:
        return self._elements.get(name)

    def indicator(self, name: str) -> tuple[Indicator, bool] | None:
        """The indicator, and whether it is another system's."""
        return self._indicators.get(name)

    def form(self, name: str) -> Form | None:
        return self._forms.get(name)

    def split(self, name: str) -> str | None:
        """Our code; "" is the default combination, and what is not named at all."""
        return self._splits.get(name) if name else ""

    def unit(self, name: str, on: date | None = None) -> Place | None:
        """The unit that bears the name on that day; a uid needs no day."""
        # a uid is the same unit on every day
        key = (name, None if self.schemes.of("org_units") == UID else on)
        if key not in self._units:
            self._units[key] = self._found_unit(name, on)
        return self._units[key]

    def _found_unit(self, name: str, on: date | None) -> Place | None:
        scheme = self.schemes.of("org_units")
        if scheme == UID:
            return units.by_uids([name]).get(name)
        if scheme == CODE:
            try:
                return units.by_code(name, on=on)
            except Refusal:
                return None
        if self._by_name is None:
            self._by_name = _only(units.every(on), lambda one: one.name)
            self._by_name |= _only(units.every(on), lambda one: one.full_name)
        return self._by_name.get(name)

    def options(self, combination: str, named: Mapping[str, str]) -> str | None:
        """The split with these options (dimension → option, as ADX names them), or None."""
        found = self.catalogue.combinations.get(combination)
        if found is None:
            return None
        wanted = set()
        for dimension in found.dimensions:
            told = named.get(_named(dimension, self.schemes.of("categories")))
            scheme = self.schemes.of("category_options")
            fitting = [one.uid for one in dimension.options if _named(one, scheme) == told]
            if len(fitting) != 1:
                return None
            wanted.add(fitting[0])
        for code in found.splits:
            if set(self.catalogue.splits[code].options) == wanted:
                return code
        return None

    # and back

    def of_thing(self, thing: Any) -> str:
        return _named(thing, self.schemes.general)

    def of_element(self, element: Element) -> str:
        return _named(element, self.schemes.of("data_elements"))

    def of_form(self, form: Form) -> str:
        return _named(form, self.schemes.of("data_sets"))

    def of_unit(self, place: Place) -> str:
        scheme = self.schemes.of("org_units")
        return {UID: place.uid, CODE: place.code, NAME: place.full_name}[scheme]

    def of_split(self, code: str) -> str:
        if not code:
            return {UID: DEFAULT_UID}.get(self._combos, DEFAULT)
        found = self.catalogue.splits.get(code)
        return _named(found, self._combos) if found else code

    def of_options(self, combination: str, code: str) -> dict[str, str] | None:
        """dimension → option of a split, as ADX names them; None for what is no such combination."""
        found, split = self.catalogue.combinations.get(combination), self.catalogue.splits.get(code)
        if found is None or split is None:
            return None
        answer = {}
        for dimension in found.dimensions:
            option = next((one for one in dimension.options if one.uid in split.options), None)
            if option is None:
                return None
            category = _named(dimension, self.schemes.of("categories"))
            answer[category] = _named(option, self.schemes.of("category_options"))
        return answer


def is_uid(text: str) -> bool:
    return bool(UID_FORM.fullmatch(text))


def _named(thing: Any, scheme: str) -> str:
    if scheme == UID:
        return str(thing.uid)
    return code_of(thing) if scheme == CODE else name_of(thing)


def _index(things: Iterable[T], scheme: str) -> dict[str, T]:
    return _only(things, lambda one: _named(one, scheme))


def _only(things: Iterable[T], name: Callable[[T], str]) -> dict[str, T]:
    """Names that one thing alone bears: an ambiguous name finds nothing."""
    found: dict[str, T] = {}
    twice = set()
    for one in things:
        key = name(one)
        if key in found:
            twice.add(key)
        found[key] = one
    return {key: one for key, one in found.items() if key and key not in twice}
