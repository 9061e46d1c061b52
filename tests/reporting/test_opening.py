"""Opening: by hand, and when a window closes."""

import pytest

from haicap.accounts.scopes import scope_of
from haicap.audit import queries as audit
from haicap.core import clock
from haicap.reporting import actions
from haicap.reporting.models import Report

from .office import DEADLINE, FORM, PERIOD, Office, refused


class TestOpening:
    def test_the_same_report_is_found_again(self, office: Office) -> None:
        assert office.open() == office.open()
        assert Report.objects.count() == 1

    def test_window_and_deadline_come_from_the_form(self, office: Office) -> None:
        report = Report.objects.get(pk=office.open())
        assert (report.start.isoformat(), report.end.isoformat()) == ("2026-09-15", "2026-10-15")
        assert report.deadline == DEADLINE

    @pytest.mark.parametrize(
        ("form", "period", "code"),
        [
            ("KHONG-CO", PERIOD, "form.unknown"),
            (FORM, "2026-13", "period.key"),
            (FORM, "2026-Q3", "period.kind"),
            (FORM, "2025-06", "period.before_regime"),
            (FORM, "2027-02", "period.not_open"),
        ],
    )
    def test_refuses_what_does_not_exist(self, office: Office, form: str, period: str, code: str) -> None:
        with refused(code):
            office.open(form, period)
        assert not Report.objects.exists()

    def test_first_period_is_that_of_the_new_communes(self, office: Office) -> None:
        assert office.open(period="2025-07")

    def test_a_stranger_learns_nothing(self, office: Office) -> None:
        user = office.cast.stranger
        with refused("report.unknown"):
            actions.open_report(
                by=user, scope=scope_of(user), form=FORM, period=PERIOD, unit_id=office.world["24505"]
            )

    def test_a_closing_period_owes_every_commune_of_the_province(self, office: Office) -> None:
        office.open()
        assert actions.open_period(by="system:test", form=FORM, period=PERIOD) == 2
        assert actions.open_period(by="system:test", form=FORM, period=PERIOD) == 0
        slices = {row.slice.unit_id for row in audit.pending()}
        assert slices == {office.world[code] for code in ("24505", "22015", "24133")}

    def test_catching_up_opens_every_closed_period_once(self, office: Office) -> None:
        with clock.frozen("2025-09-20 08:00"):
            made = actions.open_closed_periods(by="system:test")
        assert made == 2 * 3 * 3
        assert set(Report.objects.values_list("period", flat=True)) == {"2025-07", "2025-08", "2025-09"}
