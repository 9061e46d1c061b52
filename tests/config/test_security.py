"""What every answer carries, and what is refused before it is read."""

import logging
import sys

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from haicap.config import env
from haicap.config.headers import POLICY, SecurityHeaders
from haicap.config.logs import WithoutPersons, WithoutValues
from haicap.config.urls import handler400, handler403, handler404, urlpatterns  # noqa: F401 - Django reads them here
from haicap.core.errors import Refusal


def refuse(request: HttpRequest) -> HttpResponse:
    raise Refusal(request.GET["code"], "Kỳ này chưa mở.")


def deny(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied


def read(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(len(request.body)))


urlpatterns = [*urlpatterns, path("refuse/", refuse), path("deny/", deny), path("read/", read)]
pytestmark = pytest.mark.urls(__name__)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/suc-khoe/", "/khong-co/", "/deny/", "/refuse/?code=a.b"])
def test_every_answer_is_guarded(client: Client, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_the_policy_allows_nothing_inline_and_nobody_else() -> None:
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "*" not in POLICY


def test_a_page_may_carry_a_policy_of_its_own() -> None:
    def page(request: HttpRequest) -> HttpResponse:
        return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})

    answer = SecurityHeaders(page)(RequestFactory().get("/"))
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'"


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "en", "bn"])
def test_a_page_that_is_not_there(client: Client, language: str) -> None:
    answer = client.get("/khong-co/", headers={"accept-language": language})
    assert answer.status_code == 404
    assert f'lang="{language}"' in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "status"),
    [("period.closed", 404), ("unit.unknown", 404), ("value.stale", 400), ("number.text", 400)],
)
def test_a_refusal_is_a_page_with_its_words(client: Client, code: str, status: int) -> None:
    answer = client.get("/refuse/", {"code": code})
    assert answer.status_code == status
    assert "Kỳ này chưa mở." in answer.content.decode()


@pytest.mark.django_db
def test_a_body_too_large_is_refused_with_a_page(client: Client, settings: object) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # type: ignore[attr-defined]
    fits = client.post("/read/", data=b"x" * 1024 * 1024, content_type="application/json")
    assert (fits.status_code, fits.content) == (200, b"1048576")
    large = client.post("/read/", data=b"x" * (1024 * 1024 + 1), content_type="application/json")
    assert large.status_code == 413
    assert "1 MB" in large.content.decode()


@pytest.mark.django_db
def test_uploads_have_their_own_limit(client: Client, settings: object) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10  # type: ignore[attr-defined]
    settings.UPLOAD_MAX_SIZE = 5000  # type: ignore[attr-defined]
    kind = "multipart/form-data; boundary=x"
    assert client.post("/deny/", data=b"y" * 4000, content_type=kind).status_code == 403
    assert client.post("/deny/", data=b"y" * 5001, content_type=kind).status_code == 413


@pytest.mark.django_db
@pytest.mark.parametrize("stated", ["abc", "-1", "1.5"])
def test_a_wrong_length_is_a_bad_request(client: Client, stated: str) -> None:
    assert client.get("/read/", CONTENT_LENGTH=stated).status_code == 400


def test_logs_lose_what_a_person_typed() -> None:
    record = logging.LogRecord("django", 40, "f", 1, "Not Found: %s", ("/tim/?q=Nguyen+Van+A",), None)
    record.request = object()
    assert WithoutPersons().filter(record)
    assert record.getMessage() == "Not Found: /tim/?…"
    assert not hasattr(record, "request")


def test_the_log_of_an_error_leaves_the_row_out() -> None:
    clash = ValueError("duplicate key\nDETAIL:  Key (name)=(Nguyen Van A) already exists.")
    try:
        raise clash
    except ValueError:
        text = WithoutValues().formatException(sys.exc_info())
    assert "duplicate key" in text
    assert "Nguyen" not in text


@pytest.mark.parametrize("url", ["mysql://a:b@c/d", "postgres://host", "nonsense"])
def test_a_wrong_database_address_is_said_at_once(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(SystemExit, match="DATABASE_URL"):
        env.database(tmp_path)  # type: ignore[arg-type]


def test_database_address(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://ng%40i:m%3At@db.tinh:5433/haicap")
    found = env.database(tmp_path)  # type: ignore[arg-type]
    assert (found["USER"], found["PASSWORD"], found["HOST"], found["PORT"], found["NAME"]) == (
        "ng@i", "m:t", "db.tinh", "5433", "haicap",
    )  # fmt: skip


def test_a_number_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAICAP_MAX_BODY_MB", "bốn")
    with pytest.raises(SystemExit, match="HAICAP_MAX_BODY_MB"):
        env.number("HAICAP_MAX_BODY_MB", 4)


def test_the_key_is_made_once_and_kept_private(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.delenv("HAICAP_SECRET_KEY", raising=False)
    first = env.secret_key(tmp_path)  # type: ignore[arg-type]
    assert first == env.secret_key(tmp_path)  # type: ignore[arg-type]
    assert len(first) > 50
    assert (tmp_path / "secret.key").stat().st_mode & 0o077 == 0  # type: ignore[operator]
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]  # type: ignore[attr-defined]


def test_a_second_first_start_takes_the_key_of_the_first(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.delenv("HAICAP_SECRET_KEY", raising=False)
    path = tmp_path / "secret.key"  # type: ignore[operator]
    linked = env.os.link

    def beaten(source: object, target: object) -> None:
        path.write_text("the key of the other process")
        linked(source, target)

    monkeypatch.setattr(env.os, "link", beaten)
    assert env.secret_key(tmp_path) == "the key of the other process"  # type: ignore[arg-type]
