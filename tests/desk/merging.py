"""Acts of the tests: Ea Knuếc (24505) and Buôn Ma Thuột (24133) become one, or Ea Knuếc is split."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.apps import apps
from django.core import serializers

from haicap.accounts.models import User
from haicap.accounts.scopes import scope_of
from haicap.desk.mergers import actions
from haicap.desk.mergers.rooms import preview
from haicap.units import mergers
from haicap.units.merging import Gift, NewUnit, Plan
from tests.cast import Cast, World

DAY = date(2026, 10, 20)
ACT = "Nghị quyết 1/NQ-HĐND"
# what an undone act leaves behind on purpose: its events, its own row, the stamp of the caches
# what was told was told, like what is in the log
KEPT = {"audit", "notify", "sessions", "django_tasks_db", "axes"}
KEPT_MODELS = {"units.merger", "units.stamp", "catalogue.revision"}


def merged(world: World, code: str = "24505") -> Plan:
    """Both go whole into one xã that keeps the code."""
    one = NewUnit("k1", code, "xa", "Ea Knuếc")
    olds = (world["24505"], world["24133"])
    return Plan(olds, (one,), {old: Gift(amounts={"k1": ""}) for old in olds})


def split(world: World, amounts: Mapping[str, str], basis: str = "percent") -> Plan:
    """Ea Knuếc falls apart into 24505 and 99001; blank amounts are parts of unknown size."""
    news = (NewUnit("k1", "24505", "xa", "Ea Knuếc"), NewUnit("k2", "99001", "xa", "Ea Mới"))
    return Plan((world["24505"],), news, {world["24505"]: Gift(basis, dict(amounts))})


def prepared(cast: Cast, world: World, plan: Plan, on: date = DAY, **choices: str) -> int:
    """Written by the office, every question answered: carried to the first unit offered, or as said."""
    scope = scope_of(cast.office)
    id = actions.start(by=cast.office, scope=scope, owner_id=world["66"])
    actions.write(by=cast.office, scope=scope, merger_id=id, act=ACT, on=on, plan=plan)
    decide(cast, id, **choices)
    return id


def decide(cast: Cast, id: int, **choices: str) -> None:
    found = {
        actions.key_of(room, question): question.options[0].value
        for room, answer in preview(mergers.by_id(id).change()).items()
        for question in answer.asks
    }
    actions.write(by=cast.office, scope=scope_of(cast.office), merger_id=id, choices={**found, **choices})


def signed(cast: Cast, world: World, plan: Plan, on: date = DAY, **choices: str) -> int:
    id = prepared(cast, world, plan, on, **choices)
    actions.hand_in(by=cast.office, scope=scope_of(cast.office), merger_id=id)
    sign(cast.leader, id)
    return id


def sign(by: User, id: int) -> None:
    actions.sign(by=by, scope=scope_of(by), merger_id=id)


def undo(by: User, id: int, reason: str = "Nghị quyết đã bị bãi bỏ") -> None:
    actions.undo(by=by, scope=scope_of(by), merger_id=id, reason=reason)


def everything() -> dict[str, Any]:
    """Every row of every table that an act may touch: model → rows in a stable order."""
    found = {}
    for model in apps.get_models():
        name = model._meta.label_lower
        if model._meta.app_label in KEPT or name in KEPT_MODELS:
            continue
        found[name] = serializers.serialize("json", model._default_manager.order_by("pk"))
    return found
