"""E-mail through a real SMTP server: what arrives, what happens when it does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from haicap.accounts.states import Role
from haicap.core import clock
from haicap.notify import actions, queries
from haicap.notify.actions import Seats
from haicap.notify.models import Delivery
from haicap.notify.states import BACKOFF, STALE
from tests.cast import Cast, World

from .conftest import PostOffice
from .test_sending import tell


def sweep(later: timedelta = timedelta()) -> actions.Swept:
    return actions.send_due(now=clock.now() + later)


def test_a_letter_in_vietnamese_arrives_as_it_was_written(
    reachable: Cast, world: World, post_office: PostOffice
) -> None:
    tell(world)
    assert sweep().sent == 1
    (letter,) = post_office.letters
    assert letter["Subject"] == "[Haicap] Quá hạn: CQS-T, Tháng 10/2026"
    raw_subject = letter.as_bytes().split(b"Subject: ")[1].split(b"\n")[0]
    assert raw_subject.isascii(), "a subject goes over the wire as encoded words"
    assert "Báo cáo của Xã Ea Knuếc chưa gửi và đã quá hạn. Hạn nộp 17:00, thứ Tư 21/10/2026." in (
        post_office.text()
    )
    assert "https://haicap.example/bao-cao/" in post_office.text()
    assert (letter["To"], letter["From"]) == ("commune_leader@xa.example", "Haicap <haicap@tinh.example>")
    assert (letter["Auto-Submitted"], letter["Content-Language"]) == ("auto-generated", "vi")
    assert letter.get_content_charset() == "utf-8"


def test_each_in_the_own_language(reachable: Cast, world: World, post_office: PostOffice) -> None:
    unit = world["24505"]
    actions.send(
        by="system:test",
        to=[Seats(unit, Role.COMMUNE_OFFICER), Seats(unit, Role.COMMUNE_LEADER)],
        subject_code="report.late",
        params={"form": "CQS-T", "period": "2026-10", "deadline": "2026-10-21T10:00:00+00:00"},
        key="two",
        unit_id=unit,
    )
    sweep()
    subjects = {str(letter["To"]): str(letter["Subject"]) for letter in post_office.letters}
    assert subjects["commune_officer@xa.example"] == "[Haicap] Overdue: CQS-T, October 2026"
    assert subjects["commune_leader@xa.example"].startswith("[Haicap] Quá hạn")


def test_a_second_sweep_sends_nothing_twice(reachable: Cast, world: World, post_office: PostOffice) -> None:
    tell(world)
    sweep()
    assert sweep(timedelta(days=1)) == actions.Swept()
    assert len(post_office.letters) == 1


def test_a_letter_that_was_refused_for_now_is_tried_again_under_the_same_id(
    reachable: Cast, world: World, post_office: PostOffice
) -> None:
    tell(world)
    post_office.answers = ["451 4.3.0 later"]
    assert sweep().failed == 1
    row = Delivery.objects.get()
    assert (row.state, row.tries, row.error) == ("waiting", 1, "mail.refused.451")
    assert sweep(BACKOFF[0] - timedelta(seconds=1)) == actions.Swept()
    assert sweep(BACKOFF[0]).sent == 1
    assert len(post_office.letters) == 1
    again = Delivery.objects.get()
    assert (again.state, again.tries, again.error) == ("sent", 2, "")
    assert str(post_office.letters[0]["Message-ID"]).endswith("@tinh.example>")


def test_an_address_that_does_not_exist_is_given_up_and_shown(
    reachable: Cast, world: World, post_office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    tell(world)
    tell(world, key="k2", role=Role.COMMUNE_OFFICER)
    post_office.answers = ["RCPT 550 5.1.1 <commune_leader@xa.example> unknown"]
    with caplog.at_level("DEBUG", logger="haicap"):
        swept = sweep()
    assert (swept.dead, swept.sent) == (1, 1)
    (row,) = queries.stuck([world["24505"]])
    assert (row.state, row.error) == ("dead", "mail.refused.550")
    assert "xa.example" not in caplog.text, "no address in a log"
    assert actions.try_again(by=reachable.office, delivery_ids=[row.id]) == 1
    assert sweep().sent == 1


def test_it_is_dead_after_the_last_pause(reachable: Cast, world: World, post_office: PostOffice) -> None:
    tell(world)
    later = timedelta()
    for pause in (*BACKOFF, timedelta()):
        post_office.answers = ["451 later"]
        sweep(later)
        later += pause
    row = Delivery.objects.get()
    assert (row.state, row.tries) == ("dead", len(BACKOFF) + 1)


def test_while_the_post_office_is_away_no_attempt_counts(
    reachable: Cast, world: World, post_office: PostOffice, settings: Any
) -> None:
    tell(world)
    tell(world, key="k2", role=Role.COMMUNE_OFFICER)
    port, settings.EMAIL_PORT = settings.EMAIL_PORT, 1
    assert sweep().failed == 1, "the second letter need not find the same closed door"
    assert set(Delivery.objects.values_list("state", "tries")) == {("waiting", 0)}
    settings.EMAIL_PORT = port
    assert sweep(BACKOFF[0]).sent == 2


def test_news_of_three_days_is_no_news(
    reachable: Cast, world: World, post_office: PostOffice, settings: Any
) -> None:
    tell(world)
    settings.EMAIL_PORT = 1
    sweep(STALE + timedelta(seconds=1))
    assert Delivery.objects.get().state == "dead"


def test_what_nobody_wants_any_more_is_dropped(
    reachable: Cast, world: World, post_office: PostOffice
) -> None:
    tell(world)
    reachable.commune_leader.is_active = False
    reachable.commune_leader.save()
    assert sweep().dropped == 1
    assert post_office.letters == []


def test_a_kill_in_the_middle_repeats_the_letter_under_the_same_id(
    reachable: Cast, world: World, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(world)
    sender = "haicap.notify.channels.email.sending.MailSender.send"

    def killed(self: object, delivery: Delivery) -> bool:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(sender, killed)
        with pytest.raises(SystemExit):
            sweep()
    assert sweep(timedelta(minutes=9)) == actions.Swept(), "it may still be under way"
    assert sweep(timedelta(minutes=10)).sent == 1


def test_two_sweeps_at_once_share_the_work(
    reachable: Cast, world: World, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(world)
    inner: list[actions.Swept] = []
    sender = "haicap.notify.channels.email.sending.MailSender.send"

    def meanwhile(self: object, delivery: Delivery) -> bool:
        monkeypatch.undo()
        inner.append(sweep())
        return True

    monkeypatch.setattr(sender, meanwhile)
    assert sweep().sent == 1
    assert inner == [actions.Swept()]
