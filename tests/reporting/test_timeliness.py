"""C2, C3: the deadline and the lock to the second, on the screen, in the lock, in the API and in the
score."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from haicap.accounts.scopes import scope_of
from haicap.audit import queries as audit
from haicap.catalogue import calendar
from haicap.catalogue import queries as catalogue
from haicap.core import clock, periods
from haicap.reporting import actions, queries
from haicap.reporting.models import Report
from haicap.reporting.policies import timing, workflow
from haicap.reporting.presenters import words
from haicap.reporting.queries import Timeliness
from haicap.reporting.states import State
from haicap.units.actions.stamp import touch
from haicap.units.models import Unit
from haicap.warehouse.queries.obligations import obligations
from haicap.warehouse.refresh import refresh
from haicap.warehouse.store import store

from .office import DEADLINE, FORM, MACHINE, NOW, PERIOD, Office, refused, state_of

SECOND = timedelta(seconds=1)
AROUND = [(-SECOND, False), (timedelta(), False), (SECOND, True)]
IDS = ["second-before", "at", "second-after"]
BY = "system:clock"


@pytest.mark.parametrize(("offset", "late"), AROUND, ids=IDS)
@pytest.mark.parametrize("grace", [0, 5])
def test_c3_one_function_decides_for_the_screen(
    office: Office, grace: int, offset: timedelta, late: bool
) -> None:
    """C3: also with 0 days of grace: the deadline is then on the window's own last day (or the next
    working day)."""
    form = replace(catalogue.form(FORM), deadline_working_days=grace)
    deadline = calendar.deadline(form, periods.parse(PERIOD))
    at = deadline + offset
    assert calendar.is_late(at, deadline) is late
    assert timing.timeliness(deadline, at, at) is (Timeliness.LATE if late else Timeliness.ON_TIME)
    assert timing.timeliness(deadline, None, at) is (Timeliness.OVERDUE if late else Timeliness.WAITING)
    with clock.frozen(at):
        assert words.left(deadline, None, at).startswith("Quá hạn" if late else "Còn")
        assert calendar.is_late(None, deadline) is late


def test_c3_with_no_days_of_grace_the_last_day_itself_counts(office: Office) -> None:
    """C2, C3: 14 October 2026 is a Wednesday and the window's last day; it is not cut off at its midnight."""
    form = replace(catalogue.form(FORM), deadline_working_days=0)
    assert calendar.deadline(form, periods.parse(PERIOD)) == datetime(2026, 10, 14, 10, 0, tzinfo=UTC)
    last = replace(form, deadline_working_days=0)
    december = calendar.deadline(last, periods.parse("2026-12"))
    assert clock.local(december).date() == date(2026, 12, 14)


@pytest.mark.parametrize(("offset", "late"), AROUND, ids=IDS)
@pytest.mark.parametrize("period", [PERIOD, "2026-09"])
def test_c3_the_api_and_the_score_say_the_same(
    office: Office, offset: timedelta, late: bool, period: str
) -> None:
    """C3: the facts, which the API's reporting rates and the score ask, judge to the second as the screen
    does: for the last period and an older one, for what was sent and for what was not."""
    report = office.ready(period)
    actions.open_period(by=BY, form=FORM, period=period)
    deadline = Report.objects.get(pk=report).deadline
    with clock.frozen(deadline + offset):
        office.submit(report)
    refresh()
    ids = [office.world["24505"], office.world["22015"]]
    found = {one.unit_id: one for one in obligations(ids, [period], now=deadline + offset, forms=[FORM])}
    store().close()
    row, sent, unsent = Report.objects.get(pk=report), found[ids[0]], found[ids[1]]
    assert row.first_submitted_at == deadline + offset
    assert queries.on_time(row.deadline, row.first_submitted_at) is not late
    assert (sent.reported, sent.on_time, sent.overdue) == (True, not late, False)
    assert (unsent.reported, unsent.on_time, unsent.overdue) == (False, False, late)


