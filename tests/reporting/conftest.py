"""A small form for the tests: six cells, two hard rules, one soft one; and a form that needs no approval.

The clock stands at 10:00 on 20 October 2026: the window of 2026-10 closed on the 14th, the report is due at
17:00 on the 21st.
"""

import secrets
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from haicap.catalogue import models as catalogue
from haicap.catalogue import queries
from haicap.core import clock
from tests.cast import Cast, World

from .office import FORM, MACHINE, NOW, Office

ELEMENTS = {
    # code: (unit, over_time, integer, non_negative)
    "HS_NHAN": ("hồ sơ", "sum", True, True),
    "HS_NHAN_CTT": ("hồ sơ", "sum", True, True),
    "HS_PHI": ("hồ sơ", "sum", True, True),
    "HS_TTTT": ("hồ sơ", "sum", True, True),
    "HD": ("lượt", "sum", True, True),
    "KP": ("đồng", "sum", False, False),
    "MAY": ("lượt", "sum", True, True),
}
SPEC = {
    "kind": "month",
    "rule": "nd09",
    "obliged": ["xa", "phuong", "dac_khu"],
    "deadline": {"working_days": 5, "time": "17:00"},
    "approval": True,
    "first_day": "2025-07-01",
    "sections": [
        {
            "code": "A",
            "cells": [
                {"element": "HS_NHAN", "number": "A1", "required": True},
                {"element": "HS_NHAN_CTT", "number": "A2", "required": True},
            ],
        },
        {
            "code": "B",
            "cells": [
                {"element": "HS_PHI", "number": "B1", "required": True},
                {"element": "HS_TTTT", "number": "B2", "required": True},
                {"element": "HD", "number": "B3", "required": False},
                {"element": "KP", "number": "B4", "required": False},
            ],
        },
    ],
    "checks": [
        {
            "code": "ONLINE",
            "kind": "hard",
            "expression": "HS_NHAN_CTT <= HS_NHAN",
            "elements": ["HS_NHAN_CTT", "HS_NHAN"],
        },
        {
            "code": "PAID",
            "kind": "hard",
            "expression": "HS_TTTT <= HS_PHI",
            "elements": ["HS_TTTT", "HS_PHI"],
        },
        {
            "code": "FEES",
            "kind": "soft",
            "expression": "HS_PHI <= HS_NHAN",
            "elements": ["HS_PHI", "HS_NHAN"],
        },
    ],
}
MACHINE_SPEC = {
    **SPEC,
    "approval": False,
    "sections": [{"code": "A", "cells": [{"element": "MAY", "number": "A1", "required": True}]}],
    "checks": [],
}
LABELS = {
    ("element:HS_NHAN", "name"): "Tổng số hồ sơ tiếp nhận",
    ("element:HS_NHAN_CTT", "name"): "Trong đó: tiếp nhận trực tuyến",
    ("element:HS_PHI", "name"): "Hồ sơ có phát sinh phí",
    ("element:HS_TTTT", "name"): "Hồ sơ thanh toán trực tuyến",
    ("element:HD", "name"): "Lượt người được hướng dẫn",
    ("element:KP", "name"): "Chênh lệch kinh phí",
    ("element:MAY", "name"): "Lượt truy cập",
    (f"form:{FORM}", "name"): "Báo cáo tháng về chính quyền số",
    (f"form:{MACHINE}", "name"): "Số của máy chủ",
    (f"section:{FORM}/A", "name"): "Hồ sơ thủ tục hành chính",
    (f"section:{FORM}/B", "name"): "Thanh toán trực tuyến",
    (f"check:{FORM}/ONLINE", "message"): "Hồ sơ trực tuyến không được lớn hơn tổng số",
    (f"check:{FORM}/PAID", "message"): "Hồ sơ thanh toán không được lớn hơn hồ sơ có phí",
    (f"check:{FORM}/FEES", "message"): "Hồ sơ có phí nhiều hơn tổng số",
}


def publish(owner_id: int) -> None:
    """The catalogue rows that a pack would have written."""
    published_at = datetime(2025, 7, 1, tzinfo=UTC)
    for number, (code, (unit, over_time, integer, non_negative)) in enumerate(ELEMENTS.items()):
        catalogue.Element.objects.create(
            uid=f"e{number:010}", code=code, counts=code, unit=unit, over_time=over_time, over_units="sum",
            over_split="sum", integer=integer, non_negative=non_negative, published_at=published_at,
        )  # fmt: skip
    for number, (code, spec) in enumerate({FORM: SPEC, MACHINE: MACHINE_SPEC}.items()):
        form = catalogue.Form.objects.create(uid=f"f{number:010}", code=code, owner_id=owner_id)
        catalogue.FormVersion.objects.create(
            form=form, number=1, spec=spec, digest=code, published_at=published_at
        )
    catalogue.Label.objects.bulk_create(
        catalogue.Label(subject=subject, role=role, lang="vi", text=text)
        for (subject, role), text in LABELS.items()
    )
    catalogue.Pack.objects.create(
        code="test",
        number=1,
        owner_id=owner_id,
        contents={"elements": list(ELEMENTS), "forms": {FORM: 1, MACHINE: 1}},
        digest="test",
        published_at=published_at,
        published_by="system:test",
    )
    # what is built from it is kept by this token, and the ids of the next test are others
    catalogue.Revision.objects.update_or_create(pk=1, defaults={"token": secrets.token_hex(8)})
    queries.forget()


@pytest.fixture
def at_work() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def sheet(world: World) -> World:
    publish(world["66"])
    return world


@pytest.fixture
def office(cast: Cast, sheet: World, at_work: None) -> Office:
    return Office(cast, sheet)
