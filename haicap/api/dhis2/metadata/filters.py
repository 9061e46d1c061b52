"""`filter=name:ilike:clinic&filter=parent.id:eq:…&rootJunction=OR`, `order=name:asc`, `query=…`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cmp_to_key
from typing import Any

from haicap.api.dhis2.messages import WebMessageError, refuse_filter
from haicap.api.dhis2.metadata.asker import Asker
from haicap.api.dhis2.metadata.kinds import KINDS, Kind, Property
from haicap.core.folding import fold

MOST_FILTERS, MOST_VALUES = 50, 20_000
Test = Callable[[Any, str], bool]
DIRECTIONS = ("asc", "desc", "iasc", "idesc")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _compared(value: Any, given: str) -> int | None:
    """-1, 0, 1: as numbers, as sizes of lists, else as texts; None where that means nothing."""
    if isinstance(value, list):
        value = len(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            other = float(given)
        except ValueError:
            return None
        return (value > other) - (value < other)
    text = _text(value)
    if len(given) == 10 and text[4:5] == "-":
        # a day against a moment
        text = text[:10]
    return (text > given) - (text < given)


def _listed(given: str) -> list[str]:
    return [part.strip() for part in given.strip().removeprefix("[").removesuffix("]").split(",")]


def _order(accept: Callable[[int], bool]) -> Test:
    def test(value: Any, given: str) -> bool:
        found = _compared(value, given)
        return found is not None and accept(found)

    return test


def _equal(value: Any, given: str) -> bool:
    return _compared(value, given) == 0 if isinstance(value, list) else _text(value) == given


def _tokens(value: Any, given: str) -> bool:
    text = _text(value).lower()
    return all(token in text for token in given.lower().split())


TESTS: dict[str, Test] = {
    "eq": _equal,
    "ieq": lambda value, given: _text(value).lower() == given.lower(),
    "gt": _order(lambda found: found > 0),
    "ge": _order(lambda found: found >= 0),
    "gte": _order(lambda found: found >= 0),
    "lt": _order(lambda found: found < 0),
    "le": _order(lambda found: found <= 0),
    "lte": _order(lambda found: found <= 0),
    "like": lambda value, given: given in _text(value),
    "ilike": lambda value, given: given.lower() in _text(value).lower(),
    "$like": lambda value, given: _text(value).startswith(given),
    "$ilike": lambda value, given: _text(value).lower().startswith(given.lower()),
    "like$": lambda value, given: _text(value).endswith(given),
    "ilike$": lambda value, given: _text(value).lower().endswith(given.lower()),
    "startsWith": lambda value, given: _text(value).lower().startswith(given.lower()),
    "endsWith": lambda value, given: _text(value).lower().endswith(given.lower()),
    "in": lambda value, given: _text(value) in _listed(given),
    "token": _tokens,
}
# the same thing under its other names
ALIASES = {"neq": "!eq", "ne": "!eq", "nlike": "!like", "nilike": "!ilike", "notoken": "!token"}
BARE = ("null", "empty")


@dataclass(frozen=True)
class Filter:
    """`path` leads from the kind to a plain value or to a thing, over any number of links."""

    path: tuple[Property, ...]
    operator: str
    negated: bool
    given: str

    def passes(self, thing: Any, asker: Asker) -> bool:
        values = _reached([thing], self.path, asker)
        return self._holds(values) != self.negated

    def _holds(self, values: list[Any]) -> bool:
        if self.operator == "null":
            return all(value is None for value in values)
        if self.operator == "empty":
            return all(value is None or value in ([], "") for value in values)
        test = TESTS[self.operator]
        if self.operator == "in":
            wanted = set(_listed(self.given))
            return any(value is not None and _text(value) in wanted for value in values)
        return any(value is not None and test(value, self.given) for value in values)


def _reached(things: list[Any], path: Sequence[Property], asker: Asker) -> list[Any]:
    """Every value at the end of the path; a list at the very end is one value, its size can be asked for."""
    for number, step in enumerate(path):
        last = number == len(path) - 1
        found: list[Any] = []
        for thing in things:
            if number:
                # links multiply as nested fields do
                asker.spend()
            value = step.get(thing, asker) if thing is not None else None
            if step.many and not last:
                found += value or []
            elif step.of and not step.many and last and value is not None:
                # a link compared with something means its uid
                found.append(KINDS[step.of].uid(value))
            else:
                found.append(value)
        things = found
    return things


def read(texts: Iterable[str], kind: Kind) -> list[Filter]:
    """WebMessageError 409: E2014 for what is no filter, E2034 unknown property, E2035 unknown operator."""
    given = [text for text in texts if text.strip()]
    if len(given) > MOST_FILTERS:
        raise WebMessageError(409, f"Too many filters, at most {MOST_FILTERS}", "E2014")
    return [_filter(text.strip(), kind) for text in given]


def _filter(text: str, kind: Kind) -> Filter:
    name, colon, rest = text.partition(":")
    word, second, value = rest.partition(":")
    if not name or not colon or not word:
        raise refuse_filter(text[:200])
    operator = ALIASES.get(word, word)
    negated = operator.startswith("!")
    operator = operator.removeprefix("!")
    if operator not in TESTS and operator not in BARE:
        raise WebMessageError(409, f"Operator not supported: `{word[:40]}`", "E2035")
    if operator not in BARE and not second:
        raise refuse_filter(text[:200])
    if operator == "in" and value.count(",") > MOST_VALUES:
        raise refuse_filter(text[:200])
    if name == "identifiable":
        return _Identifiable((), operator, negated, value)
    return Filter(_path(name, kind), operator, negated, value)


class _Identifiable(Filter):
    """`identifiable:token:foo` looks at id, code, name and short name at once."""

    def passes(self, thing: Any, asker: Asker) -> bool:
        kind = asker.looking_at
        names = ("id", "code", "name", "displayName", "shortName")
        values = [kind.properties[name].get(thing, asker) for name in names if name in kind.properties]
        return self._holds(values) != self.negated


def _path(name: str, kind: Kind) -> tuple[Property, ...]:
    found: list[Property] = []
    here: Kind | None = kind
    for step in name.split("."):
        one = here.properties.get(step) if here else None
        if one is None:
            raise WebMessageError(409, f"Filter not supported: `{name[:80]}`", "E2034")
        found.append(one)
        here = KINDS[one.of] if one.of else None
    return tuple(found)


def chosen(things: Sequence[Any], filters: list[Filter], any_of: bool, asker: Asker) -> list[Any]:
    if not filters:
        return list(things)
    join = any if any_of else all
    return [thing for thing in things if join(one.passes(thing, asker) for one in filters)]


def matching(things: Sequence[Any], words: str, kind: Kind, asker: Asker) -> list[Any]:
    """`query=`: a part of the name, marks and capitals aside, or the id or code itself."""
    wanted = fold(words)
    names = [kind.properties[name] for name in ("name", "displayName") if name in kind.properties]
    exact = [kind.properties[name] for name in ("id", "code") if name in kind.properties]
    return [
        thing
        for thing in things
        if any(wanted in fold(str(one.get(thing, asker) or "")) for one in names)
        or any(one.get(thing, asker) == words for one in exact)
    ]


def ordered(things: list[Any], texts: Iterable[str], kind: Kind, asker: Asker) -> list[Any]:
    """`order=level:asc,name:idesc`. WebMessageError 409 E2015; what has no value comes last."""
    keys = [part.strip() for text in texts for part in text.split(",") if part.strip()]
    for key in reversed(keys):
        name, _colon, direction = key.partition(":")
        direction = direction or "asc"
        one = kind.properties.get(name)
        if one is None or not one.simple or direction not in DIRECTIONS:
            raise WebMessageError(409, f"Unable to parse order param: `{key[:80]}`", "E2015")
        things = _sorted(things, one, direction, asker)
    return things


def _sorted(things: list[Any], one: Property, direction: str, asker: Asker) -> list[Any]:
    def key(thing: Any) -> Any:
        value = one.get(thing, asker)
        return value.lower() if direction.startswith("i") and isinstance(value, str) else value

    pairs = [(key(thing), thing) for thing in things]
    full = [pair for pair in pairs if pair[0] is not None]
    full.sort(key=cmp_to_key(_by_value), reverse=direction.endswith("desc"))
    return [thing for _key, thing in full] + [thing for value, thing in pairs if value is None]


def _by_value(first: tuple[Any, Any], second: tuple[Any, Any]) -> int:
    one, two = first[0], second[0]
    if type(one) is not type(two):
        one, two = str(one), str(two)
    return (one > two) - (one < two)
