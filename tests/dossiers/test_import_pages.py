"""The pages of an import: uploaded, asked about, watched, judged; and who may see them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from haicap.accounts.scopes import scope_of
from haicap.audit.models import Event
from haicap.core import clock
from haicap.dossiers import actions
from haicap.dossiers.models import Dossier, Import, Source
from haicap.dossiers.policies.mapping import Plan
from tests.cast import PEOPLE, Cast
from tests.dossiers import making
from tests.dossiers.making import HEADINGS, as_csv, record

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _stopped(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.DATA_DIR = tmp_path
    with clock.frozen("2026-10-27T10:00"):
        yield


def upload(client: Client, data: bytes, **more: str) -> str:
    """The token of the import."""
    file = SimpleUploadedFile("ho-so.csv", data)
    answer = client.post(reverse("dossiers:imports"), {"nguon": making.SOURCE, "tep": file, **more})
    assert answer.status_code == 302, answer.content
    return str(answer["Location"]).rstrip("/").split("/")[-1]


def test_from_a_file_to_its_result(client: Client, cast: Cast, django_assert_max_num_queries: Any) -> None:
    making.source(scope_of(cast.office), reads=Plan())
    client.force_login(cast.office)
    rows = [record(1), record(2, unit="77777"), record(3, channel="bồ câu")]
    token = upload(client, as_csv(rows, extra={"Họ và tên": "Người Thử"}))
    page = reverse("dossiers:import", args=[token])
    bar = client.get(reverse("dossiers:import_progress", args=[token]))
    assert "HX-Refresh" not in bar
    assert "every 2s" in client.get(page).content.decode()
    actions.run(batch_id=Import.objects.get().pk)
    assert "HX-Refresh" in client.get(reverse("dossiers:import_progress", args=[token]))
    # first which column is what, then what its words mean
    ask = reverse("dossiers:import_ask", args=[token])
    assert client.get(page)["Location"] == ask
    with django_assert_max_num_queries(12):
        text = client.get(ask).content.decode()
    assert "Họ và tên" in text
    assert "Người Thử" not in text
    told = {f"col-{name}": heading for name, heading in HEADINGS.items() if name in rows[0]}
    answer = client.post(ask, {**told, "numbers": "vi", "style": "dmy", "declare_new": "1"})
    assert answer["Location"] == page
    text = client.get(ask).content.decode()
    assert "bồ câu" in text
    client.post(ask, {"text-channel-0": "bồ câu", "word-channel-0": "3"})
    actions.run(batch_id=Import.objects.get().pk)
    with django_assert_max_num_queries(12):
        text = client.get(page).content.decode()
    assert "3 dòng: 2 mới, 0 cập nhật, 0 giữ nguyên, 1 bị loại" in " ".join(text.split())
    assert sorted(Dossier.objects.values_list("channel", flat=True)) == [2, 3]
    file = client.get(reverse("dossiers:import_rejected", args=[token]))
    lines = b"".join(file).decode("utf-8-sig").splitlines()  # type: ignore[arg-type]
    assert lines[1].startswith("3,Mã xã,77777,Không có đơn vị")
    assert Source.objects.get().mapping["values"]["channel"] == {"bồ câu": "3"}
    with django_assert_max_num_queries(10):
        assert "ho-so.csv" in client.get(reverse("dossiers:imports")).content.decode()


def test_a_source_is_founded_and_its_reading_changed(client: Client, cast: Cast) -> None:
    client.force_login(cast.office)
    client.post(reverse("dossiers:sources"), {"ma": "cong-dvc", "ten": "Cổng dịch vụ công"})
    page = reverse("dossiers:source", args=["cong-dvc"])
    assert client.get(page).status_code == 200
    told = {"ten": "Cổng DVC", "stale": "3", "date_style": "iso", "numbers": "en", "col-code": "Mã"}
    table = {
        "table-unit": "Xã A = 24505\nXã B = x = 22015",
        "steps": "Ngày bổ sung = 5\nNgày gửi đi = 4 other",
    }
    assert client.post(page, told | table).status_code == 302
    row = Source.objects.get()
    assert (row.name, row.stale_after_days, row.has_steps) == ("Cổng DVC", 3, True)
    assert row.mapping["values"] == {"unit": {"Xã A": "24505", "Xã B = x": "22015"}}
    assert row.mapping["steps"][1] == {"column": "Ngày gửi đi", "status": 4, "holder": "other"}
    for wrong in ({"steps": "Ngày = 11"}, {"table-unit": "Xã A"}, {"stale": "0"}, {"date_style": "x"}):
        assert client.post(page, told | wrong).status_code == 400
    for mistake in ({"ma": "cong-dvc", "ten": "Lại"}, {"ma": "à", "ten": "x"}):
        assert client.post(reverse("dossiers:sources"), mistake).status_code == 400


BRING, LOOK, NONE = "bring", "look", "none"
TRUTH = {
    "leader": LOOK, "office": BRING, "analyst": LOOK, "viewer": NONE, "commune_leader": NONE,
    "commune_deputy": NONE, "commune_officer": NONE, "other_leader": NONE, "other_deputy": NONE,
    "other_officer": NONE, "stranger_office": NONE, "stranger": NONE, "nobody": NONE,
}  # fmt: skip


def test_who_may_see_and_bring(client: Client, cast: Cast) -> None:
    assert TRUTH.keys() == PEOPLE.keys()
    batch = making.take_in(cast.office, [record(1)])
    asked = making.send(cast.office, as_csv([record(2, channel="?")]))
    for who, may in TRUTH.items():
        client.force_login(getattr(cast, who))
        looks = 200 if may in (BRING, LOOK) else 404
        for name, args in (
            ("import", [batch.token]), ("import_progress", [batch.token]), ("import_rejected", [batch.token]),
            ("source", [making.SOURCE]),
        ):  # fmt: skip
            assert client.get(reverse(f"dossiers:{name}", args=args)).status_code == looks, (who, name)
        # somebody who brings in elsewhere sees an empty list of the own; nobody else sees any
        listed = client.get(reverse("dossiers:imports"))
        assert (listed.status_code == 200) == (may is not NONE or who == "stranger_office"), who
        if listed.status_code == 200 and may is NONE:
            assert batch.token not in listed.content.decode()
        asks = client.get(reverse("dossiers:import_ask", args=[asked.token])).status_code
        assert asks == {BRING: 200, LOOK: 400, NONE: 404}[may], who
        if may is not BRING:
            file = SimpleUploadedFile("a.csv", b"a")
            answer = client.post(reverse("dossiers:imports"), {"nguon": making.SOURCE, "tep": file})
            assert answer.status_code in (400, 404), who
            for name, args in (("import_stop", [asked.token]), ("source", [making.SOURCE])):
                assert client.post(reverse(f"dossiers:{name}", args=args)).status_code in (400, 404), who
    assert Import.objects.count() == 2
    assert client.get(reverse("dossiers:import", args=["khong-co"])).status_code == 404


@pytest.mark.parametrize("code", ["a b", "a/b", "..", "q%", "a\0b", ""])
def test_a_code_that_no_address_can_hold(client: Client, cast: Cast, code: str) -> None:
    client.force_login(cast.office)
    address = reverse("dossiers:sources")
    assert client.post(address, {"ma": code, "ten": "Một cửa"}).status_code == 400
    assert client.get(address).status_code == 200


def test_a_style_that_does_not_exist(client: Client, cast: Cast) -> None:
    making.source(scope_of(cast.office), reads=Plan())
    client.force_login(cast.office)
    token = upload(client, as_csv([record(1)]))
    actions.run_now(token=token)
    address = reverse("dossiers:import_ask", args=[token])
    assert client.post(address, {"style": "zzz"}).status_code == 400


@pytest.mark.parametrize("who", [*PEOPLE, ""])
def test_who_says_whether_a_source_holds_all_dossiers(client: Client, cast: Cast, who: str) -> None:
    """The office alone, with one audit event for a change; who only looks is told so, a stranger nothing."""
    making.source(scope_of(cast.office))
    if who:
        client.force_login(getattr(cast, who))
    page = reverse("dossiers:source", args=[making.SOURCE])
    looks = who in ("office", "leader", "analyst")
    said = Event.objects.filter(action="source.reach")
    answer = client.post(page, {"do": "reach", "reach": "part"})
    if who != "office":
        assert answer.status_code == (400 if looks else 404 if who else 302), who
        assert not Source.objects.get().partial
        assert not said.exists()
        assert ("reach-part" in client.get(page).content.decode()) is False
        return
    assert answer.status_code == 302
    assert Source.objects.get().partial
    assert (said.get().object, said.get().detail) == (f"dossier-source:{making.SOURCE}", {"partial": True})
    assert 'value="part" checked' in client.get(page).content.decode()
    for again in ({"reach": "part"}, {"reach": "x"}, {}):
        client.post(page, {"do": "reach", **again})
    assert said.count() == 1
    rows = b"".join(client.get(reverse("dossiers:sources"), {"tai": "csv"})).decode("utf-8-sig").splitlines()
    assert "một phần" in rows[1]
