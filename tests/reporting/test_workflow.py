"""The road after filling: ready, sent, returned, accepted, locked, reopened."""

from datetime import timedelta

import pytest

from haicap.accounts import actions as accounts
from haicap.accounts.scopes import Grant, Scope, scope_of
from haicap.accounts.states import Role
from haicap.audit import queries as audit
from haicap.core import clock
from haicap.reporting import actions, queries
from haicap.reporting.actions import CellChange
from haicap.reporting.models import Report
from haicap.reporting.states import State
from tests.cast import position_of

from .office import DEADLINE, FULL, MACHINE, NOW, PERIOD, Office, refused, state_of


class TestReady:
    def test_blanks_and_hard_checks_block(self, office: Office) -> None:
        report = office.open()
        office.save(report, {"HS_NHAN": "412", "HS_NHAN_CTT": "431"})
        with refused("report.not_ready") as refusal:
            office.say_ready(report)
        found = refusal.error.params["issues"]
        assert [(one.weight, one.element, one.check) for one in found] == [
            ("hard", "HS_NHAN_CTT", "ONLINE"),
            ("empty", "HS_PHI", "empty"),
            ("empty", "HS_TTTT", "empty"),
        ]
        assert "A2 = 431" in found[0].message

    def test_a_required_cell_may_be_left_with_a_reason(self, office: Office) -> None:
        report = office.open()
        office.save(report, {k: v for k, v in FULL.items() if k != "HS_TTTT"})
        office.change(report, CellChange("HS_TTTT", 0, no_figure_reason="Chưa có số"))
        assert office.say_ready(report).state is State.READY

    def test_kept_text_blocks_although_a_number_stands(self, office: Office) -> None:
        report = office.open()
        office.save(report, FULL)
        office.save(report, {"HS_NHAN": "bốn trăm"})
        with refused("report.not_ready"):
            office.say_ready(report)

    def test_a_soft_doubt_needs_a_reason_for_this_figure(self, office: Office) -> None:
        report = office.open()
        office.save(report, {**FULL, "HS_NHAN": "100", "HS_NHAN_CTT": "90"})
        officer = office.cast.commune_officer
        with refused("report.not_ready"):
            office.say_ready(report)
        for text, code in [("", "reason.missing"), ("x" * 501, "reason.long")]:
            with refused(code):
                actions.explain(
                    by=officer,
                    scope=scope_of(officer),
                    report=report,
                    element="HS_PHI",
                    check="FEES",
                    text=text,
                )
        with refused("note.nothing"):
            actions.explain(
                by=officer,
                scope=scope_of(officer),
                report=report,
                element="HS_NHAN",
                check="FEES",
                text="Vì thế",
            )
        actions.explain(
            by=officer,
            scope=scope_of(officer),
            report=report,
            element="HS_PHI",
            check="FEES",
            text="Thu hộ xã khác",
        )
        office.save(report, {"HS_PHI": "129"})
        with refused("report.not_ready"):
            office.say_ready(report)
        office.save(report, {"HS_PHI": "128"})
        assert office.say_ready(report).state is State.READY

    def test_a_figure_ten_times_its_history_is_asked_about(self, office: Office) -> None:
        for less, period, text in [(7, "2026-07", "86"), (5, "2026-08", "151"), (3, "2026-09", "124")]:
            others = {code: str(int(figure) - less) for code, figure in FULL.items()}
            office.submitted(period, {**others, "HD": text})
        report = office.open()
        office.save(report, {**FULL, "HD": "1.240"})
        with refused("report.not_ready") as refusal:
            office.say_ready(report)
        (doubt,) = refusal.error.params["issues"]
        assert (doubt.element, doubt.check, doubt.instead) == ("HD", "history", 124)

    def test_an_old_page_cannot_decide(self, office: Office) -> None:
        report = office.open()
        seen = office.save(report, FULL).version
        office.save(report, {"HS_NHAN": "500"})
        with refused("report.stale"):
            office.say_ready(report, seen_version=seen)

    def test_hand_back_returns_to_filling(self, office: Office) -> None:
        report = office.ready()
        leader = office.cast.commune_leader
        actions.hand_back(by=leader, scope=scope_of(leader), report=report, reason="Xem lại mục B")
        assert state_of(report) is State.DRAFT
        assert office.detail().returned == "Xem lại mục B"
        office.save(report, {"HS_NHAN": "400"})


