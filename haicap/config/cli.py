"""The `haicap` command: finds the command, runs it, and turns what went wrong into one readable line."""

import os
import sys
from collections.abc import Sequence

import django
from django.core.management import execute_from_command_line, get_commands, load_command_class
from django.core.management.base import CommandError
from django.db.utils import InterfaceError, OperationalError, ProgrammingError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.config import console, exits
from haicap.core.errors import Refusal
from haicap.ui import wording

COMMANDS = {
    "serve": ("haicap.config", gettext_lazy("phục vụ trang web và chạy việc nền")),
    "worker": ("haicap.routines", gettext_lazy("chỉ chạy việc nền (thường do serve khởi động)")),
    "upgrade": ("haicap.config", gettext_lazy("đưa cơ sở dữ liệu về phiên bản này")),
    "load": ("haicap.config", gettext_lazy("nạp đơn vị hành chính hoặc một gói chỉ tiêu")),
    "demo": ("haicap.config", gettext_lazy("tạo dữ liệu minh họa")),
    "warehouse": ("haicap.config", gettext_lazy("làm mới hoặc đối chiếu kho số liệu")),
    "backup": ("haicap.config", gettext_lazy("sao lưu vào một tệp")),
    "restore": ("haicap.config", gettext_lazy("phục hồi từ một tệp sao lưu")),
    "user": ("haicap.config", gettext_lazy("tài khoản và chức vụ")),
    "audit": ("haicap.config", gettext_lazy("niêm phong nhật ký và chứng minh nhật ký nguyên vẹn")),
    "notify": ("haicap.config", gettext_lazy("thư và tin nhắn: gửi thư thử, xem và gửi lại tin bị kẹt")),
    "apikey": ("haicap.config", gettext_lazy("khóa của API")),
}


def main(arguments: Sequence[str] | None = None) -> int:
    given = list(sys.argv[1:] if arguments is None else arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "haicap.config.settings")
    django.setup()
    console.activate()
    if not given or given[0] in {"-h", "--help", "help"}:
        sys.stdout.write(overview())
        return exits.FINE if given else exits.USAGE
    name, *rest = given
    if name in COMMANDS:
        return guarded(name, rest)
    if name.startswith("-") or name not in get_commands():
        sys.stderr.write(_("haicap: không có lệnh “%(name)s”") % {"name": name} + "\n\n" + overview())
        return exits.USAGE
    execute_from_command_line(["haicap", *given])
    return exits.FINE


def overview() -> str:
    lines = [f"  {name:<10} {about}" for name, (_app, about) in COMMANDS.items()]
    tail = _("Xem thêm: haicap LỆNH --help")
    return "\n".join([_("Cách dùng: haicap LỆNH …"), "", *lines, "", tail, ""])


def guarded(name: str, arguments: Sequence[str]) -> int:
    try:
        return run(name, arguments)
    except Refusal as refusal:
        return failed(exits.REFUSED, placed(refusal))
    except CommandError as error:
        return failed(exits.FOUND, str(error))
    except (OperationalError, InterfaceError) as error:
        text = _("Cơ sở dữ liệu không trả lời: %(why)s")
        return failed(exits.UNAVAILABLE, text % {"why": first_line(error)})
    except ProgrammingError as error:
        text = _("Cơ sở dữ liệu chưa đúng phiên bản (haicap upgrade): %(why)s")
        return failed(exits.UNAVAILABLE, text % {"why": first_line(error)})
    except BrokenPipeError:
        # the reader of our output went away (haicap user list | head)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return exits.FINE
    except KeyboardInterrupt:
        return failed(exits.INTERRUPTED, _("Đã dừng theo yêu cầu."))


def placed(refusal: Refusal) -> str:
    """What was refused and where: line and column, key or code, unless the sentence already says it."""
    text = wording.refusal(refusal)
    return text if not refusal.place or refusal.place in text else f"{text} [{refusal.place}]"


def run(name: str, arguments: Sequence[str]) -> int:
    command = load_command_class(COMMANDS[name][0], name)
    # else argparse raises an error of Django's instead of showing the usage
    command._called_from_command_line = True  # type: ignore[attr-defined]
    parser = command.create_parser("haicap", name)
    try:
        options = vars(parser.parse_args(list(arguments)))
    except SystemExit as stop:
        return exits.FINE if not stop.code else exits.USAGE
    command.execute(*options.pop("args", ()), **options)
    return int(getattr(command, "exit_code", exits.FINE))


def failed(code: int, text: str) -> int:
    sys.stderr.write(f"haicap: {text}\n")
    return code


def first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
