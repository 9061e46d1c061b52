from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.config import exits, snapshots
from haicap.config.console import Console
from haicap.warehouse.refresh import refresh
from haicap.warehouse.verify import verify


class Command(Console):
    help = gettext_lazy("Kho số liệu: làm mới, chứng minh kho bằng nguồn, dựng lại quá khứ.")

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        fresh = verbs.add_parser("refresh", help=str(gettext_lazy("đưa mọi thay đổi vào kho")))
        fresh.add_argument("--all", action="store_true", help=str(gettext_lazy("dựng lại toàn bộ từ nguồn")))
        verbs.add_parser("verify", help=str(gettext_lazy("so từng tệp và từng lát với nguồn")))
        snapshots.add_verbs(verbs)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["verb"] == "refresh":
            self.refresh(everything=options["all"])
        elif options["verb"] == "verify":
            self.verify()
        else:
            snapshots.VERBS[options["verb"]](self, **options)

    def refresh(self, *, everything: bool) -> None:
        done = refresh(everything=everything)
        text = _("Ảnh chụp %(id)s: %(slices)s lát thay đổi, %(rows)s dòng, %(seconds).2f giây.")
        counts = {"slices": done.slices, "rows": done.rows, "seconds": done.seconds}
        self.say(text % {"id": done.snapshot, **counts})

    def verify(self) -> None:
        found = verify()
        for name in found.broken:
            self.say(_("Tệp hỏng: %(name)s") % {"name": name})
        for one in found.differences:
            text = _("Khác nguồn: %(table)s %(form)s %(period)s đơn vị %(unit)s (%(source)s / %(held)s dòng)")
            self.say(
                text
                % {
                    "table": one.table, "form": one.form, "period": one.period, "unit": one.unit_id,
                    "source": one.source_rows, "held": one.rows,
                }
            )  # fmt: skip
        text = _("Ảnh chụp %(id)s: đã so %(slices)s lát, %(rows)s dòng; %(waiting)s lát đang chờ làm mới.")
        self.say(
            text
            % {"id": found.snapshot, "slices": found.slices, "rows": found.rows, "waiting": found.waiting}
        )
        self.exit_code = exits.FINE if found.ok else exits.FOUND
        self.say(
            _("Kho bằng nguồn.")
            if found.ok
            else _("Kho không bằng nguồn. Chạy: haicap warehouse refresh --all")
        )
