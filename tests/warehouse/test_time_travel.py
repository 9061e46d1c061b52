"""Time travel through the rooms themselves: people report, correct, declare and import in random order, the
worker refreshes now and then, and every snapshot is built again by the command, row for row."""

import io
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.core.management import call_command

import haicap
from haicap.accounts.models import User
from haicap.core import clock, periods
from haicap.core.errors import Refusal
from haicap.dossiers.models import Dossier, DossierVersion
from haicap.reporting import actions
from haicap.reporting.actions.declaring import DeclaredFigure
from haicap.reporting.actions.deriving import DerivedFigure
from haicap.reporting.models import Value
from haicap.warehouse import lake
from haicap.warehouse import manifest as manifests
from haicap.warehouse.archiving import Archives
from haicap.warehouse.places import root_directory
from haicap.warehouse.refresh import refresh, sort
from haicap.warehouse.store import store
from tests.dossiers.making import records, take_in
from tests.reporting.conftest import at_work, office, sheet  # noqa: F401  fixtures
from tests.reporting.office import NOW, Office
from tests.warehouse.archive import Content, content


@pytest.fixture(autouse=True)
def _own(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    yield
    store().close()


class Life:
    """Steps that people take; one that is not allowed just now is refused, and that is part of it."""

    def __init__(self, office: Office, dice: Random) -> None:  # noqa: F811
        self.office, self.dice = office, dice
        self.report = office.open()

    def save(self) -> None:
        self.office.save(self.report, {"HS_NHAN": str(self.dice.randint(400, 500)), "HS_NHAN_CTT": "377",
                                       "HS_PHI": "128", "HS_TTTT": "71"})  # fmt: skip

    def send(self) -> None:
        self.save()
        self.office.say_ready(self.report)
        self.office.submit(self.report)

    def accept(self) -> None:
        user = self.office.cast.office
        actions.accept(by=user, scope=self.office.scope(user), report=self.report)

    def give_back(self) -> None:
        self.office.give_back(self.report, {"HS_NHAN": "Sai số"})

    def reopen(self) -> None:
        user = self.office.cast.leader
        actions.reopen(by=user, scope=self.office.scope(user), report=self.report, reason="Tính lại")

    def declare(self) -> None:
        figure = DeclaredFigure(
            self.office.world["00466"], "HS_NHAN", "2025-Q3", Decimal(self.dice.randint(1, 9)), "Báo cáo"
        )
        actions.declare(by="system:test", figures=[figure])

    def derive(self) -> None:
        ids = set(Value.objects.filter(report=self.report).values_list("element_id", flat=True))
        figures = [
            DerivedFigure(
                self.office.world["22015"], id, periods.parse("2026-09", periods.Rule.CALENDAR),
                Decimal(self.dice.randint(1, 9)), 1, 1,
            )
            for id in sorted(ids)[:1]
        ]  # fmt: skip
        actions.record_derived(by="system:test", values=figures, evidence={}, snapshot="test")

    def bring_in(self) -> None:
        """The same dossiers again: some are new, some moved to another month or unit."""
        take_in(self.office.cast.office, records(self.dice.randint(5, 30), seed=self.dice.randrange(3)))

    def compact(self) -> None:
        sort(share=0, archive=Archives())

    def build_all(self) -> None:
        refresh(everything=True)

    def step(self) -> None:
        often = [self.send, self.send, self.accept, self.give_back, self.reopen, self.bring_in]
        rarely = [self.save, self.declare, self.derive, self.compact, self.build_all]
        with suppress(Refusal):
            self.dice.choice([*often, *rarely])()
        if self.dice.random() < 0.5:
            refresh()


def erase(user: User) -> None:
    """What the law may ask: nothing of a person is left but the number that the log refers to."""
    User.objects.filter(pk=user.pk).update(username=f"erased-{user.pk}", name="", email="", is_active=False)
    Dossier.objects.update(account_key=None, steps=[])
    DossierVersion.objects.update(old={})


def test_every_snapshot_of_a_life_is_built_again_after_a_person_was_erased(
    office: Office, tmp_path: Path  # noqa: F811
) -> None:  # fmt: skip
    dice = Random(20260630)
    seen: dict[str, Content] = {}
    times: dict[str, str] = {}
    life = Life(office, dice)
    life.save()
    for number in range(30):
        now = NOW + timedelta(minutes=number)
        with clock.frozen(now):
            life.step()
        if (live := manifests.read(root_directory())) and live.id not in seen:
            seen[live.id], times[live.id] = content(root_directory()), f"{clock.local(now):%Y-%m-%dT%H:%M}"
    assert len(seen) >= 8
    erase(office.cast.commune_officer)
    for id, rows in seen.items():
        to, said = tmp_path / id, io.StringIO()
        call_command("warehouse", "build", "--as-of", times[id], "--to", str(to), stdout=said)
        assert id in said.getvalue()
        assert content(to) == rows
    assert any(rows["dossiers"] for rows in seen.values())
    # and the same as a lake for other tools
    last = list(seen)[-2]
    call_command("warehouse", "export", str(tmp_path / "lake"), "--as-of", last, stdout=io.StringIO())
    assert lake.snapshot_in(tmp_path / "lake") == last
    held = haicap.open(tmp_path / "lake").tables
    assert {name: held[name] for name in seen[last]} == {name: len(rows) for name, rows in seen[last].items()}
    assert len({str(rows["values"]) for rows in seen.values()}) > 3
