"""Who became whom, and how to read old figures under today's units. History is read, never rewritten.

`as_reported` groups nothing: every unit stands for itself on its day. `as_today` says which old units, with
which shares, make up a unit of today; where one share is unknown the answer is "not available", not a guess.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, localcontext

from haicap.core.clock import today
from haicap.units.models import Succession
from haicap.units.places import Place
from haicap.units.queries import by_id
from haicap.units.register import Edge, Register, current

WHOLE = Decimal(1)
# eight digits behind the comma per step: a share along five acts is still exact
_DIGITS = 60


@dataclass(frozen=True, slots=True)
class Link:
    """One step of succession. `share` of the old unit that went to the new one: 1 whole, None unknown."""

    old: Place
    new: Place
    on: date
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """What an earlier unit contributes to a recast figure: its numerator and denominator times `share`."""

    unit_id: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Recast:
    """How one unit is made up of the units of an earlier day.

    `parts` is None where that is not known, and the earlier units to blame are listed: `unknown` those whose
    share is unknown, `silent` those of which nothing is known on that day. `is_recast` is False where the
    unit itself already existed: its figure is as reported.
    """

    unit_id: int
    parts: tuple[Part, ...] | None
    unknown: tuple[int, ...] = ()
    is_recast: bool = True
    silent: tuple[int, ...] = ()

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


def _link(register: Register, edge: Edge) -> Link:
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
    edges: list[Edge] = []
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
        parts = (Part(id, WHOLE),) if by_id(id).holds_on(on) else None
        result[id] = Recast(id, parts, is_recast=False)
    return result


def as_today(unit_ids: Iterable[int], on: date) -> dict[int, Recast]:
    """For each unit (usually of today): the units of the day `on` that make it up, with their shares."""
    register = current()
    result = {}
    for id in unit_ids:
        if by_id(id).holds_on(on):
            result[id] = Recast(id, (Part(id, WHOLE),), is_recast=False)
            continue
        walk = _Walk(register, on)
        with localcontext() as exact:
            exact.prec = _DIGITS
            walk.back(id, WHOLE)
        if walk.unknown or walk.silent or not walk.shares:
            result[id] = Recast(id, None, tuple(sorted(walk.unknown)), silent=tuple(sorted(walk.silent)))
        else:
            result[id] = Recast(id, tuple(Part(old, share) for old, share in sorted(walk.shares.items())))
    return result


class _Walk:
    """Back from one unit to those that held on a day; a share along a path is the product of its steps."""

    def __init__(self, register: Register, on: date) -> None:
        self.register, self.on = register, on
        self.shares: dict[int, Decimal] = {}
        self.unknown: set[int] = set()
        self.silent: set[int] = set()

    def back(self, id: int, share: Decimal) -> None:
        edges = self.register.into.get(id, ())
        if not edges:
            self.silent.add(id)
        for old, _new, _on, step in edges:
            if step is None:
                self.unknown.add(old)
            elif self.register.by_id[old].holds_on(self.on):
                self.shares[old] = self.shares.get(old, Decimal(0)) + share * step
            else:
                self.back(old, share * step)


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


def heir_of(unit_id: int) -> int | None:
    """The unit that finishes what this one still owes, as its act says; None where no act says so."""
    return current().heirs.get(unit_id)


def owing_for(unit_id: int) -> tuple[Place, ...]:
    """The older units whose unfinished reports this one finishes; sorted by code."""
    register = current()
    found = [register.by_id[old] for old, new in register.heirs.items() if new == unit_id]
    return tuple(sorted(found, key=lambda place: place.code))
