import getpass
import sys
from datetime import date
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.accounts import actions, queries
from haicap.accounts.states import LEVELS, Role
from haicap.config.console import LANGUAGES, Console
from haicap.units import queries as units

BY = "system:console"


class Command(Console):
    help = gettext_lazy("Tài khoản và chức vụ. Mật khẩu được hỏi, hoặc đọc từ đầu vào chuẩn.")

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        verbs.add_parser("list", help=str(gettext_lazy("mọi tài khoản với chức vụ hôm nay")))
        add = verbs.add_parser("add", help=str(gettext_lazy("thêm một tài khoản")))
        appoint = verbs.add_parser("appoint", help=str(gettext_lazy("bổ nhiệm vào một chức vụ")))
        off = verbs.add_parser("deactivate", help=str(gettext_lazy("khóa một tài khoản")))
        password = verbs.add_parser("password", help=str(gettext_lazy("đặt mật khẩu mới")))
        for verb in (add, appoint, off, password):
            verb.add_argument("username")
        add.add_argument("--name", default="")
        add.add_argument("--language", choices=LANGUAGES, default="vi")
        appoint.add_argument("role", choices=[role.value for role in Role if LEVELS[role]])
        appoint.add_argument("unit", help=str(gettext_lazy("mã đơn vị: 00, 2 hoặc 5 chữ số")))
        appoint.add_argument("--title", default="")
        appoint.add_argument("--starts", type=date.fromisoformat, help="2026-10-01")
        off.add_argument("--reason", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        verb = options["verb"]
        if verb == "list":
            self.list_users()
            return
        name = options["username"]
        if verb == "add":
            about = {"name": options["name"], "language": options["language"]}
            actions.create_user(by=BY, username=name, password=secret(), **about)
        else:
            self.change(verb, queries.by_username(name), options)
        self.say(_("Xong: %(name)s") % {"name": name})

    def change(self, verb: str, user: Any, options: dict[str, Any]) -> None:
        if verb == "password":
            actions.set_password(by=BY, user=user, password=secret())
        elif verb == "deactivate":
            actions.deactivate(by=BY, user=user, reason=options["reason"])
        else:
            unit, role = units.by_code(options["unit"], on=options["starts"]), Role(options["role"])
            seat = {"title": options["title"], "starts": options["starts"]}
            actions.appoint(by=BY, user=user, role=role, unit_id=unit.id, **seat)

    def list_users(self) -> None:
        for user in queries.all_users():
            held = queries.seats_of(user.pk)
            seats = ", ".join(f"{seat.role} {units.by_id(seat.unit_id).code}" for seat in held)
            self.say("\t".join([user.username, user.name, "" if user.is_active else "×", seats]))


def secret() -> str:
    return getpass.getpass() if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
