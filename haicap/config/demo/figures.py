"""Plausible figures of one commune in one period: trend, season, size, strength, and the planted stories."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from haicap.config.demo.chance import normal, uniform
from haicap.config.demo.profile import Profile, Recipe, Story
from haicap.core import periods
from haicap.core.periods import Period
from haicap.units.places import Place

MONTHS = {"month": 1, "quarter": 3, "half": 6}
NOISE = 0.25


@dataclass(frozen=True)
class Setting:
    """`back`: how many periods before the last closed one (0 is the last)."""

    place: Place
    period: Period
    back: int


def figures(elements: Sequence[str], setting: Setting, profile: Profile) -> dict[str, Decimal]:
    """A number for each element asked; parts never exceed their whole."""
    found: dict[str, Decimal] = {}
    story = next((one for one in profile.stories if one.unit == setting.place.code), None)
    for element in elements:
        _figure(element, setting, profile, story, found)
    return {element: found[element] for element in elements}


def strength(setting: Setting, profile: Profile, story: Story | None) -> float:
    """Where a commune stands, about −2 … 2: towns and dense communes are stronger, chance does the rest."""
    place = setting.place
    if story and story.strength and setting.back < story.last:
        return story.strength[story.last - 1 - setting.back]
    density = (place.population or 15_000) / max(place.area_km2 or 100.0, 1.0)
    town = 0.35 if place.kind == "phuong" else 0.0
    dense = 0.38 * (math.log10(density) - 2.2) / 0.5
    raw = town + dense + 0.62 * normal("strength", place.code)
    return profile.strength_shift + profile.strength_scale * raw


def _figure(
    element: str, setting: Setting, profile: Profile, story: Story | None, found: dict[str, Decimal]
) -> Decimal:
    if element in found:
        return found[element]
    recipe = profile.recipes[element]
    if recipe.share_of:
        whole = _figure(recipe.share_of, setting, profile, story, found)
        share = _share(element, recipe, setting, profile, story)
        number = Decimal(min(int(whole), round(float(whole) * share)))
    elif recipe.of:
        share = _share(element, recipe, setting, profile, story)
        number = Decimal(str(round(recipe.of * share, 2)))
    else:
        number = Decimal(_size(element, recipe, setting, profile, story))
    found[element] = number
    return number


def _size(element: str, recipe: Recipe, setting: Setting, profile: Profile, story: Story | None) -> int:
    place, period = setting.place, setting.period
    if recipe.fixed:
        low, high = recipe.fixed
        base = low + (high - low) * uniform("fixed", element, place.code)
        return max(low, round(base * (1 + 0.03 * normal("fixed", element, place.code, period.key))))
    assert recipe.per_1000 is not None
    base = recipe.per_1000 * (place.population or 15_000) / 1000
    if not recipe.season:
        return max(1, round(base * (1 + 0.01 * normal("stock", element, place.code))))
    wave = 1 + recipe.season * math.sin(2 * math.pi * (period.end.month + 2) / 12)
    push = 1 + recipe.spread * strength(setting, profile, story)
    chance = 1 + 0.06 * normal("flow", element, place.code, period.key)
    return max(1, round(base * MONTHS[period.kind.value] * wave * max(0.15, push) * chance))


def _share(element: str, recipe: Recipe, setting: Setting, profile: Profile, story: Story | None) -> float:
    if story and element in story.shares and setting.back < story.last:
        return story.shares[element][story.last - 1 - setting.back]
    first = periods.parse(profile.start).start
    months = (setting.period.end - first).days / 30.4
    way = min(1.0, months / profile.months_to_reach)
    own = 0.45 * normal("share", element, setting.place.code)
    now = NOISE * normal("share", element, setting.place.code, setting.period.key)
    share = recipe.start + (recipe.end - recipe.start) * way
    share += recipe.spread * (strength(setting, profile, story) + own + now)
    return max(0.0, min(1.0, share))
