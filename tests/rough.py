"""A rougher land than tests/world.py: gaps, zeros, zero denominators, a provisional month, a late beginner.

Three months of three communes. In the last month Ea Knuếc (24505) is accepted with one cell that has "no
figure"; Tuy Hoà (22015) is only submitted, with zeros above and below the line;
Buôn Ma Thuột (24133) has sent nothing, and before that it left out whole forms.
"""

import shutil
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from haicap.catalogue.actions import load_pack
from haicap.catalogue.queries import Form, current, forget
from haicap.config.demo.figures import Setting, figures
from haicap.config.demo.profile import Profile, read
from haicap.core import clock
from haicap.core.periods import Period
from haicap.reporting import actions
from haicap.reporting.actions import ImportedCell, ImportedReport, Signed
from haicap.reporting.states import State
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import store
from tests.cast import BY, Cast, World, make_cast, make_world
from tests.mould import poured
from tests.world import LAST, NOW, PACKS, REPORTING, Land, closed, press

ZEROS = {
    "HS_DXL": Decimal(0),
    "HS_QH": Decimal(0),
    "HS_TTTT": Decimal(0),
    "PA": Decimal(0),
    "PA_DH": Decimal(0),
}
NO_FIGURE = {"HS_DH": "Hệ thống một cửa bị lỗi"}


@dataclass(frozen=True)
class Built:
    land: Land
    warehouse: Path


@pytest.fixture(scope="module")
def _rough_once(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Built]:
    """Built once for a module, inside a transaction that is rolled back after its last test."""
    warehouse = tmp_path_factory.mktemp("rough") / "warehouse"
    with django_db_blocker.unblock():
        held = transaction.atomic()
        held.__enter__()
        try:
            with override_settings(WAREHOUSE_DIR=warehouse), clock.frozen(NOW):
                built = poured("rough", partial(_built, warehouse))
                if built.warehouse != warehouse:
                    shutil.copytree(built.warehouse, warehouse, dirs_exist_ok=True)
            store().close()
            yield Built(replace(built.land, cast=deepcopy(built.land.cast)), warehouse)
        finally:
            transaction.set_rollback(True)
            held.__exit__(None, None, None)
            forget()


def _built(warehouse: Path) -> Built:
    world = make_world()
    cast = make_cast(world)
    _furnish(world, cast)
    refresh()
    return Built(Land(world, cast, current()), warehouse)


@pytest.fixture
def rough(_rough_once: Built, db: None, settings: Any) -> Iterator[Land]:
    """For tests that read; what they write is rolled back, what they refresh goes into their own copy."""
    settings.WAREHOUSE_DIR = _rough_once.warehouse
    with clock.frozen(NOW):
        yield _rough_once.land
        store().close()


def _furnish(world: World, cast: Cast) -> None:
    for name in ("calendar", "dak-lak", "published"):
        load_pack(by=BY, path=PACKS / name)
    profile = read(PACKS / "dak-lak" / "demo.yaml")
    for form in current().forms.values():
        for period in closed(form):
            rows = [_report(form, period, code, cast, world, profile) for code in REPORTING]
            actions.bulk_import(by=BY, rows=[row for row in rows if row is not None])
            actions.open_period(by=BY, form=form.code, period=period.key)
    actions.declare(by=BY, figures=press(world))


def _report(
    form: Form, period: Period, code: str, cast: Cast, world: World, profile: Profile
) -> ImportedReport | None:
    if code == "24133" and (period.key == LAST or form.code.startswith("KTS")):
        return None
    home = code == "24505"
    officer = cast.commune_officer if home else cast.other_officer
    leader = cast.commune_leader if home else cast.other_leader
    back = {"2026-10": 0, "2026-09": 1, "2026-08": 2}.get(period.key, 0)
    numbers = figures(form.elements, Setting(world.place(code), period, back), profile)
    typed = datetime.combine(period.end, datetime.min.time(), clock.ZONE) + timedelta(hours=33)
    waits = period.key == LAST and code == "22015"
    return ImportedReport(
        unit_id=world[code],
        form=form.code,
        period=period.key,
        state=State.SUBMITTED if waits else State.ACCEPTED,
        typed=Signed(typed, officer.ref),
        cells=list(_cells(numbers, code, period)),
        ready=Signed(typed + timedelta(hours=1), officer.ref),
        submissions=[Signed(typed + timedelta(hours=2), leader.ref)],
        accepted=None if waits else Signed(typed + timedelta(hours=3), cast.office.ref),
    )


def _cells(numbers: dict[str, Decimal], code: str, period: Period) -> Iterator[ImportedCell]:
    for element, number in numbers.items():
        if (code, period.key) == ("24505", LAST) and element in NO_FIGURE:
            yield ImportedCell(element, None, NO_FIGURE[element])
        elif (code, period.key) == ("22015", LAST) and element in ZEROS:
            yield ImportedCell(element, ZEROS[element])
        else:
            yield ImportedCell(element, number)
