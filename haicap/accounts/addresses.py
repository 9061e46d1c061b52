"""Whose address a request comes from: one answer for sign-in, its limits and the API."""

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address that spoke to our own proxy, or to us where there is none."""
    address = str(request.META.get("REMOTE_ADDR", ""))
    if settings.SECURE_PROXY_SSL_HEADER:
        # behind our own proxy the last entry is its word, the others are the sender's
        address = request.headers.get("X-Forwarded-For", address).split(",")[-1].strip()
    return address