class TestLock:
    """The default: 10 working days after the deadline, or after the acceptance when that was later."""

    def lock_time(self, report: int) -> datetime:
        row = Report.objects.get(pk=report)
        assert row.accepted_at is not None
        at = timing.locks_at(catalogue.form(FORM), row.deadline, row.accepted_at)
        assert at is not None
        return at

    @pytest.mark.parametrize(("offset", "locked"), AROUND, ids=IDS)
    def test_c3_the_lock_to_the_second(self, office: Office, offset: timedelta, locked: bool) -> None:
        """C3"""
        report = office.accepted()
        at = self.lock_time(report)
        assert at == datetime(2026, 11, 4, 10, 0, tzinfo=UTC), "ten working days after 21 October, 17:00"
        assert actions.lock_due(by=BY, now=at + offset) == int(locked)
        assert state_of(report) is (State.LOCKED if locked else State.ACCEPTED)

    def test_accepted_late_locks_later(self, office: Office) -> None:
        report = office.submitted()
        clerk = office.cast.office
        with clock.frozen("2026-11-10 09:00"):
            actions.accept(by=clerk, scope=scope_of(clerk), report=report)
        assert clock.local(self.lock_time(report)).isoformat() == "2026-11-24T17:00:00+07:00"

    def test_with_no_days_it_locks_at_the_deadline_but_never_before_it_was_accepted(
        self, office: Office
    ) -> None:
        form = replace(catalogue.form(FORM), lock_after=0)
        assert timing.locks_at(form, DEADLINE, NOW) == DEADLINE
        evening = DEADLINE + timedelta(hours=3)
        assert timing.locks_at(form, DEADLINE, evening) == evening
        assert timing.lock_due(DEADLINE, DEADLINE) is False
        assert timing.lock_due(DEADLINE, DEADLINE + SECOND) is True

    def test_a_regime_that_never_locks(self, office: Office) -> None:
        form = replace(catalogue.form(FORM), lock_after=None)
        assert timing.locks_at(form, DEADLINE, NOW) is None
        assert timing.lock_due(None, NOW + timedelta(days=9999)) is False

    def test_a_working_day_before_is_the_mirror_of_one_after(self, office: Office) -> None:
        day = date(2026, 10, 21)
        for n in range(30):
            before = timing.working_days_before(day, n)
            assert calendar.is_working(before)
            assert calendar.add_working_days(before, n) == day

    def test_reopened_and_accepted_again_counts_anew(self, office: Office) -> None:
        report = office.accepted()
        boss, clerk = office.cast.leader, office.cast.office
        with clock.frozen("2026-11-03 09:00"):
            actions.reopen(by=boss, scope=scope_of(boss), report=report, reason="Sửa theo kết luận")
            assert actions.lock_due(by=BY, now=datetime(2026, 12, 30, tzinfo=UTC)) == 0
            office.say_ready(report)
            office.submit(report)
            actions.accept(by=clerk, scope=scope_of(clerk), report=report)
        assert clock.local(self.lock_time(report)).date() == date(2026, 11, 17)

    def test_many_at_once_each_in_the_log_and_in_the_facts(self, office: Office) -> None:
        reports = [office.accepted(period) for period in ("2026-08", "2026-09", PERIOD)]
        before = len(audit.pending())
        later = datetime(2026, 12, 1, tzinfo=UTC)
        assert actions.lock_due(by=BY, now=later, limit=2) == 2
        assert actions.lock_due(by=BY, now=later) == 1
        assert actions.lock_due(by=BY, now=later) == 0
        assert {state_of(report) for report in reports} == {State.LOCKED}
        assert len(audit.pending()) == before + 3
        last = audit.history(f"report:{reports[0]}")[0]
        assert (last.action, last.by, last.detail["to"]) == ("report.locked", BY, "locked")

    def test_a_lock_needs_a_scope(self, office: Office) -> None:
        with pytest.raises(TypeError):
            actions.lock(by=BY, report=office.accepted())  # type: ignore[call-arg]

    def test_without_approval_it_locks_as_well(self, office: Office) -> None:
        report = office.open(form=MACHINE)
        office.save(report, {"MAY": "5"})
        officer = office.cast.commune_officer
        actions.say_ready(by=officer, scope=scope_of(officer), report=report)
        office.submit(report)
        assert actions.lock_due(by=BY, now=datetime(2026, 12, 1, tzinfo=UTC)) == 1


class TestObligation:
    def test_a_unit_that_ended_before_the_close_of_the_window_is_closed(self, office: Office) -> None:
        """C1: it is not expected, cannot be opened and says why."""
        place = office.world.place("24505")
        Unit.objects.filter(pk=place.id).update(valid_to=date(2026, 10, 14))
        touch()
        form, period = queries.form_and_period(FORM, PERIOD)
        ended = office.world.place("24505")
        with refused("unit.closed") as refusal:
            workflow.check_obliged(form, ended, period)
        assert refusal.error.place == "unit"
        assert ended.id not in {one.id for one in queries.expected(form, period)}
        workflow.check_obliged(form, ended, periods.parse("2026-09"))

    def test_a_unit_that_ended_the_day_after_still_owes(self, office: Office) -> None:
        """C2: the window's last day belongs to it."""
        place = office.world.place("24505")
        Unit.objects.filter(pk=place.id).update(valid_to=date(2026, 10, 15))
        touch()
        form, period = queries.form_and_period(FORM, PERIOD)
        workflow.check_obliged(form, office.world.place("24505"), period)

    def test_a_unit_that_began_after_the_close_is_closed_for_it(self, office: Office) -> None:
        place = office.world.place("22015")
        Unit.objects.filter(pk=place.id).update(valid_from=date(2026, 10, 15))
        touch()
        form, period = queries.form_and_period(FORM, PERIOD)
        with refused("unit.closed"):
            workflow.check_obliged(form, office.world.place("22015"), period)
