"""Forms made in the browser: nothing typed is lost, nothing wrong is published, versions stay."""

from collections.abc import Iterator
from typing import Any

import pytest

from haicap.accounts.scopes import scope_of
from haicap.audit import queries as audit
from haicap.catalogue import actions as packs
from haicap.catalogue import models, queries
from haicap.catalogue.drafts import actions, posting
from haicap.catalogue.drafts import queries as drafts
from haicap.catalogue.drafts.content import of_form, shaped
from haicap.catalogue.drafts.reading import read
from haicap.catalogue.queries import Catalogue, spoken
from haicap.core import clock
from haicap.core.counts import Adds
from haicap.core.errors import Refusal
from tests.cast import Cast, World
from tests.catalogue.conftest import PACKS

from .drafting import cells, drafted, new_element, publish, right, words

NOW = "2026-10-20 10:00"


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def problems(content: dict[str, Any], world: World) -> dict[str, str]:
    found = read(shaped(content), queries.current(), world.place("66"), None).problems
    return {one.place: one.message for one in found}


def test_a_right_draft_is_published_whole(catalogue: Catalogue, cast: Cast, world: World) -> None:
    form = publish(cast.office, world["66"], right())
    assert (form.code, form.number, form.elements) == ("CB-T", 1, ("CAM_BIEN",))
    assert form.owner_unit_id == world["66"]
    assert form.labels["en"] == "Báo cáo cảm biến (en)"
    assert form.recipient["vi"] == "Nội dung recipient"
    assert queries.current().forms["CB-T"] == form
    measure = queries.current().elements["CAM_BIEN"].measure
    assert (measure.counts, measure.unit, measure.over_time) == (
        "một cảm biến đang gửi số",
        "hệ thống",
        Adds.SUM,
    )
    assert [event.action for event in audit.history("form:CB-T", 5)] == ["catalogue.form_published"]
    assert drafts.open_drafts([world["66"]]) == []


def test_a_clerk_who_writes_vietnamese_only_can_publish(
    catalogue: Catalogue, cast: Cast, world: World
) -> None:
    form = publish(cast.office, world["66"], right() | {"name": {"vi": "Báo cáo cảm biến"}})
    assert spoken(form.labels, "bn") == "Báo cáo cảm biến"


def test_what_is_too_long_to_publish_is_kept_whole(catalogue: Catalogue) -> None:
    long = "nội dung " * 1_000
    assert shaped(right() | {"content": {"vi": long}})["content"]["vi"] == long


def test_the_packs_forms_stay_in_force_and_in_order(catalogue: Catalogue, cast: Cast, world: World) -> None:
    before = list(catalogue.forms)
    publish(cast.office, world["66"], right())
    assert list(queries.current().forms) == [*before, "CB-T"]


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        ({"code": "1 x"}, "code", "bắt đầu bằng chữ"),
        ({"code": "CQS-T"}, "code", "Đã có mẫu mang mã CQS-T"),
        ({"name": {"vi": "", "en": "A", "bn": "B"}}, "name.vi", "tiếng Việt"),
        ({"content": {}}, "content.vi", "phải nêu"),
        ({"content": {"vi": "x" * 4_001}}, "content.vi", "dài quá 4000"),
        ({"first_day": "2026-11-01"}, "first_day", "15/10/2026"),
        ({"first_day": "01/11/26"}, "first_day", "15/10/2026"),
        ({"first_day": "31/02/2027"}, "first_day", "15/10/2026"),
        ({"first_day": "01/10/2026"}, "first_day", "không bắt đầu trước hôm nay"),
        ({"first_day": ""}, "first_day", "Ghi ngày"),
        ({"deadline_time": "25:00"}, "deadline_time", "17:00"),
        ({"deadline_days": "-1"}, "deadline_days", "từ 0 đến 250"),
        ({"kinds": []}, "kinds", "Chọn loại đơn vị"),
        ({"units": "24505 99999 00466"}, "units", "99999, 00466"),
        ({"obliged_from": "02/01/2027", "obliged_to": "01/01/2027"}, "obliged_to", "sau ngày đầu"),
        ({"asker": " "}, "asker", "cơ quan"),
        ({"minutes": "1.234"}, "minutes", "480"),
        ({"minutes": "hai"}, "minutes", "hai"),
        ({"nature": "adhoc"}, "window_from", "ngày đầu và ngày cuối"),
        ({"nature": "adhoc", "window_from": "02/10/2026", "window_to": "01/10/2026"}, "window_to", "sau"),
        ({"nature": "so so"}, "nature", "Hãy chọn"),
        ({"sections": []}, "cells", "chưa có ô"),
        ({"new": [new_element(unit="con")]}, "n0.unit", "đơn vị tính"),
        ({"new": [new_element(counts="")]}, "n0.counts", "đếm cái gì"),
        ({"new": [new_element(over_time="thường")]}, "n0.over_time", "cách cộng"),
        ({"new": [new_element(), new_element("THUA")]}, "n1.code", "chưa được đưa vào ô"),
        ({"new": [new_element(), new_element("HS_NHAN")]}, "n1.code", "Đã có phần tử"),
    ],
)
def test_each_mistake_is_told_at_its_place(
    catalogue: Catalogue, cast: Cast, world: World, change: dict[str, Any], place: str, says: str
) -> None:
    found = problems(right(**change), world)
    assert says in found.get(place, ""), found
    draft = drafted(cast.office, world["66"], right(**change))
    with pytest.raises(Refusal) as caught:
        actions.publish(by=cast.office, scope=scope_of(cast.office), draft_id=draft, seen=2)
    assert caught.value.code == "draft.invalid"
    assert "CB-T" not in queries.current().forms
    # nothing typed is lost
    assert drafts.draft(scope_of(cast.office), draft).content == right(**change)


