from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.config import exits
from haicap.config.console import LANGUAGES, Console, language
from haicap.core.errors import Refusal
from haicap.notify import actions, queries
from haicap.notify.channels.contract import Failure
from haicap.notify.channels.email.trying import try_mail
from haicap.notify.presenters import why

BY = "system:console"


class Command(Console):
    help = gettext_lazy("Thư và tin nhắn: gửi thư thử, xem và gửi lại tin bị kẹt.")

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        test = verbs.add_parser("test-mail", help=str(gettext_lazy("gửi ngay một thư thử đến địa chỉ này")))
        test.add_argument("address")
        test.add_argument("--language", choices=LANGUAGES, default="")
        verbs.add_parser("list", help=str(gettext_lazy("đếm tin theo trạng thái, và các tin bị kẹt")))
        verbs.add_parser("retry", help=str(gettext_lazy("gửi lại mọi tin đã thôi không thử nữa")))

    def handle(self, *args: Any, **options: Any) -> None:
        verb = options["verb"]
        if verb == "test-mail":
            self.test(options["address"], options["language"] or language())
        elif verb == "retry":
            count = actions.try_again(by=BY, delivery_ids=queries.dead_ids())
            self.say(_("Sẽ gửi lại %(n)s tin trong phút tới.") % {"n": count})
        else:
            self.list()

    def test(self, address: str, lang: str) -> None:
        if not settings.MAIL_ENABLED:
            raise Refusal("mail.off", _("Chưa có máy chủ thư: hãy đặt HAICAP_MAIL_URL."))
        try:
            try_mail(address, lang)
        except Failure as failure:
            self.say(f"{why(failure.code)} [{failure.code}]")
            self.exit_code = exits.FOUND
            return
        self.say(_("Đã gửi đến %(address)s.") % {"address": address})

    def list(self) -> None:
        for state, count in queries.backlog().items():
            self.say(f"{state}\t{count}")
        for row in queries.stuck(None):
            self.say("\t".join([str(row.id), row.state, row.channel, row.code, str(row.tries), row.error]))
        if queries.dead_ids():
            self.exit_code = exits.FOUND
