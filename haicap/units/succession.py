"""How rooms answer an act that merges or splits units: what they are told, what they show, what they return.

Each room with something that hangs on a unit has a `succession` module with

    preview(change) -> Answer            what there is, what may become of it; reads only
    carry(*, by, change, choices) -> {}  does it inside the caller's transaction; the journal is plain JSON
    undo(*, by, change, journal)         back again; Refusal "merger.hangs" where something new hangs on it

Nothing moves silently: every question of `preview` that has options must be answered before `carry`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.utils.translation import gettext_lazy

from haicap.audit.actions import Actor
from haicap.core.errors import Refusal
from haicap.units.merging import NewUnit, Share

TO = "to:"
"""An option that carries to a new unit is "to:" and the key of that unit in the plan."""


@dataclass(frozen=True)
class Change:
    """The act as the rooms see it. `ids` is empty until the act has been carried out."""

    merger: int
    on: date
    act: str
    owner_id: int
    olds: tuple[int, ...]
    news: tuple[NewUnit, ...]
    shares: tuple[Share, ...]
    ids: Mapping[str, int]

    def heirs(self, old: int) -> tuple[NewUnit, ...]:
        """The new units that get a part of this one, in the order of the plan."""
        keys = {share.new for share in self.shares if share.old == old}
        return tuple(new for new in self.news if new.key in keys)

    def whole(self, old: int) -> NewUnit | None:
        """The new unit that this one goes into as a whole."""
        keys = {share.new for share in self.shares if share.old == old and share.share == 1}
        return next((new for new in self.news if new.key in keys), None)

    def id_of(self, choice: str) -> int:
        """The unit that a choice "to:<key>" names, once it exists."""
        return self.ids[choice.removeprefix(TO)]

    @property
    def new_ids(self) -> tuple[int, ...]:
        return tuple(self.ids.values())


@dataclass(frozen=True)
class Option:
    value: str
    words: str


@dataclass(frozen=True)
class Question:
    """One thing, or one kind of things, of one old unit. Without options it is told and nothing is asked."""

    key: str
    unit_id: int
    words: str
    detail: str = ""
    options: tuple[Option, ...] = ()


@dataclass(frozen=True)
class Answer:
    """What one room has to say. `notes` concern the act as a whole."""

    title: str
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def asks(self) -> tuple[Question, ...]:
        return tuple(one for one in self.questions if one.options)


class Room(Protocol):
    def preview(self, change: Change) -> Answer: ...
    def carry(self, *, by: Actor | str, change: Change, choices: Mapping[str, str]) -> dict[str, Any]: ...
    def undo(self, *, by: Actor | str, change: Change, journal: Mapping[str, Any]) -> None: ...


def to_each(change: Change, old: int) -> tuple[Option, ...]:
    """ "Carry to X" for every new unit that gets a part of the old one."""
    words = gettext_lazy("Chuyển sang %(unit)s")
    return tuple(Option(TO + new.key, str(words) % {"unit": new.full_name}) for new in change.heirs(old))


def hangs(message: object) -> Refusal:
    """The refusal of an undo, in words that say what is new."""
    return Refusal("merger.hangs", message)
