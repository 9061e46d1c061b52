"""Many communes with an officer, a leader, a form of sixty cells and a year behind them.

python -m tests.soak.storm_child COMMUNES      prints {"period": …, "people": [{"unit", "officer", "leader"}]}
"""

import json
import os
import random
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
django.setup()

from django.conf import settings  # noqa: E402 - models need the apps
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402

from haicap.accounts import actions as accounts  # noqa: E402
from haicap.accounts.models import User  # noqa: E402
from haicap.accounts.states import Role  # noqa: E402
from haicap.catalogue import models as catalogue  # noqa: E402
from haicap.catalogue import queries  # noqa: E402
from haicap.core import clock, periods  # noqa: E402
from haicap.core.periods import Kind  # noqa: E402
from haicap.reporting.actions import ImportedCell, ImportedReport, Signed, bulk_import  # noqa: E402
from haicap.reporting.states import State  # noqa: E402
from haicap.units.actions.stamp import touch  # noqa: E402
from haicap.units.models import Unit  # noqa: E402
from haicap.units.names import uid  # noqa: E402
from tests.cast import SINCE, make_world  # noqa: E402

FORM, CELLS, BEHIND = "BAO", 60, 12
BY = "system:test"
BACKEND = "django.contrib.auth.backends.ModelBackend"


def communes(count: int) -> list[Unit]:
    province = Unit.objects.get(pk=make_world()["66"])
    found = []
    for number in range(count):
        code = f"9{number:04}"
        unit = Unit.objects.create(
            uid=uid(2, code, SINCE), code=code, level=2, kind="xa", parent=province, path="", name=code,
            full_name=f"Xã {code}", name_en=code, folded=code, valid_from=SINCE,
        )  # fmt: skip
        unit.path = f"{province.path}{unit.pk}/"
        unit.save(update_fields=["path"])
        found.append(unit)
    touch()
    return found


def publish(owner_id: int) -> list[str]:
    codes = [f"BAO_{n:02}" for n in range(CELLS)]
    at = datetime(2025, 7, 1, tzinfo=UTC)
    for number, code in enumerate(codes):
        catalogue.Element.objects.create(
            uid=f"s{number:010}", code=code, counts=code, unit="hồ sơ", over_time="sum", over_units="sum",
            over_split="sum", integer=True, non_negative=True, published_at=at,
        )  # fmt: skip
    pairs = list(zip(codes[::2], codes[1::2], strict=True))
    spec: dict[str, Any] = {
        "kind": "month", "rule": "nd09", "obliged": ["xa"], "approval": True, "first_day": "2025-07-01",
        "deadline": {"working_days": 5, "time": "17:00"},
        "sections": [
            {
                "code": "ABCDEF"[first // 10],
                "cells": [
                    {"element": code, "number": code, "required": True} for code in codes[first : first + 10]
                ],
            }
            for first in range(0, CELLS, 10)
        ],
        "checks": [
            {"code": f"{a}_{b}", "kind": "hard", "expression": f"{a} <= {b}", "elements": [a, b]}
            for a, b in pairs
        ],
    }  # fmt: skip
    form = catalogue.Form.objects.create(uid="s9999999999", code=FORM, owner_id=owner_id)
    catalogue.FormVersion.objects.create(form=form, number=1, spec=spec, digest=FORM, published_at=at)
    catalogue.Pack.objects.create(
        code="storm", number=1, owner_id=owner_id, contents={"elements": codes, "forms": {FORM: 1}},
        digest="storm", published_at=at, published_by=BY,
    )  # fmt: skip
    catalogue.Revision.objects.update_or_create(pk=1, defaults={"token": "storm"})
    queries.forget()
    return codes


def session(unit: Unit, role: Role) -> str:
    """A person of this unit and the key of a session: signing in is not what is tried here."""
    user: User = accounts.create_user(by=BY, username=f"{role.value}_{unit.code}")
    accounts.appoint(by=BY, user=user, role=role, unit_id=unit.pk, title=role.value, starts=SINCE)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def a_year_behind(units: list[Unit], codes: list[str], last: periods.Period) -> None:
    chance, level = random.Random(7), {code: 50 * 2 ** (n % 8) for n, code in enumerate(codes)}
    for back in range(1, BEHIND + 1):
        period = periods.shift(last, -back)
        at = clock.now() - timedelta(days=30 * back)
        typed, signed, taken = (Signed(at + timedelta(hours=n), f"user:{n}") for n in range(3))
        rows = [
            ImportedReport(
                unit_id=unit.pk, form=FORM, period=period.key, state=State.ACCEPTED, typed=typed,
                cells=[
                    ImportedCell(code, value(level[codes[n - n % 2]], n % 2, chance))
                    for n, code in enumerate(codes)
                ],
                submissions=[signed], accepted=taken,
            )
            for unit in units
        ]  # fmt: skip
        bulk_import(by=BY, rows=rows)


def value(level: int, whole: int, chance: random.Random) -> Decimal:
    # even cells are parts of the next one, with room between them
    return Decimal(level * (1 + whole) + chance.randrange(level // 3))


if __name__ == "__main__":
    found = communes(int(sys.argv[1]))
    names = publish(found[0].parent_id or 0)
    last_month = periods.last_closed(Kind.MONTH, clock.today())
    a_year_behind(found, names, last_month)
    people = [
        {
            "unit": unit.code,
            "officer": session(unit, Role.COMMUNE_OFFICER),
            "leader": session(unit, Role.COMMUNE_LEADER),
        }
        for unit in found
    ]
    print(json.dumps({"period": last_month.key, "cells": names, "people": people}))
