"""The machines' door: a key that may send, every record accounted for, replays answered once."""

import json
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from django.http import HttpResponse
from django.test import Client

from haicap.api import actions
from haicap.core import clock
from haicap.reporting.models import Intake, Value, ValueChange
from tests.cast import BY, Cast, World
from tests.reporting.conftest import publish
from tests.reporting.office import NOW

pytestmark = pytest.mark.django_db
ADDRESS = "/api/intake/v1/values"
LINES = "application/x-ndjson"


class Land(NamedTuple):
    cast: Cast
    world: World


@pytest.fixture
def land(cast: Cast, world: World) -> Iterator[Land]:
    publish(world["66"])
    with clock.frozen(NOW):
        yield Land(cast, world)


def key_for(land: Land, unit: str = "66", forms: tuple[str, ...] = (), writes: bool = True) -> str:
    ends = clock.now() + timedelta(days=30)
    return actions.issue_key(
        by=BY, label="Sở", unit_id=land.world[unit], expires_at=ends, writes=writes, forms=forms
    ).text


def record(value: Any = 12, **more: Any) -> dict[str, Any]:
    return {
        "form": "CQS-T",
        "period": "2026-10",
        "unit": "24505",
        "element": "HS_NHAN",
        "value": value,
    } | more


def send(
    client: Client, key: str, body: Any, kind: str = "application/json", query: str = "", **headers: str
) -> HttpResponse:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"Authorization": f"Bearer {key}", **headers}
    return client.post(ADDRESS + query, data, content_type=kind, headers=given)  # type: ignore[return-value]


def told(answer: HttpResponse) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(answer.content)
    if "read" in found:
        parts = ("imported", "updated", "removed", "unchanged", "rejected")
        assert sum(found[name] for name in parts) == found["read"]
    return found


def test_figures_come_in_and_again_and_corrected(client: Client, land: Land) -> None:
    key = key_for(land)
    first = told(send(client, key, {"values": [record(), record(3, element="HS_PHI")]}))
    assert (first["status"], first["imported"], first["reports"]) == ("accepted", 2, 1)
    assert told(send(client, key, {"values": [record(13), record(3, element="HS_PHI")]}))["updated"] == 1
    assert {value.door for value in Value.objects.all()} == {"api"}
    assert ValueChange.objects.filter(intake_id=first["intake"]).count() == 2
    assert Intake.objects.get(pk=first["intake"]).source == "Sở"


def test_without_a_form_the_collecting_form_is_found(client: Client, land: Land) -> None:
    given = record()
    del given["form"]
    found = told(send(client, key_for(land), [given, {**given, "element": "KHONG"}]))
    assert (found["imported"], found["rejections"][0]["code"]) == (1, "form.missing")


def test_good_records_are_kept_beside_bad_ones_or_not(client: Client, land: Land) -> None:
    key = key_for(land)
    body = [
        record(),
        record("1.234,5", element="HS_PHI"),
        record(unit="99999"),
        record(-1, element="HS_TTTT"),
    ]
    whole = send(client, key, body, query="?mode=all_or_nothing")
    assert (whole.status_code, told(whole)["rejected"], told(whole)["status"]) == (422, 4, "rejected")
    assert not Value.objects.exists()
    part = send(client, key, body)
    found = told(part)
    assert (part.status_code, found["status"], found["imported"], found["rejected"]) == (200, "partial", 1, 3)
    assert [(one["index"], one["place"], one["code"]) for one in found["rejections"]] == [
        (1, "/values/1", "number.text"),
        (2, "/values/2", "unit.unknown"),
        (3, "/values/3", "number.negative"),
    ]
    assert found["rejections"] == told(whole)["rejections"]


def test_a_dry_run_tells_the_same_and_keeps_nothing(client: Client, land: Land) -> None:
    """C11: the same road, rolled back."""
    key, body = key_for(land), [record(), record(-1, element="HS_PHI")]
    dry = told(send(client, key, body, query="?dry_run=true"))
    assert not Value.objects.exists()
    wet = told(send(client, key, body))
    same = ("read", "imported", "rejected", "rejections", "status")
    assert {name: dry[name] for name in same} == {name: wet[name] for name in same}
    assert (dry["dry_run"], dry["intake"]) == (True, None)


def test_a_replay_is_answered_once(client: Client, land: Land) -> None:
    """C15: a replay returns the first answer; the same key for something else is refused."""
    key = key_for(land)
    first = told(send(client, key, [record()], **{"Idempotency-Key": "thang-10"}))
    again = told(send(client, key, [record()], **{"Idempotency-Key": "thang-10"}))
    assert (again["repeated"], again["imported"], again["intake"]) == (True, 1, first["intake"])
    other = send(client, key, [record(13)], **{"Idempotency-Key": "thang-10"})
    assert (other.status_code, told(other)["code"]) == (409, "intake.key_taken")
    assert Value.objects.get().number == 12


