"""What the rows and columns of a foreign table stand for. By code first; a name only proposes.

Names recur, so a name counts inside the units of one parent alone, only where one of them bears it, and only
when a person says that it is so.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from haicap.core.folding import fold
from haicap.tables.bodies import Row
from haicap.tables.books import Cell
from haicap.tables.columns import Column, plain
from haicap.units.queries import Place

_PREFIX = re.compile(r"^(?:xa|phuong|dac khu|thi tran|tinh|thanh pho|x\.|p\.|tt\.?|ubnd (?:xa|phuong)) +")
_NOT_WORDS = re.compile(r"[^a-z0-9ঀ-৿]+")


class How(StrEnum):
    CODE = "code"
    ZEROS = "zeros"
    KEPT = "kept"
    NAME = "name"
    NONE = "none"


SURE = frozenset({How.CODE, How.ZEROS, How.KEPT})


@dataclass(frozen=True, slots=True)
class Match:
    """`code` is the code of a unit, an element or a split; "" where nothing fits. NAME waits for a person."""

    code: str
    how: How

    @property
    def sure(self) -> bool:
        return self.how in SURE


NOTHING = Match("", How.NONE)


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that a row or column may stand for: `names` are all labels it goes by."""

    code: str
    names: tuple[str, ...]
    also: tuple[str, ...] = ()


def key_text(row: Row) -> str:
    """The key of a row as one text, the same in the next file of the source."""
    return " / ".join(part.replace("/", "-") for part in row.key)


def unit_choices(places: Iterable[Place]) -> tuple[Choice, ...]:
    return tuple(Choice(p.code, (p.name, p.full_name, p.name_en)) for p in places)


def match_rows(
    rows: Sequence[Row], choices: Sequence[Choice], kept: Mapping[str, str], native: Mapping[int, Cell]
) -> dict[int, Match]:
    """Row → match. `kept`: what was confirmed for this source, by key; `native`: the code cell of each row
    as the file holds it, since a code that Excel took for a number has lost its zeros."""
    by_code = {choice.code: choice for choice in choices}
    by_also = _unambiguous((also, choice) for choice in choices for also in choice.also)
    by_name = _unambiguous((_bare(name), choice) for choice in choices for name in choice.names)
    found = {}
    for row in rows:
        was = kept.get(key_text(row), "")
        lossy = row.code and not isinstance(native.get(row.index), str)
        padded = _padded(row.code, by_code) if lossy else ""
        coded, how = (row.code, How.CODE) if row.code in by_code else (padded, How.ZEROS)
        named = by_name.get(_bare(row.name))
        if coded and (named is None or named.code == coded):
            found[row.index] = Match(coded, how)
        elif was in by_code:
            found[row.index] = Match(was, How.KEPT)
        elif coded:
            # the code says one thing and the name another: only a person can tell which was meant
            found[row.index] = NOTHING
        elif row.code in by_also:
            found[row.index] = Match(by_also[row.code].code, How.CODE)
        elif named is not None:
            found[row.index] = Match(named.code, How.NAME)
        else:
            found[row.index] = NOTHING
    return found


def match_columns(
    columns: Sequence[Column], choices: Sequence[Choice], kept: Mapping[str, str]
) -> dict[int, Match]:
    """Column → match by a code in its heading, by what was kept for this heading, by the whole label."""
    by_code = {fold(choice.code): choice for choice in choices}
    by_name = _unambiguous((_bare(name), choice) for choice in choices for name in choice.names)
    known = {choice.code for choice in choices}
    found = {}
    for column in columns:
        labels = [plain(label) for label in reversed(column.path)]
        coded = next((by_code[label] for label in labels if label in by_code), None)
        named = next(
            (by_name[_bare(one)] for one in (*labels, " ".join(column.path)) if _bare(one) in by_name), None
        )
        was = kept.get(heading_of(column), "")
        if coded is not None:
            found[column.index] = Match(coded.code, How.CODE)
        elif was in known:
            found[column.index] = Match(was, How.KEPT)
        elif named is not None:
            found[column.index] = Match(named.code, How.NAME)
        else:
            found[column.index] = NOTHING
    return found


def heading_of(column: Column) -> str:
    """The heading of a column as it is kept: folded labels, top to bottom."""
    return " › ".join(plain(label) for label in column.path) or f"#{column.index}"


def _padded(code: str, known: Mapping[str, Choice]) -> str:
    if not code.isdecimal():
        return ""
    return next((code.zfill(n) for n in (2, 3, 5) if n > len(code) and code.zfill(n) in known), "")


def _unambiguous(pairs: Iterable[tuple[str, Choice]]) -> dict[str, Choice]:
    """Names that exactly one choice bears."""
    found: dict[str, Choice] = {}
    doubtful = set()
    for name, choice in pairs:
        if name and found.setdefault(name, choice).code != choice.code:
            doubtful.add(name)
    return {name: choice for name, choice in found.items() if name not in doubtful}


def _bare(name: str) -> str:
    folded = fold(name)
    return _NOT_WORDS.sub(" ", _PREFIX.sub("", folded)).strip()
