"""My account, language, text size, the second step."""

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from haicap.accounts import queries
from haicap.audit import queries as audit
from haicap.core import clock
from tests.cast import PASSWORD, Cast, position_of

pytestmark = [pytest.mark.once, pytest.mark.django_db]

ME = "/tai-khoan/"


def test_my_account_shows_what_i_am(client: Client, cast: Cast) -> None:
    client.force_login(cast.commune_officer)
    words = client.get(ME).content.decode()
    for word in ("Người commune_officer", "Công chức xã", "Xã Ea Knuếc", "từ 1/7/2025"):
        assert word in words
    assert "Ủy quyền ký" not in words


def test_without_a_position_it_says_what_to_do(client: Client, cast: Cast) -> None:
    client.force_login(cast.nobody)
    assert "Bạn chưa giữ chức vụ nào" in client.get(ME).content.decode()


def test_a_leader_lends_and_takes_back(client: Client, cast: Cast) -> None:
    client.force_login(cast.commune_leader)
    words = client.get(ME).content.decode()
    assert "Ủy quyền ký báo cáo của Xã Ea Knuếc" in words
    assert "Người commune_deputy" in words
    assert "Người other_deputy" not in words
    position, today = position_of(cast.commune_leader), clock.today()
    form = {"position": position, "to": cast.commune_deputy.pk, "first": today.isoformat(), "last": ""}
    assert client.post(ME + "uy-quyen/", form).status_code == 302
    (lent,) = queries.lent_from([position])
    assert (lent.to_id, lent.starts, lent.ends) == (cast.commune_deputy.pk, today, today + timedelta(days=1))
    words = client.get(ME).content.decode()
    assert "Đang ủy quyền" in words
    assert client.post(f"{ME}uy-quyen/{lent.id}/thu-hoi/").status_code == 302
    assert queries.lent_from([position]) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"first": "hôm nay"}, "Đây không phải là một ngày."),
        ({"first": ""}, "Ô này không được để trống."),
        ({"last": "2020-01-01"}, "Ngày cuối đứng trước ngày đầu."),
        ({"to": "999999"}, "Chỉ ủy quyền được cho cấp phó của cùng đơn vị."),
        ({"to": "x"}, "Chỉ ủy quyền được cho cấp phó của cùng đơn vị."),
    ],
)
def test_a_wrong_delegation_is_refused_at_its_place(
    client: Client, cast: Cast, change: dict[str, str], says: str
) -> None:
    client.force_login(cast.commune_leader)
    position = position_of(cast.commune_leader)
    form = {
        "position": position,
        "to": cast.commune_deputy.pk,
        "first": clock.today().isoformat(),
        "last": "",
    }
    page = client.post(ME + "uy-quyen/", {**form, **change})
    assert page.status_code == 422
    assert says in page.content.decode()
    assert queries.lent_from([position]) == []


def test_the_chairs_of_others_are_not_there(client: Client, cast: Cast) -> None:
    client.force_login(cast.other_leader)
    form = {
        "position": position_of(cast.commune_leader),
        "to": cast.commune_deputy.pk,
        "first": clock.today(),
    }
    assert client.post(ME + "uy-quyen/", form).status_code == 404
    assert client.post(ME + "uy-quyen/", {"position": "x"}).status_code == 404
    client.force_login(cast.commune_leader)
    form |= {"last": ""}
    assert client.post(ME + "uy-quyen/", form).status_code == 302
    (lent,) = queries.lent_from([position_of(cast.commune_leader)])
    client.force_login(cast.other_leader)
    assert client.post(f"{ME}uy-quyen/{lent.id}/thu-hoi/").status_code == 404
    assert len(queries.lent_from([position_of(cast.commune_leader)])) == 1


def test_anybody_chooses_language_and_text_size(client: Client) -> None:
    answer = client.post("/ngon-ngu/", {"language": "en", "next": "/dang-nhap/?next=/x"})
    assert (answer.status_code, answer["Location"]) == (302, "/dang-nhap/?next=/x")
    page = client.get("/dang-nhap/").content.decode()
    assert '<html lang="en"' in page
    client.post("/co-chu/", {"size": "150"})
    assert 'data-text-size="150"' in client.get("/dang-nhap/").content.decode()


@pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_choosing_never_leads_away(client: Client, address: str) -> None:
    assert client.post("/ngon-ngu/", {"language": "bn", "next": address})["Location"] == "/"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/ngon-ngu/", {"language": "fr"}),
        ("/ngon-ngu/", {}),
        ("/co-chu/", {"size": "99"}),
        ("/co-chu/", {"size": "²"}),
        ("/co-chu/", {}),
    ],
)
@pytest.mark.parametrize("signed_in", [False, True])
def test_a_choice_that_does_not_exist_changes_nothing(
    client: Client, cast: Cast, path: str, form: dict[str, str], signed_in: bool
) -> None:
    if signed_in:
        client.force_login(cast.leader)
    answer = client.post(path, form)
    assert answer.status_code == 400
    assert "Lựa chọn này không có" in answer.content.decode()
    assert not answer.cookies.get("django_language")


def test_choices_are_posts(client: Client) -> None:
    assert client.get("/ngon-ngu/").status_code == 405
    assert client.get("/co-chu/").status_code == 405


