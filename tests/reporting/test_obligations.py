"""Who owes what: by list, by dates, once for one window; and what a new version changes."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from haicap.accounts.scopes import scope_of
from haicap.catalogue import actions as packs
from haicap.catalogue import calendar
from haicap.catalogue import queries as catalogue
from haicap.catalogue.drafts import actions as drafts
from haicap.catalogue.drafts.content import of_form
from haicap.catalogue.queries import Form
from haicap.core import clock, periods
from haicap.core.periods import Kind
from haicap.reporting import actions, queries
from haicap.reporting.models import Report
from haicap.reporting.policies import workflow
from haicap.units import queries as units
from tests.cast import Cast, World
from tests.catalogue.conftest import PACKS
from tests.catalogue.drafting import cells, new_element, publish, right, words

from .office import refused

NOW = "2026-10-20 10:00"
BY = "system:test"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def packed(world: World) -> World:
    for name in ("calendar", "dak-lak"):
        packs.load_pack(by=BY, path=PACKS / name)
    return world


def owing(form: Form, key: str) -> list[str]:
    return [place.code for place in queries.expected(form, periods.parse(key, form.rule))]


def opened(form: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for period, code in (
        Report.objects.filter(form=form).order_by("unit__code").values_list("period", "unit__code")
    ):
        found.setdefault(period, []).append(code)
    return found


def once(**more: Any) -> dict[str, Any]:
    return right(
        nature="adhoc", window_from="01/10/2026", window_to="25/10/2026", deadline_on="30/10/2026",
        first_day="", **more,
    )  # fmt: skip


class TestLists:
    def test_the_listed_owe_and_nobody_else(self, packed: World, cast: Cast) -> None:
        form = publish(cast.office, packed["66"], right(units="24505, 24133", kinds=["phuong"]))
        assert owing(form, "2026-11") == ["24133", "24505"]
        place = packed.place("22015")
        with refused("unit.not_obliged"):
            workflow.check_obliged(form, place, periods.parse("2026-11"))

    def test_c1_expected_is_units_times_the_periods_they_were_obliged(
        self, packed: World, cast: Cast
    ) -> None:
        """C1: by list and by dates the expected number stays periods × units; a rate cannot pass 100 %."""
        form = publish(
            cast.office, packed["66"], right(units="24505 22015", kinds=[], obliged_to="20/01/2027")
        )
        assert owing(form, "2026-10") == []
        assert owing(form, "2026-11") == owing(form, "2027-01") == ["22015", "24505"]
        assert owing(form, "2027-02") == []
        with clock.frozen("2027-06-20 08:00"):
            actions.open_closed_periods(by=BY)
            assert opened("CB-T") == {key: ["22015", "24505"] for key in ("2026-11", "2026-12", "2027-01")}
            for key in ("2026-11", "2027-01"):
                rows = queries.form_board(form, periods.parse(key))
                progress = queries.progress(rows, clock.now())
                assert progress.expected == 2
                assert progress.on_time + progress.late + progress.overdue + progress.waiting == 2

    def test_a_board_shows_what_the_list_owes(self, packed: World, cast: Cast) -> None:
        publish(cast.office, packed["66"], right(units="24505", kinds=[], first_day="20/10/2026"))
        mine = {row.form for row in queries.board(packed["24505"], clock.now(), "vi")}
        theirs = {row.form for row in queries.board(packed["22015"], clock.now(), "vi")}
        assert ("CB-T" in mine, "CB-T" in theirs) == (True, False)


class TestOnce:
    def test_one_window_and_no_other(self, packed: World, cast: Cast) -> None:
        form = publish(cast.office, packed["66"], once())
        assert (form.kind, form.only_period) == (Kind.CAMPAIGN, "2026-10-01..2026-10-25")
        officer = cast.commune_officer
        open_one = {"by": officer, "scope": scope_of(officer), "form": "CB-T", "unit_id": packed["24505"]}
        for key in ("2026-10", "2026-10-01..2026-10-24", "2026-10-26..2026-11-19"):
            with refused("period.kind"):
                actions.open_report(period=key, **open_one)
        assert actions.open_report(period=form.only_period, **open_one)
        assert [one.key for one in queries.open_forms(clock.now())[-1][1]] == [form.only_period]

    def test_it_is_owed_when_its_window_is_over_and_once(self, packed: World, cast: Cast) -> None:
        publish(cast.office, packed["66"], once())
        with clock.frozen("2026-10-25 23:59"):
            actions.open_closed_periods(by=BY)
            assert opened("CB-T") == {}
        with clock.frozen("2026-10-26 00:10"):
            actions.open_closed_periods(by=BY)
            actions.open_closed_periods(by=BY)
        assert opened("CB-T") == {"2026-10-01..2026-10-25": ["22015", "24133", "24505"]}

    @pytest.mark.parametrize(("seconds", "late"), [(-1, False), (0, False), (1, True)])
    def test_c3_around_its_deadline(self, packed: World, cast: Cast, seconds: int, late: bool) -> None:
        """C3: deadline − 1 s and the deadline are on time, + 1 s is late, for the only period there is."""
        form = publish(cast.office, packed["66"], once())
        officer, leader = cast.commune_officer, cast.commune_leader
        report = actions.open_report(
            by=officer, scope=scope_of(officer), form="CB-T", period=form.only_period, unit_id=packed["24505"]
        )
        deadline = Report.objects.get(pk=report).deadline
        assert clock.local(deadline).isoformat() == "2026-10-30T17:00:00+07:00"
        change = actions.CellChange("CAM_BIEN", 0, "7")
        actions.save_cells(by=officer, scope=scope_of(officer), report=report, changes=[change])
        actions.say_ready(by=officer, scope=scope_of(officer), report=report)
        with clock.frozen(deadline + timedelta(seconds=seconds)):
            actions.submit(by=leader, scope=scope_of(leader), report=report)
            stored = Report.objects.get(pk=report)
            assert queries.on_time(stored.deadline, stored.first_submitted_at) is not late

    def test_c3_no_grace_at_all(self, packed: World, cast: Cast) -> None:
        """C3: with 0 working days the deadline is the last working day of the window itself."""
        form = publish(cast.office, packed["66"], once() | {"deadline_on": "", "deadline_days": "0"})
        window = form.window
        assert window is not None
        # 25 October 2026 is a Sunday
        due = calendar.deadline(form, window)
        assert clock.local(due).date() == date(2026, 10, 26)

    def test_the_grid_of_a_window_opens(self, packed: World, cast: Cast) -> None:
        form = publish(cast.office, packed["66"], once())
        window = form.window
        assert window is not None
        shown = queries.detail(packed.place("24505"), "CB-T", window, "vi")
        assert [cell.element for section in shown.sections for cell in section.cells] == ["CAM_BIEN"]

    def test_the_officer_fills_it_and_the_province_sees_it(self, packed: World, cast: Cast) -> None:
        form = publish(cast.office, packed["66"], once())
        officer, office = Client(), Client()
        officer.force_login(cast.commune_officer)
        office.force_login(cast.office)
        address = f"/bao-cao/CB-T/{form.only_period}/24505/"
        assert "CB-T" in officer.get("/bao-cao/").content.decode()
        page = officer.get(address).content.decode()
        assert "1/10/2026 – 25/10/2026" in page
        assert officer.post(address, {"do": "save", "v-CAM_BIEN": "7", "b-CAM_BIEN": "0"}).status_code == 302
        assert Report.objects.get(form="CB-T").kind == Kind.CAMPAIGN
        board = office.get("/bao-cao/tong-hop/?mau=CB-T")
        assert board.status_code == 200
        assert "Xã Ea Knuếc" in board.content.decode()
        for path in ("lich-su/", "ban-in/"):
            assert officer.get(address + path).status_code == 200


class TestVersions:
    def revised(self, cast: Cast, world: World, **changes: Any) -> Form:
        base = catalogue.form("CB-T")
        content = of_form(base, catalogue.current()) | changes
        return publish(cast.office, world["66"], content, form="CB-T")

    def test_an_opened_report_keeps_its_version(self, packed: World, cast: Cast) -> None:
        publish(cast.office, packed["66"], right(first_day="20/10/2026"))
        officer = cast.commune_officer
        first = actions.open_report(
            by=officer, scope=scope_of(officer), form="CB-T", period="2026-11", unit_id=packed["24505"]
        )
        part = {"code": "A", "name": words("Một"), "cells": cells("CAM_BIEN", "CAMERA")}
        self.revised(cast, packed, new=[new_element("CAMERA")], sections=[part])
        other = cast.other_officer
        second = actions.open_report(
            by=other, scope=scope_of(other), form="CB-T", period="2026-11", unit_id=packed["22015"]
        )
        numbers = dict(Report.objects.values_list("pk", "form_number"))
        assert (numbers[first], numbers[second]) == (1, 2)
        shown = queries.detail(packed.place("24505"), "CB-T", periods.parse("2026-11"), "vi")
        assert shown.total == 1
        shown = queries.detail(packed.place("22015"), "CB-T", periods.parse("2026-11"), "vi")
        assert shown.total == 2

    def test_a_longer_list_owes_nothing_for_windows_that_closed_before(
        self, packed: World, cast: Cast
    ) -> None:
        publish(cast.office, packed["66"], right(units="24505", kinds=[], first_day="20/10/2026"))
        with clock.frozen("2026-12-20 08:00"):
            form = self.revised(cast, packed, units="24505 22015", first_day="20/12/2026")
            assert form.number == 2
            assert owing(form, "2026-11") == owing(form, "2026-12") == ["24505"]
            assert owing(form, "2027-01") == ["22015", "24505"]
        with clock.frozen("2027-01-20 08:00"):
            actions.open_closed_periods(by=BY)
        assert opened("CB-T") == {
            "2026-11": ["24505"], "2026-12": ["24505"], "2027-01": ["22015", "24505"],
        }  # fmt: skip

    def test_the_same_day_the_later_version_counts(self, packed: World, cast: Cast) -> None:
        publish(cast.office, packed["66"], right(units="24505", kinds=[], first_day="20/10/2026"))
        form = self.revised(cast, packed, units="22015")
        assert owing(form, "2026-11") == ["22015"]


def test_a_new_form_owes_nothing_before_its_first_day(packed: World, cast: Cast) -> None:
    form = publish(cast.office, packed["66"], right(first_day="15/11/2026"))
    assert owing(form, "2026-11") == []
    assert owing(form, "2026-12") == ["22015", "24133", "24505"]
    with refused("period.before_regime"):
        workflow.check_period(form, "2026-11")
    assert units.by_code("24505").id in {
        place.id for place in queries.expected(form, periods.parse("2026-12"))
    }
    assert drafts.pack_code(units.by_code("66")).startswith("web-")
