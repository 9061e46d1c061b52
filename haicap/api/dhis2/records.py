"""What a body says, whatever its format: groups of records, each record with its place in the body.

Nothing is looked up here: identifiers are texts in whatever scheme the sender chose.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from haicap.api.dhis2.messages import WebMessageError
from haicap.core.folding import nfc

UID, CODE, NAME = "UID", "CODE", "NAME"
SCHEMES = (UID, CODE, NAME)
NOTHING: tuple[tuple[str, str], ...] = ()
LONGEST_TEXT = 50_000


@dataclass(frozen=True, slots=True)
class Schemes:
    """In what the sender names things. Each falls back on `general`."""

    general: str = UID
    data_elements: str = ""
    org_units: str = ""
    option_combos: str = ""
    data_sets: str = ""
    categories: str = ""
    category_options: str = ""

    def of(self, what: str) -> str:
        return getattr(self, what) or self.general

    def over(self, other: Schemes) -> Schemes:
        """These where they say something, else `other`: a query parameter goes before the payload."""
        mine = {name: getattr(self, name) or getattr(other, name) for name in SPECIAL}
        return Schemes(self.general or other.general, **mine)

    def under(self, other: Schemes) -> Schemes:
        """This general one, with what the other says in particular."""
        return Schemes(self.general, *(getattr(other, name) for name in SPECIAL))


SPECIAL = ("data_elements", "org_units", "option_combos", "data_sets", "categories", "category_options")


@dataclass(frozen=True, slots=True)
class Record:
    """One value as it was sent. `options`: category → option, where a format names those (ADX)."""

    index: int
    place: str
    data_element: str = ""
    period: str = ""
    org_unit: str = ""
    category_option_combo: str = ""
    attribute_option_combo: str = ""
    value: str | None = None
    comment: str = ""
    follow_up: bool = False
    deleted: bool = False
    options: tuple[tuple[str, str], ...] = NOTHING

    def within(self, group: Group) -> Record:
        """With what the group says for all its records."""
        if not (group.data_element or group.period or group.org_unit or group.attribute_option_combo):
            return self
        return replace(
            self,
            data_element=self.data_element or group.data_element,
            period=self.period or group.period,
            org_unit=self.org_unit or group.org_unit,
            attribute_option_combo=self.attribute_option_combo or group.attribute_option_combo,
        )


@dataclass(slots=True)
class Group:
    """Records that were sent under one head."""

    data_set: str = ""
    data_element: str = ""
    period: str = ""
    org_unit: str = ""
    attribute_option_combo: str = ""
    complete_date: str = ""
    options: tuple[tuple[str, str], ...] = NOTHING
    records: list[Record] = field(default_factory=list)


@dataclass(slots=True)
class Body:
    """`general` "" in schemes: the body says nothing, the format's own habit counts."""

    groups: list[Group]
    schemes: Schemes = Schemes("")
    dry_run: bool = False
    strategy: str = ""
    adx: bool = False

    @property
    def size(self) -> int:
        return sum(len(group.records) for group in self.groups)


def unreadable(message: str, status: int = 400) -> WebMessageError:
    """The whole body is refused: nothing of it was taken in."""
    return WebMessageError(status, message)


def scheme_of(text: str) -> str:
    """WebMessageError for what cannot be looked up here (attributes, for one)."""
    known = text.strip().upper()
    if known in ("", *SCHEMES):
        return known
    raise unreadable(f"Identifier scheme `{text[:60]}` is not supported, use UID, CODE or NAME")


def clean(text: str) -> str:
    """NFC; WebMessageError for what no database keeps."""
    if "\x00" in text or (not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text)):
        raise unreadable("The data hold a character that cannot be stored")
    if len(text) > LONGEST_TEXT:
        raise unreadable(f"The data hold a text of more than {LONGEST_TEXT} characters")
    return nfc(text)


def truth(text: str) -> bool:
    return text.strip().lower() in ("true", "1", "yes", "on")
