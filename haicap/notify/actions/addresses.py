"""The mail about an address, and about the account itself. The address is set by accounts when it is
proven."""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy

from haicap.accounts import actions as accounts
from haicap.accounts import queries as people
from haicap.core import clock
from haicap.core.errors import Refusal

from .sending import send

# Mail that anybody can cause must not become a flood for its receiver.
PAUSE = timedelta(minutes=2)


def request_address(*, user_id: int, address: str, password: str) -> bool:
    """Send the confirmation to the new address. Refusal user.password_wrong (place: password)."""
    user = people.by_id(user_id)
    if not user.check_password(password):
        raise Refusal("user.password_wrong", gettext_lazy("Mật khẩu hiện tại không đúng."), place="password")
    return send(
        by=user,
        to=[user.pk],
        subject_code="account.confirm",
        params={"username": user.username},
        key=f"confirm:{user.pk}:{address.lower()}:{_slot()}",
        address=address,
    )


@transaction.atomic
def confirm_address(*, user_id: int, address: str) -> None:
    """The address was proven; the mail about the change still goes to the old one, if there was one."""
    user = people.by_id(user_id)
    before = user.email
    accounts.set_email(by=user, user=user, email=address)
    if before and before != address:
        tell_account(user_id=user_id, code="account.address", address=before)


def tell_account(*, user_id: int, code: str, device: str = "", address: str = "") -> bool:
    """Warn a person of a change to the own account."""
    user = people.by_id(user_id)
    return send(
        by=user,
        to=[user_id],
        subject_code=code,
        params={"moment": clock.now().isoformat(), **({"device": device} if device else {})},
        link="/tai-khoan/",
        key=f"{code}:{user_id}:{secrets.token_hex(8)}",
        address=address,
    )


def send_reset(*, user_id: int) -> bool:
    """The mail with which a person sets a new password; at most one every two minutes."""
    user = people.by_id(user_id)
    return send(
        by=user,
        to=[user_id],
        subject_code="account.reset",
        params={"username": user.username},
        key=f"reset:{user_id}:{_slot()}",
    )


def _slot() -> int:
    return int(clock.now().timestamp() // PAUSE.total_seconds())
