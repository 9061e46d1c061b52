from datetime import date, datetime, time
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.api import actions, queries
from haicap.config.console import Console
from haicap.core import clock
from haicap.units import queries as units

BY = "system:console"


class Command(Console):
    help = gettext_lazy("Khóa của API: cấp, xem, thu hồi.")

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help=str(gettext_lazy("mọi khóa đã cấp")))
        issue = verbs.add_parser("issue", help=str(gettext_lazy("cấp một khóa; khóa chỉ hiện một lần")))
        issue.add_argument("unit", help=str(gettext_lazy("mã đơn vị: 00, 2 hoặc 5 chữ số")))
        issue.add_argument("label", help=str(gettext_lazy("khóa này dành cho ai")))
        issue.add_argument("--rate", type=int, default=actions.USUAL_RATE)
        issue.add_argument("--expires", type=date.fromisoformat, help="2027-12-31")
        sends = gettext_lazy("được gửi số liệu của mẫu này, hoặc của mọi mẫu (*); lặp lại được")
        issue.add_argument("--sends", metavar="FORM", action="append", default=[], help=str(sends))
        asks = gettext_lazy("được hỏi bằng SQL trong phạm vi đơn vị")
        issue.add_argument("--sql", action="store_true", help=str(asks))
        revoke = verbs.add_parser("revoke", help=str(gettext_lazy("thu hồi một khóa")))
        revoke.add_argument("prefix")
        revoke.add_argument("--reason", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        getattr(self, f"do_{options['verb']}")(**options)

    def do_list(self, **options: Any) -> None:
        for key in queries.all_keys():
            ends = key.revoked_at or key.expires_at
            state = _("đã thu hồi") if key.revoked_at else ""
            until = clock.local(ends).date().isoformat() if ends else ""
            used = key.last_used.isoformat() if key.last_used else ""
            sends = (",".join(key.forms) or "*") if key.writes else ""
            unit = units.by_id(key.unit_id).code
            asks = "sql" if key.sql else ""
            columns = [key.prefix, unit, key.label, str(key.rate), until, state, used, sends, asks]
            self.say("\t".join(columns))

    def do_issue(self, **options: Any) -> None:
        day, sends = options["expires"], options["sends"]
        issued = actions.issue_key(
            by=BY,
            unit_id=units.by_code(options["unit"]).id,
            label=options["label"],
            rate=options["rate"],
            # good through the whole of the day named
            expires_at=datetime.combine(day, time(23, 59, 59), clock.ZONE) if day else None,
            writes=bool(sends),
            forms=[form for form in sends if form != "*"],
            sql=options["sql"],
        )
        self.say(issued.text)

    def do_revoke(self, **options: Any) -> None:
        done = actions.revoke_key(by=BY, prefix=options["prefix"], reason=options["reason"])
        self.say(_("Đã thu hồi.") if done else _("Khóa này đã thu hồi từ trước."))
