"""gunicorn's own settings (python:haicap.config.gunicorn); `haicap serve` adds address and counts."""

import logging
import os
import threading

from django.db import connections
from django.utils.module_loading import import_string

from haicap.config.env import flag

log = logging.getLogger("haicap.serve")
WARM = "haicap.insight.warming.warm"

worker_class = "gthread"
# Not preloaded: DuckDB connections must be opened after the fork
preload_app = False
timeout = 60
graceful_timeout = 15
keepalive = 5
# the supervisor's memory of a worker that hangs lives in memory, not on a slow disk
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# Method, path without its query, status, milliseconds: no address, no name, no search word
accesslog = "-" if flag("HAICAP_ACCESS_LOG", False) else None
access_log_format = "%(m)s %(U)s %(s)s %(M)s ms"
errorlog = "-"
loglevel = "warning"
limit_request_line = 8190
forwarded_allow_ips = "127.0.0.1"
control_socket_disable = True


def post_worker_init(_worker: object) -> None:
    """The first reader after a start should not be the one who waits; in a thread, so that nobody does."""
    threading.Thread(target=_warm, name="warm", daemon=True).start()


def _warm() -> None:
    try:
        # by name: gunicorn reads this file before Django is set up
        import_string(WARM)()
    except Exception:
        # a cold start is slower, not wrong: the pages compute what they need
        log.exception("warming failed")
    finally:
        connections.close_all()
