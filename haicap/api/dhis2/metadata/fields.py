"""`fields=id,name,parent[id,name],children~size,*,!href`: read into a tree, and used to show a thing.

As in DHIS2 a field that does not exist is left out without a word: clients ask servers of many versions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from haicap.api.dhis2.messages import WebMessageError
from haicap.api.dhis2.metadata.asker import Asker
from haicap.api.dhis2.metadata.kinds import KINDS, NAMEABLE, NAMES, Kind, Property

DEEPEST, LONGEST = 15, 8000
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
TRANSFORM = re.compile(r"\s*(?:~|::|\|)([A-Za-z]+)(?:\(([^()]*)\))?")
PRESETS = ("all", "owner", "persisted", "simple", "nameable", "identifiable")


@dataclass
class Field:
    """One field as asked for: under which name it is shown, what of it, changed in which ways."""

    name: str
    inner: Fields | None = None
    changes: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Fields:
    presets: list[str] = field(default_factory=list)
    given: dict[str, Field] = field(default_factory=dict)
    without: set[str] = field(default_factory=set)


def refuse(text: str) -> WebMessageError:
    return WebMessageError(409, f"Field not supported: `{text[:80]}`", "E2038")


def read(texts: Iterable[str], usual: str) -> Fields:
    """WebMessageError 409 E2038 for brackets that do not match and the like."""
    text = ",".join(part for part in texts if part.strip()) or usual
    if len(text) > LONGEST:
        raise refuse(text)
    reader = _Reader(text)
    found = reader.list(0)
    if reader.at < len(text):
        raise refuse(text[reader.at :])
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def ahead(self) -> str:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        return self.text[self.at : self.at + 1]

    def list(self, depth: int) -> Fields:
        if depth > DEEPEST:
            raise refuse(self.text)
        found = Fields()
        while True:
            self.one(found, depth)
            if self.ahead() != ",":
                return found
            self.at += 1

    def one(self, found: Fields, depth: int) -> None:
        sign = self.ahead()
        if sign in ("", ",", "]", ")"):
            return
        if sign == "*":
            self.at += 1
            found.presets.append("all")
            return
        if sign in (":", "!"):
            self.at += 1
        word = NAME.match(self.text, self.at) if self.ahead() else None
        if word is None:
            raise refuse(self.text[self.at :])
        self.at = word.end()
        if sign == ":":
            if word.group() not in PRESETS:
                raise refuse(f":{word.group()}")
            found.presets.append(word.group())
        elif sign == "!":
            found.without.add(word.group())
        else:
            _put(found, word.group().split("."), self.rest(depth))

    def rest(self, depth: int) -> Field:
        made = Field("")
        while change := TRANSFORM.match(self.text, self.at):
            made.changes.append((change.group(1), (change.group(2) or "").strip()))
            self.at = change.end()
        closing = {"[": "]", "(": ")"}.get(self.ahead())
        if closing:
            self.at += 1
            made.inner = self.list(depth + 1)
            if self.ahead() != closing:
                raise refuse(self.text[self.at :] or self.text)
            self.at += 1
            while change := TRANSFORM.match(self.text, self.at):
                made.changes.append((change.group(1), (change.group(2) or "").strip()))
                self.at = change.end()
        return made


def _put(found: Fields, path: list[str], last: Field) -> None:
    """parent.name is parent[name]; the same field asked for twice is asked for both."""
    here = found
    for step in path[:-1]:
        outer = here.given.setdefault(step, Field(step))
        outer.inner = outer.inner or Fields()
        here = outer.inner
    last.name = path[-1]
    before = here.given.get(last.name)
    if before is not None and before.inner and last.inner:
        before.inner.presets += last.inner.presets
        before.inner.given |= last.inner.given
        before.inner.without |= last.inner.without
        before.changes += last.changes
    else:
        here.given[last.name] = last


def show(thing: Any, kind: Kind, wanted: Fields, asker: Asker) -> dict[str, Any]:
    """The thing with these fields. What has no value is left out, as DHIS2 does."""
    asker.spend()
    shown: dict[str, Any] = {}
    for name in _names(kind, wanted):
        found = kind.properties.get(name)
        if found is None or name in wanted.without:
            continue
        asked = wanted.given.get(name)
        value = _value(thing, found, asked.inner if asked else None, asker)
        target = name
        for change, argument in asked.changes if asked else ():
            if change == "rename" and argument:
                target = argument
            else:
                value = _changed(value, change, argument)
        if value is not None:
            shown[target] = value
    return shown


def _names(kind: Kind, wanted: Fields) -> dict[str, None]:
    names: dict[str, None] = {}
    for preset in wanted.presets:
        if preset == "identifiable":
            names |= dict.fromkeys(NAMES)
        elif preset == "nameable":
            names |= dict.fromkeys(NAMEABLE)
        elif preset == "simple":
            names |= {name: None for name, one in kind.properties.items() if one.simple}
        else:
            names |= dict.fromkeys(kind.properties)
    return names | dict.fromkeys(wanted.given)


def _value(thing: Any, found: Property, inner: Fields | None, asker: Asker) -> Any:
    value = found.get(thing, asker)
    if not found.of or value is None:
        return _inside(value, inner) if inner else value
    kind = KINDS[found.of]
    wanted = inner or (Fields(["all"]) if kind.embedded else Fields(given={"id": Field("id")}))
    if not found.many:
        return show(value, kind, wanted, asker)
    return [show(one, kind, wanted, asker) for one in value]


def _inside(value: Any, inner: Fields) -> Any:
    """Fields of what is no thing of ours: access[read], style[color]."""
    if isinstance(value, list):
        return [_inside(one, inner) for one in value]
    if not isinstance(value, dict) or inner.presets:
        return value
    return {name: value[name] for name in inner.given if name in value}


def _changed(value: Any, change: str, argument: str) -> Any:
    many = isinstance(value, list)
    if change == "size":
        return len(value) if isinstance(value, list | str) else 0 if value is None else 1
    if change in ("isEmpty", "isNotEmpty"):
        return (not value) == (change == "isEmpty")
    if change == "pluck" and many:
        name = argument or "id"
        return [one.get(name) for one in value if isinstance(one, dict) and one.get(name) is not None]
    if change == "first" and many:
        return value[0] if value else None
    if change == "last" and many:
        return value[-1] if value else None
    if change == "keyBy" and many:
        keyed: dict[str, list[Any]] = {}
        for one in value:
            keyed.setdefault(str(one.get(argument or "id")), []).append(one)
        return keyed
    if change == "paging" and many:
        page, _sign, size = argument.replace(",", ";").partition(";")
        if not (page.isascii() and page.isdigit() and (size or "50").isascii() and (size or "50").isdigit()):
            raise refuse(f"paging({argument})")
        step = int(size or 50)
        start = max(int(page) - 1, 0) * step
        return value[start : start + step]
    return value
