from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.config.backup import restore
from haicap.config.console import Console


class Command(Console):
    help = gettext_lazy("Phục hồi từ một bản sao lưu. Dừng haicap serve trước khi chạy.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="haicap-2026-10-15.tar.gz")
        parser.add_argument("--force", action="store_true", help=str(gettext_lazy("thay số liệu đang có")))

    def handle(self, *args: Any, **options: Any) -> None:
        done = restore(options["path"], force=options["force"])
        text = _("Đã phục hồi về lúc %(at)s: %(files)s tệp. Kho số liệu đã dựng lại.")
        self.say(text % {"at": done.made_at, "files": done.files})
