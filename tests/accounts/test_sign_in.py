"""Signing in and out as people do it, in a browser that has no JavaScript."""

import pytest
from django.core.cache import cache
from django.test import Client

from haicap.audit import queries as audit
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db

SIGN_IN = "/dang-nhap/"


@pytest.fixture(autouse=True)
def _no_old_counts() -> None:
    cache.clear()


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> object:
    return client.post(SIGN_IN, {"login": username, "password": password, **more})


def test_the_page_says_what_to_do_and_keeps_the_way(client: Client) -> None:
    page = client.get(SIGN_IN + "?next=/tai-khoan/")
    words = page.content.decode()
    assert page.status_code == 200
    assert "Tên đăng nhập" in words
    assert 'value="/tai-khoan/"' in words
    assert "Sign In" not in words


def test_a_page_that_needs_a_person_leads_to_sign_in_and_back(client: Client, cast: Cast) -> None:
    answer = client.get("/tai-khoan/")
    assert (answer.status_code, answer["Location"]) == (302, "/dang-nhap/?next=/tai-khoan/")
    answer = sign_in(client, "leader", next="/tai-khoan/")
    assert (answer.status_code, answer["Location"]) == (302, "/tai-khoan/")
    assert "Lãnh đạo tỉnh" in client.get("/tai-khoan/").content.decode()


def test_sign_in_never_leads_to_another_site(client: Client, cast: Cast) -> None:
    assert sign_in(client, "leader", next="https://evil.example/")["Location"] == "/"


@pytest.mark.parametrize("username", ["leader", "nobody-of-that-name"])
def test_a_wrong_password_and_an_unknown_name_look_the_same(
    client: Client, cast: Cast, username: str
) -> None:
    page = sign_in(client, username, "wrong")
    words = page.content.decode()
    assert page.status_code == 200
    assert "Tên đăng nhập hoặc mật khẩu không đúng." in words
    assert f'value="{username}"' in words
    assert "wrong" not in words


def test_an_empty_form_names_its_fields(client: Client) -> None:
    words = client.post(SIGN_IN, {}).content.decode()
    assert words.count("Ô này không được để trống.") == 4  # each at its field and in the summary


def test_too_many_attempts_pause_one_name_from_one_place(
    client: Client, cast: Cast, settings: object
) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    for _ in range(3):
        page = sign_in(client, "leader", "wrong")
    assert page.status_code == 429
    words = page.content.decode()
    assert "Tạm dừng đăng nhập" in words
    assert "15 phút" in words
    assert "leader" not in words
    assert sign_in(client, "leader").status_code == 429
    assert sign_in(client, "office").status_code == 302
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert sign_in(elsewhere, "leader").status_code == 302


def test_behind_the_proxy_the_address_is_the_one_it_names(
    client: Client, cast: Cast, settings: object
) -> None:
    settings.AXES_FAILURE_LIMIT = 3  # type: ignore[attr-defined]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # type: ignore[attr-defined]

    def at(address: str, password: str) -> int:
        browser = Client(
            headers={"X-Forwarded-For": f"8.8.8.8, {address}", "X-Forwarded-Proto": "https"},
            REMOTE_ADDR="127.0.0.1",
        )
        return sign_in(browser, "leader", password).status_code  # type: ignore[attr-defined]

    assert [at("10.0.0.1", "wrong") for _ in range(3)][-1] == 429
    assert at("10.0.0.1", PASSWORD) == 429
    assert at("10.0.0.2", PASSWORD) == 302


def test_a_right_password_forgets_the_wrong_ones(client: Client, cast: Cast, settings: object) -> None:
    settings.AXES_FAILURE_LIMIT = 3
    for _ in range(2):
        sign_in(client, "leader", "wrong")
        sign_in(client, "leader", "wrong")
        assert sign_in(client, "leader").status_code == 302
        client.logout()


def test_sign_out_is_a_post(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    assert client.get("/dang-xuat/").status_code == 200
    assert client.get("/tai-khoan/").status_code == 200
    assert client.post("/dang-xuat/")["Location"] == SIGN_IN
    assert client.get("/tai-khoan/").status_code == 302


def test_a_closed_account_is_out_at_once(client: Client, cast: Cast) -> None:
    sign_in(client, "leader")
    type(cast.leader).objects.filter(pk=cast.leader.pk).update(is_active=False)
    assert client.get("/tai-khoan/").status_code == 302
    assert sign_in(client, "leader").status_code == 200


@pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "dang-ky/"])
def test_nobody_registers_or_resets_by_mail(client: Client, path: str) -> None:
    for prefix in ("/", "/tai-khoan/", "/accounts/", "/dang-nhap/"):
        assert client.get(prefix + path).status_code == 404


def test_changing_the_password_is_logged_and_ends_other_sessions(client: Client, cast: Cast) -> None:
    other = Client()
    sign_in(other, "leader")
    sign_in(client, "leader")
    new = "con duong moi 7"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    answer = client.post("/tai-khoan/mat-khau/", form)
    assert (answer.status_code, answer["Location"]) == (302, "/tai-khoan/")
    assert "Đã đổi mật khẩu." in client.get("/tai-khoan/").content.decode()
    assert other.get("/tai-khoan/").status_code == 302
    assert next(row.action for row in audit.history(cast.leader.ref)) == "user.password_changed"
    assert sign_in(Client(), "leader").status_code == 200
    assert sign_in(Client(), "leader", new).status_code == 302


@pytest.mark.parametrize(
    ("old", "new", "again", "says"),
    [
        ("wrong", "con duong moi 7", "con duong moi 7", "Mật khẩu hiện tại không đúng."),
        (PASSWORD, "ngan", "ngan", "Mật khẩu ngắn quá: cần ít nhất 8 ký tự."),
        (PASSWORD, "password123", "password123", "nhiều người dùng"),
        (PASSWORD, "leader-66", "leader-66", "giống tên"),
        (PASSWORD, "con duong moi 7", "con duong moi 8", "không giống nhau"),
    ],
)
def test_a_bad_new_password_is_refused_in_words(
    client: Client, cast: Cast, old: str, new: str, again: str, says: str
) -> None:
    client.force_login(cast.leader)
    page = client.post("/tai-khoan/mat-khau/", {"oldpassword": old, "password1": new, "password2": again})
    assert page.status_code == 200
    assert says in page.content.decode()
    cast.leader.refresh_from_db()
    assert cast.leader.check_password(PASSWORD)
