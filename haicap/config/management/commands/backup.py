from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.config.backup import backup
from haicap.config.console import Console


class Command(Console):
    help = gettext_lazy("Sao lưu cơ sở dữ liệu, tệp đính kèm và khóa vào một tệp; không cần dừng phục vụ.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="haicap-2026-10-15.tar.gz")
        parser.add_argument("--force", action="store_true", help=str(gettext_lazy("ghi đè tệp đã có")))

    def handle(self, *args: Any, **options: Any) -> None:
        done = backup(options["path"], force=options["force"])
        text = _("Đã sao lưu vào %(path)s: %(files)s tệp, %(size).1f MB.")
        counts = {"files": done.files, "size": done.bytes / 1_000_000}
        self.say(text % {"path": options["path"], **counts})
