"""POST to an address that a person typed in: only to the open internet, to the very address that was checked.

Names are resolved once and the connection goes to that address, so a name that answers differently a moment
later cannot lead into our own network. Redirects are not followed.
"""

from __future__ import annotations

import http.client
import io
import ipaddress
import socket
import ssl
import time
from typing import Any, cast
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal

from ..contract import Failure

# Of the whole call: an answer that comes byte by byte ends with it too.
TIMEOUT_SECONDS = 10.0
MOST_ANSWER_BYTES = 64 * 1024
LONGEST_URL = 500
# All that is handed out to hosts of the open net. Outside of it are addresses that only wrap an IPv4 one
# (NAT64, compatible) and site-local ones; `is_global` says nothing of them.
_UNICAST = ipaddress.ip_network("2000::/3")


def check_url(url: str) -> SplitResult:
    """The parts of an address that may be called. Refusal hook.url or hook.private; asks no name server."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _bad() from None
    fits = parts.scheme in ("https", "http") and parts.hostname and len(url) <= LONGEST_URL and url.isascii()
    if (
        not fits
        or parts.username
        or parts.password
        or parts.fragment
        or port == 0
        or any(c <= " " for c in url)
    ):
        raise _bad()
    if settings.HOOKS_PRIVATE:
        return parts
    if parts.scheme != "https":
        raise Refusal("hook.plain", gettext_lazy("Địa chỉ phải bắt đầu bằng https://."), place="url")
    try:
        literal = ipaddress.ip_address(parts.hostname or "")
    except ValueError:
        return parts
    if not _open(literal):
        raise Refusal("hook.private", gettext_lazy("Không gọi địa chỉ trong mạng nội bộ được."), place="url")
    return parts


def _bad() -> Refusal:
    return Refusal("hook.url", gettext_lazy("Đây không phải là một địa chỉ web."), place="url")


def _open(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return _open(address.ipv4_mapped)
        if address not in _UNICAST or (address.sixtofour and not _open(address.sixtofour)):
            return False
    return address.is_global and not address.is_multicast


def resolve(host: str, port: int) -> list[str]:
    """Numeric addresses. Failure hook.unknown_host, or hook.private when any of them is not of the open
    net."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Failure("hook.unknown_host") from None
    numbers = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not settings.HOOKS_PRIVATE and not all(_open(ipaddress.ip_address(n.split("%")[0])) for n in numbers):
        raise Failure("hook.private", final=True)
    return numbers


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer. Failure hook.unreachable, hook.unknown_host, hook.private, hook.url."""
    try:
        parts = check_url(url)
    except Refusal as refusal:
        raise Failure(refusal.code, final=True) from None
    secure, host = parts.scheme == "https", parts.hostname or ""
    port = parts.port or (443 if secure else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    until = time.monotonic() + TIMEOUT_SECONDS
    line = _connected(resolve(host, port), host, port, secure, until)
    connection = http.client.HTTPConnection(host, port)
    connection.sock = cast("socket.socket", _Line(line, until))
    try:
        connection.request("POST", target, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read(MOST_ANSWER_BYTES)
        return answer.status
    except (OSError, http.client.HTTPException):
        raise Failure("hook.unreachable") from None
    finally:
        line.close()


def _connected(numbers: list[str], host: str, port: int, secure: bool, until: float) -> socket.socket:
    """Connected to one of the checked addresses, speaking to `host` (its name is what the certificate
    proves)."""
    error: OSError | None = None
    for number in numbers:
        try:
            raw = socket.create_connection((number, port), timeout=_left(until))
        except OSError as refused:
            error = refused
            continue
        if not secure:
            return raw
        try:
            raw.settimeout(_left(until))
            return ssl.create_default_context().wrap_socket(raw, server_hostname=host)
        except OSError as refused:
            raw.close()
            late = isinstance(refused, TimeoutError)
            raise Failure("hook.unreachable" if late else "hook.certificate") from None
    raise Failure("hook.unreachable") from error


def _left(until: float) -> float:
    """Seconds; TimeoutError when there are none."""
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


class _Line:
    """A socket as http.client uses it. The timeout of a socket counts anew for each piece, this one does
    not."""

    def __init__(self, raw: socket.socket, until: float) -> None:
        self.raw, self.until = raw, until

    def sendall(self, data: bytes) -> None:
        self.raw.settimeout(_left(self.until))
        self.raw.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self.raw, self.until))

    def close(self) -> None:
        """http.client closes before it has read; the socket is closed by who opened it."""


class _Incoming(io.RawIOBase):
    def __init__(self, raw: socket.socket, until: float) -> None:
        self.raw, self.until = raw, until

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.raw.settimeout(_left(self.until))
        return self.raw.recv_into(buffer)