def test_forms_are_guarded_against_other_sites(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)
    for path in ("/ngon-ngu/", "/co-chu/", "/dang-nhap/", "/dang-xuat/"):
        assert strict.post(path, {"language": "en", "size": "100"}).status_code == 403


def test_the_account_remembers_and_a_new_browser_follows(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    client.post("/ngon-ngu/", {"language": "en"})
    client.post("/co-chu/", {"size": "125"})
    cast.leader.refresh_from_db()
    assert (cast.leader.language, cast.leader.text_size) == ("en", 125)
    fresh = Client()
    fresh.post("/dang-nhap/", {"login": "leader", "password": PASSWORD})
    page = fresh.get(ME).content.decode()
    assert '<html lang="en"' in page
    assert 'data-text-size="125"' in page


def test_what_was_chosen_before_signing_in_is_kept(client: Client, cast: Cast) -> None:
    client.post("/ngon-ngu/", {"language": "bn"})
    client.post("/dang-nhap/", {"login": "leader", "password": PASSWORD})
    cast.leader.refresh_from_db()
    assert cast.leader.language == "bn"


def code_for(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.mark.django_db(transaction=True)
def test_the_second_step_from_set_up_to_recovery_code(client: Client, cast: Cast) -> None:
    def sign_in(who: Client) -> object:
        return who.post("/dang-nhap/", {"login": "leader", "password": PASSWORD})

    sign_in(client)
    client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD})
    page = client.get("/tai-khoan/hai-buoc/bat/")
    assert page.status_code == 200
    assert "Mở ứng dụng xác thực" in page.content.decode()
    secret = page.context["form"].secret
    wrong = client.post("/tai-khoan/hai-buoc/bat/", {"code": "000000"})
    assert "Mã không đúng hoặc đã hết hạn." in wrong.content.decode()
    answer = client.post("/tai-khoan/hai-buoc/bat/", {"code": code_for(secret)})
    assert answer["Location"] == "/tai-khoan/hai-buoc/ma-du-phong/"
    codes = client.get(answer["Location"]).context["unused_codes"]
    assert len(codes) == 10
    assert client.get("/tai-khoan/hai-buoc/ma-du-phong/tai/").content.decode().count("\n") >= 9
    assert "Còn 10 mã chưa dùng" in client.get("/tai-khoan/hai-buoc/").content.decode()

    other = Client()
    answer = sign_in(other)
    assert answer["Location"] == "/dang-nhap/ma/"
    assert other.get(ME).status_code == 302
    words = other.get("/dang-nhap/ma/").content.decode()
    assert "Bước thứ hai" in words
    assert "Mã không đúng" in other.post("/dang-nhap/ma/", {"code": "000000"}).content.decode()
    assert other.post("/dang-nhap/ma/", {"code": codes[0]}).status_code == 302
    assert other.get(ME).status_code == 200
    again = Client()
    sign_in(again)
    assert again.post("/dang-nhap/ma/", {"code": codes[0]}).status_code == 200

    assert client.get("/tai-khoan/hai-buoc/ma-du-phong/moi/").status_code == 200
    client.post("/tai-khoan/hai-buoc/ma-du-phong/moi/")
    assert client.get("/tai-khoan/hai-buoc/tat/").status_code == 200
    assert client.post("/tai-khoan/hai-buoc/tat/").status_code == 302
    assert sign_in(Client())["Location"] == "/"
    said = {row.action for row in audit.history(cast.leader.ref)}
    assert {"user.totp_activated", "user.totp_deactivated"} <= said


@pytest.mark.django_db(transaction=True)
def test_guessing_codes_of_the_second_step_ends(client: Client, cast: Cast, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/15m/key"}  # type: ignore[attr-defined]
    client.post("/dang-nhap/", {"login": "leader", "password": PASSWORD})
    client.post("/tai-khoan/xac-nhan/", {"password": PASSWORD})
    secret = client.get("/tai-khoan/hai-buoc/bat/").context["form"].secret
    client.post("/tai-khoan/hai-buoc/bat/", {"code": code_for(secret)})
    codes = client.get("/tai-khoan/hai-buoc/ma-du-phong/").context["unused_codes"]
    for _ in range(3):
        # a fresh session from another address gives no further guesses
        thief = Client(REMOTE_ADDR="10.0.0.9")
        thief.post("/dang-nhap/", {"login": "leader", "password": PASSWORD})
        assert "Mã không đúng" in thief.post("/dang-nhap/ma/", {"code": "000000"}).content.decode()
    words = thief.post("/dang-nhap/ma/", {"code": codes[0]}).content.decode()
    assert "thử quá nhiều lần" in words
    assert thief.get(ME).status_code == 302


def test_turning_it_on_asks_again_who_it_is(client: Client, cast: Cast) -> None:
    client.force_login(cast.leader)
    answer = client.get("/tai-khoan/hai-buoc/bat/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/tai-khoan/xac-nhan/")
    page = client.get(answer["Location"])
    assert "Xác nhận là bạn" in page.content.decode()
    wrong = client.post(answer["Location"], {"password": "wrong"})
    assert "Mật khẩu không đúng." in wrong.content.decode()
    right = client.post(answer["Location"], {"password": PASSWORD})
    assert right["Location"] == "/tai-khoan/hai-buoc/bat/"
