"""Who is told of which step, and the reminders by working days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.utils import translation

from haicap.accounts import actions as accounts
from haicap.accounts.models import User
from haicap.accounts.scopes import scope_of
from haicap.audit import queries as audit
from haicap.core import clock
from haicap.notify.models import Notice, Receipt
from haicap.notify.wording import words
from haicap.reporting import actions
from haicap.reporting.states import State
from tests.cast import position_of

from .office import FORM, MACHINE, Office, refused, state_of

BY = "system:clock"


def told(user: User) -> list[str]:
    rows = Receipt.objects.filter(user=user).order_by("id")
    return list(rows.values_list("notice__code", flat=True))


def news(user: User) -> str:
    """The latest message of somebody, as they read it."""
    receipt = Receipt.objects.filter(user=user).latest("id")
    with translation.override(user.language):
        (said,) = words([receipt.notice])
    return "\n".join([said.subject, said.text, *said.lines])


class TestSteps:
    def test_ready_goes_to_the_leader(self, office: Office) -> None:
        office.ready()
        assert told(office.cast.commune_leader) == ["report.ready"]
        assert told(office.cast.commune_officer) == []
        assert "Báo cáo tháng về chính quyền số, Tháng 10/2026" in news(office.cast.commune_leader)
        assert "Người commune_officer đã chuyển báo cáo của Xã Ea Knuếc." in news(office.cast.commune_leader)

    def test_submitted_goes_to_the_office_alone(self, office: Office) -> None:
        office.submitted()
        assert told(office.cast.office) == ["report.submitted"]
        assert told(office.cast.leader) == told(office.cast.stranger_office) == []
        assert "Xã Ea Knuếc đã gửi" in news(office.cast.office)

    def test_returned_goes_to_officer_and_leader_with_every_reason(self, office: Office) -> None:
        report = office.submitted()
        office.give_back(report, {"HS_PHI": "Không khớp biên lai", "": "Gửi kèm giải trình"})
        for user in (office.cast.commune_officer, office.cast.commune_leader):
            assert told(user)[-1] == "report.returned"
            assert "B1 Hồ sơ có phát sinh phí: Không khớp biên lai" in news(user)
            assert "Toàn báo cáo: Gửi kèm giải trình" in news(user)
        assert told(office.cast.other_leader) == []

    def test_handed_back_goes_to_the_officer(self, office: Office) -> None:
        report, leader = office.ready(), office.cast.commune_leader
        actions.hand_back(by=leader, scope=scope_of(leader), report=report, reason="Xem lại mục B")
        assert told(office.cast.commune_officer) == ["report.handed_back"]
        assert "Toàn báo cáo: Xem lại mục B" in news(office.cast.commune_officer)

    def test_accepted_goes_to_officer_and_leader(self, office: Office) -> None:
        office.accepted()
        assert told(office.cast.commune_officer) == ["report.accepted"]
        assert told(office.cast.commune_leader) == ["report.ready", "report.accepted"]

    def test_reopening_names_who_in_which_position_and_why(self, office: Office) -> None:
        report, boss = office.accepted(), office.cast.leader
        actions.reopen(by=boss, scope=scope_of(boss), report=report, reason="Sửa theo kết luận thanh tra")
        said = news(office.cast.commune_officer)
        assert "Người leader (Lãnh đạo tỉnh) đã mở lại báo cáo của Xã Ea Knuếc." in said
        assert "Toàn báo cáo: Sửa theo kết luận thanh tra" in said
        assert told(office.cast.office)[-1] == "report.reopened"
        event = audit.history(f"report:{report}")[0]
        assert (event.action, event.by, event.reason) == (
            "report.reopened", boss.ref, "Sửa theo kết luận thanh tra",
        )  # fmt: skip
        assert event.detail["role"] == "province_leader"
        assert event.detail["position"] == position_of(boss)
        assert event.detail["delegated"] is False

    def test_a_step_taken_again_after_a_return_is_told_again(self, office: Office) -> None:
        report = office.submitted()
        office.give_back(report, {"": "Cần xác nhận lại"})
        office.say_ready(report)
        office.submit(report)
        assert told(office.cast.office) == ["report.submitted", "report.submitted"]

    def test_a_replay_tells_nobody_twice(self, office: Office) -> None:
        """C15: the same submission twice is one submission and one message."""
        report = office.ready()
        for _click in range(2):
            office.submit(report, "k1")
        assert told(office.cast.office) == ["report.submitted"]

    def test_what_was_refused_is_not_told(self, office: Office) -> None:
        report = office.submitted()
        with refused("return.reason"):
            office.give_back(report, {})
        assert told(office.cast.commune_officer) == []

    def test_a_machine_source_without_approval_is_silent(self, office: Office) -> None:
        report = office.open(form=MACHINE)
        office.save(report, {"MAY": "5"})
        office.say_ready(report)
        before = Notice.objects.count()
        office.submit(report)
        assert state_of(report) is State.ACCEPTED
        assert Notice.objects.count() == before

    def test_the_deputy_of_the_day_is_told_and_signs(self, office: Office) -> None:
        """Delegation from end to end: told, may submit, and the log says that it was lent."""
        leader, deputy = office.cast.commune_leader, office.cast.commune_deputy
        accounts.delegate(by=leader, position_id=position_of(leader), to=deputy, first=clock.today())
        report = office.ready()
        assert told(deputy) == ["report.ready"]
        office.submit(report, who="commune_deputy")
        event = audit.history(f"report:{report}")[0]
        assert (event.by, event.detail["role"], event.detail["delegated"]) == (
            deputy.ref, "commune_leader", True,
        )  # fmt: skip
        tomorrow = scope_of(deputy, clock.today() + timedelta(days=1))
        with refused("report.not_yours"):
            actions.hand_back(by=deputy, scope=tomorrow, report=report)

    def test_a_unit_without_a_leader_is_seen_by_the_office(self, office: Office) -> None:
        accounts.deactivate(by="system:test", user=office.cast.commune_leader)
        office.ready()
        assert Notice.objects.get(code="report.ready").unreceived


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE).astimezone(UTC)


class TestReminders:
    """Deadline: 17:00 on Wednesday 21 October 2026; the days are 16 (Friday), 20, 21 and 22 October."""

    def run(self, at: str) -> int:
        with clock.frozen(local(at)):
            return actions.remind_due(by=BY)

    def codes(self, user: User) -> list[str]:
        return [code for code in told(user) if code != "reports.digest"]

    def of(self, office: Office, at: str) -> list[tuple[str, int]]:
        """What the run at this moment told the officer of 24505 about the last period: (code, days left)."""
        last = Notice.objects.order_by("-id").values_list("id", flat=True).first() or 0
        self.run(at)
        rows = Receipt.objects.filter(
            user=office.cast.commune_officer, notice_id__gt=last, notice__params__period="2026-10"
        ).filter(notice__params__form=FORM)
        return [(row.notice.code, row.notice.params["n"]) for row in rows.select_related("notice")]

    def test_three_days_one_day_the_day_and_after(self, office: Office) -> None:
        assert self.of(office, "2026-10-16 07:29:59") == []
        assert self.of(office, "2026-10-16 07:30") == [("report.reminder", 3)]
        assert self.of(office, "2026-10-16 18:00") == []
        assert self.of(office, "2026-10-19 07:30") == []
        assert self.of(office, "2026-10-20 07:30") == [("report.reminder", 1)]
        assert self.of(office, "2026-10-21 07:30") == [("report.due_today", 0)]
        assert self.of(office, "2026-10-22 07:30") == [("report.late", 0)]
        assert self.of(office, "2026-10-23 07:30") == []
        assert self.codes(office.cast.commune_leader) == self.codes(office.cast.commune_officer)

    def test_c22_after_a_standstill_only_the_latest_is_told(self, office: Office) -> None:
        """C22: no "three days left" and "today" in one breath, and nothing twice."""
        assert self.of(office, "2026-10-21 09:00") == [("report.due_today", 0)]
        assert self.of(office, "2026-10-21 09:01") == []

    def test_a_reminder_made_up_for_says_the_days_that_are_left(self, office: Office) -> None:
        assert self.of(office, "2026-10-19 10:00") == [("report.reminder", 2)]

    def test_after_the_deadline_a_reminder_made_up_for_says_late(self, office: Office) -> None:
        assert self.of(office, "2026-10-21 17:00:01") == [("report.late", 0)]

    def test_what_is_long_past_is_not_told(self, office: Office) -> None:
        assert self.of(office, "2026-11-20 07:30") == []

    def test_whoever_has_sent_is_left_in_peace(self, office: Office) -> None:
        office.submitted()
        assert self.of(office, "2026-10-20 07:30") == []

    def test_sent_back_is_reminded_until_the_deadline(self, office: Office) -> None:
        office.give_back(office.submitted(), {"": "Xem lại toàn bộ"})
        assert self.of(office, "2026-10-21 07:30") == [("report.due_today", 0)]
        assert self.of(office, "2026-10-22 07:30") == []

    def test_the_office_gets_one_digest_a_working_day(self, office: Office) -> None:
        office.submitted()
        self.run("2026-10-20 07:30")
        self.run("2026-10-20 08:30")
        assert told(office.cast.office).count("reports.digest") == 1
        notice = Notice.objects.get(code="reports.digest")
        sheets = {(one["form"], one["period"]): one for one in notice.params["sheets"]}
        assert sheets[FORM, "2026-10"]["soon"] == 2, "24505 has sent, the other two have not"
        assert sheets[FORM, "2026-09"]["late"] == 3
        assert "sắp đến hạn" in news(office.cast.office)
        self.run("2026-10-24 07:30")
        assert Notice.objects.filter(code="reports.digest").count() == 1, "a Saturday"

    def test_a_unit_without_people_is_listed_for_the_office(self, office: Office) -> None:
        self.run("2026-10-20 07:30")
        lost = Notice.objects.filter(unreceived=True)
        assert set(lost.values_list("unit_id", flat=True)) == {office.world["24133"]}
