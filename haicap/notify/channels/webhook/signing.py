"""The signature of a call. It covers the moment, so that a call that was overheard cannot be replayed
later."""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

from ...models import Hook

SIGNATURE, TIMESTAMP = "X-Haicap-Signature", "X-Haicap-Timestamp"
# What a receiver should allow between its clock and ours
TOLERANCE_SECONDS = 300


def secret(hook: Hook) -> str:
    """Derived, stored nowhere: shown once to whoever sets the hook up. A new signing key makes a new
    secret."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"hook:{hook.pk}:{hook.salt}".encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def signature(key: str, timestamp: int, body: bytes) -> str:
    """ "sha256=" and the HMAC-SHA256 of "<timestamp>.<body>" in hexadecimal."""
    return "sha256=" + hmac.new(key.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()
