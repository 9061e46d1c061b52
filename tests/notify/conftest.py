"""A real post office and a real receiver of calls, on loopback."""

from __future__ import annotations

import email
import json
import socket
import threading
from collections.abc import Iterator
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from haicap.accounts.actions import set_email
from haicap.core import clock
from tests.cast import Cast

NOW = "2026-10-20 08:00"


class PostOffice:
    """Keeps what arrives; `answers` says what the next letters get instead of 250."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.receivers: list[str] = []
        self.answers: list[str] = []

    async def handle_RCPT(  # noqa: N802 (the name is aiosmtpd's)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.answers and self.answers[0].startswith("RCPT "):
            return self.answers.pop(0).removeprefix("RCPT ")
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        assert isinstance(envelope.content, bytes)
        letter = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.receivers += envelope.rcpt_tos
        return "250 OK"

    def text(self, number: int = -1) -> str:
        body = self.letters[number].get_body(("plain",))
        assert body is not None
        return str(body.get_content())


class Receiver:
    """Another system: keeps each call once by its key; `answers` are the statuses of the next calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.kept: dict[str, dict[str, Any]] = {}
        self.answers: list[int] = []
        self.url = ""

    def take(self, headers: dict[str, str], body: bytes) -> int:
        self.calls.append((headers, body))
        status = self.answers.pop(0) if self.answers else 200
        if status < 300:
            self.kept.setdefault(headers["x-haicap-delivery"], json.loads(body))
        return status


def _free_port() -> int:
    """aiosmtpd knocks on the port that it was told, so 0 will not do."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@pytest.fixture
def post_office(settings: Any) -> Iterator[PostOffice]:
    office = PostOffice()
    port = _free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.MAIL_ENABLED = True
    settings.DEFAULT_FROM_EMAIL = "Haicap <haicap@tinh.example>"
    settings.SITE_URL = "https://haicap.example"
    yield office
    controller.stop()


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    kept = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            self.send_response(kept.take(headers, body))
            self.send_header("Location", f"{kept.url}elsewhere")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.HOOKS_PRIVATE = True
    settings.SITE_URL = "https://haicap.example"
    kept.url = f"http://127.0.0.1:{server.server_address[1]}/nhan/"
    yield kept
    server.shutdown()
    server.server_close()


@pytest.fixture
def morning() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def reachable(cast: Cast, morning: None) -> Cast:
    """Officer and leader of 24505 and the office have addresses; the officer reads English."""
    for user in (cast.commune_officer, cast.commune_leader, cast.office):
        set_email(by=user, user=user, email=f"{user.username}@xa.example")
    cast.commune_officer.language = "en"
    cast.commune_officer.save()
    return cast
