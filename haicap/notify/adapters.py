"""Where sign-in asks for mail: its events become notices, in our words and through our queue.

Accounts lies below this room and knows nothing of it; the settings name this adapter instead of its own.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from haicap.accounts.adapters import AccountAdapter as OwnAdapter

from . import devices
from .actions import send_reset, tell_account

RESET = "account/email/password_reset_key"
# What allauth calls its notifications → what we tell; whatever else it may invent is in the log all the same.
TOLD = {
    "password_changed": "account.password",
    "password_reset": "account.password",
    "totp_activated": "account.second_step",
    "totp_deactivated": "account.second_step",
    "recovery_codes_generated": "account.second_step",
}


class AccountAdapter(OwnAdapter):
    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """The only mail that sign-in itself sends; it goes to the confirmed address of the account, never
        to what was typed."""
        if template_prefix == RESET:
            send_reset(user_id=context["user"].pk)

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        super().send_notification_mail(template_prefix, user, *args, **kwargs)
        code = TOLD.get(template_prefix.rsplit("/", 1)[-1])
        if code is not None:
            tell_account(user_id=user.pk, code=code)

    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if not devices.is_known(request, user.ref, user.password):
            tell_account(user_id=user.pk, code="account.sign_in", device=devices.described(request))
            devices.remember(request, response, user.ref, user.password)
        return response
