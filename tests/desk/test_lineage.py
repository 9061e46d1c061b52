"""The past of a commune on its page: which older units, how much of each, by which act, on which day."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from haicap.desk.presenters import lineage
from haicap.units.actions.stamp import touch
from haicap.units.models import Succession, Unit
from haicap.units.names import uid
from tests.world import Land

pytestmark = pytest.mark.once

ACT = "Nghị quyết 1660/NQ-UBTVQH15"
OLD, ON = date(2025, 1, 1), date(2025, 7, 1)


def old(land: Land, code: str, kind: str, name: str, share: int | None, new: str = "24505") -> Unit:
    unit = Unit.objects.create(
        uid=uid(2, code, OLD), code=code, level=2, kind=kind, parent_id=land.world["66"], path="/old/",
        name=name, full_name=f"Đơn vị {name}", name_en=name, folded=name.lower(), valid_from=OLD, valid_to=ON,
    )  # fmt: skip
    Succession.objects.create(old=unit, new_id=land.world[new], on=ON, share=share, whole=share == 1, act=ACT)
    return unit


@pytest.fixture
def merged(rough: Land) -> Land:
    old(rough, "24499", "thi_tran", "Cũ A", 1)
    old(rough, "24496", "xa", "Cũ B", 1)
    touch()
    return rough


@pytest.fixture
def split(merged: Land) -> Land:
    old(merged, "24497", "xa", "Cũ C", None)
    touch()
    return merged


def test_a_commune_without_a_known_past_shows_none(leader: Client) -> None:
    assert "Lịch sử đơn vị" not in leader.get("/xa/24505/").content.decode()


@pytest.mark.usefixtures("split")
def test_the_page_names_units_shares_act_and_day(leader: Client) -> None:
    page = leader.get("/xa/24505/").content.decode()
    part = page[page.index("Lịch sử đơn vị") :]
    assert part.index("24496") < part.index("24497") < part.index("24499")
    for word in (ACT, "1/7/2025", "Cũ A", "Thị trấn", "toàn bộ", "một phần, chưa rõ bao nhiêu"):
        assert word in part
    before = page[: page.index("Lịch sử đơn vị")]
    assert before.rindex("<details") > before.rfind("</details>")


def test_whole_parts_can_be_added_up(merged: Land) -> None:
    past = lineage.past(merged.place("24505"))
    assert past is not None
    assert [one.code for step in past.steps for one in step.origins] == ["24496", "24499"]
    assert "cộng các đơn vị cũ" in past.reading


def test_an_unknown_share_is_named_and_not_guessed(split: Land) -> None:
    past = lineage.past(split.place("24505"))
    assert past is not None
    assert "chưa rõ phần chia của: Đơn vị Cũ C" in past.reading


def test_steps_before_the_last_are_told_with_the_unit_they_made(merged: Land) -> None:
    later = merged.place("22015")
    Succession.objects.create(
        old_id=merged.world["24505"], new_id=later.id, on=date(2026, 4, 30), share=1, whole=True, act="B"
    )
    touch()
    past = lineage.past(later)
    assert past is not None
    assert [(step.day, step.act, step.unit) for step in past.steps] == [
        ("30/4/2026", "B", ""),
        ("1/7/2025", ACT, "Xã Ea Knuếc"),
    ]


def test_one_query(split: Land) -> None:
    place = split.place("24505")
    lineage.past(place)
    with CaptureQueriesContext(connection) as done:
        lineage.past(place)
    assert sum("units_succession" in q["sql"] for q in done) == 1


@pytest.mark.parametrize(("lang", "word"), [("en", "a part of unknown size"), ("bn", "একাংশ, কতটা জানা নেই")])
def test_other_languages(split: Land, lang: str, word: str) -> None:
    with override(lang):
        past = lineage.past(split.place("24505"))
    assert past is not None
    assert past.steps[0].origins[1].share == word
