"""`haicap notify` for operators."""

from __future__ import annotations

from typing import Any

import pytest

from haicap.config import exits
from haicap.config.cli import main
from haicap.core import clock
from haicap.notify import actions
from tests.cast import Cast, World

from .conftest import PostOffice
from .test_sending import tell

pytestmark = pytest.mark.usefixtures("english")


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAICAP_LANGUAGE", "en")


def test_a_test_mail_arrives(post_office: PostOffice, db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["notify", "test-mail", "ai@tinh.example", "--language", "vi"]) == exits.FINE
    assert post_office.letters[0]["Subject"] == "[Haicap] Thư thử của Haicap"
    assert "Đọc được dòng này là đường thư đã thông." in post_office.text()
    assert "Sent to ai@tinh.example." in capsys.readouterr().out


def test_what_the_server_answered_is_said(
    post_office: PostOffice, db: None, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    post_office.answers = ["RCPT 550 no such box"]
    assert main(["notify", "test-mail", "ai@tinh.example"]) == exits.FOUND
    assert "The mail server refused this mail [mail.refused.550]" in capsys.readouterr().out
    settings.EMAIL_PORT = 1
    assert main(["notify", "test-mail", "ai@tinh.example"]) == exits.FOUND
    assert "[mail.unreachable]" in capsys.readouterr().out


def test_without_a_server_it_says_which_setting(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["notify", "test-mail", "ai@tinh.example"]) == exits.REFUSED
    assert "HAICAP_MAIL_URL" in capsys.readouterr().err


def test_what_is_stuck_is_listed_and_sent_again(
    reachable: Cast, world: World, post_office: PostOffice, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["notify", "list"]) == exits.FINE
    tell(world)
    post_office.answers = ["RCPT 550 no such box"]
    actions.send_due(now=clock.now())
    assert main(["notify", "list"]) == exits.FOUND
    out = capsys.readouterr().out
    assert "dead\t1" in out
    assert "mail.refused.550" in out
    assert "xa.example" not in out
    assert main(["notify", "retry"]) == exits.FINE
    assert actions.send_due(now=clock.now()).sent == 1
