"""Who became whom, and how to read old figures under today's units. History is read, never rewritten.

`as_reported` groups nothing: every unit stands for itself on its day. `as_today` says which old units, with
which shares, make up a unit of today; where one share is unknown the answer is "not available", not a guess.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from haicap.core.clock import today
from haicap.units.models import Succession
from haicap.units.places import Place
from haicap.units.queries import by_id
from haicap.units.register import Register, current


@dataclass(frozen=True, slots=True)
class Link:
    """One step of succession. `share` of the old unit that went to the new one: 1 whole, None unknown."""

    old: Place
    new: Place
    on: date
    share: float | None


@dataclass(frozen=True, slots=True)
class Part:
    """What an earlier unit contributes to a recast figure: its numerator and denominator times `share`."""

    unit_id: int
    share: float


@dataclass(frozen=True, slots=True)
class Recast:
    """How one unit is made up of the units of an earlier day.

    `parts` is None when a share is unknown, and `unknown` then lists the earlier units that are to blame.
    `is_recast` is False where the unit itself already existed: its figure is as reported.
    """

    unit_id: int
    parts: tuple[Part, ...] | None
    unknown: tuple[int, ...] = ()
    is_recast: bool = True

    @property
    def available(self) -> bool:
        return self.parts is not None


def predecessors(unit_id: int) -> tuple[Link, ...]:
    """The units that went, whole or in part, directly into this one; sorted by code."""
    register = current()
    links = [_link(register, edge) for edge in register.into.get(unit_id, ())]
    return tuple(sorted(links, key=lambda link: link.old.code))


def successors(unit_id: int) -> tuple[Link, ...]:
    """The units that this one went into directly; sorted by code."""
    register = current()
    links = [_link(register, edge) for edge in register.out_of.get(unit_id, ())]
    return tuple(sorted(links, key=lambda link: link.new.code))


def _link(register: Register, edge: tuple[int, int, date, float | None]) -> Link:
    old, new, on, share = edge
    return Link(register.by_id[old], register.by_id[new], on, share)


@dataclass(frozen=True, slots=True)
class Step:
    """One act that made `new` on a day out of older units: `links` sorted by code."""

    new: Place
    on: date
    act: str
    links: tuple[Link, ...]


def history(unit_id: int) -> tuple[Step, ...]:
    """Every act behind a unit, the newest first. One query; none where no older unit is known."""
    register = current()
    waiting, seen = [unit_id], {unit_id}
    edges: list[tuple[int, int, date, float | None]] = []
    while waiting:
        into = register.into.get(waiting.pop(), ())
        edges += into
        earlier = {old for old, _new, _on, _share in into} - seen
        seen |= earlier
        waiting += sorted(earlier)
    if not edges:
        return ()
    rows = Succession.objects.filter(new_id__in={new for _old, new, _on, _share in edges})
    acts = {(old, new): act for old, new, act in rows.values_list("old_id", "new_id", "act")}
    steps: dict[tuple[date, int, str], list[Link]] = {}
    for edge in edges:
        old, new, on, _share = edge
        steps.setdefault((on, new, acts.get((old, new), "")), []).append(_link(register, edge))
    return tuple(
        Step(register.by_id[new], on, act, tuple(sorted(links, key=lambda link: link.old.code)))
        for (on, new, act), links in sorted(
            steps.items(), key=lambda item: (item[0][0], item[0][1]), reverse=True
        )
    )


def as_reported(unit_ids: Iterable[int], on: date) -> dict[int, Recast]:
    """Every unit that held on that day stands for itself; one that did not has no figure."""
    result = {}
    for id in unit_ids:
        parts = (Part(id, 1.0),) if by_id(id).holds_on(on) else None
        result[id] = Recast(id, parts, is_recast=False)
    return result


def as_today(unit_ids: Iterable[int], on: date) -> dict[int, Recast]:
    """For each unit (usually of today): the units of the day `on` that make it up, with their shares."""
    register = current()
    result = {}
    for id in unit_ids:
        if by_id(id).holds_on(on):
            result[id] = Recast(id, (Part(id, 1.0),), is_recast=False)
            continue
        shares: dict[int, float] = {}
        unknown: set[int] = set()
        _gather(register, id, 1.0, on, shares, unknown)
        if unknown or not shares:
            result[id] = Recast(id, None, tuple(sorted(unknown)))
        else:
            result[id] = Recast(id, tuple(Part(old, share) for old, share in sorted(shares.items())))
    return result


def _gather(
    register: Register, id: int, share: float, on: date, shares: dict[int, float], unknown: set[int]
) -> None:
    """Walk back until units that held on the day; a share along a path is the product of its steps."""
    for old, _new, _on, step in register.into.get(id, ()):
        if step is None:
            unknown.add(old)
        elif register.by_id[old].holds_on(on):
            shares[old] = shares.get(old, 0.0) + share * step
        else:
            _gather(register, old, share * step, on, shares, unknown)


def today_of(unit_id: int) -> tuple[Place, ...]:
    """The units of today that this one lives on in: itself while it holds; sorted by code."""
    register, day = current(), today()
    found, waiting, seen = set(), [unit_id], {unit_id}
    while waiting:
        id = waiting.pop()
        if register.by_id[id].holds_on(day):
            found.add(id)
            continue
        later = {new for _old, new, _on, _share in register.out_of.get(id, ())} - seen
        seen |= later
        waiting += sorted(later)
    return tuple(sorted((register.by_id[id] for id in found), key=lambda place: place.code))
