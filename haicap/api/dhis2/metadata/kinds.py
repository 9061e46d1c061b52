"""The kinds of thing that DHIS2 lists, and their properties: each one a function of the thing and the asker.

A property is worked out when somebody asks for its field, and not before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from haicap.api.dhis2.metadata.asker import Asker

Get = Callable[[Any, "Asker"], Any]
NAMES = ("id", "name", "code", "created", "lastUpdated", "lastUpdatedBy")
NAMEABLE = (*NAMES, "shortName", "description", "displayName", "displayShortName", "displayDescription")
# what a list shows when no fields are asked for
LISTED = "id,displayName"


@dataclass(frozen=True)
class Property:
    """`of`: the kind of what it leads to, "" for a plain value; `many`: a list; `type`: DHIS2's word."""

    get: Get
    of: str = ""
    many: bool = False
    type: str = "TEXT"

    @property
    def simple(self) -> bool:
        return not self.of and self.type not in ("COMPLEX", "COLLECTION")


@dataclass(frozen=True)
class Kind:
    """`every` lists the things that the asker may see. An `embedded` kind has no uid and is shown whole."""

    name: str
    plural: str
    title: str
    properties: dict[str, Property] = field(default_factory=dict)
    every: Callable[[Asker], Sequence[Any]] = lambda asker: ()
    uid: Callable[[Any], str] = lambda thing: str(thing.uid)
    embedded: bool = False


KINDS: dict[str, Kind] = {}


def kind(
    name: str,
    plural: str,
    title: str,
    properties: dict[str, Property],
    every: Callable[[Asker], Sequence[Any]] = lambda asker: (),
    uid: Callable[[Any], str] = lambda thing: str(thing.uid),
    embedded: bool = False,
) -> Kind:
    """Registers a kind under its name."""
    KINDS[name] = Kind(name, plural, title, properties, every, uid, embedded)
    return KINDS[name]


def constant(value: Any, type: str = "CONSTANT") -> Property:
    return Property(lambda thing, asker: value, type=type)


def to_one(of: str, get: Get) -> Property:
    return Property(get, of, type="REFERENCE")


def to_many(of: str, get: Get) -> Property:
    return Property(get, of, many=True, type="COLLECTION")


def nothing() -> Property:
    """A list that we keep nothing for, and that clients ask for all the same."""
    return Property(lambda thing, asker: [], type="COLLECTION")


READ = {"read": True, "update": False, "delete": False, "write": False, "manage": False, "externalize": False}


def named(name: Get, code: Get, short: Get | None = None, shown: Get | None = None) -> dict[str, Property]:
    """What everything with an identity has."""
    return {
        "id": Property(lambda thing, asker: thing.uid, type="IDENTIFIER"),
        "code": Property(code, type="IDENTIFIER"),
        "name": Property(name),
        "displayName": Property(shown or name),
        "shortName": Property(short or (lambda thing, asker: (name(thing, asker) or "")[:50])),
        "displayShortName": Property(
            short or (lambda thing, asker: ((shown or name)(thing, asker) or "")[:50])
        ),
        "access": constant(READ, "COMPLEX"),
        "favorite": constant(False, "BOOLEAN"),
        "favorites": nothing(),
        "translations": nothing(),
        "attributeValues": nothing(),
    }
