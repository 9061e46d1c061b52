import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.config.console import Console
from haicap.config.starting import check_database, check_port
from haicap.config.supervisor import Child, Supervisor


class Command(Console):
    help = gettext_lazy("Phục vụ trang web và chạy việc nền cho đến khi được bảo dừng (Ctrl-C, SIGTERM).")

    def add_arguments(self, parser: CommandParser) -> None:
        address = str(gettext_lazy("địa chỉ nghe; ngoài máy này thì đặt sau một proxy TLS"))
        parser.add_argument("--host", default="127.0.0.1", help=address)
        parser.add_argument("--port", type=int, default=8000)
        workers, threads = gettext_lazy("số tiến trình web"), gettext_lazy("số luồng mỗi tiến trình")
        parser.add_argument("--workers", type=int, default=min(4, os.cpu_count() or 1), help=str(workers))
        parser.add_argument("--threads", type=int, default=4, help=str(threads))

    def handle(self, *args: Any, **options: Any) -> None:
        self.host, self.port = options["host"], options["port"]
        check_port(self.host, self.port)
        check_database()
        self.bind = f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
        python = [sys.executable, "-m"]
        web = [*python, "gunicorn", "haicap.config.wsgi:application", "-c", "python:haicap.config.gunicorn"]
        counts = ["--workers", str(options["workers"]), "--threads", str(options["threads"])]
        children = [
            Child("web", [*web, "--bind", self.bind, *counts]),
            Child("worker", [*python, "haicap", "worker"]),
        ]
        self.say(_("Đang khởi động …"))
        Supervisor(children).run(ready=self.announce)
        self.say(_("Đã dừng."))

    def announce(self) -> bool:
        try:
            socket.create_connection((self.host, self.port), timeout=0.2).close()
        except OSError:
            return False
        self.say(_("Haicap chạy tại http://%(address)s/ (dừng: Ctrl-C)") % {"address": self.bind})
        if settings.HAICAP_DEMO:
            self.say(_("Tài khoản minh họa: leader, office, analyst, 24505-leader, 24505-officer …"))
            self.say(_("Mật khẩu minh họa: %(password)s") % {"password": settings.DEMO_PASSWORD})
        return True
