"""Addresses that work outside the browser, and those that are as good as a key: made when the mail goes
out."""

from __future__ import annotations

from urllib.parse import urljoin

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core import signing
from django.urls import reverse

from haicap.accounts import queries as accounts
from haicap.core.errors import Refusal

from .models import Delivery

CONFIRM_SALT = "haicap.notify.confirm"
CONFIRM_SECONDS = 24 * 3600


def absolute(path: str) -> str:
    return urljoin(settings.SITE_URL, path) if path else ""


def link_of(delivery: Delivery) -> str:
    """The absolute address that the mail leads to, or "". A reset link dies with the password it replaces."""
    code, user_id = delivery.notice.code, delivery.user_id
    if code == "account.reset" and user_id is not None:
        user = accounts.by_id(user_id)
        token = default_token_generator.make_token(user)
        path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(user), token])
        return absolute(path)
    if code == "account.confirm" and user_id is not None:
        return absolute(reverse("notify:confirm", args=[confirmation(user_id, delivery.address)]))
    return absolute(delivery.notice.link)


def confirmation(user_id: int, address: str) -> str:
    """The state of the account is part of it: once an address was set or the password changed it is void."""
    user = accounts.by_id(user_id)
    return signing.dumps([user_id, address, _state(user.password, user.email)], salt=CONFIRM_SALT)


def confirmed(token: str) -> tuple[int, str] | None:
    """(user id, address), or None for a token that is wrong, old or used."""
    try:
        user_id, address, state = signing.loads(token, salt=CONFIRM_SALT, max_age=CONFIRM_SECONDS)
        user = accounts.by_id(user_id)
    except (signing.BadSignature, ValueError, TypeError, Refusal):
        return None
    return (user_id, address) if state == _state(user.password, user.email) and user.is_active else None


def _state(password: str, email: str) -> str:
    return signing.Signer(salt=CONFIRM_SALT).signature(f"{password} {email}")[:16]
