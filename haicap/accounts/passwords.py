"""Django's password rules in our words: its own have no Bengali and only half of the Vietnamese."""

from __future__ import annotations

from django.contrib.auth import password_validation as rules
from django.utils.translation import gettext as _


class LongEnough(rules.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return _("Mật khẩu ngắn quá: cần ít nhất %(length)s ký tự.") % {"length": self.min_length}

    def get_help_text(self) -> str:
        return self.get_error_message()


class NotCommon(rules.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return _("Mật khẩu này nhiều người dùng nên dễ bị đoán.")

    def get_help_text(self) -> str:
        return self.get_error_message()


class NotOneself(rules.UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return _("Mật khẩu giống tên hoặc tên đăng nhập của bạn.")

    def get_help_text(self) -> str:
        return self.get_error_message()
