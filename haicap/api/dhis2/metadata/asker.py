"""What one request may see, worked out once: units in scope, definitions of their trees, shapes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from haicap.api.dhis2.doors import Ask
from haicap.api.dhis2.messages import WebMessageError
from haicap.catalogue import queries as catalogue_queries
from haicap.catalogue.breakdowns import Combination, Labels
from haicap.catalogue.queries import Catalogue, Element, Form, spoken
from haicap.core import clock
from haicap.core.languages import LANGUAGES
from haicap.units import queries as units
from haicap.units.places import Place

if TYPE_CHECKING:
    from haicap.api.dhis2.metadata.kinds import Kind

T = TypeVar("T")
# Nested fields multiply; a question that would fill the memory gets an answer that says so.
MOST_OBJECTS = 400_000


class Asker:
    """`looking_at`: the kind of thing that is listed or shown."""

    def __init__(self, ask: Ask, looking_at: Kind) -> None:
        self.looking_at = looking_at
        self.ask, self.scope, self.today = ask, ask.scope, clock.today()
        wanted = ask.text("locale")[:2].lower()
        self.lang = wanted if wanted in LANGUAGES else ask.caller.lang
        self.left = MOST_OBJECTS
        self._memo: dict[Any, Any] = {}
        self._noted: set[int] = set()
        self._shapes: dict[int, Any] = {}
        self._parts: dict[int, list[Place]] = {}

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            words = f"The fields or filters ask for more than {MOST_OBJECTS} objects; ask for less at a time"
            raise WebMessageError(409, words)

    def once(self, make: Callable[[Asker], T]) -> T:
        """What `make` gives, made at the first call of this request."""
        if make not in self._memo:
            self._memo[make] = make(self)
        found: T = self._memo[make]
        return found

    @cached_property
    def catalogue(self) -> Catalogue:
        return catalogue_queries.current()

    def say(self, labels: Labels) -> str:
        return spoken(labels, self.lang)

    # units

    def sees(self, place: Place) -> bool:
        return self.scope.sees(place)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every unit in scope that there is today."""
        return tuple(place for place in units.every(self.today) if self.sees(place))

    @cached_property
    def all_places(self) -> tuple[Place, ...]:
        """With those that have closed: a code may then appear twice, as the old and the new unit."""
        return tuple(place for place in units.every() if self.sees(place))

    @cached_property
    def by_id(self) -> dict[int, Place]:
        return {place.id: place for place in units.every()}

    def parent(self, place: Place) -> Place | None:
        return self.by_id.get(place.parent_id) if place.parent_id else None

    def line(self, place: Place) -> list[Place]:
        """From the root down to the unit itself."""
        found = [self.by_id[int(id)] for id in place.path.split("/") if id and int(id) in self.by_id]
        return found or [place]

    def children(self, place: Place) -> list[Place]:
        if not self._parts:
            for one in self.places:
                self._parts.setdefault(one.parent_id or 0, []).append(one)
        return self._parts.get(place.id, [])

    @cached_property
    def roots(self) -> list[Place]:
        """The units of the asker's own positions or key."""
        ids = dict.fromkeys(grant.unit_id for grant in self.scope.grants)
        return [self.by_id[id] for id in ids if id in self.by_id]

    def note(self, places: Iterable[Place]) -> None:
        """These are about to be shown: when one shape is read, read all of theirs."""
        self._noted.update(place.id for place in places)

    def shape(self, place: Place) -> dict[str, Any] | None:
        """The border, else the centre as a point, else None. Two queries at the most, however many units."""
        if place.id not in self._shapes:
            wanted = self._noted | {place.id}
            if self._shapes:
                # a second round: nested units, which nobody announced
                wanted |= {one.id for one in self.places}
            wanted -= self._shapes.keys()
            texts = units.geometries(wanted)
            self._shapes |= {id: json.loads(texts[id]) if id in texts else None for id in wanted}
        border: dict[str, Any] | None = self._shapes[place.id]
        if border is None and place.lon is not None and place.lat is not None:
            return {"type": "Point", "coordinates": [place.lon, place.lat]}
        return border

    # definitions

    def related(self, owner_id: int | None) -> bool:
        """National, or of a tree in which the asker has something to see."""
        owner = self.by_id.get(owner_id) if owner_id else None
        if owner is None:
            return True
        paths = [grant.path for grant in self.scope.grants]
        return any(path.startswith(owner.path) or owner.path.startswith(path) for path in paths)

    @cached_property
    def elements(self) -> list[Element]:
        return [one for one in self.catalogue.elements.values() if self.related(one.owner_unit_id)]

    @cached_property
    def forms(self) -> list[Form]:
        return [one for one in self.catalogue.forms.values() if self.related(one.owner_unit_id)]

    @cached_property
    def combinations(self) -> list[Combination]:
        used = {one.combination for one in self.elements} | {one.combination for one in self.forms}
        return [one for one in self.catalogue.combinations.values() if one.code in used]

    @cached_property
    def owed(self) -> dict[str, list[Place]]:
        """form code → units in scope that owe it today."""
        return {
            form.code: [place for place in self._under(form) if form.owed_by(place, self.today)]
            for form in self.forms
        }

    def _under(self, form: Form) -> Sequence[Place]:
        if form.obliged_units:
            listed = set(form.obliged_units)
            return [place for place in self.places if place.id in listed]
        return self.places

    @cached_property
    def owes(self) -> dict[int, list[Form]]:
        """unit id → forms."""
        found: dict[int, list[Form]] = {}
        for form in self.forms:
            for place in self.owed[form.code]:
                found.setdefault(place.id, []).append(form)
        return found

    @cached_property
    def asking(self) -> dict[str, list[Form]]:
        """element code → forms that ask for it."""
        found: dict[str, list[Form]] = {}
        for form in self.forms:
            for element in form.elements:
                found.setdefault(element, []).append(form)
        return found
