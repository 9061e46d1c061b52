"""packs/…/demo.yaml as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Recipe:
    """How one element comes about: a size, a fixed range, a share of another element or of some points."""

    per_1000: float | None = None
    season: float = 0.0
    fixed: tuple[int, int] | None = None
    share_of: str = ""
    of: int = 0
    start: float = 0.0
    end: float = 0.0
    spread: float = 0.0


@dataclass(frozen=True)
class Story:
    """`shares` and `strength` hold one number per period, the last one is the last closed period."""

    code: str
    unit: str
    last: int
    shares: Mapping[str, tuple[float, ...]]
    strength: tuple[float, ...] = ()
    copy_form: str = ""


@dataclass(frozen=True)
class Profile:
    start: str
    months_to_reach: int
    strength_scale: float
    strength_shift: float
    recipes: Mapping[str, Recipe]
    lives: Mapping[str, float]
    stories: tuple[Story, ...]
    open_in_last: frozenset[str]
    counted: frozenset[str]


def read(path: Path) -> Profile:
    data = yaml.safe_load(path.read_text("utf-8"))
    return Profile(
        start=str(data["start"]),
        months_to_reach=data["months_to_reach"],
        strength_scale=data["strength"]["scale"],
        strength_shift=data["strength"]["shift"],
        recipes={code: _recipe(one) for code, one in data["elements"].items()},
        lives=data["lives"],
        stories=tuple(_story(one) for one in data["stories"]),
        open_in_last=frozenset(data["open_in_last"]),
        counted=frozenset(data["counted"]),
    )


def _recipe(one: Mapping[str, Any]) -> Recipe:
    fixed = one.get("fixed")
    return Recipe(
        per_1000=one.get("per_1000"),
        season=one.get("season", 0.0),
        fixed=(fixed[0], fixed[1]) if fixed else None,
        share_of=one.get("share_of", ""),
        of=one.get("of", 0),
        start=one.get("from", 0.0),
        end=one.get("to", 0.0),
        spread=one.get("spread", 0.0),
    )


def _story(one: Mapping[str, Any]) -> Story:
    return Story(
        code=one["code"],
        unit=one["unit"],
        last=one["last"],
        shares={code: tuple(values) for code, values in one.get("shares", {}).items()},
        strength=tuple(one.get("strength", ())),
        copy_form=one.get("copy_form", ""),
    )
