"""All questions that a month gives rise to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from haicap.core.periods import Period

from . import accounts, bunching, clocks, denominators, edits
from .rules import Rules
from .scene import Scene, Seen, scene

FINDERS: tuple[Callable[[Scene], Iterator[Seen]], ...] = (
    accounts.find,
    clocks.find,
    bunching.find,
    edits.find,
    denominators.find,
)


def found(period: Period, rules: Rules, now: datetime) -> list[Seen]:
    """`period`: a calendar month. Reads only; who is asked is for actions/asking.py."""
    here = scene(period, rules, now)
    return [seen for find in FINDERS for seen in find(here)]
