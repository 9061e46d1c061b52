"""What must be true before the first child starts: here it is one line instead of a restart loop."""

import socket

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from haicap.core.errors import Refusal


def check_port(host: str, port: int) -> None:
    """Refusal serve.port when the address cannot be listened on."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except (OSError, OverflowError) as error:
            why = getattr(error, "strerror", None) or error
            words = _(
                "Không nghe được ở %(host)s:%(port)s: %(why)s. Chọn cổng khác: --port (make: PORT=8001)."
            )
            raise Refusal("serve.port", words % {"host": host, "port": port, "why": why}) from error


def check_database() -> None:
    """Refusal serve.database when migrations are waiting."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise Refusal("serve.database", _("Cơ sở dữ liệu chưa đúng phiên bản. Hãy chạy: haicap upgrade"))
    # a fork must not share the parent's connection
    connection.close()