class TestSubmitting:
    @pytest.mark.parametrize(
        ("seconds", "on_time"), [(-1, True), (0, True), (1, False)], ids=["before", "at", "after"]
    )
    def test_the_deadline_to_the_second(self, office: Office, seconds: int, on_time: bool) -> None:
        report = office.ready()
        with clock.frozen(DEADLINE + timedelta(seconds=seconds)):
            office.submit(report)
        row = Report.objects.get(pk=report)
        assert row.first_submitted_at is not None
        assert queries.on_time(row.deadline, row.first_submitted_at) is on_time

    def test_a_second_click_gets_the_first_answer(self, office: Office) -> None:
        report = office.ready()
        first = office.submit(report, "k1")
        with clock.frozen(NOW + timedelta(hours=1)):
            again = office.submit(report, "k1")
        assert (again.at, again.repeated) == (first.at, True)
        assert Report.objects.get(pk=report).submissions.count() == 1

    def test_a_double_submit_without_a_key_is_refused_in_words(self, office: Office) -> None:
        report = office.submitted()
        with refused("report.step") as refusal:
            office.submit(report)
        assert "Đã gửi" in str(refusal.error)

    def test_the_officer_cannot_send(self, office: Office) -> None:
        with refused("report.not_yours"):
            office.submit(office.ready(), who="commune_officer")

    def test_the_deputy_sends_only_on_the_days_of_a_delegation(self, office: Office) -> None:
        report = office.ready()
        with refused("report.not_yours"):
            office.submit(report, who="commune_deputy")
        leader, today = office.cast.commune_leader, clock.today()
        accounts.delegate(
            by=leader, position_id=position_of(leader), to=office.cast.commune_deputy, first=today
        )
        assert office.submit(report, who="commune_deputy").state is State.SUBMITTED

    def test_without_approval_submission_is_acceptance(self, office: Office) -> None:
        report = office.open(form=MACHINE)
        office.save(report, {"MAY": "5"})
        officer = office.cast.commune_officer
        actions.say_ready(by=officer, scope=scope_of(officer), report=report)
        assert office.submit(report).state is State.ACCEPTED
        assert Report.objects.get(pk=report).accepted_by == f"form:{MACHINE}"


