"""Forms of this room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from haicap.accounts.forms import Dressed

from .states import ALWAYS, TOPIC_NAMES, Topic


class AddressForm(Dressed, forms.Form):
    """A new address for mail, with the password: an open screen must not be enough to take over an
    account."""

    LABELS = {"address": gettext_lazy("Địa chỉ thư"), "password": gettext_lazy("Mật khẩu hiện tại")}
    HINTS = {"address": gettext_lazy("Một thư xác nhận được gửi đến địa chỉ này.")}

    address = forms.EmailField(max_length=254)
    password = forms.CharField(
        max_length=128, strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].error_messages["invalid"] = gettext_lazy("Đây không phải là một địa chỉ thư.")
        self.fields["address"].widget.attrs |= {"autocomplete": "email", "spellcheck": "false"}


class HookForm(Dressed, forms.Form):
    LABELS = {
        "label": gettext_lazy("Tên hệ thống nhận"),
        "url": gettext_lazy("Địa chỉ gọi"),
        "topics": gettext_lazy("Loại tin"),
    }
    HINTS = {"url": gettext_lazy("Bắt đầu bằng https://.")}

    unit = forms.IntegerField(widget=forms.HiddenInput)
    label = forms.CharField(max_length=100)
    url = forms.CharField(max_length=500, widget=forms.TextInput(attrs={"inputmode": "url"}))
    topics = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        topics = self.fields["topics"]
        assert isinstance(topics, forms.MultipleChoiceField)
        topics.choices = [(topic.value, TOPIC_NAMES[topic]) for topic in Topic if topic not in ALWAYS]