def test_a_new_name_for_a_known_thing_is_shown_the_thing(catalogue: Catalogue, world: World) -> None:
    twin = new_element(name=words("tong so HO SO tiep nhan"), unit="hồ sơ")
    assert "HS_NHAN" in problems(right(new=[twin]), world)["n0.name.vi"]


def test_a_wrong_formula_points_at_the_character(catalogue: Catalogue, world: World) -> None:
    check = {"code": "K1", "kind": "hard", "expression": "CAM_BIEN <= (1", "message": words("x")}
    assert problems(right(checks=[check]), world)["k0.expression"].startswith("Ký tự 15: thiếu «)»")
    check["expression"] = "CAM_BIEN <= HS_NHAN"
    assert "khác đơn vị" in problems(right(checks=[check]), world)["k0.expression"]


def test_a_check_without_words_says_its_formula(catalogue: Catalogue, cast: Cast, world: World) -> None:
    check = {"code": "K1", "kind": "soft", "expression": "CAM_BIEN <= 99", "message": words("")}
    check["message"] = {"vi": "", "en": "", "bn": ""}
    form = publish(cast.office, world["66"], right(checks=[check]))
    assert (form.checks[0].kind, form.checks[0].elements) == ("soft", ("CAM_BIEN",))
    assert form.checks[0].labels["vi"] == "Các ô này phải thỏa: A1 <= 99."


def test_a_revision_is_the_next_version_and_the_old_one_stays(
    catalogue: Catalogue, cast: Cast, world: World
) -> None:
    publish(cast.office, world["66"], right())
    changed = right(
        sections=[{"code": "A", "name": words("Phần một"), "cells": cells("CAM_BIEN", "CAMERA")}],
        new=[new_element("CAMERA")],
    )
    second = publish(cast.office, world["66"], changed, form="CB-T")
    assert (second.number, second.elements) == (2, ("CAM_BIEN", "CAMERA"))
    assert queries.form("CB-T", 1).elements == ("CAM_BIEN",)
    assert queries.form("CB-T").uid == queries.form("CB-T", 1).uid


def test_a_published_form_as_a_draft_is_itself(catalogue: Catalogue, cast: Cast, world: World) -> None:
    for code in ("CQS-T", "XHS-N"):
        content = of_form(catalogue.forms[code], catalogue)
        found = read(content, catalogue, world.place("66"), catalogue.forms[code])
        assert found.problems == ()
        before = models.FormVersion.objects.get(form__code=code).spec
        assert {name: value for name, value in found.spec.items() if name != "nature"} == before
    draft = actions.begin(by=cast.office, scope=scope_of(cast.office), owner_id=world["66"], form="CQS-T")
    assert drafts.draft(scope_of(cast.office), draft).base == catalogue.forms["CQS-T"]


def test_a_form_of_a_pack_revised_in_the_browser_survives_the_next_load(
    catalogue: Catalogue, cast: Cast, world: World
) -> None:
    content = of_form(catalogue.forms["CQS-Q"], catalogue) | {"deadline_days": "7"}
    assert publish(cast.office, world["66"], content, form="CQS-Q").number == 2
    report = packs.load_pack(by="system:test", path=PACKS / "dak-lak")
    assert not report.changed
    assert (queries.form("CQS-Q").number, queries.form("CQS-Q").deadline_working_days) == (2, 7)


