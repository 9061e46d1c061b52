from typing import Any

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haicap.config.console import Console


class Command(Console):
    help = gettext_lazy("Đưa cơ sở dữ liệu về phiên bản này. Chạy lại nhiều lần không hại gì.")

    def handle(self, *args: Any, **options: Any) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            self.say(_("Cơ sở dữ liệu đã đúng phiên bản."))
            return
        call_command("migrate", interactive=False, verbosity=0, stdout=self.stdout, stderr=self.stderr)
        self.say(_("Đã chạy %(count)s bước nâng cấp.") % {"count": len(plan)})
