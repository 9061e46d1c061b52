"""When a report is locked and when its unit is reminded: data of the regime, with defaults of the product."""

from __future__ import annotations

from typing import Any

import pytest

from haicap.catalogue.packs.fields import Fields
from haicap.catalogue.packs.files import Map
from haicap.catalogue.packs.problems import Problem, Problems
from haicap.catalogue.packs.regimes import stated
from haicap.core.periods import Kind, Rule

SOURCE: dict[str, Any] = {"obliged": ["xa"], "deadline": {"working_days": 5, "time": "17:00"}}


def mapping(source: dict[str, Any]) -> Map:
    """As the reader of packs hands it on: every mapping knows its lines."""
    made = Map({name: mapping(one) if isinstance(one, dict) else one for name, one in source.items()})
    made.file, made.line, made.lines = "form.yaml", 1, dict.fromkeys(source, 2)
    return made


def read(**more: Any) -> tuple[dict[str, Any], list[Problem]]:
    problems = Problems()
    one = Fields(mapping({**SOURCE, **more}), "form", problems, ("form.yaml", 1))
    return stated(one, Kind.MONTH, Rule.DECREE09, {}).spec, problems.found


def test_what_is_not_stated_keeps_the_version_as_it_was() -> None:
    spec, problems = read()
    assert not problems
    assert not {"lock_after", "reminders"} & set(spec)


@pytest.mark.parametrize(("given", "kept"), [(0, 0), (10, 10), ("never", None)])
def test_the_days_until_the_lock(given: object, kept: int | None) -> None:
    spec, problems = read(lock_after=given)
    assert (spec["lock_after"], problems) == (kept, [])


@pytest.mark.parametrize("given", [-1, 251, "ten", True])
def test_a_lock_that_makes_no_sense_is_told_with_its_place(given: object) -> None:
    _spec, problems = read(lock_after=given)
    assert len(problems) == 1


def test_the_days_of_reminders_are_sorted() -> None:
    spec, problems = read(reminders=[1, -5, 0])
    assert (spec["reminders"], problems) == ([-5, 0, 1], [])


@pytest.mark.parametrize("given", [[1, 1], [-61], ["1"], [True], "1"])
def test_reminders_that_make_no_sense_are_told(given: object) -> None:
    _spec, problems = read(reminders=given)
    assert len(problems) == 1
