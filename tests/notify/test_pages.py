"""The inbox, the choices and the page of the office: each sees only what is theirs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from haicap.accounts import actions as accounts
from haicap.accounts.models import User
from haicap.core import clock
from haicap.notify import actions
from haicap.notify.models import Choice, Delivery, Hook, Notice, Receipt
from tests.cast import PASSWORD, Cast, World

from .conftest import PostOffice
from .test_sending import tell

pytestmark = pytest.mark.once

BACKEND = "django.contrib.auth.backends.ModelBackend"


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


@pytest.fixture
def leader(cast: Cast, world: World, morning: None) -> Client:
    tell(world)
    return sign_in(cast.commune_leader)


class TestInbox:
    def test_words_link_and_count(self, leader: Client) -> None:
        html = leader.get("/thong-bao/").content.decode()
        assert "Quá hạn: CQS-T, Tháng 10/2026" in html
        assert "Báo cáo của Xã Ea Knuếc chưa gửi và đã quá hạn." in html
        assert "1 tin chưa đọc" in html

    def test_the_count_is_a_fragment_that_the_page_asks_for(self, leader: Client, cast: Cast) -> None:
        assert 'hx-get="/thong-bao/so/"' in leader.get("/thong-bao/").content.decode()
        assert ">1<" in leader.get("/thong-bao/so/").content.decode()
        leader.post("/thong-bao/da-doc/")
        assert leader.get("/thong-bao/so/").content.decode().strip() == ""
        assert Client().get("/thong-bao/so/").status_code == 204

    def test_opening_marks_it_as_read_and_leads_there(self, leader: Client, cast: Cast) -> None:
        receipt = Receipt.objects.get()
        answer = leader.post(f"/thong-bao/{receipt.pk}/mo/")
        assert (answer.status_code, answer["Location"]) == (302, "/bao-cao/")
        receipt.refresh_from_db()
        assert receipt.read_at is not None
        assert "Không có tin nào" in leader.get("/thong-bao/?chua-doc=1").content.decode()

    def test_looking_writes_nothing(self, leader: Client) -> None:
        leader.get("/thong-bao/")
        assert leader.get(f"/thong-bao/{Receipt.objects.get().pk}/mo/").status_code == 405
        assert Receipt.objects.get().read_at is None

    def test_the_inbox_of_somebody_else_does_not_exist(self, leader: Client, cast: Cast) -> None:
        other = sign_in(cast.stranger)
        assert other.post(f"/thong-bao/{Receipt.objects.get().pk}/mo/").status_code == 404
        assert "Quá hạn" not in other.get("/thong-bao/").content.decode()
        assert Client().get("/thong-bao/").status_code == 302

    def test_known_number_of_questions(
        self, leader: Client, world: World, django_assert_max_num_queries: Any
    ) -> None:
        for number in range(40):
            tell(world, key=f"n{number}")
        leader.get("/thong-bao/")
        with django_assert_max_num_queries(9):
            html = leader.get("/thong-bao/").content.decode()
        assert html.count("notices__one") == 30
        assert "trang=2" in html

    @pytest.mark.parametrize(("lang", "word"), [("en", "Overdue"), ("bn", "সময় পেরিয়ে গেছে")])
    def test_in_the_language_of_the_reader(self, leader: Client, lang: str, word: str) -> None:
        leader.cookies["django_language"] = lang
        assert word in leader.get("/thong-bao/").content.decode()

    def test_a_notice_without_words_does_not_break_the_page(self, leader: Client) -> None:
        Notice.objects.update(code="from.another.version")
        assert leader.get("/thong-bao/").status_code == 200


class TestChoices:
    def test_what_is_not_ticked_is_not_mailed(self, leader: Client, cast: Cast) -> None:
        html = leader.get("/thong-bao/lua-chon/").content.decode()
        assert 'value="steps" checked' in html
        assert 'value="arrivals" checked' not in html
        assert 'value="safety"' not in html
        leader.post("/thong-bao/lua-chon/", {"mail": ["arrivals"]})
        html = leader.get("/thong-bao/lua-chon/").content.decode()
        assert 'value="arrivals" checked' in html
        assert 'value="steps" checked' not in html
        assert Choice.objects.filter(user=cast.commune_leader).count() == 4

    def test_without_a_mail_server_it_says_so(self, leader: Client) -> None:
        html = leader.get("/thong-bao/lua-chon/").content.decode()
        assert "Hệ thống chưa có máy chủ thư." in html
        answer = leader.post("/thong-bao/lua-chon/dia-chi/", {"address": "a@b.vn", "password": PASSWORD})
        assert answer.status_code == 422


class TestAddress:
    """An address is used once its owner has proven it; the password is asked for."""

    def ask(self, client: Client, address: str = "moi@xa.example", password: str = PASSWORD) -> Any:
        return client.post("/thong-bao/lua-chon/dia-chi/", {"address": address, "password": password})

    def link(self, post_office: PostOffice) -> str:
        return next(
            line for line in post_office.text().splitlines() if "/thong-bao/lua-chon/dia-chi/" in line
        ).removeprefix("https://haicap.example")

    def test_from_asking_to_confirmed(self, leader: Client, cast: Cast, post_office: PostOffice) -> None:
        assert self.ask(leader).status_code == 302
        actions.send_due(now=clock.now())
        assert post_office.receivers == ["moi@xa.example"]
        user = cast.commune_leader
        user.refresh_from_db()
        assert user.email == "", "nothing is used before it was proven"
        link, anybody = self.link(post_office), Client()
        assert "moi@xa.example" in anybody.get(link).content.decode()
        user.refresh_from_db()
        assert user.email == "", "a program that looks into mails confirms nothing"
        assert anybody.post(link).status_code == 200
        user.refresh_from_db()
        assert user.email == "moi@xa.example"
        assert anybody.post(link).status_code == 410, "once"

    def test_the_old_address_is_told(self, leader: Client, cast: Cast, post_office: PostOffice) -> None:
        user = cast.commune_leader
        accounts.set_email(by=user, user=user, email="cu@xa.example")
        self.ask(leader)
        actions.send_due(now=clock.now())
        Client().post(self.link(post_office))
        actions.send_due(now=clock.now())
        assert post_office.receivers[-1] == "cu@xa.example"
        assert "Địa chỉ thư của tài khoản đã thay đổi" in str(post_office.letters[-1]["Subject"])

    def test_an_open_screen_is_not_enough(self, leader: Client, cast: Cast, post_office: PostOffice) -> None:
        answer = self.ask(leader, password="sai-mat-khau")
        assert answer.status_code == 422
        assert "Mật khẩu hiện tại không đúng." in answer.content.decode()
        assert not Delivery.objects.exists()

    def test_guessing_the_password_ends(
        self, leader: Client, cast: Cast, post_office: PostOffice, settings: Any
    ) -> None:
        settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/15m/key"}
        for _guess in range(2):
            self.ask(leader, password="sai-mat-khau")
        assert self.ask(leader).status_code == 302, "who knows it starts anew"
        for _guess in range(3):
            assert "Mật khẩu hiện tại không đúng." in self.ask(leader, password="sai").content.decode()
        # neither the right one nor another session nor another address helps now
        other = Client(REMOTE_ADDR="10.0.0.9")
        other.force_login(cast.commune_leader)
        for client in (leader, other):
            answer = self.ask(client, address="khac@xa.example")
            assert answer.status_code == 422
            assert "thử quá nhiều lần" in answer.content.decode()
        assert Delivery.objects.count() == 1

    def test_what_is_no_address_is_said_at_the_field(self, leader: Client, post_office: PostOffice) -> None:
        answer = self.ask(leader, address="khong-phai")
        assert "Đây không phải là một địa chỉ thư." in answer.content.decode()

    def test_a_forged_or_old_link(self, leader: Client, post_office: PostOffice) -> None:
        self.ask(leader)
        actions.send_due(now=clock.now())
        link = self.link(post_office)
        assert Client().get(link[:-3] + "xx/").status_code == 410

    def test_asked_twice_in_a_row_is_mailed_once(self, leader: Client, post_office: PostOffice) -> None:
        self.ask(leader)
        self.ask(leader)
        assert Delivery.objects.count() == 1


class TestOffice:
    @pytest.fixture
    def office(self, cast: Cast, world: World, morning: None) -> Client:
        return sign_in(cast.office)

    @pytest.mark.parametrize("who", ["leader", "analyst", "commune_leader", "nobody"])
    def test_for_anybody_else_the_page_does_not_exist(self, cast: Cast, who: str) -> None:
        client = sign_in(getattr(cast, who))
        assert client.get("/thong-bao/duong-gui/").status_code == 404
        for path in ("gui-lai/", "1/xong/", "goi/"):
            assert client.post(f"/thong-bao/duong-gui/{path}").status_code == 404, path

    def test_what_nobody_received_is_listed_until_it_is_settled(
        self, office: Client, cast: Cast, world: World
    ) -> None:
        accounts.deactivate(by="system:test", user=cast.commune_leader)
        tell(world)
        html = office.get("/thong-bao/duong-gui/").content.decode()
        assert "Tin không có người nhận (1)" in html
        file = b"".join(office.get("/thong-bao/duong-gui/?tai=csv&bang=khong_nguoi_nhan")).decode("utf-8-sig")
        assert len(file.splitlines()) == 2
        notice = Notice.objects.get(code="report.late")
        stranger = sign_in(cast.stranger_office)
        assert stranger.post(f"/thong-bao/duong-gui/{notice.pk}/xong/").status_code == 404
        assert office.post(f"/thong-bao/duong-gui/{notice.pk}/xong/").status_code == 302
        assert "Tin nào cũng có người nhận" in office.get("/thong-bao/duong-gui/").content.decode()

    def test_what_is_stuck_is_shown_with_its_reason_and_sent_again(
        self, office: Client, reachable: Cast, world: World, post_office: PostOffice
    ) -> None:
        tell(world)
        post_office.answers = ["RCPT 550 no such box"]
        actions.send_due(now=clock.now())
        html = office.get("/thong-bao/duong-gui/").content.decode()
        assert "Máy chủ thư từ chối thư này" in html
        assert "xa.example" not in html
        delivery = Delivery.objects.get()
        sign_in(reachable.stranger_office).post(
            "/thong-bao/duong-gui/gui-lai/", {"delivery": [str(delivery.pk)]}
        )
        assert Delivery.objects.get().state == "dead"
        office.post("/thong-bao/duong-gui/gui-lai/", {"delivery": [str(delivery.pk), "x"]})
        assert Delivery.objects.get().state == "waiting"

    def test_a_hook_is_set_up_its_key_shown_once_and_closed(
        self, office: Client, cast: Cast, world: World
    ) -> None:
        data = {"unit": world["66"], "label": "Kho", "url": "https://kho.example/nhan", "topics": ["steps"]}
        answer = office.post("/thong-bao/duong-gui/goi/", data)
        html = answer.content.decode()
        assert "Khóa ký của Kho, chỉ hiện lần này:" in html
        assert "no-store" in answer["Cache-Control"]
        key = html.split('class="secret">')[1].split("<")[0]
        page = office.get("/thong-bao/duong-gui/").content.decode()
        assert "https://kho.example/nhan" in page
        assert key not in page
        assert office.post(f"/thong-bao/duong-gui/goi/{Hook.objects.get().pk}/dong/").status_code == 302
        assert Hook.objects.get().closed_at is not None

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"url": "http://kho.example/"}, "Địa chỉ phải bắt đầu bằng https://."),
            ({"url": "https://127.0.0.1/"}, "Không gọi địa chỉ trong mạng nội bộ được."),
            ({"topics": []}, "Ô này không được để trống."),
            ({"label": ""}, "Ô này không được để trống."),
            ({"unit": "abc"}, ""),
        ],
    )
    def test_a_refusal_stands_at_its_field_and_nothing_is_lost(
        self, office: Client, world: World, change: dict[str, Any], words: str
    ) -> None:
        data = {"unit": world["66"], "label": "Kho", "url": "https://kho.example/", "topics": ["steps"]}
        answer = office.post("/thong-bao/duong-gui/goi/", {**data, **change})
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert not Hook.objects.exists()
