"""The queue: by commune, by procedure and day, dossier by dossier; nobody sees a code or a person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from haicap.accounts.models import User
from haicap.dossiers.models import Dossier
from haicap.dossiers.queries import queue
from haicap.dossiers.states import Status
from haicap.units import queries as units

from .rows import NOW, Desk, imported

BACKEND = "django.contrib.auth.backends.ModelBackend"
PAGES = (
    "", "qua-han/", "tre-han/", "dung-han/", "thu-tuc/", "ai-nop/", "im-lang/", "de-nghi/", "tin-hieu/",
)  # fmt: skip
FILES = (
    "xa", "dang", "qua-han", "tre", "dung-han", "thu-tuc", "ai-nop", "im-lang", "de-nghi", "cau-hoi",
)  # fmt: skip
#: session, user, scope (2), signed-in extras; then what the room itself asks
MOST_QUERIES = 22


@pytest.fixture
def full(room: Desk) -> Desk:
    room.many(3, due="26/10 17:00", blame="sync", status=Status.IN_WORK)
    room.many(2, due="28/10 17:00")
    room.dossier(due=None)
    room.many(4, unit="22015", due="30/12 17:00", procedure=room.copy)
    room.dossier(status=Status.WITHDRAWN, due="20/10 17:00")
    room.many(2, finished="20/10 09:00", submitter="helped")
    room.dossier(finished="26/10 17:01", submitter="self")
    room.save()
    return room


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user, backend=BACKEND)
    return client


def test_counts_of_communes(full: Desk) -> None:
    asked = queue.Asked(units.subtree_ids(full.world["66"]))
    rows = {row.unit_id: row for row in queue.by_unit(asked, NOW, NOW + timedelta(days=3))}
    here = rows[full.world["24505"]]
    assert (here.open, here.overdue, here.soon, here.no_due) == (6, 3, 2, 1)
    assert rows[full.world["22015"]].open == 4


def test_heaps_are_by_procedure_and_local_day(full: Desk) -> None:
    heaps = queue.heaps(queue.Asked([full.world["24505"]]))
    assert {(one.procedure, str(one.due), one.n) for one in heaps} == {
        ("1.001193", "2026-10-26", 3), ("1.001193", "2026-10-28", 2), ("1.001193", "None", 1),
    }  # fmt: skip


def test_the_board_of_the_province(full: Desk, client: Client) -> None:
    html = signed_in(client, full.cast.office).get("/ho-so/").content.decode()
    assert "Xã Ea Knuếc" in html
    assert "2/3 xã, phường có hồ sơ trong 3 tháng qua" in html
    assert "Một cửa: trong 24 giờ qua" in html
    assert "<b>3</b>" in html


def test_a_commune_sees_its_own_and_no_other(full: Desk, client: Client) -> None:
    client = signed_in(client, full.cast.commune_officer)
    html = client.get("/ho-so/").content.decode()
    assert "Đăng ký khai sinh" in html
    assert "Dòng 1 đến 6 trong 6" in html
    assert "Tuy Hoà" not in html
    assert client.get("/ho-so/?xa=22015").status_code == 404


@pytest.mark.parametrize("query", ["?xa=99999", "?xa=00466", "?ky=1999-01"])
def test_what_is_unknown_or_out_of_scope_does_not_exist(full: Desk, client: Client, query: str) -> None:
    assert signed_in(client, full.cast.office).get(f"/ho-so/dung-han/{query}").status_code == 404


def test_a_stranger_sees_none_of_it(full: Desk, client: Client) -> None:
    client = signed_in(client, full.cast.stranger_office)
    assert all("Ea Knuếc" not in client.get(f"/ho-so/{page}").content.decode() for page in PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_asks_a_known_number_of_questions(full: Desk, client: Client, page: str) -> None:
    """The same for many dossiers as for a few, for the province and for a commune."""
    client = signed_in(client, full.cast.office)
    first = asked(client, f"/ho-so/{page}")
    full.many(40, due="25/10 17:00", received="01/10 08:00")
    full.many(40, unit="24133", due="25/10 17:00", finished="26/10 08:00")
    full.save()
    assert asked(client, f"/ho-so/{page}") == first <= MOST_QUERIES
    assert asked(client, f"/ho-so/{page}?xa=24505") <= MOST_QUERIES


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as found:
        assert client.get(address).status_code == 200
    return len(found)


@pytest.mark.parametrize("table", FILES)
@pytest.mark.parametrize("ext", ["csv", "xlsx"])
def test_every_table_comes_as_a_file(full: Desk, client: Client, table: str, ext: str) -> None:
    answer = signed_in(client, full.cast.office).get(f"/ho-so/bang/{table}.{ext}")
    body = answer.getvalue()
    assert answer.status_code == 200
    assert len(body) > 20
    assert not any(str(key).encode() in body for key in Dossier.objects.values_list("key", flat=True))


def test_a_file_has_every_row(full: Desk, client: Client) -> None:
    """C18: the page shows 50 and says so, the file has them all."""
    full.many(120, due="25/10 17:00")
    full.save()
    client = signed_in(client, full.cast.commune_officer)
    assert "Dòng 1 đến 50 trong 123" in client.get("/ho-so/qua-han/").content.decode()
    assert client.get("/ho-so/bang/qua-han.csv").getvalue().count(b"\r\n") == 124


def test_no_page_shows_a_whole_key(full: Desk, client: Client) -> None:
    client = signed_in(client, full.cast.commune_officer)
    shown = "".join(client.get(f"/ho-so/{page}").content.decode() for page in PAGES)
    keys = [str(key) for key in Dossier.objects.values_list("key", flat=True)]
    assert any(key[:8] in shown for key in keys)
    assert not any(key in shown or key.replace("-", "") in shown for key in keys)


@pytest.mark.parametrize("lang", ["en", "bn"])
def test_in_other_languages(full: Desk, client: Client, lang: str) -> None:
    client = signed_in(client, full.cast.office)
    client.cookies["django_language"] = lang
    with translation.override(lang):
        assert all(client.get(f"/ho-so/{page}").status_code == 200 for page in PAGES)


def test_an_old_source_says_its_age(full: Desk, client: Client) -> None:
    imported(full.steps, NOW - timedelta(days=12))
    client = signed_in(client, full.cast.office)
    for page in ("/ho-so/dung-han/?ky=2026-10", "/ho-so/"):
        assert "Một cửa: 12 ngày trước, đã cũ" in client.get(page).content.decode()
    # nothing shouts about what may have been finished long ago
    assert "<b>3</b>" not in client.get("/ho-so/").content.decode()
