"""What the import path is given and what it answers: the words that every door speaks."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from ..policies.cells import Content


@dataclass(frozen=True, slots=True)
class Datum:
    """One value read at a door.

    `index` counts from 0 in the file or body; `place` is how the door names it to its reader ("B7",
    "dataValues[3]"); `number` goes before `text`, which is read as the grid reads it; `remove` empties the
    cell; `base_version` is the version the sender saw, None for whatever stands there.
    """

    index: int
    place: str
    unit_id: int
    form: str
    period: str
    element: str
    number: Decimal | None = None
    text: str = ""
    no_figure_reason: str = ""
    split: str = ""
    attribution: str = ""
    scenario: str = "official"
    remove: bool = False
    why: str = ""
    base_version: int | None = None


class Strategy(StrEnum):
    CREATE_AND_UPDATE = "create_and_update"
    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class Wish:
    """How a batch is to be taken."""

    strategy: Strategy
    all_or_nothing: bool
    dry_run: bool
    preview: bool
    lang: str


@dataclass(frozen=True, slots=True, order=True)
class Rejection:
    """A datum that was not taken in; `other` is the index of its twin where two spoke of one cell."""

    index: int
    place: str
    code: str
    message: str
    element: str
    unit_id: int
    period: str
    other: int | None = None


@dataclass(frozen=True, slots=True)
class CellPreview:
    """`what`: new, changed, same, removed or rejected; `issues`: what the checks would say of the cell."""

    index: int
    place: str
    unit_id: int
    form: str
    period: str
    element: str
    split: str
    before: Content
    after: Content
    what: str
    issues: tuple[str, ...] = ()


class Held(NamedTuple):
    """A report without approval that breaks a hard check or leaves a required cell blank: kept as a draft, no
    fact yet."""

    unit_id: int
    form: str
    period: str
    message: str


@dataclass(frozen=True, slots=True)
class IntakeResult:
    """imported + updated + removed + unchanged + rejected = read, always."""

    read: int
    imported: int
    updated: int
    removed: int
    unchanged: int
    rejected: int
    rejections: tuple[Rejection, ...] = ()
    reports: int = 0
    intake_id: int | None = None
    cells: tuple[CellPreview, ...] = ()
    held: tuple[Held, ...] = ()
    dry_run: bool = False
    repeated: bool = False
