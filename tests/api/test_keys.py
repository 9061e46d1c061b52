"""Keys: made, kept as a digest, told of in the log, listed and revoked from the console."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from haicap.api import actions, keys, queries
from haicap.api.models import ApiKey
from haicap.audit.queries import history
from haicap.core import clock
from haicap.core.errors import Refusal
from tests.cast import BY, World

pytestmark = pytest.mark.django_db


def test_no_two_keys_are_alike_and_each_tells_its_prefix() -> None:
    made = [keys.fresh() for _ in range(50)]
    assert len({text for _prefix, text in made}) == len({prefix for prefix, _text in made}) == 50
    for prefix, text in made:
        assert keys.prefix_of(text) == prefix
        assert keys.fits(text, keys.digest(text))
        assert not keys.fits(text + "a", keys.digest(text))


def test_the_secret_is_kept_nowhere(world: World) -> None:
    issued = actions.issue_key(by=BY, label="Cổng", unit_id=world["66"])
    secret = issued.text.rpartition("_")[2]
    row = ApiKey.objects.values().get()
    assert secret not in str(row)
    assert secret not in str(history(f"apikey:{issued.prefix}", 10))
    held = queries.holder(issued.text)
    assert held is not None
    assert (held.unit_id, held.rate) == (world["66"], actions.USUAL_RATE)


def test_issuing_and_revoking_are_logged_once_each(world: World) -> None:
    issued = actions.issue_key(by="user:7", label="Cổng", unit_id=world["66"], rate=5)
    assert actions.revoke_key(by="user:8", prefix=issued.prefix, reason="lộ khóa") is True
    assert actions.revoke_key(by="user:9", prefix=issued.prefix) is False
    events = sorted(history(f"apikey:{issued.prefix}", 10), key=lambda one: one.id)
    assert [(one.action, one.by) for one in events] == [
        ("api.issue_key", "user:7"),
        ("api.revoke_key", "user:8"),
    ]
    assert (events[0].detail["unit"], events[0].detail["rate"]) == (world["66"], 5)
    assert events[1].reason == "lộ khóa"


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"label": "  "}, "key.label"),
        ({"label": "x" * 121}, "key.label"),
        ({"rate": 0}, "key.rate"),
        ({"rate": 60_001}, "key.rate"),
        ({"expires_at": "now"}, "key.expires"),
        ({"unit_id": 0}, "unit.unknown"),
    ],
)
def test_what_makes_no_sense_is_refused(world: World, changed: dict[str, Any], code: str) -> None:
    with clock.frozen("2026-10-27T10:00"):
        given = {"label": "Cổng", "unit_id": world["66"], **changed}
        if "expires_at" in given:
            given["expires_at"] = clock.now()
        with pytest.raises(Refusal) as refused:
            actions.issue_key(by=BY, **given)
    assert refused.value.code == code
    assert not ApiKey.objects.exists()


def test_a_key_that_nobody_issued_cannot_be_revoked(db: None) -> None:
    with pytest.raises(Refusal) as refused:
        actions.revoke_key(by=BY, prefix="abcdefgh")
    assert refused.value.code == "key.unknown"


def test_the_database_ties_who_to_when(world: World) -> None:
    actions.issue_key(by=BY, label="Cổng", unit_id=world["66"])
    for wrong in (
        {"revoked_at": clock.now()},
        {"revoked_by": "user:1"},
        {"rate": 0},
        {"expires_at": clock.now() - timedelta(days=9)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiKey.objects.update(**wrong)


def run(*arguments: str) -> str:
    said = StringIO()
    call_command("apikey", *arguments, stdout=said)
    return said.getvalue().strip()


def test_the_console_issues_lists_and_revokes(world: World) -> None:
    text = run("issue", "66", "Cổng dữ liệu", "--rate", "60", "--expires", "2099-12-31")
    held = queries.holder(text)
    assert held is not None
    assert clock.local(held.expires_at).isoformat() == "2099-12-31T23:59:59+07:00"  # type: ignore[arg-type]
    assert run("list").split("\t")[:5] == [held.prefix, "66", "Cổng dữ liệu", "60", "2099-12-31"]
    assert run("revoke", held.prefix) != run("revoke", held.prefix)
    assert queries.holder(text) is None
    for wrong in (("issue", "99999", "x"), ("issue", "66", " "), ("revoke", "abcdefgh")):
        with pytest.raises((CommandError, Refusal)):
            run(*wrong)


def test_a_key_that_sends_must_end_and_names_its_forms(world: World) -> None:
    unit = world["66"]
    with pytest.raises(Refusal) as endless:
        actions.issue_key(by="system:test", label="Sở", unit_id=unit, writes=True)
    assert endless.value.code == "key.endless"
    ends = clock.now() + timedelta(days=30)
    with pytest.raises(Refusal) as unknown:
        actions.issue_key(
            by="system:test", label="Sở", unit_id=unit, writes=True, expires_at=ends, forms=["KHONG-CO"]
        )
    assert unknown.value.code == "form.unknown"
    text = actions.issue_key(by="system:test", label="Sở", unit_id=unit, writes=True, expires_at=ends).text
    found = queries.holder(text)
    assert found is not None
    assert found.allows("anything")
    reading = queries.holder(actions.issue_key(by="system:test", label="Đọc", unit_id=unit).text)
    assert reading is not None
    assert not reading.allows("anything")
