"""One SMTP connection per sweep; each mail in the language of its reader."""

from __future__ import annotations

import hashlib
import re
import smtplib
from types import TracebackType

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from haicap.accounts import queries as accounts
from haicap.core.errors import Refusal

from ...kinds import kind
from ...links import absolute, link_of
from ...models import Delivery
from ...queries import wishes
from ...states import Channel
from ...wording import Words, words
from ..contract import Failure


class MailSender:
    def __init__(self) -> None:
        self.connection = get_connection(fail_silently=False)

    def __enter__(self) -> MailSender:
        return self

    def __exit__(
        self, type_: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, delivery: Delivery) -> bool:
        mail = message(delivery)
        if mail is None:
            return False
        self.post(mail)
        return True

    def post(self, mail: EmailMessage) -> None:
        """Failure mail.refused.<code>, mail.password or mail.unreachable."""
        mail.connection = self.connection
        try:
            self._open()
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _words in error.recipients.values()]
            raise Failure(f"mail.refused.{codes[0]}", final=all(code >= 500 for code in codes)) from None
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            self._close()
            raise Failure(f"mail.refused.{error.smtp_code}", final=error.smtp_code >= 500) from None
        except smtplib.SMTPAuthenticationError:
            self._close()
            raise Failure("mail.password", outage=True) from None
        except (smtplib.SMTPException, OSError):
            self._close()
            raise Failure("mail.unreachable", outage=True) from None

    def _open(self) -> None:
        # Django opens and closes around each mail unless it is open already
        self.connection.open()

    def _close(self) -> None:
        try:
            self.connection.close()
        except (smtplib.SMTPException, OSError):
            self.connection = get_connection(fail_silently=False)


def message(delivery: Delivery) -> EmailMessage | None:
    """The mail, or None when it has no reader any more: account closed, address gone, topic no longer
    wanted."""
    assert delivery.user_id is not None
    try:
        person = accounts.by_id(delivery.user_id)
    except Refusal:
        return None
    address = delivery.address or person.email
    wanted = wishes({person.pk}, Channel.EMAIL)(person.pk, kind(delivery.notice.code).topic)
    if not person.is_active or not address or not wanted:
        return None
    with translation.override(person.language):
        (said,) = words([delivery.notice])
        key = f"{delivery.notice.key}/{delivery.user_id}"
        return composed(said, address, person.language, key, link_of(delivery))


def composed(said: Words, address: str, lang: str, key: str, link: str) -> EmailMessage:
    """In the active language; `key` makes the id, the same for every attempt of one mail."""
    context = {"words": said, "link": link, "settings_link": absolute(reverse("notify:choices"))}
    return EmailMessage(
        subject=f"[Haicap] {one_line(said.subject)}",
        body=render_to_string("notify/mail.txt", context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers={
            # a reader's program shows a repeated mail once
            "Message-ID": message_id(key),
            "Auto-Submitted": "auto-generated",
            "Content-Language": lang,
        },
    )


def one_line(text: str) -> str:
    return " ".join(text.split())


def message_id(key: str) -> str:
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    domain = re.sub(r"[^A-Za-z0-9.-]", "", settings.DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1]) or "haicap.invalid"
    return f"<{digest}@{domain}>"
