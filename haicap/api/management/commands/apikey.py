from datetime import date, datetime, time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.api import actions, queries
from haicap.core import clock
from haicap.core.errors import Refusal
from haicap.ui import wording
from haicap.units import queries as units

BY = "system:console"


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    requires_migrations_checks = False
    # Options for developers of Django would bury ours
    suppressed_base_arguments = {
        "--version", "--verbosity", "--settings", "--pythonpath", "--traceback",
        "--no-color", "--force-color", "--skip-checks",
    }  # fmt: skip

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        self.help = _("Khóa của API mở: cấp, xem, thu hồi.")
        return super().create_parser(prog_name, subcommand, **options)

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help=str(gettext_lazy("mọi khóa đã cấp")))
        issue = verbs.add_parser("issue", help=str(gettext_lazy("cấp một khóa; khóa chỉ hiện một lần")))
        issue.add_argument("unit", help=str(gettext_lazy("mã đơn vị: 00, 2 hoặc 5 chữ số")))
        issue.add_argument("label", help=str(gettext_lazy("khóa này dành cho ai")))
        issue.add_argument("--rate", type=int, default=actions.USUAL_RATE)
        issue.add_argument("--expires", type=date.fromisoformat, help="2027-12-31")
        revoke = verbs.add_parser("revoke", help=str(gettext_lazy("thu hồi một khóa")))
        revoke.add_argument("prefix")
        revoke.add_argument("--reason", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            getattr(self, f"do_{options['verb']}")(**options)
        except Refusal as refusal:
            raise CommandError(wording.refusal(refusal)) from refusal

    def do_list(self, **options: Any) -> None:
        for key in queries.all_keys():
            ends = key.revoked_at or key.expires_at
            state = _("đã thu hồi") if key.revoked_at else ""
            until = clock.local(ends).date().isoformat() if ends else ""
            used = key.last_used.isoformat() if key.last_used else ""
            unit = units.by_id(key.unit_id).code
            self.stdout.write("\t".join([key.prefix, unit, key.label, str(key.rate), until, state, used]))

    def do_issue(self, **options: Any) -> None:
        day = options["expires"]
        # good through the whole of the day named
        ends = datetime.combine(day, time(23, 59, 59), clock.ZONE) if day else None
        place = units.by_code(options["unit"])
        about = {"label": options["label"], "rate": options["rate"], "expires_at": ends}
        self.stdout.write(actions.issue_key(by=BY, unit_id=place.id, **about).text)

    def do_revoke(self, **options: Any) -> None:
        done = actions.revoke_key(by=BY, prefix=options["prefix"], reason=options["reason"])
        self.stdout.write(_("Đã thu hồi.") if done else _("Khóa này đã thu hồi từ trước."))
