"""The words other rooms use to speak to the log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol


class Actor(Protocol):
    """Whoever can be named in the log: a user, a device. Routines pass text such as "system:demo"."""

    @property
    def ref(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of the facts that a change touched: one form of one room, one period key, one unit."""

    room: str
    form: str
    period: str
    unit_id: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One event to be, for `actions.record_many`."""

    action: str
    object: str
    detail: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    slices: tuple[Slice, ...] = ()


def ref_of(by: Actor | str) -> str:
    ref = by if isinstance(by, str) else by.ref
    if not ref:
        raise ValueError("an event needs to know who did it")
    return ref
