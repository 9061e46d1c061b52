"""Where allauth asks us: our words, our log, nobody registers by himself."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from haicap.audit.actions import record

from .actions import set_password
from .addresses import client_address
from .models import User
from .preferences import remember_at_sign_in

WRONG_CODE = gettext_lazy("Mã không đúng hoặc đã hết hạn. Hãy đợi mã mới trong ứng dụng rồi nhập lại.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        # One answer for an unknown name and a wrong password: the page must not tell which names exist.
        "username_password_mismatch": gettext_lazy("Tên đăng nhập hoặc mật khẩu không đúng."),
        "enter_current_password": gettext_lazy("Mật khẩu hiện tại không đúng."),
        "incorrect_password": gettext_lazy("Mật khẩu không đúng."),
        "incorrect_code": WRONG_CODE,
        "rate_limited": gettext_lazy("Bạn đã thử quá nhiều lần. Hãy đợi vài phút rồi thử lại."),
        "too_many_login_attempts": gettext_lazy("Bạn đã thử quá nhiều lần. Hãy đợi vài phút rồi thử lại."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted by axes, per name and address: by name alone, as here, a stranger
        elsewhere could lock the leader out by guessing."""

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:profile")

    def set_password(self, user: User, password: str) -> None:
        set_password(by=user, user=user, password=password)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember_at_sign_in(request, user, response)
        return response

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """No mail leaves the house yet; that a second step was turned on or off stands in the log."""
        with transaction.atomic():
            record(by=user, action=f"user.{template_prefix.rsplit('/', 1)[-1]}", object=user.ref)


class MFAAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": gettext_lazy(
            "Hãy bật ứng dụng xác thực trước khi tạo mã dự phòng."
        ),
    }
