"""One mail at once, past the queue, for whoever has just set up the mail server."""

from __future__ import annotations

from types import SimpleNamespace
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.core.validators import validate_email
from django.utils import translation
from django.utils.translation import gettext_lazy

from haicap.core.errors import Refusal

from ...wording import words
from .sending import MailSender, composed


def try_mail(address: str, lang: str) -> None:
    """Refusal mail.address; Failure as for any other mail."""
    try:
        validate_email(address)
    except ValidationError:
        raise Refusal(
            "mail.address", gettext_lazy("Đây không phải là một địa chỉ thư."), place="address"
        ) from None
    with translation.override(lang):
        (said,) = words([SimpleNamespace(code="test", params={}, unit_id=None)])
        mail: EmailMessage = composed(said, address, lang, f"test/{uuid4().hex}", settings.SITE_URL)
    with MailSender() as sender:
        sender.post(mail)
