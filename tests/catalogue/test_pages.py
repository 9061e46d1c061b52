"""The pages of regimes: who sees what, what a save keeps, how a refusal leads to the answer."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from haicap.accounts.models import User
from haicap.catalogue import queries
from haicap.catalogue.drafts.content import blank, of_form
from haicap.catalogue.models import FormDraft
from haicap.catalogue.queries import Catalogue
from haicap.core import clock
from tests.cast import Cast, World

from .drafting import cells, drafted, publish, right, words
from .test_drafts import _fields

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _clock() -> Iterator[None]:
    with clock.frozen("2026-10-20 10:00"):
        yield


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def held() -> dict[str, Any]:
    part = {"code": "A", "name": words("Một"), "cells": cells("HS_NHAN", "HS_GQ")}
    return right(sections=[part], new=[])


class TestReading:
    def test_everybody_of_the_province_reads_its_regimes(self, catalogue: Catalogue, cast: Cast) -> None:
        for user in (cast.office, cast.leader, cast.commune_officer, cast.viewer):
            page = browser(user).get("/che-do/")
            assert page.status_code == 200
            assert "Báo cáo tháng về chính quyền số" in page.content.decode()

    def test_the_office_alone_has_the_button(self, catalogue: Catalogue, cast: Cast) -> None:
        assert "Lập mẫu mới" in browser(cast.office).get("/che-do/").content.decode()
        assert "Lập mẫu mới" not in browser(cast.commune_officer).get("/che-do/").content.decode()

    def test_another_province_sees_none_of_it(self, catalogue: Catalogue, cast: Cast) -> None:
        page = browser(cast.stranger_office).get("/che-do/").content.decode()
        assert "CQS-T" not in page
        assert browser(cast.stranger_office).get("/che-do/CQS-T/").status_code == 404
        assert browser(cast.nobody).get("/che-do/CQS-T/").status_code == 404

    def test_a_regime_states_eleven_fields(self, catalogue: Catalogue, cast: Cast) -> None:
        page = browser(cast.commune_officer).get("/che-do/CQS-T/").content.decode()
        for said in (
            "Tên báo cáo", "Nội dung yêu cầu", "Đối tượng thực hiện", "Cơ quan nhận", "Phương thức gửi",
            "Thời hạn gửi", "Tần suất", "Thời gian chốt số liệu", "Đề cương", "Biểu mẫu", "Hướng dẫn",
        ):  # fmt: skip
            assert said in page, said
        assert "Chưa nêu" not in page
        assert "Mọi xã, phường, đặc khu của Tỉnh Đắk Lắk, từ ngày 1/7/2025" in page
        assert "Trước 17:00 của ngày làm việc thứ 5 sau khi chốt số liệu" in page

    def test_no_version_that_never_was(self, catalogue: Catalogue, cast: Cast) -> None:
        client = browser(cast.office)
        for address in (
            "/che-do/NO/",
            "/che-do/CQS-T/?ban=9",
            "/che-do/CQS-T/?ban=x",
            "/che-do/CQS-T/so-sanh/?tu=0",
        ):
            assert client.get(address).status_code == 404, address

    def test_two_versions_side_by_side(self, catalogue: Catalogue, cast: Cast, world: World) -> None:
        publish(cast.office, world["66"], right())
        part = {"code": "A", "name": words("Phần một"), "cells": cells("DVC_HS", "CAM_BIEN")}
        changed = right(new=[], sections=[part], deadline_days="9", kind="month")
        changed["sections"][0]["cells"][0]["element"] = "CAM_BIEN"
        changed["sections"][0]["cells"][1]["required"] = False
        changed["sections"][0]["cells"] = changed["sections"][0]["cells"][:1]
        changed["sections"][0]["cells"][0]["required"] = False
        publish(cast.office, world["66"], changed, form="CB-T")
        page = browser(cast.viewer).get("/che-do/CB-T/so-sanh/").content.decode()
        assert "A1, bắt buộc" in page
        assert "A1, không bắt buộc" in page
        assert "ngày làm việc thứ 9" in page
        lines = b"".join(browser(cast.viewer).get("/che-do/CB-T/so-sanh/?tai=csv")).decode("utf-8-sig")
        assert "A1, không bắt buộc" in lines
        assert "Đây là bản 1" in browser(cast.viewer).get("/che-do/CB-T/?ban=1").content.decode()

    def test_the_cost_of_the_list(
        self, catalogue: Catalogue, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = browser(cast.office)
        client.get("/che-do/")
        with django_assert_max_num_queries(16):
            client.get("/che-do/")


class TestEditor:
    def begin(self, cast: Cast, **fields: str) -> tuple[Client, str]:
        client = browser(cast.office)
        answer = client.post("/che-do/ban-thao/moi/", fields)
        assert answer.status_code == 302
        return client, answer["Location"]

    def test_from_nothing_to_a_published_form(self, catalogue: Catalogue, cast: Cast) -> None:
        client, address = self.begin(cast)
        assert client.get(address).status_code == 200
        saved = client.post(address, {**_fields(right()), "seen": "1", "do": "save"})
        assert saved.status_code == 302
        answer = client.post(address, {**_fields(right()), "seen": "2", "do": "publish"})
        assert answer["Location"] == "/che-do/CB-T/"
        assert queries.form("CB-T").elements == ("CAM_BIEN",)
        page = client.get("/che-do/CB-T/").content.decode()
        assert "Đã công bố mẫu CB-T, bản 1." in page
        closed = client.get(address).content.decode()
        assert "đã công bố hoặc đã bỏ" in closed
        assert 'value="publish"' not in closed

    def test_wrong_input_is_kept_and_named_at_its_place(self, catalogue: Catalogue, cast: Cast) -> None:
        client, address = self.begin(cast)
        wrong = right(
            first_day="mai",
            checks=[{"code": "K1", "kind": "hard", "expression": "CAM_BIEN < ", "message": {}}],
        )
        answer = client.post(address, {**_fields(wrong), "seen": "1", "do": "publish"})
        assert answer.status_code == 400
        page = answer.content.decode()
        assert 'value="mai"' in page
        assert "Ngày viết như 15/10/2026." in page
        assert 'value="CAM_BIEN &lt; "' in page
        assert "công thức còn dở dang" in page
        assert FormDraft.objects.get().content["first_day"] == "mai"

    def test_each_button_saves_all(self, catalogue: Catalogue, cast: Cast) -> None:
        client, address = self.begin(cast)
        answer = client.post(address, {**_fields(right()), "seen": "1", "do": "section-add"})
        assert answer["Location"].endswith("#s1")
        content = FormDraft.objects.get().content
        assert [one["code"] for one in content["sections"]] == ["A", "B"]
        assert content["code"] == "CB-T"

    def test_search_without_marks_and_adding(self, catalogue: Catalogue, cast: Cast) -> None:
        client, address = self.begin(cast)
        found = client.get(f"{address}tim/", {"find": "tong so ho so tiep nhan"}).content.decode()
        assert 'value="cell-add:HS_NHAN"' in found
        answer = client.post(
            address,
            {**_fields(blank()), "seen": "1", "do": "cell-add:HS_NHAN", "find": "ho so", "target": "A"},
        )
        assert "find=ho+so" in answer["Location"]
        assert FormDraft.objects.get().content["sections"][0]["cells"][0]["element"] == "HS_NHAN"
        page = client.get(answer["Location"].split("#")[0]).content.decode()
        assert "đã có trong mẫu" in page
        assert (
            "Không có phần tử nào như vậy" in client.get(f"{address}tim/", {"find": "zzzz"}).content.decode()
        )

    def test_a_held_form_leads_to_the_answer(self, catalogue: Catalogue, cast: Cast) -> None:
        client, address = self.begin(cast)
        answer = client.post(address, {**_fields(held()), "seen": "1", "do": "publish"})
        assert answer.status_code == 400
        page = answer.content.decode()
        assert "mọi ô của mẫu này đã có số liệu" in page
        assert reverse("desk:held") in page
        assert "pt=HS_NHAN" in page
        assert "Đã có: mẫu CQS-T thu số này hằng tháng" in page

    def test_two_at_once_lose_nothing(self, catalogue: Catalogue, cast: Cast, world: World) -> None:
        draft = drafted(cast.office, world["66"], right())
        client = browser(cast.office)
        address = reverse("catalogue:draft", args=[draft])
        answer = client.post(address, {**_fields(right(asker="Sở Nội vụ")), "seen": "1", "do": "save"})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert 'value="Sở Nội vụ"' in page
        assert FormDraft.objects.get().content["asker"] == "Sở Khoa học và Công nghệ"
        again = client.post(address, {**_fields(right(asker="Sở Nội vụ")), "seen": "2", "do": "save"})
        assert again.status_code == 302

    def test_the_preview_is_the_grid_of_the_officer(
        self, catalogue: Catalogue, cast: Cast, world: World
    ) -> None:
        draft = drafted(cast.office, world["66"], right())
        client = browser(cast.office)
        page = client.get(reverse("reporting:preview", args=[draft])).content.decode()
        assert 'name="v-CAM_BIEN"' in page
        assert "Phần một" in page
        assert "Phường Tuy Hoà" in page
        for content in (blank(), right(sections=[], first_day="x", kinds=[])):
            other = drafted(cast.office, world["66"], content)
            assert client.get(reverse("reporting:preview", args=[other])).status_code == 200

    def test_a_later_version_is_looked_at_before_it_is_replaced(
        self, catalogue: Catalogue, cast: Cast, world: World
    ) -> None:
        client, address = self.begin(cast, form="XHS-N")
        content = FormDraft.objects.get().content | {"deadline_days": "7"}
        other = of_form(queries.form("XHS-N"), queries.current()) | {"deadline_days": "6"}
        publish(cast.office, world["66"], other, form="XHS-N")
        answer = client.post(address, {**_fields(content), "seen": "1", "do": "publish"})
        assert answer.status_code == 409
        assert 'value="rebase"' in answer.content.decode()
        client.post(address, {**_fields(content), "seen": "2", "do": "rebase"})
        seen = FormDraft.objects.get(published=None)
        client.post(address, {**_fields(seen.content), "seen": str(seen.version), "do": "publish"})
        form = queries.form("XHS-N")
        assert (form.number, form.deadline_working_days) == (3, 7)

    def test_what_a_revision_changes(self, catalogue: Catalogue, cast: Cast) -> None:
        client, address = self.begin(cast, form="XHS-N")
        content = FormDraft.objects.get().content | {"deadline_days": "7"}
        client.post(address, {**_fields(content), "seen": "1", "do": "save"})
        page = client.get(f"{address}thay-doi/").content.decode()
        assert "ngày làm việc thứ 7" in page
        assert "ngày làm việc thứ 7" in b"".join(client.get(f"{address}thay-doi/?tai=csv")).decode()
        client.post(f"{address}bo/")
        assert FormDraft.objects.get().closed_at is not None
        assert queries.form("XHS-N").number == 1

    @pytest.mark.parametrize("name", ["commune_officer", "leader", "stranger_office", "nobody"])
    def test_drafts_exist_for_the_office_alone(
        self, catalogue: Catalogue, cast: Cast, world: World, name: str
    ) -> None:
        draft = drafted(cast.office, world["66"], right())
        client = browser(getattr(cast, name))
        address = reverse("catalogue:draft", args=[draft])
        for path in (
            address,
            f"{address}tim/",
            f"{address}thay-doi/",
            reverse("reporting:preview", args=[draft]),
        ):
            assert client.get(path).status_code == 404
        assert client.post(address, {"do": "publish", "seen": "2"}).status_code == 404
        assert client.post(f"{address}bo/").status_code == 404
        assert client.post("/che-do/ban-thao/moi/").status_code == 302
        assert FormDraft.objects.filter(owner_id=world["66"]).count() == 1

    def test_rubbish_is_no_500(self, catalogue: Catalogue, cast: Cast, world: World) -> None:
        draft = drafted(cast.office, world["66"], right())
        address = reverse("catalogue:draft", args=[draft])
        client = browser(cast.office)
        rubbish = {
            "s0.code": "<b>", "s0.c0.element": "'; --", "s99999.code": "x", "k0.expression": "((((" * 400,
            "n0.code": "A" * 5000, "kind": "zzz", "rule": "", "nature": "?", "units": "1" * 3000,
            "do": "cell-up:9:9", "seen": "x", "minutes": "9" * 300, "deadline_days": "9" * 50,
            "window_from": "99/99/9999", "first_day": "0/0/0", "find": "%" * 500, "target": "\x01",
        }  # fmt: skip
        for more in ({}, {"seen": "2"}, {"seen": "3", "do": "publish"}):
            assert client.post(address, {**rubbish, **more}).status_code in (302, 400, 409)
        assert client.get(address).status_code == 200
        assert client.get(reverse("reporting:preview", args=[draft])).status_code == 200

    def test_the_cost_of_the_editor(
        self,
        catalogue: Catalogue,
        cast: Cast,
        django_assert_max_num_queries: DjangoAssertNumQueries,
    ) -> None:
        client, address = self.begin(cast, form="CQS-T")
        client.get(address)
        with django_assert_max_num_queries(16):
            client.get(address)