def test_lines_and_tables_say_the_same(client: Client, land: Land) -> None:
    key = key_for(land)
    lines = b"\n".join(
        json.dumps(record(n, element=code)).encode() for n, code in enumerate(["HS_NHAN", "HS_TTTT"])
    )
    assert told(send(client, key, lines, LINES))["imported"] == 2
    head, shared = "form,period,unit,element,value", "CQS-T,2026-10,24505"
    table = f"{head}\r\n{shared},HS_NHAN,0\r\n{shared},HS_TTTT,1.0\r\n"
    assert told(send(client, key, b"\xef\xbb\xbf" + table.encode(), "text/csv"))["unchanged"] == 2


def test_two_records_for_one_cell_name_each_other(client: Client, land: Land) -> None:
    found = told(send(client, key_for(land), [record(), record(13)]))
    assert [(one["index"], one["other"]) for one in found["rejections"]] == [(0, 1), (1, 0)]


def test_a_key_reaches_its_units_and_its_forms(client: Client, land: Land) -> None:
    commune = key_for(land, "24505")
    found = told(send(client, commune, [record(), record(unit="22015")]))
    assert (found["imported"], found["rejections"][0]["code"]) == (1, "report.unknown")
    machine = key_for(land, forms=("MAY-T",))
    assert told(send(client, machine, [record()]))["rejections"][0]["code"] == "key.form"
    taken = told(send(client, machine, [record(form="MAY-T", element="MAY")]))
    assert (taken["imported"], taken["status"]) == (1, "accepted")


@pytest.mark.parametrize(
    ("key", "status", "code"),
    [("", 401, "key.unauthorised"), ("haicap_x", 401, "key.unauthorised")],
)
def test_without_a_good_key_nothing_is_read(client: Client, key: str, status: int, code: str) -> None:
    answer = send(client, key, [record()])
    assert (answer.status_code, told(answer)["code"]) == (status, code)


def test_a_reading_key_and_a_session_cannot_send(client: Client, land: Land) -> None:
    reading = key_for(land, writes=False)
    answer = send(client, reading, [record()])
    assert (answer.status_code, told(answer)["code"]) == (403, "key.read_only")
    client.force_login(land.cast.office)
    assert client.post(ADDRESS, b"[]", content_type="application/json").status_code == 401


@pytest.mark.parametrize(
    ("query", "status"),
    [("?mode=some", 400), ("?strategy=MERGE", 400), ("?dry_run=ja", 400), ("?dryrun=true", 400)],
)
def test_a_wrong_wish_is_refused_before_anything(client: Client, land: Land, query: str, status: int) -> None:
    assert send(client, key_for(land), [record()], query=query).status_code == status
    assert not Value.objects.exists()


def test_wrong_bodies(client: Client, land: Land, settings: Any) -> None:
    key = key_for(land)
    assert send(client, key, b"{", "application/json").status_code == 400
    assert send(client, key, b"<a/>", "text/xml").status_code == 415
    assert send(client, key, b"", "application/json").status_code == 400
    settings.INTAKE_MAX_SIZE = 10
    assert send(client, key, [record()]).status_code == 413
    assert client.get(ADDRESS).status_code == 405


def test_the_reader_is_spoken_to_in_his_language(client: Client, land: Land) -> None:
    answer = send(client, key_for(land), [record(-1)], **{"Accept-Language": "en"})
    assert "negative" in told(answer)["rejections"][0]["message"]


def test_a_number_stays_the_number(client: Client, land: Land) -> None:
    """C12: what was sent as 1234.5 is not re-read by anybody's marks."""
    body = b'[{"form":"CQS-T","period":"2026-10","unit":"24505","element":"KP","value":12.10}]'
    told(send(client, key_for(land), body))
    assert Value.objects.get().number == Decimal("12.1")


def test_a_body_of_another_kind_is_given_up(client: Client, land: Land) -> None:
    answer = send(client, key_for(land), b"1\n" * 20_000, LINES)
    assert (answer.status_code, told(answer)["code"]) == (400, "body.broken")
    assert not Intake.objects.exists()


def test_half_a_letter_is_refused_in_words(client: Client, land: Land) -> None:
    body = json.dumps([record(note="\ud800"), record(), {**record(), "\ud800": 1}]).encode()
    answer = send(client, key_for(land), body)
    assert [one["code"] for one in told(answer)["rejections"]] == ["record.text", "record.field"]
