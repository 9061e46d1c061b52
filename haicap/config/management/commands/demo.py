import os
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.config.console import Console
from haicap.config.demo.building import build
from haicap.warehouse.refresh import refresh

# one password for invented accounts on 127.0.0.1; HAICAP_DEMO_PASSWORD sets another
PASSWORD = "haicap-minh-hoa"  # noqa: S105


class Command(Console):
    help = gettext_lazy("Tạo dữ liệu minh họa cho tỉnh Đắk Lắk. Chạy lại chỉ thêm những gì còn thiếu.")

    def handle(self, *args: Any, **options: Any) -> None:
        password = os.environ.get("HAICAP_DEMO_PASSWORD", "") or PASSWORD
        build(settings.PACKS_DIR, password, self.say)
        done = refresh()
        self.say(_("Kho số liệu: bản %(id)s") % {"id": getattr(done, "snapshot", "") or "–"})
