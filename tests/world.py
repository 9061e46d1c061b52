"""A small land with everything in it, from the packs to the warehouse: for tests that read figures.

The units and people of tests/cast.py, the packs calendar, dak-lak and published, reports for three months
and for the quarter and half that have closed. The clock stands at 10:00 on 27 October 2026, after every
deadline of 2026-10. In that month Ea Knuếc (24505) is accepted, Tuy Hoà (22015) is submitted (its figures are
provisional) and Buôn Ma Thuột (24133) has sent nothing; in earlier periods all three are accepted.
Phúc Thịnh (00466) in Hà Nội has the figures that the press published.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from haicap.catalogue.actions import load_pack
from haicap.catalogue.packs import published
from haicap.catalogue.queries import Catalogue, Form, current
from haicap.config.demo.figures import Setting, figures
from haicap.config.demo.profile import Profile, read
from haicap.core import clock, periods
from haicap.core.periods import Period
from haicap.reporting import actions
from haicap.reporting.actions import DeclaredFigure, ImportedCell, ImportedReport, Signed
from haicap.reporting.states import State
from haicap.units.places import Place
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import store
from tests.cast import BY, Cast, World
from tests.mould import poured

PACKS = Path(__file__).resolve().parents[1] / "packs"
NOW = datetime(2026, 10, 27, 3, 0, tzinfo=UTC)
FIRST, LAST = "2026-08", "2026-10"
REPORTING = ("24505", "22015", "24133")
SUBMITTED, SILENT = "22015", "24133"
PRESS = "00466"


@dataclass(frozen=True)
class Land:
    """Whoever and whatever lives there; `catalogue` is the one in force."""

    world: World
    cast: Cast
    catalogue: Catalogue

    def place(self, code: str) -> Place:
        return self.world.place(code)


@pytest.fixture
def land(cast: Cast, world: World, tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Iterator[Land]:
    def once() -> tuple[Land, Path]:
        built, kept = settled(cast, world), tmp_path_factory.mktemp("land")
        shutil.copytree(settings.WAREHOUSE_DIR, kept, dirs_exist_ok=True)
        return built, kept

    with clock.frozen(NOW):
        found, files = poured("land", once)
        shutil.copytree(files, settings.WAREHOUSE_DIR, dirs_exist_ok=True)
        yield replace(found, world=world, cast=cast)
        store().close()


def settled(cast: Cast, world: World) -> Land:
    for name in ("calendar", "dak-lak", "published"):
        load_pack(by=BY, path=PACKS / name)
    profile = read(PACKS / "dak-lak" / "demo.yaml")
    for form in current().forms.values():
        for period in closed(form):
            told = [report(form, period, code, cast, world, profile) for code in REPORTING]
            actions.bulk_import(by=BY, rows=[row for row in told if row is not None])
            actions.open_period(by=BY, form=form.code, period=period.key)
    actions.declare(by=BY, figures=press(world))
    refresh()
    return Land(world, cast, current())


def closed(form: Form) -> list[Period]:
    """The months of the story; of longer kinds the one that had closed by then."""
    months = periods.span(periods.parse(FIRST), periods.parse(LAST))
    if form.kind is periods.Kind.MONTH:
        return months
    return [periods.last_closed(form.kind, months[-1].end, form.rule)]


def report(
    form: Form, period: Period, code: str, cast: Cast, world: World, profile: Profile
) -> ImportedReport | None:
    if period.key == LAST and code == SILENT:
        return None
    officer, leader = (
        (cast.commune_officer, cast.commune_leader)
        if code == "24505"
        else (cast.other_officer, cast.other_leader)
    )
    place = world.place(code)
    numbers = figures(form.elements, Setting(place, period, back=6), profile)
    typed = datetime.combine(period.end, datetime.min.time(), clock.ZONE) + timedelta(hours=33)
    waits = period.key == LAST and code == SUBMITTED
    return ImportedReport(
        unit_id=place.id,
        form=form.code,
        period=period.key,
        state=State.SUBMITTED if waits else State.ACCEPTED,
        typed=Signed(typed, officer.ref),
        cells=[ImportedCell(element, number) for element, number in numbers.items()],
        ready=Signed(typed + timedelta(hours=1), officer.ref),
        submissions=[Signed(typed + timedelta(hours=2), leader.ref)],
        accepted=None if waits else Signed(typed + timedelta(hours=3), cast.office.ref),
    )


def press(world: World) -> list[DeclaredFigure]:
    return [
        DeclaredFigure(
            unit_id=world[PRESS],
            element=one.element_code,
            period=one.period_key,
            number=one.value,
            low=one.low,
            high=one.high,
            grade=one.grade,
            source=one.source,
            note=one.note,
        )
        for one in published(PACKS / "published")
        if one.unit_code == PRESS
    ]
