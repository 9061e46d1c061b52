from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.catalogue.actions import load_pack
from haicap.config.console import Console
from haicap.units.actions import load_register

BY = "system:console"


class Command(Console):
    help = gettext_lazy("Nạp đơn vị hành chính, hoặc một gói chỉ tiêu. Nạp lại chỉ đổi những gì khác.")

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        kinds.add_parser("units", help=str(gettext_lazy("34 tỉnh, thành phố và 3.321 xã, phường, đặc khu")))
        pack = kinds.add_parser("pack", help=str(gettext_lazy("chỉ tiêu, biểu mẫu và ngưỡng của một tỉnh")))
        pack.add_argument("path", type=Path, help="packs/dak-lak")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["kind"] == "units":
            self.load_units()
        else:
            self.load_pack(options["path"])

    def load_units(self) -> None:
        done = load_register(by=BY)
        text = _("Đơn vị: %(created)s mới, %(updated)s đổi, %(same)s như cũ, %(edges)s bước kế thừa mới.")
        counts = {"created": done.created, "updated": done.updated, "same": done.unchanged}
        self.say(text % {**counts, "edges": done.successions})
        for doubt in done.doubts:
            self.say("  " + doubt)

    def load_pack(self, path: Path) -> None:
        done = load_pack(by=BY, path=path)
        if not done.changed:
            self.say(_("Gói %(pack)s: không có gì đổi.") % {"pack": done.pack})
            return
        text = _(
            "Gói %(pack)s, bản %(number)s: "
            "%(elements)s thành phần, %(indicators)s chỉ tiêu, %(forms)s biểu mẫu."
        )
        self.say(text % vars(done))