def test_who_must_report_changes_from_now_on_only(catalogue: Catalogue, world: World) -> None:
    base = catalogue.forms["CQS-Q"]
    content = of_form(base, catalogue) | {"kinds": ["xa"]}
    found = read(content, catalogue, world.place("66"), base).problems
    assert [one.place for one in found] == ["first_day"]
    content["first_day"] = "20/10/2026"
    assert read(content, catalogue, world.place("66"), base).problems == ()


def test_a_revision_keeps_the_kind_of_period(catalogue: Catalogue, world: World) -> None:
    base = catalogue.forms["CQS-Q"]
    content = of_form(base, catalogue) | {"kind": "month"}
    assert [one.place for one in read(content, catalogue, world.place("66"), base).problems] == ["kind"]


def test_two_people_on_one_draft(catalogue: Catalogue, cast: Cast, world: World) -> None:
    """The second to save hears of the first; saving what stands already is no conflict."""
    scope = scope_of(cast.office)
    draft = drafted(cast.office, world["66"], right())
    with pytest.raises(Refusal) as caught:
        actions.save(by=cast.office, scope=scope, draft_id=draft, content=right(code="B"), seen=1)
    assert (caught.value.code, caught.value.params["version"]) == ("draft.stale", 2)
    assert actions.save(by=cast.office, scope=scope, draft_id=draft, content=right(), seen=1) == 2
    with pytest.raises(Refusal) as caught:
        actions.publish(by=cast.office, scope=scope, draft_id=draft, seen=1)
    assert caught.value.code == "draft.stale"


def test_a_closed_draft_is_closed(catalogue: Catalogue, cast: Cast, world: World) -> None:
    scope = scope_of(cast.office)
    draft = drafted(cast.office, world["66"], right())
    actions.set_aside(by=cast.office, scope=scope, draft_id=draft)
    with pytest.raises(Refusal) as caught:
        actions.save(by=cast.office, scope=scope, draft_id=draft, content=right(code="B"), seen=2)
    assert caught.value.code == "draft.closed"


def test_publishing_the_same_again_is_told(catalogue: Catalogue, cast: Cast, world: World) -> None:
    publish(cast.office, world["66"], right())
    with pytest.raises(Refusal) as caught:
        publish(cast.office, world["66"], right(new=[]), form="CB-T")
    assert caught.value.code == "draft.same"


def test_a_draft_does_not_undo_what_was_published_meanwhile(
    catalogue: Catalogue, cast: Cast, world: World
) -> None:
    publish(cast.office, world["66"], right())
    scope, old = (
        scope_of(cast.office),
        drafted(cast.office, world["66"], right(deadline_days="9"), form="CB-T"),
    )
    publish(cast.office, world["66"], right(new=[], deadline_days="7"), form="CB-T")
    with pytest.raises(Refusal) as caught:
        actions.publish(by=cast.office, scope=scope, draft_id=old, seen=2)
    assert (caught.value.code, caught.value.params["number"]) == ("draft.outdated", 2)
    content = right(new=[], deadline_days="9", base="2")
    actions.save(by=cast.office, scope=scope, draft_id=old, content=content, seen=2)
    assert actions.publish(by=cast.office, scope=scope, draft_id=old, seen=3).number == 3


WHO = {
    "office": "yes",
    "leader": "regime.not_yours",
    "analyst": "regime.not_yours",
    "viewer": "regime.not_yours",
    "commune_leader": "regime.not_yours",
    "commune_deputy": "regime.not_yours",
    "commune_officer": "regime.not_yours",
    "other_officer": "regime.not_yours",
    "stranger_office": "regime.unknown",
    "stranger": "regime.unknown",
    "nobody": "regime.unknown",
}


@pytest.mark.parametrize(("name", "answer"), WHO.items())
def test_who_may_make_forms(catalogue: Catalogue, cast: Cast, world: World, name: str, answer: str) -> None:
    draft = drafted(cast.office, world["66"], right())
    user = getattr(cast, name)
    scope = scope_of(user)
    tries: list[Any] = [
        lambda: actions.begin(by=user, scope=scope, owner_id=world["66"]),
        lambda: drafts.draft(scope, draft),
        lambda: actions.save(by=user, scope=scope, draft_id=draft, content=right(code="CC"), seen=2),
        lambda: actions.publish(by=user, scope=scope, draft_id=draft, seen=3),
        lambda: actions.set_aside(by=user, scope=scope, draft_id=draft),
    ]
    for attempt in tries[:-1] if answer == "yes" else tries:
        if answer == "yes":
            attempt()
            continue
        with pytest.raises(Refusal) as caught:
            attempt()
        assert caught.value.code == answer


