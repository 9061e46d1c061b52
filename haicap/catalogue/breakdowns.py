"""How one count is divided: by age and place inside a report, or by the project a report is made for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from haicap.catalogue import models

Labels = Mapping[str, str]
Words = Mapping[tuple[str, str], Labels]
SPLIT, ATTRIBUTION = "split", "attribution"


@dataclass(frozen=True)
class Option:
    """One choice on a dimension; figures for days before `starts` or after `ends` do not exist."""

    uid: str
    code: str
    labels: Labels
    starts: date | None = None
    ends: date | None = None


@dataclass(frozen=True)
class Dimension:
    uid: str
    code: str
    labels: Labels
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Combination:
    """Dimensions crossed with each other. `usage`: "split" of a value or "attribution" of a whole report;
    `splits`: the codes of its cells."""

    uid: str
    code: str
    usage: str
    labels: Labels
    dimensions: tuple[Dimension, ...]
    splits: tuple[str, ...] = ()
    foreign_code: str = ""


@dataclass(frozen=True)
class Split:
    """One cell of a combination, named by one option of each dimension. `foreign_code`: the code that the
    system it came from uses where that is not `code`."""

    uid: str
    code: str
    labels: Labels
    combination: str
    options: tuple[str, ...]
    foreign_code: str = ""


def build(numbers: Mapping[str, int], words: Words) -> tuple[dict[str, Combination], dict[str, Split]]:
    """code → combination in force, code → split (all of them: older figures hold them)."""
    splits = {row.code: _split(row, words) for row in models.Split.objects.order_by("pk")}
    cells: dict[str, list[str]] = {}
    for one in splits.values():
        cells.setdefault(one.combination, []).append(one.code)
    rows = models.Combination.objects.filter(code__in=list(numbers)).order_by("pk")
    combinations = {
        row.code: _combination(row, words, cells.get(row.code, ()))
        for row in rows
        if row.number == numbers[row.code]
    }
    return combinations, splits


def _split(row: models.Split, words: Words) -> Split:
    return Split(
        uid=row.uid,
        code=row.code,
        labels=words.get((f"split:{row.code}", "name"), {}),
        combination=row.combination,
        options=tuple(row.options),
        foreign_code=row.foreign_code,
    )


def _combination(row: models.Combination, words: Words, cells: Iterable[str]) -> Combination:
    spec: dict[str, Any] = row.spec
    return Combination(
        uid=row.uid,
        code=row.code,
        usage=spec["usage"],
        labels=words.get((f"combination:{row.code}", "name"), {}),
        dimensions=tuple(_dimension(one, words) for one in spec["dimensions"]),
        splits=tuple(cells),
        foreign_code=spec.get("code", ""),
    )


def _dimension(spec: Mapping[str, Any], words: Words) -> Dimension:
    options = tuple(
        Option(
            uid=one["uid"],
            code=one["code"],
            labels=words.get((f"option:{one['uid']}", "name"), {}),
            starts=date.fromisoformat(one["starts"]) if one.get("starts") else None,
            ends=date.fromisoformat(one["ends"]) if one.get("ends") else None,
        )
        for one in spec["options"]
    )
    return Dimension(spec["uid"], spec["code"], words.get((f"dimension:{spec['uid']}", "name"), {}), options)
