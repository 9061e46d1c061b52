"""Whose dossier is it? The unit of a row by code or name, on the day on which it was received."""

from collections.abc import Callable, Mapping
from datetime import date

from haicap.core.folding import fold
from haicap.units import lineage
from haicap.units import queries as units
from haicap.units.places import Place

from .rejecting import Wrong

CODE_LENGTH = 5


class Units:
    """Looks units up below `owner`; each word and day once."""

    def __init__(
        self, owner: Place, own: Mapping[str, str], reach: Callable[[Place], bool] = lambda _place: True
    ) -> None:
        self._owner, self._own, self._reach = owner, own, reach
        self._found: dict[tuple[str, date], int | Wrong] = {}
        self._named: dict[str, tuple[Place, ...]] = {}
        self._all: dict[str, list[Place]] = {}
        for place in units.every(None):
            self._all.setdefault(place.code, []).append(place)

    def at(self, text: str, day: date) -> int | Wrong:
        """The id of the unit, or what is wrong: unit.unknown, unit.ambiguous, unit.split, unit.elsewhere."""
        key = (text, day)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._resolved(text, day)
        return found

    def _resolved(self, text: str, day: date) -> int | Wrong:
        told = self._own.get(text, text)
        rows = self._candidates(told)
        if not rows:
            return Wrong("unit.unknown")
        living = [one for one in rows if one.holds_on(day)]
        if len(living) > 1 and not any(one.code == told for one in living):
            return Wrong("unit.ambiguous")
        place = living[0] if living else self._heir(rows, day)
        if isinstance(place, Wrong):
            return place
        return place.id if self._covers(place) and self._reach(place) else Wrong("unit.elsewhere")

    def _candidates(self, told: str) -> tuple[Place, ...]:
        """By code as written; by code with the zeros that a spreadsheet lost; by name below the owner."""
        found = self._named.get(told)
        if found is None:
            rows = self._all.get(told) or (
                self._all.get(told.zfill(CODE_LENGTH), []) if told.isdecimal() else self._by_name(told)
            )
            found = self._named[told] = tuple(rows)
        return found

    def _by_name(self, told: str) -> list[Place]:
        wanted = fold(told)
        return [
            place
            for places in self._all.values()
            for place in places
            if wanted and wanted in (fold(place.full_name), fold(place.name)) and self._covers(place)
        ]

    def _heir(self, rows: tuple[Place, ...], day: date) -> Place | Wrong:
        """An old code after the unit has ended goes to the one unit it lives on in. A unit that begins later
        keeps what its source already counts under it: the source says whose it is."""
        later = sorted((one for one in rows if one.valid_from > day), key=lambda one: one.valid_from)
        ended = [one for one in rows if one.valid_to is not None and one.valid_to <= day]
        if ended:
            last = max(ended, key=lambda one: one.valid_from)
            heirs = {one.id: one for one in _living(last, day)}
            if len(heirs) == 1:
                return next(iter(heirs.values()))
            return Wrong("unit.split" if heirs else "unit.ended")
        return later[0]

    def _covers(self, place: Place) -> bool:
        """Below the owner today, or below it before it ended."""
        return place.path.startswith(self._owner.path) or (
            place.valid_to is not None
            and any(one.path.startswith(self._owner.path) for one in lineage.today_of(place.id))
        )


def _living(place: Place, day: date) -> list[Place]:
    """The units of that day in which an ended one lives on."""
    found, waiting, seen = [], [place], {place.id}
    while waiting:
        one = waiting.pop()
        if one.holds_on(day):
            found.append(one)
            continue
        named = lineage.heir_of(one.id)
        later = (
            [units.by_id(named)] if named is not None else [link.new for link in lineage.successors(one.id)]
        )
        waiting += [new for new in later if new.id not in seen]
        seen |= {new.id for new in later}
    return found
