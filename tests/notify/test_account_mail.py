"""The own account: a new password by mail, and warnings about what happened to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from haicap.accounts import actions as accounts
from haicap.accounts.models import User
from haicap.core import clock
from haicap.notify import actions
from haicap.notify.models import Delivery, Notice, Receipt
from tests.cast import PASSWORD, Cast

from .conftest import PostOffice

ASK = "/quen-mat-khau/"
NEW = "mot-mat-khau-moi-2026"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


def sign_in(client: Client, user: User, password: str = PASSWORD, agent: str = CHROME) -> Any:
    data = {"login": user.username, "password": password}
    return client.post("/dang-nhap/", data, headers={"user-agent": agent})


def link_in(post_office: PostOffice) -> str:
    lines = post_office.text().splitlines()
    return next(line for line in lines if "/quen-mat-khau/" in line).removeprefix("https://haicap.example")


class TestReset:
    def test_from_forgotten_to_signed_in(self, reachable: Cast, post_office: PostOffice) -> None:
        user, client = reachable.commune_leader, Client()
        assert client.post(ASK, {"email": "Commune_Leader@xa.example"}).status_code == 302
        actions.send_due(now=clock.now())
        assert post_office.receivers == ["commune_leader@xa.example"]
        assert "Đặt lại mật khẩu" in str(post_office.letters[0]["Subject"])
        form = client.get(link_in(post_office), follow=True)
        assert "Đặt mật khẩu mới" in form.content.decode()
        done = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW}, follow=True)
        assert "Đã đặt mật khẩu mới" in done.content.decode()
        assert sign_in(Client(), user).status_code == 200
        assert sign_in(Client(), user, NEW).status_code == 302
        assert "account.password" in set(Notice.objects.values_list("code", flat=True))

    def test_the_link_works_once_and_is_in_no_inbox_and_in_no_table(
        self, reachable: Cast, post_office: PostOffice
    ) -> None:
        client = Client()
        client.post(ASK, {"email": "commune_leader@xa.example"})
        notice = Notice.objects.get(code="account.reset")
        assert not Receipt.objects.filter(notice=notice).exists()
        actions.send_due(now=clock.now())
        link = link_in(post_office)
        token = link.strip("/").split("/")[-1]
        assert token not in f"{notice.params}{notice.link}{notice.key}"
        form = client.get(link, follow=True)
        client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
        again = Client().get(link, follow=True).content.decode()
        assert "Địa chỉ này đã dùng rồi hoặc đã quá hạn." in again

    def test_the_answer_never_tells_whether_an_address_is_known(
        self, reachable: Cast, post_office: PostOffice
    ) -> None:
        known = Client().post(ASK, {"email": "commune_leader@xa.example"}, follow=True)
        unknown = Client().post(ASK, {"email": "khong-ai@xa.example"}, follow=True)
        body = [answer.content.decode().split("<main")[1].split("</main>")[0] for answer in (known, unknown)]
        assert body[0] == body[1]
        assert Delivery.objects.count() == 1

    def test_a_closed_account_gets_no_mail(self, reachable: Cast, post_office: PostOffice) -> None:
        accounts.deactivate(by="system:test", user=reachable.commune_leader)
        Client().post(ASK, {"email": "commune_leader@xa.example"})
        assert not Delivery.objects.exists()

    def test_nobody_is_flooded(self, reachable: Cast, post_office: PostOffice) -> None:
        for _time in range(4):
            Client().post(ASK, {"email": "commune_leader@xa.example"})
        assert Delivery.objects.count() == 1
        with clock.frozen(clock.now() + timedelta(minutes=2)):
            Client().post(ASK, {"email": "commune_leader@xa.example"})
        assert Delivery.objects.count() == 2

    @pytest.mark.parametrize(
        ("first", "second", "words"),
        [
            (NEW, NEW + "x", "Hai lần nhập mật khẩu mới không giống nhau."),
            ("ngan", "ngan", "Mật khẩu ngắn quá: cần ít nhất 8 ký tự."),
            ("", "", "Ô này không được để trống."),
        ],
    )
    def test_a_password_that_will_not_do(
        self, reachable: Cast, post_office: PostOffice, first: str, second: str, words: str
    ) -> None:
        client = Client()
        client.post(ASK, {"email": "commune_leader@xa.example"})
        actions.send_due(now=clock.now())
        form = client.get(link_in(post_office), follow=True)
        answer = client.post(form.request["PATH_INFO"], {"password1": first, "password2": second})
        assert words in answer.content.decode()

    @pytest.mark.parametrize("lang", ["en", "bn"])
    @pytest.mark.parametrize("path", [ASK, f"{ASK}da-gui/", f"{ASK}1-abc/set-password/", f"{ASK}xong/"])
    def test_no_vietnamese_is_left_on_the_pages(self, db: None, lang: str, path: str) -> None:
        client = Client()
        client.cookies["django_language"] = lang
        html = client.get(path, follow=True).content.decode()
        assert f'lang="{lang}"' in html
        assert "mật khẩu" not in html.split("<main")[1].split("</main>")[0].lower()

    def test_what_is_no_address(self, db: None) -> None:
        assert "Đây không phải là một địa chỉ thư." in Client().post(ASK, {"email": "x"}).content.decode()


class TestSignIn:
    def told(self, user: User) -> int:
        return Receipt.objects.filter(user=user, notice__code="account.sign_in").count()

    def test_a_new_device_is_told_once(self, cast: Cast, morning: None) -> None:
        user, own = cast.commune_leader, Client()
        assert sign_in(own, user).status_code == 302
        assert self.told(user) == 1
        own.post("/dang-xuat/")
        sign_in(own, user)
        assert self.told(user) == 1
        sign_in(Client(), user)
        assert self.told(user) == 2

    def test_it_says_when_and_with_what(self, cast: Cast, morning: None) -> None:
        client = Client()
        sign_in(client, cast.commune_leader)
        html = client.get("/thong-bao/").content.decode()
        assert "được đăng nhập lúc 08:00, 20/10/2026 bằng Chrome, Windows." in html

    def test_a_desk_for_two(self, cast: Cast, morning: None) -> None:
        desk = Client()
        for user in (cast.commune_leader, cast.commune_officer, cast.commune_leader):
            sign_in(desk, user)
            desk.post("/dang-xuat/")
        assert (self.told(cast.commune_leader), self.told(cast.commune_officer)) == (1, 1)

    def test_a_forged_mark_is_worth_nothing(self, cast: Cast, morning: None) -> None:
        client = Client()
        client.cookies["haicap_device"] = "W10:xyz:abc"
        sign_in(client, cast.commune_leader)
        assert self.told(cast.commune_leader) == 1

    def test_changing_the_password_is_told(self, cast: Cast, morning: None) -> None:
        client = Client()
        sign_in(client, cast.commune_leader)
        data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
        client.post("/tai-khoan/mat-khau/", data)
        assert Receipt.objects.filter(user=cast.commune_leader, notice__code="account.password").count() == 1
