from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext_lazy

from haicap.config import exits, loading
from haicap.config.console import Console
from haicap.core import clock


class Command(Console):
    help = gettext_lazy(
        "Nạp đơn vị hành chính, gói chỉ tiêu, ranh giới hoặc bản đồ ô. Nạp lại chỉ đổi những gì khác."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True)
        kinds.add_parser("units", help=str(gettext_lazy("34 tỉnh, thành phố và 3.321 xã, phường, đặc khu")))
        pack = kinds.add_parser("pack", help=str(gettext_lazy("chỉ tiêu, biểu mẫu và ngưỡng của một tỉnh")))
        pack.add_argument("path", type=Path, help="packs/dak-lak")
        about = gettext_lazy("ranh giới từ tệp GeoJSON hoặc TopoJSON, khớp theo mã")
        outlines = kinds.add_parser("boundaries", help=str(about))
        outlines.add_argument("path", type=Path, help="daklak.topo.json")
        outlines.add_argument("--version", default="", help="2025-07")
        about = gettext_lazy("đơn vị, phần tử, biểu mẫu và chỉ tiêu mà một máy chủ DHIS2 đã xuất ra")
        kinds.add_parser("dhis2", help=str(about)).add_argument("path", type=Path, help="dhis2/")
        about = gettext_lazy("xếp lại ô lục giác của một đơn vị; thay bản đang dùng")
        layout = kinds.add_parser("layout", help=str(about))
        layout.add_argument("code", help="01")

        about = gettext_lazy("tệp từng hồ sơ của một nguồn đã khai báo (CSV, Excel, JSON từng dòng)")
        dossiers = kinds.add_parser("dossiers", help=str(about))
        dossiers.add_argument("path", type=Path, help="ho-so-2026.csv")
        dossiers.add_argument("--source", required=True, help="mot-cua")
        dossiers.add_argument("--dry-run", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["kind"] == "units":
            loading.load_units(self.say)
        elif options["kind"] == "pack":
            loading.load_pack(self.say, options["path"])
        elif options["kind"] == "dhis2":
            loading.load_dhis2(self.say, options["path"])
        elif options["kind"] == "layout":
            loading.load_layout(self.say, options["code"])
        elif options["kind"] == "dossiers":
            done = loading.load_dossiers(self.say, options["path"], options["source"], options["dry_run"])
            self.exit_code = exits.FINE if done else exits.FOUND
        else:
            version = options["version"] or clock.today().isoformat()
            loading.load_boundaries(self.say, options["path"], version)
