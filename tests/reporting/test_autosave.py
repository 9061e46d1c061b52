"""The address that the grid saves to: an answer for every cell, clear words for everything else."""

import json

import pytest
from django.test import Client

from haicap.reporting.models import Report, Value

from .office import FORM, PERIOD, Office

SAVE = f"/bao-cao/{FORM}/{PERIOD}/24505/luu/"


def send(office: Office, *cells: dict[str, object], who: str = "commune_officer", lang: str = "vi"):
    client = Client()
    client.force_login(getattr(office.cast, who), backend="django.contrib.auth.backends.ModelBackend")
    body = json.dumps({"lang": lang, "cells": list(cells)})
    return client.post(SAVE, body, content_type="application/json")


def cell(element: str, text: str, base: int = 0, reason: str = "") -> dict[str, object]:
    return {"e": element, "b": base, "t": text, "r": reason}


def test_every_cell_has_its_answer(office: Office) -> None:
    answer = send(
        office, cell("HS_NHAN", "1234"), cell("HS_PHI", "x"), cell("HD", "", reason="Chưa có")
    ).json()
    assert [(c["e"], c["s"], c["v"], c["t"]) for c in answer["cells"]] == [
        ("HS_NHAN", "saved", 1, "1.234"),
        ("HS_PHI", "refused", 1, "x"),
        ("HD", "saved", 1, ""),
    ]
    assert answer["rows"]["HS_PHI"]["look"] == "is-hard"
    assert "Ô này cần một số" in answer["rows"]["HS_PHI"]["says"]
    assert answer["rows"]["HS_NHAN"]["says"] == ""
    assert answer["blocked"] is True
    assert "Đã lưu lúc 10:00:00" in answer["saved"]
    assert "còn 1 lỗi" in answer["parts"]["missing"]
    assert Value.objects.get(element__code="HS_NHAN").number == 1234


def test_a_replay_is_unchanged(office: Office) -> None:
    send(office, cell("HS_NHAN", "412"))
    version = Report.objects.get().version
    (answer,) = send(office, cell("HS_NHAN", "412")).json()["cells"]
    assert (answer["s"], answer["v"]) == ("unchanged", 1)
    assert Report.objects.get().version == version


def test_a_conflict_offers_both(office: Office) -> None:
    send(office, cell("HS_NHAN", "412"))
    answer = send(office, cell("HS_NHAN", "421")).json()
    assert (answer["cells"][0]["s"], answer["cells"][0]["v"], answer["cells"][0]["t"]) == (
        "conflict",
        1,
        "412",
    )
    says = answer["rows"]["HS_NHAN"]["says"]
    assert 'data-mine="HS_NHAN" data-text="421"' in says
    assert 'data-theirs="HS_NHAN" data-text="412"' in says


def test_numbers_are_read_in_the_language_of_the_page(office: Office) -> None:
    send(office, cell("KP", "1,234.5"), lang="en")
    assert str(Value.objects.get().number) == "1234.5000"


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "{}", "null", '{"cells": 3}', '{"cells": [3]}', '{"cells": [{"e": "HS_NHAN"}]}',
        '{"cells": [{"e": "HS_NHAN", "b": "0", "t": "1"}]}', '{"cells": [{"e": "HS_NHAN", "b": 0, "t": 1}]}',
        '{"cells": [{"e": "HS_NHAN", "b": true, "t": "1"}]}',
        '{"cells": [{"e": "HS_NHAN", "b": -1, "t": "1"}]}',
        '{"cells": [{"e": ["x"], "b": 0, "t": "1"}]}', "\xff", "[" * 5000,
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_words(office: Office, body: str) -> None:
    client = Client()
    client.force_login(office.cast.commune_officer, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.post(SAVE, body.encode("latin-1"), content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "save.form"
    assert not Report.objects.exists()


def test_an_unknown_language_is_vietnamese(office: Office) -> None:
    send(office, cell("HS_NHAN", "1.234"), lang="xx")
    assert Value.objects.get().number == 1234


@pytest.mark.parametrize(
    ("who", "status"),
    [("commune_leader", 403), ("office", 403), ("viewer", 403), ("other_officer", 404), ("stranger", 404)],
)
def test_who_may_not(office: Office, who: str, status: int) -> None:
    assert send(office, cell("HS_NHAN", "1"), who=who).status_code == status
    assert not Value.objects.exists()


def test_without_a_session_the_browser_is_told_to_keep_it(office: Office) -> None:
    answer = Client().post(SAVE, "{}", content_type="application/json")
    assert answer.status_code == 401
    assert "được giữ trên máy này" in answer.json()["message"]


def test_a_submitted_report_says_so(office: Office) -> None:
    office.submitted()
    answer = send(office, cell("HS_NHAN", "1", base=1))
    assert answer.status_code == 409
    assert "Đã gửi, chờ duyệt" in answer.json()["message"]


def test_too_many_cells(office: Office) -> None:
    answer = send(office, *[cell("HS_NHAN", str(n)) for n in range(1001)])
    assert answer.status_code == 400
    assert answer.json()["code"] == "save.too_many"


def test_an_oversized_body_is_refused_with_a_page(office: Office, settings: object) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000  # type: ignore[attr-defined]
    answer = send(office, cell("HS_NHAN", "9" * 11_000))
    assert answer.status_code == 413


def test_a_long_text_is_refused_at_its_cell_and_the_rest_is_saved(office: Office) -> None:
    answer = send(office, cell("HS_NHAN", "9" * 500), cell("HS_PHI", "5")).json()
    assert [c["s"] for c in answer["cells"]] == ["refused", "saved"]
    assert "200" in answer["rows"]["HS_NHAN"]["says"]