class TestDeciding:
    def test_a_return_names_the_cell_and_stays_open_until_the_figure_changes(self, office: Office) -> None:
        report = office.submitted()
        office.give_back(report, {"HS_PHI": "Không khớp biên lai", "HS_NHAN": " "})
        cells = {c.element: c for s in office.detail().sections for c in s.cells}
        assert cells["HS_PHI"].returned == "Không khớp biên lai"
        assert cells["HS_NHAN"].returned == ""
        office.save(report, {"HS_PHI": "120"})
        assert state_of(report) is State.RETURNED
        cells = {c.element: c for s in office.detail().sections for c in s.cells}
        assert cells["HS_PHI"].returned == ""

    @pytest.mark.parametrize(
        ("reasons", "code"),
        [
            ({}, "return.reason"),
            ({"HS_PHI": "  "}, "return.reason"),
            ({"HS_PHI": "ừ"}, "reason.missing"),
            ({"MAY": "Ô lạ của mẫu khác"}, "cell.unknown"),
        ],
    )
    def test_a_return_without_a_reason_is_refused(
        self, office: Office, reasons: dict[str, str], code: str
    ) -> None:
        report = office.submitted()
        with refused(code):
            office.give_back(report, reasons)
        assert state_of(report) is State.SUBMITTED

    def test_sent_again_with_new_figures_counts_from_the_new_submission(self, office: Office) -> None:
        report = office.submitted()
        office.give_back(report, {"HS_PHI": "Không khớp biên lai"})
        with clock.frozen(DEADLINE + timedelta(days=1)):
            office.save(report, {"HS_PHI": "120"})
            office.say_ready(report)
            office.submit(report)
        assert Report.objects.get(pk=report).first_submitted_at == DEADLINE + timedelta(days=1)

    def test_sent_again_unchanged_counts_from_the_first_submission(self, office: Office) -> None:
        report = office.submitted()
        office.give_back(report, {"": "Cần xác nhận lại toàn bộ"})
        with clock.frozen(DEADLINE + timedelta(days=1)):
            office.say_ready(report)
            office.submit(report)
        assert Report.objects.get(pk=report).first_submitted_at == NOW

    def test_a_correction_after_acceptance_does_not_make_it_late(self, office: Office) -> None:
        report = office.accepted()
        with clock.frozen(DEADLINE + timedelta(days=30)):
            boss = office.cast.leader
            actions.reopen(by=boss, scope=scope_of(boss), report=report, reason="Sửa theo kết luận thanh tra")
            office.save(report, {"HS_PHI": "120"})
            office.say_ready(report)
            office.submit(report)
        assert Report.objects.get(pk=report).first_submitted_at == NOW

    def test_who_typed_or_sent_may_not_accept(self, office: Office) -> None:
        report = office.submitted()
        place = office.world.place("66")
        grant = Grant(Role.PROVINCE_OFFICE, place.id, place.path)
        for user in (office.cast.commune_officer, office.cast.commune_leader):
            both = Scope(user.pk, user.ref, (grant,))
            with refused("report.own_work"):
                actions.accept(by=user, scope=both, report=report)
        assert state_of(report) is State.SUBMITTED

    @pytest.mark.parametrize("who", ["commune_leader", "commune_officer", "leader", "analyst", "viewer"])
    def test_only_the_office_accepts(self, office: Office, who: str) -> None:
        report = office.submitted()
        user = getattr(office.cast, who)
        with refused("report.not_yours"):
            actions.accept(by=user, scope=scope_of(user), report=report)

    def test_another_province_learns_nothing(self, office: Office) -> None:
        report = office.submitted()
        user = office.cast.stranger_office
        with refused("report.unknown"):
            actions.accept(by=user, scope=scope_of(user), report=report)

    def test_lock_and_reopen(self, office: Office) -> None:
        report = office.accepted()
        boss, clerk = office.cast.leader, office.cast.office
        with refused("report.not_yours"):
            actions.lock(by=boss, scope=scope_of(boss), report=report)
        actions.lock(by=clerk, scope=scope_of(clerk), report=report)
        assert state_of(report) is State.LOCKED
        with refused("report.not_yours"):
            actions.reopen(by=clerk, scope=scope_of(clerk), report=report, reason="Sửa số liệu")
        with refused("reason.missing"):
            actions.reopen(by=boss, scope=scope_of(boss), report=report, reason=" ")
        actions.reopen(by=boss, scope=scope_of(boss), report=report, reason="Sửa số liệu")
        row = Report.objects.get(pk=report)
        assert (row.state, row.accepted_at, row.locked_at) == (State.RETURNED, None, None)

    def test_every_step_is_in_the_log_with_its_slice(self, office: Office) -> None:
        report = office.accepted()
        steps = [row.action for row in audit.history(f"report:{report}")]
        assert steps == [
            "report.accepted",
            "report.submitted",
            "report.ready",
            "report.saved",
            "report.opened",
        ]
        assert {row.slice.period for row in audit.pending()} == {PERIOD}
        assert len(audit.pending()) == 5
