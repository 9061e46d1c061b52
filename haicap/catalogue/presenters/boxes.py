"""Controls of the editor: name, label, what was typed, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from haicap.catalogue.packs.fields import LANGUAGE_NAMES
from haicap.catalogue.states import LANGUAGES

Errors = Mapping[str, list[str]]


@dataclass(frozen=True)
class Box:
    """`kind`: text, area, select or check. `lang`: language of what is typed, for the reading aloud of it."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"
    hint: str = ""
    errors: tuple[str, ...] = ()
    lang: str = ""
    options: tuple[tuple[str, str], ...] = ()
    checked: bool = False
    short: bool = False
    numeric: bool = False

    @property
    def id(self) -> str:
        return f"f-{self.name}"


@dataclass(frozen=True)
class Made:
    """Makes boxes of one content; remembers the errors by place."""

    content: Mapping[str, Any]
    errors: Errors = field(default_factory=dict)

    def text(self, name: str, label: object, hint: object = "", **more: Any) -> Box:
        return Box(name, str(label), self.content[name], hint=str(hint), errors=self.at(name), **more)

    def select(
        self, name: str, label: object, options: Iterable[tuple[str, object]], hint: object = ""
    ) -> Box:
        chosen = tuple((value, str(said)) for value, said in options)
        return self.text(name, label, hint, kind="select", options=chosen)

    def check(self, name: str, label: object, checked: bool) -> Box:
        return Box(name, str(label), kind="check", checked=checked)

    def languages(self, name: str, label: object, found: Mapping[str, str], kind: str = "text") -> list[Box]:
        """One box per language; the label names the language."""
        return [
            Box(
                f"{name}.{lang}",
                f"{label} ({LANGUAGE_NAMES[lang]})",
                found[lang],
                kind=kind,
                errors=self.at(f"{name}.{lang}"),
                lang=lang,
            )
            for lang in LANGUAGES
        ]

    def at(self, place: str) -> tuple[str, ...]:
        return tuple(self.errors.get(place, ()))
