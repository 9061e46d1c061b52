from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.config.console import Console
from haicap.config.demo.building import build
from haicap.warehouse.refresh import refresh


class Command(Console):
    help = gettext_lazy("Tạo dữ liệu minh họa cho tỉnh Đắk Lắk. Chạy lại chỉ thêm những gì còn thiếu.")

    def add_arguments(self, parser: CommandParser) -> None:
        about = gettext_lazy("chỉ tạo các kỳ từ ngày này, ví dụ 2026-09-01")
        parser.add_argument("--since", type=date.fromisoformat, default=None, help=str(about))

    def handle(self, *args: Any, **options: Any) -> None:
        build(settings.PACKS_DIR, settings.DEMO_PASSWORD, self.say, options["since"])
        done = refresh()
        self.say(_("Kho số liệu: bản %(id)s") % {"id": getattr(done, "snapshot", "") or "–"})
