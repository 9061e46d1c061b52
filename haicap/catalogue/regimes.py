"""A published form version → the frozen form: what is asked, of whom, until when, what its regime states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from typing import Any

from haicap.catalogue import models
from haicap.catalogue.definitions import Cell, Check, Form, Labels, Obligation, Section
from haicap.catalogue.states import LOCK_AFTER, REGIME_TEXTS, REMINDERS, Nature
from haicap.core import clock
from haicap.core.periods import Kind, Rule

Words = Mapping[tuple[str, str], Labels]


def form(row: models.FormVersion, versions: Iterable[models.FormVersion], words: Words) -> Form:
    """`versions`: all published ones of the same form, whose obligations hold for older windows."""
    spec: dict[str, Any] = row.spec
    code = row.form.code
    alike = [one for one in versions if (one.spec["kind"], one.spec["rule"]) == (spec["kind"], spec["rule"])]
    begun = [_day(one.spec.get("first_day")) for one in alike]
    return Form(
        id=row.form_id,
        uid=row.form.uid,
        code=code,
        number=row.number,
        kind=Kind(spec["kind"]),
        rule=Rule(spec["rule"]),
        owner_unit_id=row.form.owner_id,
        obliged_kinds=tuple(spec["obliged"]),
        deadline_working_days=spec["deadline"]["working_days"],
        deadline_time=time.fromisoformat(spec["deadline"]["time"]),
        approval=spec["approval"],
        first_day=None if None in begun else min(day for day in begun if day is not None),
        labels=words.get((f"form:{code}", "name"), {}),
        sections=tuple(_section(code, one, words) for one in spec["sections"]),
        checks=tuple(_check(code, one, words) for one in spec["checks"]),
        nature=spec.get("nature", Nature.REGULAR.value),
        only_period=spec.get("only_period", ""),
        deadline_on=_day(spec["deadline"].get("on")),
        **{name: spec.get("regime", {}).get(name, {}) for name in REGIME_TEXTS},
        asker=spec.get("asker", ""),
        minutes_per_cell=Decimal(spec["minutes_per_cell"]) if spec.get("minutes_per_cell") else None,
        obliged_units=tuple(spec.get("obliged_units", ())),
        obliged_from=_day(spec.get("obliged_from")),
        obliged_to=_day(spec.get("obliged_to")),
        obligations=tuple(_obligation(one) for one in alike),
        lock_after=spec.get("lock_after", LOCK_AFTER),
        reminders=tuple(spec.get("reminders", REMINDERS)),
        published_on=clock.local(row.published_at).date(),
        combination=spec.get("combination", ""),
        exchange=spec.get("exchange", {}),
        short_labels=words.get((f"form:{code}", "short"), {}),
    )


def _obligation(row: models.FormVersion) -> Obligation:
    spec = row.spec
    begins = [day for day in (_day(spec.get("first_day")), _day(spec.get("obliged_from"))) if day]
    return Obligation(
        number=row.number,
        since=max(begins, default=None),
        until=_day(spec.get("obliged_to")),
        kinds=tuple(spec["obliged"]),
        units=tuple(spec.get("obliged_units", ())),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _section(form: str, spec: dict[str, Any], words: Words) -> Section:
    cells = tuple(
        Cell(
            element=one["element"],
            number=one["number"],
            labels=words.get((f"element:{one['element']}", "name"), {}),
            hints=words.get((f"element:{one['element']}", "hint"), {}),
            required=one["required"],
            why=one.get("why", ""),
        )
        for one in spec["cells"]
    )
    return Section(spec["code"], words.get((f"section:{form}/{spec['code']}", "name"), {}), cells)


def _check(form: str, spec: dict[str, Any], words: Words) -> Check:
    return Check(
        code=spec["code"],
        kind=spec["kind"],
        expression=spec["expression"],
        labels=words.get((f"check:{form}/{spec['code']}", "message"), {}),
        elements=tuple(spec["elements"]),
    )