def test_the_form_of_another_province_cannot_be_revised(
    catalogue: Catalogue, cast: Cast, world: World
) -> None:
    with pytest.raises(Refusal) as caught:
        actions.begin(
            by=cast.stranger_office,
            scope=scope_of(cast.stranger_office),
            owner_id=world["01"],
            form="CQS-T",
        )
    assert caught.value.code == "regime.unknown"


class TestButtons:
    def content(self) -> dict[str, Any]:
        return right(
            sections=[
                {"code": "A", "name": words("Một"), "cells": cells("HS_NHAN", "HS_GQ")},
                {"code": "B", "name": words("Hai"), "cells": cells("HS_TT")},
            ]
        )

    def order(self, content: dict[str, Any]) -> list[list[str]]:
        return [[cell["element"] for cell in one["cells"]] for one in content["sections"]]

    @pytest.mark.parametrize(
        ("wish", "order"),
        [
            ("cell-up:0:1", [["HS_GQ", "HS_NHAN"], ["HS_TT"]]),
            ("cell-up:1:0", [["HS_NHAN", "HS_GQ", "HS_TT"], []]),
            ("cell-down:0:1", [["HS_NHAN"], ["HS_GQ", "HS_TT"]]),
            ("cell-up:0:0", [["HS_NHAN", "HS_GQ"], ["HS_TT"]]),
            ("cell-del:0:0", [["HS_GQ"], ["HS_TT"]]),
            ("cell-add:DVC_HS", [["HS_NHAN", "HS_GQ"], ["HS_TT", "DVC_HS"]]),
            ("cell-add:HS_NHAN", [["HS_NHAN", "HS_GQ"], ["HS_TT"]]),
            ("section-up:1", [["HS_TT"], ["HS_NHAN", "HS_GQ"]]),
            ("section-del:0", [["HS_TT"]]),
            ("section-add", [["HS_NHAN", "HS_GQ"], ["HS_TT"], []]),
            ("cell-del:7:7", [["HS_NHAN", "HS_GQ"], ["HS_TT"]]),
            ("cell-up:-1:x", [["HS_NHAN", "HS_GQ"], ["HS_TT"]]),
            ("nothing", [["HS_NHAN", "HS_GQ"], ["HS_TT"]]),
        ],
    )
    def test_cells_and_sections(self, wish: str, order: list[list[str]]) -> None:
        content = self.content()
        posting.operate(content, wish)
        assert self.order(content) == order

    def test_into_the_chosen_section(self) -> None:
        content = self.content()
        posting.operate(content, "cell-add:DVC_HS", target="A")
        assert self.order(content)[0] == ["HS_NHAN", "HS_GQ", "DVC_HS"]

    def test_a_new_section_never_takes_an_old_letter(self) -> None:
        content = self.content()
        posting.operate(content, "section-add", frozenset({"C"}))
        assert content["sections"][-1]["code"] == "D"

    def test_what_came_from_the_fields_is_the_content(self) -> None:
        content = self.content()
        content["checks"] = [
            {"code": "K1", "kind": "soft", "expression": "HS_TT <= HS_NHAN", "message": words("x")}
        ]
        assert posting.content_of(_fields(content)) == shaped(content)


def _fields(content: dict[str, Any]) -> dict[str, str]:
    """The fields that the editor would post."""
    post = {name: content[name] for name in posting.HEAD}
    for name in ("name", *posting.REGIME_TEXTS):
        post |= {f"{name}.{lang}": text for lang, text in content[name].items()}
    post |= {f"kind.{kind}": "on" for kind in content["kinds"]} | (
        {"approval": "on"} if content["approval"] else {}
    )
    for index, one in enumerate(content["sections"]):
        post[f"s{index}.code"] = one["code"]
        post |= {f"s{index}.name.{lang}": text for lang, text in one["name"].items()}
        for row, cell in enumerate(one["cells"]):
            post |= {f"s{index}.c{row}.element": cell["element"], f"s{index}.c{row}.why": cell["why"]}
            post |= {f"s{index}.c{row}.required": "on"} if cell["required"] else {}
    for index, one in enumerate(content["checks"]):
        post |= {f"k{index}.{name}": one[name] for name in ("code", "kind", "expression")}
        post |= {f"k{index}.message.{lang}": text for lang, text in one["message"].items()}
    for index, one in enumerate(content["new"]):
        post |= {f"n{index}.{name}": one[name] for name in posting.NEW}
        post |= {f"n{index}.name.{lang}": text for lang, text in one["name"].items()}
        post |= {f"n{index}.{name}": "on" for name in ("integer", "non_negative") if one[name]}
    return post
