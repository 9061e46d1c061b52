"""`haicap audit`: what an operator learns about the log."""

import pytest
from django.db import connection, transaction

from haicap.audit import actions, guards, sealing
from haicap.audit.models import Event
from haicap.config import cli, exits


@pytest.fixture
def sealed(db: None, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setenv("HAICAP_LANGUAGE", "vi")
    monkeypatch.setattr(sealing, "REST", -sealing.REST)
    with transaction.atomic():
        event = actions.record(by="system:test", action="test.done", object="thing:1")
    assert cli.main(["audit", "seal"]) == exits.FINE
    return event


def test_intact(sealed: int, capsys: pytest.CaptureFixture[str]) -> None:
    top = sealing.head()
    assert cli.main(["audit", "verify", "--expect", f"{top.block}:{top.digest}"]) == exits.FINE
    shown = capsys.readouterr().out
    assert "Nhật ký nguyên vẹn." in shown
    assert f"{top.block}:{top.digest}" in shown


def test_a_noted_seal_that_no_longer_stands(sealed: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["audit", "verify", "--expect", "1:beef"]) == exits.FOUND
    assert "1:beef" in capsys.readouterr().out
    assert cli.main(["audit", "verify", "--expect", "beef"]) == exits.FOUND


def test_a_changed_event(sealed: int, capsys: pytest.CaptureFixture[str]) -> None:
    guards.remove(connection)
    Event.objects.filter(pk=sealed).update(by="system:other")
    assert cli.main(["audit", "verify"]) == exits.FOUND
    assert "Khối 1 đã bị sửa" in capsys.readouterr().out
