"""The real source: what people do in the reporting room arrives in the facts, and nothing else does."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from haicap.audit import queries as audit
from haicap.catalogue.models import Element
from haicap.core.periods import Rule
from haicap.reporting import actions
from haicap.reporting.actions.declaring import DeclaredFigure
from haicap.warehouse.queries.obligations import obligations
from haicap.warehouse.queries.ratio_by_unit import ratio_by_unit
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import store
from haicap.warehouse.verify import verify
from tests.reporting.conftest import at_work, office, sheet  # noqa: F401  fixtures
from tests.reporting.office import DEADLINE, FORM, NOW, PERIOD, Office


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    store().close()


def terms(code: str) -> tuple[tuple[int, Decimal], ...]:
    return ((Element.objects.get(code=code).pk, Decimal(1)),)


def test_a_report_is_provisional_then_accepted_then_gone_when_returned(office: Office) -> None:  # noqa: F811
    commune = office.world["24505"]

    def shown() -> tuple[Decimal | None, Decimal | None, str | None]:
        refresh()
        assert audit.pending_count() == 0
        assert verify().ok
        (row,) = ratio_by_unit(terms("HS_NHAN_CTT"), terms("HS_NHAN"), [commune], PERIOD)
        return row.numerator, row.denominator, row.status

    report = office.ready()
    assert shown() == (None, None, None)
    office.submit(report)
    assert shown() == (377, 412, "provisional")
    office.give_back(report, {"HS_NHAN": "Sai số"})
    assert shown() == (None, None, None)
    office.save(report, {"HS_NHAN": "400"})
    office.say_ready(report)
    office.submit(report)
    user = office.cast.office
    actions.accept(by=user, scope=office.scope(user), report=report)
    assert shown() == (377, 400, "accepted")


def test_an_obligation_is_judged_at_the_deadline(office: Office) -> None:  # noqa: F811
    commune = office.world["24505"]
    office.submitted()
    refresh()
    (before,) = obligations([commune], [PERIOD], now=NOW - timedelta(hours=1), forms=[FORM])
    (after,) = obligations([commune], [PERIOD], now=DEADLINE + timedelta(seconds=1), forms=[FORM])
    assert (before.reported, before.on_time, before.overdue) == (False, False, False)
    assert (after.reported, after.on_time, after.overdue) == (True, True, False)
    assert after.deadline == DEADLINE


def test_declared_figures_are_found_under_their_own_rule_only(office: Office) -> None:  # noqa: F811
    commune = office.world["00466"]
    figure = DeclaredFigure(commune, "HS_NHAN", "2025-Q3", Decimal(8155), "Báo cáo quý III/2025")
    actions.declare(by="system:test", figures=[figure])
    refresh()
    asked = (terms("HS_NHAN"), None, [commune], "2025-Q3")
    assert ratio_by_unit(*asked)[0].numerator is None
    (found,) = ratio_by_unit(*asked, rule=Rule.CALENDAR)
    assert (found.numerator, found.grade) == (8155, "declared")
