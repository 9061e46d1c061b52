"""The machines' door for dossiers: a key and its units, every record accounted for, replays answered once."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from haicap.accounts.scopes import scope_of
from haicap.api import actions
from haicap.audit.models import PendingSlice
from haicap.core import clock
from haicap.dossiers.models import Dossier, Import
from tests.cast import BY, Cast, World
from tests.dossiers import making

pytestmark = pytest.mark.django_db
ADDRESS = f"/api/intake/v1/dossiers?source={making.SOURCE}"


@pytest.fixture(autouse=True)
def _land(cast: Cast, settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    with clock.frozen("2026-10-27T10:00"):
        making.source(scope_of(cast.office))
        yield


def key_for(world: World, unit: str = "66", **more: Any) -> str:
    ends = clock.now() + timedelta(days=30)
    return actions.issue_key(
        by=BY, label="Sở", unit_id=world[unit], expires_at=ends, **{"writes": True, **more}
    ).text


def record(number: int, **more: Any) -> dict[str, Any]:
    return {
        "code": f"A-{number}", "unit": "24505", "procedure": "1.000656",
        "received": "2026-09-01T08:00:00+07:00",
        "channel": 2, "fee": 8000, "paid_online": True,
    } | more  # fmt: skip


def send(
    client: Client, key: str, body: Any, query: str = "", kind: str = "application/json", **more: str
) -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Authorization": f"Bearer {key}", **more}
    return client.post(ADDRESS + query, data, content_type=kind, headers=headers)


def test_a_batch_is_taken_and_every_record_accounted_for(client: Client, world: World) -> None:
    key = key_for(world)
    rows = [record(1, applicant="Người Thử"), record(2, unit="77777"), record(3, due="2026-08-01"), "x"]
    answer = send(client, key, {"dossiers": rows})
    told = answer.json()
    assert answer.status_code == 200, told
    assert (told["status"], told["read"], told["created"], told["rejected"]) == ("partial", 4, 1, 3)
    assert told["dropped"] == ["applicant"]
    assert [(one["index"], one["code"]) for one in told["rejections"]] == [
        (1, "unit.unknown"), (2, "due.before"), (3, "row.json"),
    ]  # fmt: skip
    one = Dossier.objects.get()
    assert (one.channel, one.paid_online, int(one.fee or 0)) == (2, 1, 8000)
    assert PendingSlice.objects.filter(room="dossiers", period="2026-09").count() == 1
    again = send(client, key, {"dossiers": [record(1), record(1, channel=1)]}).json()
    assert (again["updated"], again["rejected"], Dossier.objects.get().version) == (1, 1, 2)


def test_a_replay_gets_the_first_answer(client: Client, world: World) -> None:
    key = key_for(world)
    told = send(client, key, [record(1), record(2, unit="x")], **{"Idempotency-Key": "k1"}).json()
    again = send(client, key, [record(1), record(2, unit="x")], **{"Idempotency-Key": "k1"}).json()
    assert again == told | {"repeated": True}
    assert send(client, key, [record(3)], **{"Idempotency-Key": "k1"}).status_code == 409
    assert (Dossier.objects.count(), Import.objects.count()) == (1, 1)


@pytest.mark.parametrize("query", ["&dry_run=true", "&mode=all_or_nothing"])
def test_c11_what_is_not_kept_leaves_no_trace(client: Client, world: World, query: str) -> None:
    told = send(client, key_for(world), [record(1), record(2, unit="x")], query).json()
    assert told["read"] == told["created"] + told["updated"] + told["unchanged"] + told["rejected"] == 2
    assert not Dossier.objects.exists()
    assert not Import.objects.exists()
    assert not PendingSlice.objects.exists()


def test_a_key_reaches_its_own_units(client: Client, world: World) -> None:
    rows = [record(1), record(2, unit="22015")]
    told = send(client, key_for(world, "24505"), rows).json()
    assert (told["created"], [one["code"] for one in told["rejections"]]) == (1, ["unit.elsewhere"])
    assert send(client, key_for(world, "01"), rows).json()["code"] == "source.unknown"
    assert send(client, key_for(world, writes=False), rows).status_code == 403
    assert send(client, "nonsense", rows).status_code == 401


def test_lines_are_read_and_bad_bodies_refused(client: Client, world: World) -> None:
    key, lines = key_for(world), "application/x-ndjson"
    body = "\n".join([json.dumps(record(1)), "{", "", json.dumps(record(2, code="\ud800", level="part"))])
    told = send(client, key, body.encode(), kind=lines).json()
    assert (told["created"], told["rejected"]) == (2, 1)
    assert send(client, key, b"", kind=lines).status_code == 400
    assert send(client, key, b"{}", kind="text/csv").status_code == 415
    assert send(client, key, {"values": []}).status_code == 400
    assert client.get(ADDRESS, headers={"Authorization": f"Bearer {key}"}).status_code == 405
    assert send(client, key, [{"code": "1", "\ud800": "x"}]).json()["dropped"] == [""]


def test_numbers_inside_lists_and_objects(client: Client, world: World) -> None:
    """Numbers are read as decimals, also those of the steps and of fields that nobody reads."""
    steps = [["2026-09-01T09:00:00+07:00", 4], ["2026-09-02T09:00:00+07:00", 5, "citizen"]]
    rows = [record(1, steps=steps), record(2, geo={"lat": 12.6}), record(3, steps=[["2026-09-01", 4.5]])]
    told = send(client, key_for(world), {"dossiers": rows}).json()
    assert (told["created"], told["dropped"]) == (2, ["geo"])
    assert [(one["index"], one["code"]) for one in told["rejections"]] == [(2, "steps.unreadable")]
    assert [status for _at, status, _holder in Dossier.objects.get(steps__0__1=4).steps] == [4, 5]
    endless = record(4, steps='[["2026-09-01", Infinity]]')
    assert send(client, key_for(world), [endless]).json()["rejections"][0]["code"] == "steps.unreadable"
