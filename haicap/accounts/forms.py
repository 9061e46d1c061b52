"""Forms of this room; those of allauth get our words and our look."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from django import forms
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy

from .queries import Seat

REQUIRED = gettext_lazy("Ô này không được để trống.")


class Dressed(forms.BaseForm):
    """Labels and hints of our pages for the fields of any form."""

    LABELS: dict[str, Any] = {}
    HINTS: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.LABELS.get(name, field.label)
            field.help_text = self.HINTS.get(name, "")
            field.error_messages["required"] = REQUIRED
            # A placeholder is a label that disappears when it is needed.
            field.widget.attrs.pop("placeholder", None)


class SignInForm(Dressed, account_forms.LoginForm):
    LABELS = {"login": gettext_lazy("Tên đăng nhập"), "password": gettext_lazy("Mật khẩu")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A phone keyboard that writes "Leader" for "leader" has locked people out.
        self.fields["login"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}


class ChangePasswordForm(Dressed, account_forms.ChangePasswordForm):
    LABELS = {
        "oldpassword": gettext_lazy("Mật khẩu hiện tại"),
        "password1": gettext_lazy("Mật khẩu mới"),
        "password2": gettext_lazy("Nhập lại mật khẩu mới"),
    }
    HINTS = {"password1": gettext_lazy("Ít nhất 8 ký tự; một câu ngắn dễ nhớ thì tốt hơn một từ khó.")}

    def clean(self) -> dict[str, Any]:
        # Instead of the check of allauth, whose words have no Bengali.
        first, second = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and second and first != second:
            self.add_error("password2", gettext_lazy("Hai lần nhập mật khẩu mới không giống nhau."))
        return self.cleaned_data


class AskResetForm(Dressed, account_forms.ResetPasswordForm):
    LABELS = {"email": gettext_lazy("Địa chỉ thư của tài khoản")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].error_messages["invalid"] = gettext_lazy("Đây không phải là một địa chỉ thư.")
        # Django's validator has words of its own, without Bengali
        self.fields["email"].validators = [EmailValidator(gettext_lazy("Đây không phải là một địa chỉ thư."))]


class ResetForm(Dressed, account_forms.ResetPasswordKeyForm):
    LABELS = {
        "password1": gettext_lazy("Mật khẩu mới"),
        "password2": gettext_lazy("Nhập lại mật khẩu mới"),
    }
    HINTS = ChangePasswordForm.HINTS

    def clean(self) -> dict[str, Any]:
        first, second = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and second and first != second:
            self.add_error("password2", gettext_lazy("Hai lần nhập mật khẩu mới không giống nhau."))
        return self.cleaned_data


class ReauthenticateForm(Dressed, account_forms.ReauthenticateForm):
    LABELS = {"password": gettext_lazy("Mật khẩu")}


CODE_LABELS = {"code": gettext_lazy("Mã xác nhận")}
CODE_HINTS = {"code": gettext_lazy("6 chữ số trong ứng dụng xác thực, hoặc một mã dự phòng.")}


class CodeForm(Dressed, mfa_forms.AuthenticateForm):
    LABELS, HINTS = CODE_LABELS, CODE_HINTS


class CodeAgainForm(Dressed, mfa_forms.ReauthenticateForm):
    LABELS, HINTS = CODE_LABELS, CODE_HINTS


class ActivateForm(Dressed, totp_forms.ActivateTOTPForm):
    LABELS = CODE_LABELS
    HINTS = {"code": gettext_lazy("6 chữ số mà ứng dụng đang hiện.")}


class DelegateForm(Dressed, forms.Form):
    """Who stands in for one position, from when to when."""

    LABELS = {
        "to": gettext_lazy("Người được ủy quyền"),
        "first": gettext_lazy("Từ ngày"),
        "last": gettext_lazy("Đến hết ngày"),
    }
    HINTS = {"last": gettext_lazy("Để trống nếu chỉ một ngày.")}

    position = forms.IntegerField(widget=forms.HiddenInput)
    to = forms.TypedChoiceField(coerce=int)
    first = forms.DateField()
    last = forms.DateField(required=False)

    def __init__(self, *args: Any, deputies: list[Seat], **kwargs: Any) -> None:
        self.base_fields["first"].widget = _date_input()
        self.base_fields["last"].widget = _date_input()
        super().__init__(*args, **kwargs)
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = [
            (seat.user_id, f"{seat.name} · {seat.title}" if seat.title else seat.name) for seat in deputies
        ]
        to.error_messages["invalid_choice"] = gettext_lazy("Chỉ ủy quyền được cho cấp phó của cùng đơn vị.")
        for name in ("first", "last"):
            self.fields[name].error_messages["invalid"] = gettext_lazy("Đây không phải là một ngày.")


def _date_input() -> forms.DateInput:
    # The browser's date field speaks ISO whatever the language of the page.
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
